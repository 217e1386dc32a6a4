"""Graphs of policies, each vertex at its true place, and what a walk on them costs.

The places are those of the simplex (`to_plane`) or of the unit square; either way a side has
length 1. They are snapped to 1/2000 of it, so that the drawing is the same on every processor.
"""

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.ticker import MaxNLocator

from ..simplex import check_finite, check_number, check_rectangular, check_shape
from .squares import square_axes
from .styles import BLUE, DRIFT, GREY, HOUSE, INK, OPTIMAL_RETURN, RETURN, axes

HEAD, WIDTH, GAP = 0.034, 0.012, 0.02
"""Length and half the width of an arrow's head, and what an edge leaves free at its ends."""


@mpl.rc_context(HOUSE)
def plot_policy_graph(points, edges=(), sinks=(), ax: Axes | None = None) -> Axes:
    """Draw policies as dots and improvements as arrows between them.

    Parameters
    ----------
    points : (N, 2) array
        Where the policies lie; a side of the simplex or of the square has length 1.
    edges : (E, 2) array of int
        From which point to which.
    sinks : sequence of int
        Points from which no edge leads, drawn as squares.
    ax : matplotlib Axes, optional
        Default: the unit square.

    Raises
    ------
    ValueError
        If points are not in the plane, or an edge or a sink is none of them.

    Examples
    --------
    >>> ax = plot_policy_graph([(0, 0), (1, 0), (1, 1)], edges=[(0, 1), (1, 2)], sinks=[2])
    >>> len(ax.patches), len(ax.lines)
    (2, 2)
    """
    ax = plot_policy_edges(points, edges, ax=ax)
    points, sinks = np.asarray(points, dtype=float), _checked(sinks, points, "sinks")
    inner = np.setdiff1d(np.arange(len(points)), sinks)
    dots = {"color": INK, "linestyle": "none", "clip_on": False}
    ax.plot(*_snapped(points[inner]).T, marker="o", markersize=3, **dots)
    if len(sinks):
        ax.plot(*_snapped(points[sinks]).T, marker="s", markersize=6, **dots)
    return ax


@mpl.rc_context(HOUSE)
def plot_policy_edges(
    points, edges, color=GREY, heads: bool = True, ax: Axes | None = None
) -> Axes:
    """Draw only the arrows of `plot_policy_graph`.

    Parameters
    ----------
    points : (N, 2) array
    edges : (E, 2) array of int
    color : matplotlib color
        Of the arrows.
    heads : bool
        Whether they have heads, somewhat past their middle.
    ax : matplotlib Axes, optional
        Default: the unit square.

    Raises
    ------
    ValueError
        If points are not in the plane, or an edge ends at none of them.

    Examples
    --------
    >>> ax = plot_policy_edges([(0, 0), (1, 0), (1, 1)], [(0, 1), (1, 2)], heads=False)
    >>> len(ax.patches)
    1
    """
    points = check_finite(points, "points")
    check_shape(points, (len(points), 2), "points")
    edges = _checked(edges, points, "edges").reshape(-1, 2)
    ax = square_axes(("", "")) if ax is None else ax
    if len(edges):
        _plot_edges(points[edges[:, 0]], points[edges[:, 1]], color, heads, ax)
    return ax


@mpl.rc_context(HOUSE)
def plot_bill(
    bill,
    budget: float,
    gained=None,
    names=("gained", "charged"),
    legend: bool = True,
    ax: Axes | None = None,
) -> Axes:
    """Draw what a run was charged so far, dotted, under its budget, dashed.

    Parameters
    ----------
    bill : (n + 1,) array
        The charges so far; begins with 0.
    budget : float > 0
        In the units of the bill.
    gained : (n + 1,) array, optional
        What the return gained so far in the same units, solid.
    names : two strings
        How the legend calls what was gained and what was charged.
    legend : bool
        Whether it stands below.
    ax : matplotlib Axes, optional

    Raises
    ------
    ValueError
        If `gained` does not fit `bill`, a number is not finite, or `budget` is not positive.

    Examples
    --------
    >>> ax = plot_bill([0, 0.1, 0.2], 0.5, gained=[0, 0.2, 0.5])
    >>> [line.get_label() for line in ax.lines]
    ['budget', 'gained', 'charged']
    """
    bill, budget = check_finite(bill, "bill"), check_number(budget, "budget")
    if budget <= 0:
        raise ValueError(f"budget is {budget:g}, expected a positive number")
    ax = axes(3.3, 3.0) if ax is None else ax
    ax.axhline(budget, label="budget", **OPTIMAL_RETURN)
    if gained is not None:
        gained = check_finite(gained, "gained")
        check_shape(gained, bill.shape, "gained")
        ax.plot(gained, color=INK, label=names[0], **RETURN)
    ax.plot(bill, color=BLUE, label=names[1], **DRIFT)
    ax.set(xlabel="steps", ylim=(-0.04 * budget, 1.1 * budget))
    ax.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    if legend:
        ax.figure.legend(loc="outside lower center", ncols=3)
    return ax


def _checked(numbers, points, name):
    numbers = check_rectangular(numbers, name)
    if numbers.size == 0:
        return np.zeros(0, dtype=int)
    if numbers.dtype.kind not in "iu":
        raise TypeError(f"{name} must hold integers, found dtype {numbers.dtype}")
    if numbers.size and not 0 <= numbers.min() <= numbers.max() < len(points):
        raise ValueError(f"{name} has an entry that is none of the {len(points)} points")
    return numbers


def _plot_edges(starts, ends, color, heads, ax):
    """All shafts as one path, all heads as another."""
    way = ends - starts
    length = np.hypot(*way.T)[:, None]
    along = way / length
    across = np.stack([-along[:, 1], along[:, 0]], axis=1)
    shafts = np.stack([starts + GAP * along, ends - GAP * along], axis=1)
    look = {"clip_on": False, "zorder": 1.5}
    ax.add_patch(PathPatch(_compound(shafts), fill=False, edgecolor=color, linewidth=0.8, **look))
    if heads:
        tip = starts + 0.62 * way + HEAD / 2 * along
        base = tip - HEAD * along
        corners = np.stack([tip, base + WIDTH * across, base - WIDTH * across, tip], axis=1)
        ax.add_patch(PathPatch(_compound(corners), facecolor=color, linewidth=0, **look))


def _compound(lines):
    """(K, M, 2) points, K lines of M, as one path."""
    codes = np.full(lines.shape[:2], Path.LINETO, dtype=Path.code_type)
    codes[:, 0] = Path.MOVETO
    return Path(_snapped(lines).reshape(-1, 2), codes.ravel())


def _snapped(points):
    return np.floor(points * 2000 + 0.5001) / 2000
