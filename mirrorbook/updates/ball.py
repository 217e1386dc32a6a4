r"""The multiplier of a ball: one scalar for an average, one a state for a statewise ball.

With the ball's multiplier lam every row pays its own and lam times its distance, and the
distance that the best rows cover falls as lam grows.  Either nobody needs to be held back
(lam = 0), or lam solves  distance(lam) = radius.  For small steps the distance behaves like a
constant over (c + lam)^2, with c the weight of a drift of the ball's own kind: so the equation is
solved for log(distance / radius) as a function of log(c + lam), where it is almost a straight line.
"""

import numpy as np

from .roots import decreasing_root

SAFETY = 5e-11
"""The radius aimed at is smaller by this factor, so that rounding does not leave the ball."""
FLOOR = 1e-16
"""Multipliers this much smaller than the largest useful one are not told apart from zero."""


def multiplier(measure, radius, reach, spread, own, safety=SAFETY):
    """lam >= 0 with distance(lam) = radius, or 0 where distance(0) <= radius.

    Parameters
    ----------
    measure : callable
        Takes lam, shape (m,), and returns the distance and its derivative in lam, each (m,);
        m is 1 for an average ball, the number of states for a statewise one.
    radius : float
    reach : (m,) array
        Largest gain per unit of distance: with lam above reach / radius nobody leaves the ball.
    spread : (m,) array
        A first guess of c + lam.
    own : (m,) array
        c, the weight of a drift of the ball's own kind in units of lam; 0 for other drifts.
    safety : float
        By what share of the radius the distance may fall short of it, twice.

    Returns
    -------
    (m,) array
    """
    target = radius * (1 - safety)
    ceiling = own + 1.01 * reach / radius
    floor = np.where(own > 0, own, FLOOR * ceiling)
    searched = reach > 0  # where nothing can be gained nothing moves

    def multiplier_at(u):
        return np.where(searched, np.where(u > low, np.exp(u), floor) - own, 0.0)

    def offset(u):
        distance, slope = measure(multiplier_at(u))
        distance = np.where(searched, distance, target)
        return np.log(distance / target), np.where(searched, slope * np.exp(u) / distance, -1.0)

    if not searched.any():
        measure(np.zeros(len(reach)))
        return np.zeros(len(reach))
    low = np.log(np.where(searched, floor, 1.0))
    high = np.log(np.where(searched, ceiling, 1.0))
    start = np.log(np.where(searched, np.maximum(spread, floor), 1.0))
    u = decreasing_root(offset, low, high, start, tolerance=0.9 * safety)
    lam = multiplier_at(u)
    idle = searched & (u <= low)
    if idle.any() and (lam > 0).any():
        free = np.where(idle, 0.0, lam)
        distance, _ = measure(free)
        lam = np.where(idle & (distance <= radius), 0.0, lam)
        if (lam != free).any():
            measure(lam)
    return lam
