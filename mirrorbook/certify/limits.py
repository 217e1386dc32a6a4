r"""Limits seen from finitely many numbers: jumps, slopes and minima.

No finite set of numbers proves that a limit is not zero: a function may change its behaviour below
the smallest step that was tried.  What is called refuted here is a sequence that *settles* on
something else: taken at steps that shrink by the same factor, its changes shrink as well, so that
what is left to change is less than what is there; or it grows.
"""

import numpy as np

STEPS = 2.0 ** -np.array([18.0, 22.0, 26.0])
"""Steps t of the difference quotients D(pi + t v) / t.

At t = 2^-26 rounding explains a quotient of ROUNDING / t = 4e-6 of the size of D, and a curvature C
quotients that change by C 2^-18 = 4e-6 C: slopes of less than about 1e-5 (C + the size of D) are
not seen.
"""

GRID = np.linspace(0, 1, 9)


def unexplained(sequence, noise):
    """|last term|, and how much of it may still vanish: twice the largest change between terms.

    Parameters
    ----------
    sequence : (3, n) array
        A quantity at steps h, c h, c^2 h with c < 1, c = 1/16 as a rule. Infinite terms count.
    noise : float or (n,) array
        Rounding error of the last term.

    Returns
    -------
    value, tolerance : (n,) arrays
        The tolerance is infinite where the sequence has neither settled nor grown. For a
        sequence that goes to zero like h^p with p >= 1/4 the value stays within it.

    Examples
    --------
    >>> h = np.array([[1e-2], [1e-2 / 16], [1e-2 / 256]])
    >>> [value > tolerance for value, tolerance in (unexplained(h**0.3, 0), unexplained(h + 1, 0))]
    [array([False]), array([ True])]
    """
    early, late = change(*sequence[:2]), change(*sequence[1:])
    first, middle, last = np.abs(sequence)
    grows = (last >= middle) & (middle >= first) & (last >= 1.4 * first)
    settles = late <= 0.5 * early + noise
    still = np.where(settles, 2 * np.maximum(early, late), np.inf)
    tolerance = np.where(grows | (early + late == 0), 0.0, still) + noise
    return last, tolerance


def steepest(function, n_paths=1, halvings=29):
    """Where a function leaps on its way from 0 to 1: the increment least explained by its trend.

    Of eight parts of the way two are halved again and again: the one with the largest increment,
    and the one whose increment differs most from what a parabola through its neighbours predicts.

    Parameters
    ----------
    function : callable
        Of positions (n,) in [0, 1], one for each of n paths; returns (n,).
    n_paths : int
    halvings : int

    Returns
    -------
    increments : (3, n) array
        At the last width, 2^-(halvings + 3), and before, at widths 16 times and 256 times as large.
    low : (n,) array
        Where they begin.
    ends : (2, n) array
        The function at 0 and 1.

    Examples
    --------
    >>> increments, low, _ = steepest(lambda x: x**2 + 0.001 * (x > 0.4))
    >>> increments.round(6).ravel(), low.round(6)
    (array([0.001, 0.001, 0.001]), array([0.4]))
    """
    paths = np.arange(n_paths)
    coarse = np.array([function(np.full(n_paths, x)) for x in GRID])
    rises, bends = _parabolas(coarse)
    found = []
    for size in (change(coarse[:-1], coarse[1:]), _surprise(coarse[:-1], coarse[1:], rises)):
        start = size.argmax(axis=0)
        part = (GRID[start], GRID[start + 1], coarse[start, paths], coarse[start + 1, paths])
        trend = rises[start, paths], bends[start, paths]
        found.append(_pursued(function, *part, *trend, halvings))
    (steep, low), (odd, low_odd) = found
    larger = odd[-1] > steep[-1]
    return np.where(larger, odd, steep), np.where(larger, low_odd, low), coarse[[0, -1]]


def _pursued(function, low, high, at_low, at_high, rise, bend, halvings):
    """Halve a part of the way again and again; the last increments, and where they begin."""
    increments = []
    for level in range(1, halvings + 1):
        middle = 0.5 * (low + high)
        value = function(middle)
        first, second = 0.5 * rise - bend / 8, 0.5 * rise + bend / 8
        left = _surprise(at_low, value, first) >= _surprise(value, at_high, second)
        low, at_low = np.where(left, low, middle), np.where(left, at_low, value)
        high, at_high = np.where(left, middle, high), np.where(left, value, at_high)
        rise, bend = np.where(left, first, second), bend / 4
        if halvings - level in (8, 4, 0):
            increments.append(change(at_low, at_high))
    return np.array(increments), low


def _parabolas(values):
    """How much a function rises in each part, and its bend, as the neighbouring parts predict."""
    with np.errstate(invalid="ignore"):
        rises = np.diff(values, axis=0)
        before = np.concatenate([3 * rises[[1]] - 2 * rises[[2]], rises[:-1]])
        after = np.concatenate([rises[1:], 3 * rises[[-2]] - 2 * rises[[-3]]])
        predicted = 0.5 * (before + after), 0.5 * (after - before)
    return [np.nan_to_num(each, posinf=0.0, neginf=0.0) for each in predicted]


def _surprise(one, other, rise):
    """|other - one - rise|, zero between equal infinities."""
    with np.errstate(invalid="ignore"):
        return np.where(np.isinf(one) & (one == other), 0.0, np.abs(other - one - rise))


def change(one, other):
    """|one - other|, zero between equal infinities.

    Parameters
    ----------
    one, other : arrays

    Returns
    -------
    array
    """
    with np.errstate(invalid="ignore"):
        return np.where(one == other, 0.0, np.abs(one - other))


def lowest(function, low, high, rounds=8):
    """Where a function is smallest between two points, by zooming in on the best of nine.

    Parameters
    ----------
    function : callable
        Of positions (n,), one for each of n paths; returns (n,).
    low, high : (n,) arrays
        Around a local minimum.
    rounds : int

    Returns
    -------
    (n,) array
        Positions.

    Examples
    --------
    >>> lowest(lambda x: (x - 0.3) ** 2, np.zeros(1), np.ones(1)).round(4)
    array([0.3])
    """
    paths = np.arange(len(low))
    for _ in range(rounds):
        grid = np.linspace(low, high, 9)
        best = np.array([function(position) for position in grid]).argmin(axis=0)
        low, high = grid[np.maximum(best - 1, 0), paths], grid[np.minimum(best + 1, 8), paths]
    return grid[best, paths]
