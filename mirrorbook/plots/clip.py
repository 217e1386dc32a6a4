"""What a clip takes away from one action."""

import matplotlib as mpl
from matplotlib.axes import Axes

from ..simplex import check_finite, check_interval, check_number, check_shape
from .styles import CLOSE, DRIFT, HOUSE, INK, NEW, OCHRE, OLD, RETURN, axes


@mpl.rc_context(HOUSE)
def plot_clip(
    ratio, gain, clipped, edges: tuple[float, float], title: str = "", ax: Axes | None = None
) -> Axes:
    """Draw what one action adds to an objective, as a function of its probability ratio.

    Parameters
    ----------
    ratio : (n,) array
        new(a) / old(a), increasing.
    gain, clipped : (n,) arrays
        What the action adds without and with the clip, in units of reward. The difference is
        shaded.
    edges : (low, high)
        The clip range, drawn as ticks on the ratio's axis.
    title : str
    ax : matplotlib Axes, optional

    Raises
    ------
    ValueError
        If the three arrays differ in length, a number is not finite, or the edges do not rise.

    Examples
    --------
    >>> ax = plot_clip([0, 1, 2], [0, 1, 2], [0, 1, 1.2], (0.8, 1.2))
    >>> [line.get_label() for line in ax.lines]
    ['without clip', 'clipped']
    """
    ratio = check_finite(ratio, "ratio")
    gain, clipped = check_finite(gain, "gain"), check_finite(clipped, "clipped")
    check_shape(gain, ratio.shape, "gain")
    check_shape(clipped, ratio.shape, "clipped")
    low, high = check_interval(edges, "edges")
    ax = axes(3.3, 2.9) if ax is None else ax
    ax.fill_between(ratio, gain, clipped, color=OCHRE, alpha=0.3, linewidth=0, label="drift")
    ax.plot(ratio, gain, color=INK, linewidth=1.2, linestyle=(0, (4, 2)), label="without clip")
    ax.plot(ratio, clipped, color=OCHRE, label="clipped", **RETURN)
    ax.set(xlabel="probability ratio, new / old", ylabel="contribution", title=title)
    one = [1] if high - low > 0.35 else []  # or the numbers would run into each other
    ax.set_xticks([0, low, *one, high, 2])
    ax.tick_params("x", labelsize=9)
    ax.figure.legend(loc="outside lower center", ncols=3, **CLOSE)
    return ax


@mpl.rc_context(HOUSE)
def plot_charge(ratio: float, gain: float, clipped: float, ax: Axes | None = None) -> Axes:
    """Mark one ratio on a drawing of `plot_clip`: both contributions, the charge as a dotted line.

    Parameters
    ----------
    ratio, gain, clipped : float
        As in `plot_clip`, at one point.
    ax : matplotlib Axes, optional

    Raises
    ------
    ValueError
        If a number is not finite.

    Examples
    --------
    >>> ax = plot_clip([0, 1, 2], [0, 1, 2], [0, 1, 1.2], (0.8, 1.2))
    >>> ax = plot_charge(1.5, 1.5, 1.2, ax)
    >>> ax.lines[-1].get_xydata().tolist()
    [[1.5, 1.2]]
    """
    numbers = {"ratio": ratio, "gain": gain, "clipped": clipped}
    ratio, gain, clipped = (check_number(number, name) for name, number in numbers.items())
    ax = axes(3.3, 2.9) if ax is None else ax
    ax.plot([ratio, ratio], [clipped, gain], color=INK, **DRIFT)
    ax.plot([ratio], [gain], **OLD)
    ax.plot([ratio], [clipped], **NEW)
    return ax
