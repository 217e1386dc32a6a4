"""Level lines and regions on the simplex, from values at the policies of `simplex_grid`.

Between grid points values are interpolated linearly.  Two precautions make the drawing the same on
every processor: values are first rounded to nine digits, so that a line passes a grid point on the
same side; and lines are thinned in whole numbers, after they have been snapped to tenths of a
point, to a tenth of a point.
"""

from functools import cache, lru_cache

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch
from matplotlib.tri import Triangulation

from ..simplex import check_finite, check_number
from .lines import compound, cut, pieces
from .simplex import simplex_axes, simplex_grid, snapped, tenths, to_plane
from .styles import BLUE, HOUSE, INK

INNER = 0.06
"""Labels keep away from the sides: every action has at least this probability where one stands."""


@mpl.rc_context(HOUSE)
def plot_simplex_contours(
    values, levels, labels: bool = False, color=INK, linestyle="-", ax: Axes | None = None, clear=()
) -> Axes:
    """Draw the lines along which a function of the policy has given values.

    Parameters
    ----------
    values : (K,) array
        At the rows of `simplex_grid`, in its order. No line is drawn next to an infinite one,
        unless that lies on a side.
    levels : sequence of numbers
    labels : bool
        Whether each line carries its level, at its highest place that is not near a side.
    color, linestyle : matplotlib color and line style
        Of the lines.
    ax : matplotlib Axes, optional
    clear : sequence of policies
        Where marks stand: labels keep away from them.

    Raises
    ------
    ValueError
        If there is no grid of K points, a value is NaN, or a level is not finite.

    Examples
    --------
    >>> p = simplex_grid(60)
    >>> cost = ((p - 1 / 3) ** 2).sum(axis=1)
    >>> ax = plot_simplex_contours(cost, [0.05, 0.1, 0.2], labels=True)
    >>> [text.get_text() for text in ax.texts[3:]]
    ['0.05', '0.1', '0.2']
    """
    ax = simplex_axes() if ax is None else ax
    values, resolution = _checked(values, "values")
    levels = np.atleast_1d(check_finite(levels, "levels"))
    taken = [to_plane(p) for p in clear]
    values, levels = _settled(values, levels)
    side = (simplex_grid(resolution) == 0).any(axis=1)
    triangles = _triangles(resolution)
    known = (np.isfinite(values) | side)[triangles.triangles].all(axis=1)
    if not levels.size or not (np.isfinite(values) & ~side).any():
        return ax
    known = Triangulation(triangles.x, triangles.y, triangles.triangles, mask=~known)
    heights = _walled(values, levels)
    levels = np.unique(levels)
    drawn = _traced("tricontour", known, heights, levels)
    lines = []
    for level, path in zip(levels, drawn, strict=True):
        found = pieces(path)
        lines += _labelled(found, f"{level:g}", taken, ax) if labels else found
    _add(lines, ax, fill=False, edgecolor=color, linestyle=linestyle, linewidth=1.0)
    return ax


@mpl.rc_context(HOUSE)
def plot_simplex_region(measure, radius=None, color=BLUE, ax: Axes | None = None) -> Axes:
    """Shade the policies whose measure is at most a radius, and draw the edge of the set.

    Parameters
    ----------
    measure : (K,) array
        At the rows of `simplex_grid`, in its order: numbers, which may be infinite, or truth
        values that say which policies are inside.
    radius : float, optional
        What the measure may be; not given for truth values.
    color : matplotlib color
        Of the shade and the edge.
    ax : matplotlib Axes, optional

    Raises
    ------
    ValueError
        If there is no grid of K points, a measure is NaN, or the radius is missing or superfluous.

    Examples
    --------
    >>> p = simplex_grid(60)
    >>> ax = plot_simplex_region(abs(p - 1 / 3).sum(axis=1), radius=0.4)
    >>> ax = plot_simplex_region(p.min(axis=1) >= 0.1, ax=ax)
    """
    ax = simplex_axes() if ax is None else ax
    truth = np.asarray(measure).dtype == bool
    if truth == (radius is not None):
        fault = "superfluous for truth values" if truth else "missing"
        raise ValueError(f"radius is {fault}: give truth values, or numbers and a radius")
    values, resolution = _checked(measure, "measure")
    values = 1 - values if truth else values
    radius = 0.5 if truth else check_number(radius, "radius")
    values, (radius,) = _settled(values, np.array([radius]))
    values = _walled(values, [radius])
    if values.min() > radius:
        return ax
    between = [min(values.min(), radius) - 1, radius]
    (path,) = _traced("tricontourf", _triangles(resolution), values, between)
    shade = mpl.colors.to_rgba(color, 0.2)
    _add(pieces(path), ax, closed=True, facecolor=shade, edgecolor=color, linewidth=1.4)
    return ax


def _checked(values, name):
    """Values as floats, and the resolution of the grid they belong to."""
    values = np.asarray(values)
    if values.dtype.kind not in "biuf":
        raise TypeError(f"{name} must hold real numbers, found dtype {values.dtype}")
    values = values.astype(float)
    resolution = round((np.sqrt(8 * values.size + 1) - 3) / 2)
    if values.ndim != 1 or resolution < 1 or len(simplex_grid(resolution)) != values.size:
        raise ValueError(
            f"{name} has shape {values.shape}, expected one number for each row of simplex_grid"
        )
    if np.isnan(values).any():
        raise ValueError(f"{name}[{np.flatnonzero(np.isnan(values))[0]}] is nan, not a number")
    return values, resolution


def _settled(values, levels):
    """Values and levels rounded alike, to nine digits of the largest level."""
    size = np.max(np.abs(levels), initial=0.0) or 1.0
    digits = 9 - int(np.floor(np.log10(size)))
    near = np.clip(values, -1e6 * size, 1e6 * size)  # no line is farther away than that
    return np.where(np.isinf(values), values, near.round(digits)), levels.round(digits)


def _walled(values, levels):
    """Values with walls in place of infinity, as high again as all that is finite."""
    finite = np.concatenate([values[np.isfinite(values)], levels])
    wall = (finite.max() - finite.min()) or 1.0
    values = np.where(values == np.inf, finite.max() + wall, values)
    return np.where(values == -np.inf, finite.min() - wall, values)


@cache
def _scratch():
    """Axes to trace lines on that are drawn elsewhere: new ones every time would be slow."""
    return Figure(layout="none").add_subplot()


def _traced(method, triangles, values, levels):
    """The paths that matplotlib traces: one a level, or one between two levels."""
    traced = getattr(_scratch(), method)(triangles, values, levels=levels)
    traced.remove()
    return traced.get_paths()


@lru_cache(maxsize=4)
def _triangles(resolution):
    """The grid's own triangles. (Delaunay's would depend on rounding.)"""
    n = resolution
    number = np.full((n + 2, n + 2), -1)
    third, second = np.nonzero(np.add.outer(np.arange(n + 1), np.arange(n + 1)) <= n)
    number[third, second] = np.arange(len(third))
    corner, right, up = number[:-1, :-1], number[:-1, 1:], number[1:, :-1]
    both = np.stack([corner, right, up]), np.stack([right, number[1:, 1:], up])
    triples = np.hstack([each.reshape(3, -1) for each in both]).T
    return Triangulation(*to_plane(simplex_grid(n)).T, triples[(triples >= 0).all(axis=1)])


def _labelled(lines, text, taken, ax):
    """The lines with a gap where their label now stands, if there is room for one."""
    point = 10 / tenths(ax)
    if not lines:
        return lines
    xy = np.vstack(lines)
    third = xy[:, 1] / to_plane([0, 0, 1])[1]
    second = xy[:, 0] - third / 2
    beside = np.minimum(second, 1 - second - third)
    inner = np.minimum(beside, third) > INNER
    half = np.array([3 + 2.6 * len(text), 6]) * point
    far = [np.hypot(*((xy - place) / point).T) > 12 for place in taken]
    free = np.logical_and.reduce([inner, *far])
    roomy = free & (beside > half[0])  # it touches no side
    candidates = snapped(xy[roomy if roomy.any() else free], ax)
    if not len(candidates):
        return lines
    highest = candidates[candidates[:, 1] > candidates[:, 1].max() - point / 20]
    place = highest[np.argsort(highest[:, 0], kind="stable")[len(highest) // 2]]
    taken.append(place)
    ax.text(*place, text.replace("-", "−"), fontsize=9, ha="center", va="center")
    return [part for line in lines for part in cut(line, place, half)]


def _add(lines, ax, closed=False, **look):
    """Draw lines as one path, snapped and thinned."""
    size = tenths(ax)
    whole = [np.rint(snapped(line, ax) * size).astype(np.int64) for line in lines]
    path = compound(whole, size, closed)
    if path is not None:
        ax.add_patch(PathPatch(path, clip_on=False, **look))
