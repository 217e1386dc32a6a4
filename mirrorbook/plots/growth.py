"""How a cost grows with the number of states: logarithmic in both, beside a limit."""

from collections.abc import Mapping

import matplotlib as mpl
from matplotlib.axes import Axes

from ..simplex import check_finite, check_shape
from .styles import BLUE, GREEN, HOUSE, INK, OCHRE, PURPLE, VERMILION, axes

LOOKS = [(BLUE, "o"), (VERMILION, "s"), (GREEN, "^"), (PURPLE, "D"), (OCHRE, "v"), (INK, "x")]


@mpl.rc_context(HOUSE)
def plot_growth(
    costs: Mapping, limit: tuple, unit: str, title: str = "", ax: Axes | None = None
) -> Axes:
    """Draw costs against the number of states.

    Parameters
    ----------
    costs : mapping from a name to (sizes, values)
        Two (n,) arrays of positive numbers; at most six names.
    limit : (name, sizes, values)
        What no cost can fall below, or is to be compared with: a dashed line.
    unit : str
        Of the values.
    title : str
    ax : matplotlib Axes, optional

    Raises
    ------
    ValueError
        If there are more than six names, the two arrays of one differ in length, or a number is not
        finite and positive.

    Examples
    --------
    >>> ax = plot_growth({"a solver": ([10, 100], [1.0, 9.0])}, ("limit", [10, 100], [0.1, 1]), "s")
    >>> ax.get_xscale(), [line.get_label() for line in ax.lines]
    ('log', ['a solver', 'limit'])
    """
    if len(costs) > len(LOOKS):
        raise ValueError(f"costs has {len(costs)} names, expected at most {len(LOOKS)}")
    ax = axes(3.3, 3.6) if ax is None else ax
    for (name, (sizes, values)), (color, marker) in zip(costs.items(), LOOKS, strict=False):
        ax.plot(*_checked(name, sizes, values), color=color, marker=marker, ms=5, label=name)
    name, sizes, values = limit
    ax.plot(*_checked(name, sizes, values), color=INK, ls="--", lw=1, label=name)
    ax.set(xscale="log", yscale="log", xlabel="states", ylabel=unit, title=title)
    ax.figure.legend(loc="outside lower center", ncols=2)
    return ax


def _checked(name, sizes, values):
    sizes, values = check_finite(sizes, f"sizes of {name}"), check_finite(values, name)
    check_shape(values, sizes.shape, name)
    for array, what in ((sizes, f"sizes of {name}"), (values, name)):
        if (array <= 0).any():
            i = int((array <= 0).argmax())
            raise ValueError(f"{what}[{i}] is {array[i]:g}, expected a positive number")
    return sizes, values
