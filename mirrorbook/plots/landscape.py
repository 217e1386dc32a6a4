"""The return over the policies of a game with two free probabilities, and the runs on it."""

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import StrMethodFormatter

from ..simplex import check_finite, check_shape
from .styles import GREY, HOUSE, INK, NEW, OCHRE, OLD, OPTIMUM, axes


@mpl.rc_context(HOUSE)
def plot_landscape(
    x, y, returns, levels, names: tuple[str, str], title: str = "", ax: Axes | None = None
) -> Axes:
    """Draw the return of a game with two free probabilities as contours on the unit square.

    Parameters
    ----------
    x, y : (n,), (m,) arrays
        The two probabilities.
    returns : (m, n) array
        In units of reward, a row for each `y`.
    levels : increasing sequence of numbers
        The returns whose contours are drawn and labelled.
    names : two strs
        What the axes are called.
    title : str
    ax : matplotlib Axes, optional

    Raises
    ------
    ValueError
        If `returns` does not fit `x` and `y`, a number is not finite, or `levels` do not increase.

    Examples
    --------
    >>> ax = plot_landscape([0, 1], [0, 1], [[0, 0], [0, 1]], [0.5], ("p", "q"))
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('p', 'q')
    """
    x, y, returns = (check_finite(v, n) for v, n in ((x, "x"), (y, "y"), (returns, "returns")))
    check_shape(returns, (len(y), len(x)), "returns")
    ax = axes(3.3, 3.2) if ax is None else ax
    lines = ax.contour(x, y, returns, levels=levels, colors=GREY, linewidths=0.9)
    ax.clabel(lines, fmt=StrMethodFormatter("{x:g}"), fontsize=9, colors=INK)
    ticks = np.linspace(0, 1, 6)
    ax.set(xlabel=names[0], ylabel=names[1], title=title, aspect="equal", xticks=ticks)
    ax.set(xlim=(-0.04, 1.04), ylim=(-0.04, 1.04), yticks=ticks)
    return ax


@mpl.rc_context(HOUSE)
def plot_path(path, optimum: tuple[float, float] | None = None, ax: Axes | None = None) -> Axes:
    """Draw the points that a run visits, first hollow, last filled.

    Parameters
    ----------
    path : (n, 2) array
        The points in order, in the coordinates of the axes.
    optimum : (x, y), optional
        Where a star stands.
    ax : matplotlib Axes, optional

    Raises
    ------
    ValueError
        If `path` is not a list of at least one point of the plane.

    Examples
    --------
    >>> ax = plot_path([(0, 0), (0.5, 0), (1, 1)])
    >>> len(ax.lines)
    3
    """
    path = check_finite(path, "path")
    check_shape(path, (len(path), 2), "path")
    ax = axes(3.3, 3.2) if ax is None else ax
    between = {"marker": "o", "markersize": 4, "markevery": slice(1, -1)}
    ax.plot(*path.T, color=OCHRE, linewidth=1.5, clip_on=False, **between)
    ax.plot(*path[0], **OLD, clip_on=False)
    ax.plot(*path[-1], **NEW, clip_on=False)
    if optimum is not None:
        ax.plot(*optimum, **OPTIMUM, clip_on=False)
    return ax
