"""Neighbourhoods of two rows with two actions (a set in a square), or of one (a set over a line).

Two precautions make the drawing the same on every processor: measures are rounded to nine digits
before their edge is traced, and the edge is snapped to thousandths of a side.
"""

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from ..simplex import check_finite, check_number, check_shape
from .styles import BLUE, HOUSE, INK, NEW, OLD, axes

TICKS = np.linspace(0, 1, 6)


def square_axes(names: tuple[str, str], title: str = "") -> Axes:
    """The empty unit square of two probabilities: 3.3 inches wide, two stand side by side.

    Parameters
    ----------
    names : two strings
        What the axes are called.
    title : str

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        If `names` are not two.

    Examples
    --------
    >>> square_axes(("P(good | 1)", "P(good | 2)")).get_xlabel()
    'P(good | 1)'
    """
    if len(names) != 2:
        raise ValueError(f"names has {len(names)} entries, expected 2")
    ax = axes(3.3, 3.2)
    with mpl.rc_context(HOUSE):
        ax.set(xlabel=names[0], ylabel=names[1], title=title, aspect="equal")
        ax.set(xlim=(-0.04, 1.04), ylim=(-0.04, 1.04), xticks=TICKS, yticks=TICKS)
    return ax


@mpl.rc_context(HOUSE)
def plot_square_region(side, measure, radius: float, color=BLUE, ax: Axes | None = None) -> Axes:
    """Shade the points of the unit square whose measure is at most a radius, and draw the edge.

    Parameters
    ----------
    side : (n,) array
        Increasing, from 0 to 1: where the measure is known on both axes. Linear in between.
    measure : (n, n) array
        A row for each value of the second probability; may be infinite.
    radius : float
    color : matplotlib color
        Of the shade and the edge.
    ax : matplotlib Axes, optional

    Raises
    ------
    ValueError
        If `measure` does not fit `side`, or is NaN somewhere.

    Examples
    --------
    >>> side = np.linspace(0, 1, 21)
    >>> move = abs(side - 0.5)
    >>> ax = plot_square_region(side, np.maximum.outer(move, move), 0.25)
    >>> len(ax.patches)
    1
    """
    side, radius = check_finite(side, "side"), check_number(radius, "radius")
    measure = np.asarray(measure, dtype=float)
    check_shape(measure, (len(side), len(side)), "measure")
    if np.isnan(measure).any():
        raise ValueError("measure is NaN somewhere, expected numbers")
    ax = square_axes(("", "")) if ax is None else ax
    heights = np.minimum(measure, 3 * radius + 1).round(9)
    traced = axes().contourf(side, side, heights, levels=[heights.min() - 1, round(radius, 9)])
    for path in traced.get_paths():
        if len(path.vertices):
            snapped = np.floor(path.vertices * 1000 + 0.5001) / 1000
            shade = mpl.colors.to_rgba(color, 0.2)
            look = {"facecolor": shade, "edgecolor": color, "linewidth": 1.4, "clip_on": False}
            ax.add_patch(PathPatch(Path(snapped, path.codes), **look))
    return ax


@mpl.rc_context(HOUSE)
def plot_reach(x, low, high, path=(), title: str = "", ax: Axes | None = None) -> Axes:
    """Draw which probabilities a step may reach from each old one, and the stairs of a run.

    Parameters
    ----------
    x : (n,) array
        Old probabilities, increasing.
    low, high : (n,) arrays
        The ends of the interval that may be reached from each of them.
    path : sequence of numbers, optional
        The probabilities that a run visits: up to where it goes, across to the diagonal.
    title : str
    ax : matplotlib Axes, optional

    Raises
    ------
    ValueError
        If the ends do not fit `x`.

    Examples
    --------
    >>> x = np.linspace(0, 1, 11)
    >>> ax = plot_reach(x, np.maximum(x - 0.2, 0), np.minimum(x + 0.2, 1), path=[0.5, 0.7, 0.9])
    >>> ax.get_xlabel(), len(ax.lines)
    ('old probability', 4)
    """
    x, low, high = (check_finite(v, n) for v, n in ((x, "x"), (low, "low"), (high, "high")))
    for ends, name in ((low, "low"), (high, "high")):
        check_shape(ends, x.shape, name)
    ax = square_axes(("old probability", "new probability"), title) if ax is None else ax
    ax.fill_between(x, low, high, facecolor=mpl.colors.to_rgba(BLUE, 0.2), edgecolor=BLUE)
    ax.plot([0, 1], [0, 1], color=INK, linewidth=0.8, linestyle=(0, (4, 3)))
    if len(path):
        path = check_finite(path, "path")
        stairs = np.repeat(path, 2)
        ax.plot(stairs[:-1], stairs[1:], color=INK, linewidth=1.2)
        ax.plot(path[0], path[0], **OLD, clip_on=False)
        ax.plot(path[-1], path[-1], **NEW, clip_on=False)
    return ax
