"""Policies of three actions as points of a triangle, which always stands the same way up.

The first action has the corner bottom left, (0, 0), the second bottom right, (1, 0), the third the
top, (1/2, sqrt(3)/2); the policy p lies at p-times-the-corners.  Everything drawn here is snapped
to tenths of a point, counted from the first corner: what an SVG keeps (see `svg`) is then the same
whatever the last bits of the numbers.
"""

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from ..simplex import check_count, check_distributions, check_finite, check_shape
from .styles import HOUSE, INK, NEW, OLD, OPTIMUM

CORNERS = np.array([[0, 0], [1, 0], [0.5, np.sqrt(3) / 2]])
"""Where the policies lie that always play the first, second and third action."""

SIDE, MARGIN, LINE, HEIGHT = 200.0, 18.8, 15.0, 173.2
"""Points: a side, what is left and right of it, a line of text, and how high the triangle is."""


def to_plane(p) -> np.ndarray:
    """Where policies of three actions lie in the plane.

    Parameters
    ----------
    p : (..., 3) array
        Policies; or directions, since the map is linear.

    Returns
    -------
    (..., 2) array
        In sides of the triangle.

    Raises
    ------
    ValueError
        If `p` is not finite or has another number of actions.

    Examples
    --------
    >>> to_plane([[1, 0, 0], [0, 1, 0], [0, 0, 1]]).round(6).tolist()
    [[0.0, 0.0], [1.0, 0.0], [0.5, 0.866025]]
    """
    p = check_finite(p, "p")
    if p.ndim == 0 or p.shape[-1] != 3:
        raise ValueError(f"p has shape {p.shape}, expected three actions along the last axis")
    return np.stack([p[..., 1] + p[..., 2] / 2, p[..., 2] * CORNERS[2, 1]], axis=-1)


def simplex_grid(resolution: int = 120) -> np.ndarray:
    """Policies of three actions on a triangular grid: all with multiples of 1 / resolution.

    Parameters
    ----------
    resolution : int >= 1

    Returns
    -------
    (K, 3) array, K = (resolution + 1) (resolution + 2) / 2
        The bottom side first, from left to right, then upwards; the corners are the first row, row
        number `resolution`, and the last row.

    Examples
    --------
    >>> simplex_grid(2).tolist()[:4]
    [[1.0, 0.0, 0.0], [0.5, 0.5, 0.0], [0.0, 1.0, 0.0], [0.5, 0.0, 0.5]]
    """
    n = check_count(resolution, "resolution")
    third, second = np.nonzero(np.add.outer(np.arange(n + 1), np.arange(n + 1)) <= n)
    return np.stack([n - second - third, second, third], axis=1) / n


def simplex_axes(actions=("a", "b", "c"), advantages=None, title: str = "") -> Axes:
    """The empty simplex of three actions: 3.3 inches wide, two stand side by side.

    Parameters
    ----------
    actions : three strings
        Names of the corners: bottom left, bottom right, top.
    advantages : (3,) array, optional
        Written under the names, with up to two decimals.
    title : str

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        If there are not three of each.

    Examples
    --------
    >>> ax = simplex_axes(["left", "stay", "right"], advantages=[1, 0, -0.5])
    >>> [text.get_text() for text in ax.texts]
    ['left', 'stay', 'right', 'A = 1', 'A = 0', 'A = −0.5']
    """
    rows = [[str(action) for action in actions]]
    if len(rows[0]) != 3:
        raise ValueError(f"actions has {len(rows[0])} entries, expected three")
    if advantages is not None:
        advantages = check_finite(advantages, "advantages")
        check_shape(advantages, (3,), "advantages")
        rounded = np.round(np.round(advantages, 9), 2) + 0.0  # as in `short_number`
        rows.append([f"A = {advantage:g}".replace("-", "−") for advantage in rounded])
    strip = 10 + LINE * len(rows)  # points below and above the triangle
    width, height = SIDE + 2 * MARGIN, HEIGHT + 2 * strip
    whole = height + (LINE + 5 if title else 0)
    with mpl.rc_context(HOUSE):
        figure = Figure(figsize=(width / 72, whole / 72), layout="none")
        ax = figure.add_axes((0, 0, 1, height / whole))
        ax.set(xlim=(-MARGIN / SIDE, 1 + MARGIN / SIDE), title=title)
        ax.set(ylim=(-strip / SIDE, (height - strip) / SIDE), aspect="equal")
        ax.set_axis_off()
        ax.title.set_visible(True)
        ax.add_patch(outline(snapped(CORNERS[[0, 1, 2, 0]], ax), fill=False, linewidth=1.0))
        for i, row in enumerate(rows):
            below = -3 - LINE * (i + 1)  # points from a corner to a baseline
            above = 8 + LINE * (len(rows) - 1 - i)
            shifts = [(-6, below), (6, below), (0, above)]
            places = snapped(CORNERS + np.array(shifts) / SIDE, ax)
            for place, word, side in zip(places, row, ("left", "right", "center"), strict=True):
                ax.text(*place, word, ha=side, va="baseline")
    return ax


@mpl.rc_context(HOUSE)
def plot_simplex_step(
    old=None, new=None, optimum=None, arrow: bool = True, ax: Axes | None = None
) -> Axes:
    """Mark the old policy (hollow), the new one (filled), an optimum (star), and the step.

    Parameters
    ----------
    old, new, optimum : (3,) arrays, optional
    arrow : bool
        Whether an arrow leads from the old to the new policy, if there is room for one.
    ax : matplotlib Axes, optional

    Raises
    ------
    ValueError
        If a policy is none, or has not three actions.

    Examples
    --------
    >>> ax = plot_simplex_step([0.2, 0.3, 0.5], [0.5, 0.3, 0.2], optimum=[1, 0, 0])
    >>> [line.get_marker() for line in ax.lines]
    ['*', 'o', 'o']
    """
    ax = simplex_axes() if ax is None else ax
    given = {"optimum": (optimum, OPTIMUM), "old": (old, OLD), "new": (new, NEW)}
    at = {name: _placed(p, name, ax) for name, (p, _) in given.items() if p is not None}
    for name, place in at.items():
        ax.plot(*place, **given[name][1], clip_on=False, zorder=3)
    if arrow and {"old", "new"} <= set(at):
        _plot_arrow(at["old"], at["new"], ax)
    return ax


@mpl.rc_context(HOUSE)
def plot_simplex_path(
    policies, marks: bool = True, color=INK, linestyle="-", ax: Axes | None = None
) -> Axes:
    """Join policies by straight lines: the iterates of a run, or a segment.

    Parameters
    ----------
    policies : (N, 3) array
    marks : bool
        Whether the first is hollow, the last filled and the others are dots.
    color, linestyle : matplotlib color and line style
        Of the line.
    ax : matplotlib Axes, optional

    Raises
    ------
    ValueError
        If a row is no policy of three actions.

    Examples
    --------
    >>> ax = plot_simplex_path([[1, 0, 0], [0.5, 0.5, 0], [0.2, 0.4, 0.4]])
    >>> ax.lines[0].get_xydata().round(2).tolist()
    [[0.0, 0.0], [0.5, 0.0], [0.6, 0.35]]
    """
    ax = simplex_axes() if ax is None else ax
    places = np.atleast_2d(_placed(policies, "policies", ax))
    dots = {"marker": "o", "markersize": 3, "markevery": slice(1, -1)} if marks else {}
    ax.plot(*places.T, color=color, linestyle=linestyle, linewidth=1.4, clip_on=False, **dots)
    if marks:
        ax.plot(*places[0], **OLD, clip_on=False, zorder=3)
        ax.plot(*places[-1], **NEW, clip_on=False, zorder=3)
    return ax


def tenths(ax: Axes) -> float:
    """How many tenths of a point a side of the triangle has."""
    (left, _), (right, _) = ax.transData.transform(CORNERS[:2])
    return 720 / ax.figure.dpi * (right - left)


def snapped(xy, ax: Axes) -> np.ndarray:
    """Points of the plane moved to the nearest tenths of a point.

    Halves go up, and so does what another processor makes of them in the last bit.
    """
    size = tenths(ax)
    return np.floor(np.asarray(xy) * size + 0.5001) / size


def outline(xy, **look) -> PathPatch:
    """A closed line, filled or not."""
    return PathPatch(Path(xy, closed=True), clip_on=False, **look)


def _placed(p, name, ax):
    p = check_distributions(p, name)
    if p.ndim > 2 or p.shape[-1] != 3:
        raise ValueError(f"{name} has shape {p.shape}, expected three actions in each row")
    return snapped(to_plane(p), ax)


def _plot_arrow(start, end, ax):
    """A shaft with a head between two marks, unless they touch."""
    point = 10 / tenths(ax)
    length = np.hypot(*(end - start)) / point
    if length < 20:
        return
    ahead = (end - start) / (length * point)
    tail, neck, tip = 5, length - 13, length - 6
    upper = [(tail, 0.6), (neck, 0.6), (neck, 3.6), (tip, 0)]
    along, across = point * np.array(upper + [(x, -y) for x, y in upper[2::-1]] + upper[:1]).T
    xy = start + np.outer(along, ahead) + np.outer(across, [-ahead[1], ahead[0]])
    ax.add_patch(outline(snapped(xy, ax), color=INK, linewidth=0))
