"""A cost along straight lines that leave one policy: flat, steep or infinite at home."""

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes

from ..simplex import check_finite, check_shape
from .styles import HOUSE, INK, axes

DASHES = ("-", (0, (5, 2)), (0, (1, 1.6)))


def slice_axes(names, top: float = 1.0, height: float = 3.1) -> Axes:
    """Empty axes for `plot_slices`, with a legend below: one line style a name.

    Parameters
    ----------
    names : up to three strings
        Where the lines lead.
    top : float
        Upper end of the scale, in units of the cost.
    height : float
        Inches.

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        If there are more than three names, or `top` is not finite.

    Examples
    --------
    >>> ax = slice_axes(["to a", "to b"])
    >>> [text.get_text() for text in ax.figure.legends[0].get_texts()]
    ['to a', 'to b']
    """
    if len(names) > len(DASHES):
        raise ValueError(f"names has {len(names)} entries, expected at most {len(DASHES)}")
    with mpl.rc_context(HOUSE):
        ax = axes(3.3, height)
        for name, dashes in zip(names, DASHES, strict=False):
            ax.plot([], [], color=INK, linestyle=dashes, linewidth=1.8, label=name)
        ax.set(xlim=(0, 1), ylim=(0, top), xlabel="share of the way", ylabel="cost")
        if names:
            ax.figure.legend(loc="outside lower center", ncols=3, handlelength=1.8)
    return ax


@mpl.rc_context(HOUSE)
def plot_slices(shares, costs, color=INK, ax: Axes | None = None) -> Axes:
    """Draw the cost of going a share of the way, for up to three ways.

    Parameters
    ----------
    shares : (n,) array
        From 0, home, to 1, the end.
    costs : (m, n) array, m <= 3
        Nothing is drawn where it is infinite.
    color : matplotlib color
        Of the lines.
    ax : matplotlib Axes, optional
        Those of `slice_axes`, or a layer over them.

    Raises
    ------
    ValueError
        If there are more than three ways, `costs` has another length, or is NaN somewhere.

    Examples
    --------
    >>> t = np.linspace(0, 1, 5)
    >>> ax = plot_slices(t, [t**2, t])
    >>> len(ax.lines)
    2
    """
    shares, costs = check_finite(shares, "shares"), np.asarray(costs, dtype=float)
    check_shape(costs, (min(len(costs), len(DASHES)), *shares.shape), "costs")
    if np.isnan(costs).any():
        raise ValueError("costs is NaN somewhere, expected numbers")
    ax = slice_axes(()) if ax is None else ax
    for cost, dashes in zip(np.round(costs, 9), DASHES, strict=False):
        cost = np.where(np.isfinite(cost), cost, np.nan)
        ax.plot(shares, cost, color=color, linestyle=dashes, linewidth=1.8)
    return ax
