r"""Trust-region learning: the drift of the worst state, by its level.

With nu the point mass at the state that is charged most, the update maximises

    F(p) = sum_s beta(s) E_{a~p} A(s, a)  -  max_s D(p|s).

Fix the level L of the last term: the rows are those of a statewise ball of radius L, each with a
multiplier m(s, L), which is the slope at which its gain grows with L.  All of them fall as L grows,
and at the maximiser

    sum_s m(s, L) = 1:

a little more drift everywhere buys just what it costs.  So there is one scalar equation, around
the exact update in a statewise ball.  Every row with max A > 0 goes up to the level, so that the
worst state is as a rule a tie of many; the multipliers m are the weights under which the maximum
may be replaced by a sum, and hence the certificate.
"""

from dataclasses import replace

import numpy as np
import scipy  # its optimize, slow to import, comes with the first call

from ..drifts import TVSquared, Zero
from ..neighbourhoods import StatewiseBall
from .classic import maximise_classic
from .problem import Solution
from .separable import absorb_rounding

SAFETY = 1e-14
"""How far below the level rows may stay, relative to it; see `ball`."""
NOISE = 1e-15
"""Rounding error of a move; the relative error of a small level is this over the move's size."""
STILL = 1e-13
"""An action that has moved less than this against TV^2 has not moved."""
LEAST = 1e-32
"""Levels below this share of the largest gain move a row by less than its rounding."""


def maximise_worst_state(problem):
    """argmax of F where nu is the point mass at the state charged most, over all policies (TRL).

    Parameters
    ----------
    problem : UpdateProblem
        With a drift that `classic` knows, of positive scale.

    Returns
    -------
    Solution
        Its multiplier, (S,), is the distribution over the states at the level, m.
    """
    weights = problem.beta * (problem.adv.max(axis=1) > problem.noise)
    top = float(weights @ np.maximum(problem.adv.max(axis=1), 0.0))
    old = problem.old
    if top == 0:
        return Solution(old.copy(), _completed(np.zeros(len(old))), "exact", problem)
    search = LevelSearch(problem)
    high = np.log(top)
    low = np.log(np.clip(search.guess(), LEAST * top, top))
    while search.surplus(low) < 0:
        high, low = low, low - 3
        if low < np.log(LEAST * top):  # no row gains as much as it is charged
            return Solution(old.copy(), _completed(search.small), "exact", problem)
    if search.surplus(high) < 0:
        scipy.optimize.brentq(search.surplus, low, high, xtol=1e-15, rtol=1e-15)
    if isinstance(problem.drift, TVSquared):
        # the multiplier jumps where one more action is about to move: it has not moved yet
        still = np.abs(search.pi - old) <= STILL
        search.pi = absorb_rounding(np.where(still, old, search.pi), old)
    return Solution(search.pulled_back(), search.mixed(), "exact", problem)


class LevelSearch:
    """The rows and multipliers at one level after the other.

    Attributes
    ----------
    pi : (S, A) array
        The rows at the last level where the multipliers summed to one or more.
    large, small : (S,) arrays
        Multipliers at the last levels at which they summed to one or more, and to less.
    """

    def __init__(self, problem):
        self.problem = problem
        self.pi, self.large, self.small, self.level = problem.old, None, None, 0.0

    def guess(self):
        """The level if every row's move were infinitesimal."""
        problem = self.problem
        spread = np.sqrt((problem.old * problem.adv**2).sum(axis=1))
        return (problem.beta @ spread) ** 2 / (2 * problem.drift.scale)

    def safety(self, log_level):
        """How precisely a level can be reached: see `ball.multiplier`."""
        move = np.sqrt(2 * np.exp(log_level) / self.problem.drift.scale)
        return float(np.clip(NOISE / move, SAFETY, 1e-3))

    def surplus(self, log_level):
        """log sum_s m(s, L), decreasing in log L; rounding errors count as zero."""
        ball = StatewiseBall(self.problem.drift, float(np.exp(log_level)))
        update = replace(
            self.problem, drift=Zero(), nu=self.problem.beta, neighbourhood=ball, selection=None
        )
        solution = maximise_classic(update, self.safety(log_level))
        total = solution.multiplier.sum()
        value = np.log(max(total, LEAST))
        value = 0.0 if abs(value) <= 0.1 * self.safety(log_level) else value
        if value >= 0:
            self.large, self.pi, self.level = solution.multiplier, solution.pi, ball.radius
        else:
            self.small = solution.multiplier
        return value

    def pulled_back(self):
        """The rows, none of them above the level.

        A move as small as the rounding of a row's sum may overshoot it, and one row above the
        level is charged to all. By convexity the share level / D of a move costs the level at most.
        """
        old = self.problem.old
        charge = self.problem.drift.value(self.pi, old)
        above = charge > self.level * (1 + 1e-9)
        share = np.divide(self.level, charge, out=np.ones(len(old)), where=above)[:, None]
        return np.where(
            above[:, None], absorb_rounding(old + share * (self.pi - old), old), self.pi
        )

    def mixed(self):
        """The multipliers on both sides of the level, mixed so that they sum to one.

        They differ where a row can go no further than the level: there its multiplier jumps.
        """
        large, small = self.large, self.small
        if small is None or large.sum() <= 1:
            return large / large.sum()
        share = (1 - small.sum()) / (large.sum() - small.sum())
        return share * large + (1 - share) * small


def _completed(multipliers):
    """What is missing to one, spread over all states: where nobody moves it charges nobody."""
    return multipliers + (1 - multipliers.sum()) / len(multipliers)
