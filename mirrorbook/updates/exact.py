r"""Exact maximisers of the update for every pair of a drift and a ball in this package.

Dividing row s of the Lagrangian of F by beta(s) leaves one problem a row,

    maximise over p    A(s) . p  -  c(s) D(p|s)  -  k(s) E(p|s),

with c = nu / beta the weight of the drift and k that of the ball's distance: lam for every state
of an average ball, a multiplier of its own for every state of a statewise one.  `penalties`,
`rows` and `transport` solve the rows for given c and k, `ball` finds k.

Ties: where several rows are optimal, mass that moves goes to the best actions in proportion to
their old probabilities, or in equal parts if none of them is used (always in equal parts in an L2
ball, where that is the shortest move).
"""

from dataclasses import dataclass, replace

import numpy as np

from ..drifts import KLNewOld, KLOldNew, L2Squared, TVSquared, Zero
from ..neighbourhoods import AllPolicies, AverageBall, StatewiseBall
from .ball import multiplier
from .penalties import Penalty
from .problem import Solution, UpdateProblem
from .rows import best_rows
from .sensitivity import separable_slope, transport_slope
from .transport import best_penalised_transport, best_transport

KINDS = {Zero: None, KLOldNew: "kl", KLNewOld: "rkl", L2Squared: "l2", TVSquared: "tv"}


def maximise(problem: UpdateProblem) -> Solution:
    """argmax of F over N(old), exact to rounding (Definition 3, Eq. (5)).

    Parameters
    ----------
    problem : UpdateProblem
        Its drift and its ball's distance are among `Zero`, `KLOldNew`, `KLNewOld`, `L2Squared`,
        `TVSquared`, scaled as you like.

    Returns
    -------
    Solution
        With `.pi` (S, A), `.multiplier` and, on demand, `.certificate`.

    Raises
    ------
    TypeError
        If no exact maximiser is known for the drift or the neighbourhood.
    """
    rows = _rows(problem)
    pi, multipliers = problem.old.copy(), np.zeros(len(problem.old))
    # an infinite price, slope or distance is an answer here, and roots reject every NaN
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        best, k = _best_policy(rows, problem)
    if not np.isfinite(best).all():
        raise ArithmeticError(f"the update with {problem.drift!r} produced a NaN")
    pi[rows.states] = best
    if not isinstance(problem.neighbourhood, StatewiseBall):
        return Solution(pi, float(k[0]), "exact", problem)
    multipliers[rows.states] = problem.beta[rows.states] * k
    return Solution(pi, multipliers, "exact", problem)


def _best_policy(rows, problem):
    """The best rows, and the multipliers of the neighbourhood divided by beta."""
    neighbourhood = problem.neighbourhood
    if isinstance(neighbourhood, AllPolicies):
        return rows.best(np.zeros(len(rows.gap))), np.zeros(1)
    if isinstance(neighbourhood, AverageBall):
        return _average_ball(rows, neighbourhood, problem.beta[rows.states])
    return _statewise_ball(rows, neighbourhood)


@dataclass(frozen=True, eq=False)
class Rows:
    """The sampled rows of an update: gaps, old rows, and the two charges on a move.

    `prices` (n, 1) holds the last solution's prices, a head start for the next one.
    """

    states: np.ndarray
    gap: np.ndarray
    old: np.ndarray
    drift: str | None
    weight: np.ndarray
    ball: str | None
    prices: np.ndarray

    def best(self, k):
        """The best rows when the ball's distance costs k(s) >= 0, (n, A)."""
        drifting, held = self.weight > 0, k > 0
        if all(some.all() or not some.any() for some in (drifting, held)):
            return self._best(k)
        pattern = 2 * drifting + held
        pi = np.empty(self.old.shape)
        for value in np.unique(pattern):
            some = pattern == value
            pi[some] = self.take(some)._best(k[some])
        return pi

    def take(self, some):
        """Some of the rows, with prices of their own."""
        return replace(
            self, gap=self.gap[some], old=self.old[some], weight=self.weight[some],
            prices=self.prices[some],
        )  # fmt: skip

    def _best(self, k):
        """`best` where each charge is positive in all rows or in none."""
        charges = self.charges(k)
        tv = charges.pop("tv", None)
        if tv is None and not charges:
            return best_unpunished(self.gap, self.old, self.ball)
        if not charges:
            return best_transport(self.gap, self.old, tv, receivers(self.gap, self.old, self.ball))
        penalty = Penalty(self.old, **charges)
        if tv is None:
            return best_rows(self.gap, penalty, self.prices)
        return best_penalised_transport(self.gap, tv, penalty, self.prices)

    def charges(self, k):
        """Coefficient of each kind of penalty, (n, 1), where positive."""
        total = {}
        for kind, coefficient in ((self.drift, self.weight), (self.ball, k)):
            if kind is not None and (coefficient > 0).any():
                total[kind] = total.get(kind, 0.0) + coefficient[:, None]
        return total

    def slope(self, pi, k, derivative):
        """dE/dk of the best rows, E the ball's distance without scale, (n,)."""
        charges = self.charges(k)
        tv = charges.pop("tv", None)
        penalty = Penalty(self.old, **charges) if charges else None
        if tv is None:
            return separable_slope(pi, penalty, derivative)
        own = None if self.ball == "tv" else derivative
        return transport_slope(pi, self.old, tv[:, 0], penalty, own)


def best_unpunished(gap, old, ball):
    """argmax over p of -g . p: all mass on the best actions (GPI, Eq. (1)), ties as stated."""
    kept = np.where(gap == 0, old, 0.0)
    rest = 1 - kept.sum(axis=1, keepdims=True)
    return kept + rest * receivers(gap, old, ball)


def receivers(gap, old, ball):
    """How the best actions share mass that comes to them, rows summing to one, (n, A)."""
    best = gap == 0
    weight = np.where(best, old, 0.0)
    equal = (weight.sum(axis=1, keepdims=True) == 0) | (ball == "l2")
    weight = np.where(equal, best, weight)
    return weight / weight.sum(axis=1, keepdims=True)


def _rows(problem):
    """The rows that beta samples, divided by beta."""
    drift, neighbourhood = problem.drift, problem.neighbourhood
    distance = getattr(neighbourhood, "distance", Zero())
    if not isinstance(neighbourhood, AllPolicies | AverageBall | StatewiseBall):
        raise TypeError(f"no exact update is known for the neighbourhood {neighbourhood!r}")
    for name, cost in (("drift", drift), ("distance", distance)):
        if type(cost) not in KINDS:
            raise TypeError(f"no exact update is known for the {name} {cost!r}")
    states = np.flatnonzero(problem.beta > 0)
    old = problem.old[states]
    kinds = (KINDS[type(drift)], KINDS[type(distance)])
    adv = problem.adv[states]
    if "rkl" in kinds:  # an unused action is out of reach
        adv = np.where(old > 0, adv, -np.inf)
    gap = adv.max(axis=1, keepdims=True) - adv
    gap = np.where(gap <= problem.noise, 0.0, gap)
    weight = drift.scale * problem.nu[states] / problem.beta[states]
    if kinds[0] is None:
        weight = np.zeros(len(states))
    return Rows(states, gap, old, kinds[0], weight, kinds[1], np.full((len(states), 1), np.nan))


def _average_ball(rows, ball, beta):
    """The best rows in an average ball, and its multiplier (1,)."""
    scale, found = ball.distance.scale, {}

    def measure(lam):
        k = np.full(len(beta), scale * lam[0])
        pi = found["pi"] = rows.best(k)
        distance, slope = _covered(rows, ball, pi, k)
        return beta @ distance[:, None], scale**2 * (beta @ slope[:, None])

    reach, spread, weight = (beta @ each[:, None] for each in _first_guess(rows))
    guess = _guess(rows, spread, weight, ball)
    lam = multiplier(measure, ball.radius, reach, guess, beta @ _own(rows)[:, None] / scale)
    return found["pi"], lam


def _statewise_ball(rows, ball):
    """The best rows in a statewise ball, and the multiplier of each (n,)."""
    scale, found = ball.distance.scale, {}

    def measure(lam):
        pi = found["pi"] = rows.best(scale * lam)
        distance, slope = _covered(rows, ball, pi, scale * lam)
        return distance, scale**2 * slope

    reach, spread, weight = _first_guess(rows)
    guess = _guess(rows, spread, weight, ball)
    lam = multiplier(measure, ball.radius, reach, guess, _own(rows) / scale)
    return found["pi"], lam


def _covered(rows, ball, pi, k):
    """The distance that each row covers, and its derivative in k up to the ball's scale."""
    distance = ball.distance.value(pi, rows.old)
    slope = np.zeros(len(pi))
    held = k > 0
    if held.any():
        part = rows if held.all() else rows.take(held)
        derivative = ball.distance.gradient(pi[held], part.old) / ball.distance.scale
        slope[held] = part.slope(pi[held], k[held], derivative)
    return distance, slope


def _own(rows):
    """The weight of the drift where it is of the ball's own kind, (n,)."""
    return rows.weight if rows.drift == rows.ball else np.zeros(len(rows.weight))


def _first_guess(rows):
    """The most that a row can gain, and the size and weight of its move to second order.

    To second order around home a penalty costs 1/2 sum_a H(a) (p(a) - pi(a))^2 with H = 1 / pi for
    the KLs and 2 for L2^2; TV^2 is taken for 1/2 L2^2. Against k times the ball's distance alone
    a row then covers  spread / 2 k^2;  besides it a drift weighs as much as `weight` more of it.
    """
    gap = np.where(np.isfinite(rows.gap), rows.gap, 0.0)
    give = {"l2": 0.5, "tv": 1.0}.get(rows.ball, 1.0) * np.ones(gap.shape)
    give = rows.old if rows.ball in ("kl", "rkl") else give
    mean = (give * gap).sum(axis=1, keepdims=True) / give.sum(axis=1, keepdims=True)
    move = give * (gap - mean)
    spread = (move * (gap - mean)).sum(axis=1)
    stiff = {None: 0.0, "l2": 2.0, "tv": 1.0}.get(rows.drift)
    if stiff is None:
        stiff = np.where(rows.old > 0, 1 / rows.old, 0.0)
    weight = rows.weight * (stiff * move**2).sum(axis=1) / np.where(spread > 0, spread, 1.0)
    return gap.max(axis=1), spread, weight


def _guess(rows, spread, weight, ball):
    """A first guess of c + lam, c the weight of a drift of the ball's own kind."""
    alone = np.sqrt(spread / (2 * ball.radius * ball.distance.scale))
    if rows.drift in (None, rows.ball):
        return alone
    share = np.divide(
        weight, ball.distance.scale * alone, out=np.zeros(alone.shape), where=alone > 0
    )
    return alone * np.sqrt(np.maximum(1 - share, 0.02))
