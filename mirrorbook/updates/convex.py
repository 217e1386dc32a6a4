r"""Any separable convex drift, in a ball of any separable convex distance, or among mu-soft rows.

`marginal` solves the rows

    maximise over p    A(s) . p  -  nu(s) / beta(s) D(p|s)  -  k(s) E(p|s)

for given k, and `ball` finds k, as for the drifts of `classic`.  Where the best rows jump as k
grows, two sets of them are on either side of the ball's boundary.  At the k of the jump both
maximise the Lagrangian, and so does their mixture, which is on the boundary.
"""

from dataclasses import replace

import numpy as np

from ..neighbourhoods import AverageBall, StatewiseBall
from .ball import SAFETY, multiplier
from .marginal import MarginalRows, settled
from .problem import Solution
from .roots import decreasing_root
from .sampled import lower_bound, radius_multiplier, sampled_part, spread_out

OPEN = 1e-9
"""A gap of the certificate that still counts as exact, relative to what is at stake."""


def maximise_separable(problem):
    """argmax of F for separable convex drifts and distances.

    Exact to rounding, or so it says: a solution whose certificate leaves more open than `OPEN` of
    what is at stake calls itself approximate.

    Parameters
    ----------
    problem : UpdateProblem
        In all policies, mu-soft ones, or a ball.

    Returns
    -------
    Solution
        The selection from the argmax set is `problem.selection`, "min-kl" unless stated; in a
        ball that binds it is always "min-kl".
    """
    part, neighbourhood = sampled_part(problem), problem.neighbourhood
    drift = part.nu / part.beta, part.drift
    rows = MarginalRows(part.adv, part.old, lower_bound(neighbourhood, part.old.shape), [drift])
    # an infinite price, slope or distance is an answer here, and roots reject every NaN
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        pi, _, _ = rows.best(problem.selection or "min-kl")
        lam = np.zeros(1)
        if isinstance(neighbourhood, AverageBall | StatewiseBall) and not _inside(part, pi):
            pi, lam = BallRows(rows, part).best()
    price = radius_multiplier(lam, problem)
    return _as_certified(Solution(spread_out(pi, problem), price, "exact", problem))


def _as_certified(solution):
    problem = solution.problem
    stake = problem.beta @ np.ptp(problem.adv, axis=1) + problem.drift.scale
    if solution.certificate.gap <= OPEN * stake + problem.noise:
        return solution
    return replace(solution, method="approximate: the certificate leaves a gap")


def _inside(part, pi):
    return part.neighbourhood.contains(pi, part.old, part.beta, part.adv)


class BallRows:
    """The best rows for one multiplier of the ball after the other.

    Attributes
    ----------
    inside, outside : (n, A) arrays
        The best rows for the least multiplier that kept them in the ball, and for the largest
        that did not.
    """

    def __init__(self, rows, part):
        self.part, self.ball = part, part.neighbourhood
        steep = self.ball.distance.gradient(rows.old, rows.old, rows.adv)
        self.rows = replace(rows, barred=steep == np.inf)  # also where the multiplier is zero
        self.average = isinstance(self.ball, AverageBall)
        self.price = None
        self.inside, self.outside = rows.old.copy(), np.full(rows.old.shape, np.nan)

    def best(self):
        """The best rows in the ball, (n, A), and its multipliers divided by beta."""
        rows, part = self.rows, self.part
        gain = rows.adv.max(axis=1) - (rows.old * rows.adv).sum(axis=1)
        spread = np.sqrt((rows.old * rows.adv**2).sum(axis=1) / (2 * self.ball.radius))
        own = np.zeros(len(gain))
        if replace(part.drift, scale=1.0) == replace(self.ball.distance, scale=1.0):
            own = part.nu / part.beta * part.drift.scale / self.ball.distance.scale
        if self.average:
            gain, spread = (np.atleast_1d(part.beta @ each) for each in (gain, spread))
            own = own.min(keepdims=True)  # a row without drift may need a tiny multiplier
        lam = multiplier(self._measure, self.ball.radius, gain, spread, own)
        return self._mixed(lam), lam

    def _measure(self, lam):
        """The distance that the best rows cover, and its derivative in lam."""
        rows, distance = self.rows, self.ball.distance
        k = np.broadcast_to(lam, len(rows.old))
        self.charged = replace(rows, charges=[*rows.charges, (k, distance)])
        pi, self.price, pinned = self.charged.best(guess=self.price)
        give = self.charged.give(pi)
        slope = np.where(give > 0, distance.gradient(pi, rows.old, rows.adv), 0.0)
        total, first, second = (np.sum(give * slope**i, axis=1) for i in range(3))
        common = (total > 0) & ~pinned
        spread = second - np.divide(first**2, total, out=np.zeros(len(pi)), where=common)
        covered = self._covered(pi)
        spread = np.atleast_1d(self.part.beta @ spread) if self.average else spread
        fits = (covered <= self.ball.radius)[:, None]
        self.inside = np.where(fits, pi, self.inside)
        self.outside = np.where(fits, self.outside, pi)
        return covered, -spread

    def _covered(self, pi):
        distance = self.ball.distance.value(pi, self.rows.old, self.rows.adv)
        return np.atleast_1d(self.part.beta @ distance) if self.average else distance

    def _mixed(self, lam):
        """The last rows inside, moved towards the last ones outside if the two are apart."""
        inside, outside, radius = self.inside, self.outside, self.ball.radius
        target = radius * (1 - SAFETY)
        apart = (self._covered(inside) < radius * (1 - 2 * SAFETY)) & (lam > 0)
        apart = np.broadcast_to(apart, len(inside))[:, None] & np.isfinite(outside)
        if not apart.any():
            return inside
        way = np.where(apart, outside - inside, 0.0)

        def room(t):
            return target - self._covered(inside + t[:, None] * way), np.zeros(len(t))

        t = decreasing_root(room, np.zeros(len(lam)), np.ones(len(lam)), tolerance=SAFETY * radius)
        return settled(self.charged, inside + t[:, None] * way)
