"""Lines as matplotlib traces them, cut and thinned."""

import numpy as np
from matplotlib.path import Path


def pieces(path):
    """The connected parts of a path, each an (N, 2) array; a closed one ends where it begins.

    Parameters
    ----------
    path : matplotlib Path
        Of straight lines.
    """
    starts = np.flatnonzero(path.codes == Path.MOVETO) if path.codes is not None else [0]
    pieces = np.split(path.vertices, starts[1:]) if len(path.vertices) else []
    closing = [] if path.codes is None else np.split(path.codes == Path.CLOSEPOLY, starts[1:])
    if not closing:
        return pieces
    return [
        np.vstack([piece[~close], piece[:1]]) if close.any() else piece
        for piece, close in zip(pieces, closing, strict=True)
    ]


def cut(line, place, half):
    """A line without what lies in the box around a place: the parts that remain.

    Parameters
    ----------
    line : (N, 2) array
    place, half : (2,) arrays
        The centre of the box, and half its sides.

    Examples
    --------
    >>> row = np.stack([np.arange(6), np.zeros(6)], axis=1)
    >>> [part[:, 0].tolist() for part in cut(row, np.array([2, 0]), np.array([1, 1]))]
    [[0.0], [4.0, 5.0]]
    """
    outside = (np.abs(line - place) > half).any(axis=1)
    if outside.all():
        return [line]
    if outside[0] and (line[0] == line[-1]).all():  # a closed line opens in the gap
        first = int(np.argmin(outside))
        line, outside = np.roll(line[:-1], -first, 0), np.roll(outside[:-1], -first)
    ends = np.flatnonzero(np.diff(outside.astype(int))) + 1
    parts = zip(np.split(line, ends), np.split(outside, ends), strict=True)
    return [part for part, out in parts if out[0]]


def compound(lines, size: float, closed: bool = False):
    """One path of all lines, thinned; None if nothing is left to draw.

    Parameters
    ----------
    lines : list of (N, 2) int arrays
    size : float
        How many of their units make one of the path's.
    closed : bool
        Whether each line is closed.
    """
    kept = [thinned(line) for line in lines]
    paths = [Path(line / size, closed=closed and len(line) > 2) for line in kept if len(line) > 1]
    return Path.make_compound_path(*paths) if paths else None


def thinned(points, tolerance: int = 1) -> np.ndarray:
    """A line without the points that are nearly on the way (Douglas and Peucker).

    Parameters
    ----------
    points : (N, 2) int array
    tolerance : int
        How far from the new line a point left out may lie.

    Returns
    -------
    (M, 2) int array
        The same ends; found in whole numbers, hence the same on every processor.

    Examples
    --------
    >>> thinned(np.array([[0, 0], [5, 1], [10, 0], [10, 7]])).tolist()
    [[0, 0], [10, 0], [10, 7]]
    """
    keep = np.zeros(len(points), dtype=bool)
    keep[[0, -1]] = True
    spans = [(0, len(points) - 1)]
    while spans:
        first, last = spans.pop()
        if last - first < 2:
            continue
        away = points[first + 1 : last] - points[first]
        x, y = points[last] - points[first]
        length = max(x * x + y * y, 1)
        off = (x * away[:, 1] - y * away[:, 0]) ** 2 if x or y else (away**2).sum(axis=1)
        worst = int(np.argmax(off))
        if off[worst] > tolerance**2 * length:
            middle = first + 1 + worst
            keep[middle] = True
            spans += [(first, middle), (middle, last)]
    return points[keep]
