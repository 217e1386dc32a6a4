r"""Exact updates of two rows that are tied together, with two actions each.

Rows i and j move by x_s = new(0|s) - old(0|s) in [-old(0|s), 1 - old(0|s)]; other rows stay.  Only

    F = g_i x_i + g_j x_j - D^nu,     g_s = beta(s) (A(s, 0) - A(s, 1)),

matters.  With the signs of the moves given (four cases) write t_s = |x_s|, and g_s for what a unit
of a move that way gains; the best of the four cases is the update.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from typing import NamedTuple

import numpy as np
import scipy  # its optimize, slow to import, comes with the first call

from ..updates import Solution


class Case(NamedTuple):
    """One choice of the signs of the two moves; `gain` per unit and `room` for each of them."""

    signs: np.ndarray
    gain: np.ndarray
    room: np.ndarray


@dataclass(frozen=True)
class CoupledRows:
    """Base of the two solvers.

    Parameters
    ----------
    states : pair of int
        i and j.
    """

    states: tuple[int, int] = (0, 1)

    def __call__(self, problem) -> Solution:
        """argmax of F over N(old); see `mirrorbook.updates`.

        Parameters
        ----------
        problem : UpdateProblem
            With two actions.

        Returns
        -------
        Solution
        """
        rows = list(self.states)
        probability = problem.old[rows, 0]
        slope = problem.beta[rows] * (problem.adv[rows, 0] - problem.adv[rows, 1])
        cases = []
        for signs in product((1.0, -1.0), repeat=2):
            signs = np.array(signs)
            room = np.where(signs > 0, 1 - probability, probability)
            cases.append(Case(signs, slope * signs, room))
        case, moves = self._best_moves(problem, cases)
        gives, takes = case.room - moves, 1 - case.room + moves  # never below 0
        up = case.signs > 0
        pi = problem.old.copy()
        pi[rows, 0], pi[rows, 1] = np.where(up, takes, gives), np.where(up, gives, takes)
        return Solution(pi, 0.0, self._method, problem)


class LinearUpdate(CoupledRows):
    """Base of the updates with no drift and linear limits on the moves: a linear program a case.

    max g . t  subject to  0 <= t <= room  and the limits.
    """

    _method = "exact: linear programs"

    def _best_moves(self, problem, cases):
        best = []
        for case in cases:
            limits, bounds = self._limits(problem, case.signs), [(0, room) for room in case.room]
            best.append(
                scipy.optimize.linprog(-case.gain, A_ub=limits[0], b_ub=limits[1], bounds=bounds)
            )
        winner = min(range(len(cases)), key=lambda i: best[i].fun)
        return cases[winner], best[winner].x


class CoupledMovesUpdate(LinearUpdate):
    """The update with no drift in `neighbourhoods.CoupledMoves`.

    |t_i - t_j| <= slack (1 - max(t_i, t_j)) is the pair (1 + slack) t_i - t_j <= slack and the same
    with i and j exchanged.
    """

    def _limits(self, problem, signs):
        slack = problem.neighbourhood.slack
        return [[1 + slack, -1], [-1, 1 + slack]], [slack, slack]


@dataclass(frozen=True)
class SlabUpdate(LinearUpdate):
    """The update with no drift and |x_i + x_j| <= slack.

    Parameters
    ----------
    states : pair of int
    slack : float
    """

    slack: float = 0.2

    def _limits(self, problem, signs):
        return [signs, -signs], [self.slack, self.slack]


@dataclass(frozen=True)
class CoupledChargeUpdate(CoupledRows):
    r"""The update whose TV^2 drift is weighed by how far apart the two moves are.

    max g . t - scale w(|t_i - t_j|) (t_i^2 + t_j^2)  subject to  0 <= t <= room.

    For t_j - t_i = u fixed that is a concave parabola in t_i, maximal at t_i = sum g / 4k - u / 2,
    k = scale w(|u|), or at the nearest end. What remains is a function of u alone. It changes by no
    more than L |u - u'| with L = max |g| + 2 scale (max w + max w'), so that intervals of u can be
    discarded for good: the answer is within `tolerance` of the maximum.

    Parameters
    ----------
    states : pair of int
    weight : callable
        w, the drift distribution's weight of each of the two states, nondecreasing.
    steepness : float
        The largest slope of w.
    tolerance : float
    """

    weight: Callable[[float], float] = None
    steepness: float = 0.0
    tolerance: float = 1e-9

    @property
    def _method(self):
        return f"exact to {self.tolerance:.0e}: Lipschitz search"

    def _best_moves(self, problem, cases):
        scale = problem.drift.scale

        def moves(case, u):
            low, high = max(0.0, -u), min(case.room[0], case.room[1] - u)
            top = case.gain.sum() / (4 * scale * self.weight(abs(u))) - u / 2
            first = min(max(top, low), high)
            return np.array([first, first + u])

        def value(case, u):
            t = moves(case, u)
            return float(case.gain @ t - scale * self.weight(abs(u)) * (t @ t))

        # with one row fixed, u is the move of the other
        intervals = [(case, -case.room[0], case.room[1]) for case in cases]
        largest_gain = max(np.abs(case.gain).max() for case in cases)
        lipschitz = largest_gain + 2 * scale * (self.weight(1.0) + self.steepness)
        _, case, u = lipschitz_maximum(value, intervals, lipschitz, self.tolerance)
        return case, moves(case, u)


def lipschitz_maximum(function, intervals, lipschitz, tolerance):
    """The maximum over some intervals of functions with |f(x) - f(y)| <= L |x - y|.

    An interval [a, b] holds nothing above (f(a) + f(b)) / 2 + L (b - a) / 2. The most promising one
    is halved until none promises more than `tolerance` above the best value found.

    Parameters
    ----------
    function : callable
        `(case, x) -> float`.
    intervals : list of (case, low, high)
    lipschitz : float
        L.
    tolerance : float > 0

    Returns
    -------
    value : float
        The best value found, at most `tolerance` below the maximum.
    case, x
        Where it was found.

    Examples
    --------
    >>> peaks = [(0.3, 0.0, 1.0), (0.8, 0.0, 0.5)]
    >>> value, peak, x = lipschitz_maximum(lambda c, x: -abs(x - c), peaks, 1.0, 1e-9)
    >>> value > -1e-9, peak, round(x, 6)
    (True, 0.3, 0.3)
    """
    heap, best = [], (-np.inf, None, None)

    def add(i, left, right):
        promise = (left[0] + right[0] + lipschitz * (right[1] - left[1])) / 2
        heapq.heappush(heap, (-promise, i, left, right))

    for i, (case, low, high) in enumerate(intervals):
        left, right = ((function(case, x), x) for x in (low, high))
        best = max(best, (left[0], i, left[1]), (right[0], i, right[1]), key=lambda found: found[0])
        add(i, left, right)
    while -heap[0][0] - best[0] > tolerance:
        _, i, left, right = heapq.heappop(heap)
        x = (left[1] + right[1]) / 2
        middle = (function(intervals[i][0], x), x)
        if middle[0] > best[0]:
            best = (middle[0], i, x)
        add(i, left, middle)
        add(i, middle, right)
    value, i, x = best
    return value, intervals[i][0], x
