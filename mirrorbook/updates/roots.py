"""The numerical tool of the exact updates: the root of a decreasing function, many at once."""

import numpy as np

SWEEPS = 200
RESOLUTION = 5e-16
"""Relative distance of neighbouring floats, and a little more."""


def decreasing_root(function, low, high, start=None, tolerance=0.0):
    """x with function(x) = 0, elementwise, by Newton steps that never leave a shrinking bracket.

    A Newton step below the bracket goes to its low end if that has not been tried; one that
    leaves the bracket otherwise, or follows one of little use, goes to its midpoint. An element
    is done when its value is within `tolerance`, when its bracket is as narrow as floats resolve,
    or when steps are tiny and small values no longer shrink: the function's own rounding has been
    reached.

    Parameters
    ----------
    function : callable
        Takes an (n,) array and returns values and derivatives, each (n,), elementwise;
        nonincreasing. A derivative that is zero or inexact costs sweeps, not accuracy.
    low, high : (n,) arrays
        Ends of the bracket, function(high) <= 0. Where function(low) < 0 the answer is `low`.
    start : (n,) array, optional
        First guess. Default: `low`.
    tolerance : float or (n,) array
        Values within it count as zero.

    Returns
    -------
    (n,) array
        The last point at which `function` was called.

    Raises
    ------
    ArithmeticError
        If the function returns a NaN.

    Examples
    --------
    >>> decreasing_root(lambda x: (2 - x**2, -2 * x), np.array([0.0]), np.array([2.0]))
    array([1.41421356])
    """
    low, high = np.array(low, dtype=float), np.array(high, dtype=float)
    x = low.copy() if start is None else np.clip(start, low, high)
    untried = x > low
    last = np.full(x.shape, np.inf)
    for _ in range(SWEEPS):
        value, slope = function(x)
        size = np.abs(value)
        above = value > 0
        untried &= (x > low) & ~above
        low, high = np.where(above, x, low), np.where(above, high, x)
        step = np.divide(-value, slope, out=np.copysign(np.inf, value), where=slope < 0)
        reach = np.abs(x)
        stalled = (np.abs(step) <= 1e-9 * reach) & (size >= last) & (size <= 1e6 * tolerance)
        done = (size <= tolerance) | (high - low <= 3 * RESOLUTION * reach) | stalled
        if np.count_nonzero(done) == done.size:
            break
        # a step that floats cannot resolve still has to show on which side the root lies
        step = np.copysign(np.maximum(np.abs(step), 2 * RESOLUTION * reach), value)
        slow = size > 0.8 * last
        last = size
        x = np.where(done, x, _next(x + step, low, high, untried, slow))
    if np.isnan(value).any():
        raise ArithmeticError("the function whose root is sought returned a NaN")
    return x


def _next(target, low, high, untried, slow):
    """A Newton step's target, or what replaces it (a NaN is replaced by the midpoint)."""
    inside = (target > low) & (target < high) & ~slow
    instead = np.where(untried & (target <= low), low, 0.5 * (low + high))
    return np.where(inside, target, instead)
