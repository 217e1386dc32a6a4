r"""The five drifts of the paper's experiments, and balls of them: exact, and fast.

Dividing row s of the Lagrangian of F by beta(s) leaves one problem a row,

    maximise over p    A(s) . p  -  c(s) D(p|s)  -  k(s) E(p|s),

with c = nu / beta the weight of the drift and k that of the ball's distance: lam for every state
of an average ball, a multiplier of its own for every state of a statewise one.  `rows` solves them
for given c and k, and says how ties are broken; `ball` finds k.  In an average ball two things are
tried first: the best rows without it, which may be inside, and against KL(old, new) `newton`, which
finds rows and k at once.  Where numba is installed, `compiled` does both for such a ball.
"""

import numpy as np

from ..drifts import KLNewOld, KLOldNew, L2Squared, TVSquared, Zero
from ..linear import kernels
from ..neighbourhoods import AllPolicies, AverageBall, StatewiseBall
from .ball import SAFETY, multiplier
from .newton import best_compiled, best_in_ball
from .penalties import SMALLEST
from .problem import Solution
from .rows import Rows
from .sampled import radius_multiplier, spread_out
from .separable import absorb_rounding

KEPT = 1e-15
"""The share of an action that a drift alone would drop and a ball of KL(old, new) must not."""
KINDS = {Zero: None, KLOldNew: "kl", KLNewOld: "rkl", L2Squared: "l2", TVSquared: "tv"}


def is_classic(problem):
    """Whether drift and neighbourhood are among those of this module.

    Parameters
    ----------
    problem : UpdateProblem

    Returns
    -------
    bool
    """
    neighbourhood = problem.neighbourhood
    if callable(problem.nu) or type(problem.drift) not in KINDS:
        return False
    if isinstance(problem.selection, np.random.Generator) and type(problem.drift) is Zero:
        return False  # `clipped` knows all maximisers
    if type(neighbourhood) not in (AverageBall, StatewiseBall):
        return type(neighbourhood) is AllPolicies
    return type(neighbourhood.distance) in KINDS


def maximise_classic(problem, safety=SAFETY):
    """argmax of F over N(old), exact to rounding (Definition 3, Eq. (5)).

    Parameters
    ----------
    problem : UpdateProblem
        Its drift and its ball's distance are among `Zero`, `KLOldNew`, `KLNewOld`, `L2Squared`,
        `TVSquared`, scaled as you like.
    safety : float
        See `ball.multiplier`.

    Returns
    -------
    Solution
        Equally good actions share mass as `rows` says: near, and for these drifts greedy, too.
    """
    states = np.flatnonzero(problem.beta > 0)
    rows = _sampled_rows(problem, states)
    # an infinite price, slope or distance is an answer here, and roots reject every NaN
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        best, k = _best_rows(rows, problem.neighbourhood, problem.beta[states], safety)
    if np.count_nonzero(np.isfinite(best)) < best.size:  # faster than all()
        raise ArithmeticError(f"the update with {problem.drift!r} produced a NaN")
    pi = spread_out(absorb_rounding(best, rows.old), problem)
    return Solution(pi, radius_multiplier(k, problem), "exact", problem)


def _sampled_rows(problem, states):
    """The rows of some states, divided by beta."""
    neighbourhood = problem.neighbourhood
    drift = _kind(problem.drift)
    ball = _kind(getattr(neighbourhood, "distance", Zero()))
    old, adv = problem.old[states], problem.adv[states]
    weight = np.zeros(len(states))
    if drift is not None:
        weight = problem.drift.scale * problem.nu[states] / problem.beta[states]
    # KL(new, old) puts an unused action out of reach, but as a drift only where it is charged
    if "rkl" in (drift, ball):
        barred = (ball == "rkl") | (weight > 0)
        adv = np.where(barred[:, None] & (old == 0), -np.inf, adv)
    gap = adv.max(axis=1, keepdims=True) - adv
    gap *= gap > problem.noise
    return Rows(gap, old, drift, weight, ball)


def _kind(cost):
    return KINDS[type(cost)] if cost.scale > 0 else None


def _best_rows(rows, neighbourhood, beta, safety):
    """The best rows, and the multipliers of the neighbourhood's radius divided by beta."""
    if rows.ball is None:
        return _left_alone(rows), np.zeros(1)
    if isinstance(neighbourhood, AverageBall):
        return _average_ball(rows, neighbourhood, beta, safety)
    return _statewise_ball(rows, neighbourhood, safety)


def _average_ball(rows, ball, beta, safety):
    """The best rows in an average ball, and its multiplier (1,)."""
    scale = ball.distance.scale
    by_newton = rows.ball == "kl" and rows.drift != "rkl"
    known, tolerance = (rows, ball.radius * (1 - safety) / scale, beta), 0.9 * safety
    compiled = kernels() if by_newton else None
    found = None if compiled is None else best_compiled(compiled, *known, tolerance)
    if found is None or (found[1] == 0 and rows.drift != "kl"):  # closed forms for what is free
        free = _left_alone(rows)
        if beta @ ball.distance.value_of(free, rows.old) <= ball.radius:
            return free, np.zeros(1)
    if found is not None:
        return found[0], np.array([found[1] / scale])
    reach, spread, weight = (beta @ each[:, None] for each in _first_guess(rows))
    guess = _guess(rows, spread, weight, ball)
    # the least of the drift's weights: a row without drift may need a multiplier that is tiny
    own = _own(rows).min(keepdims=True) / scale
    if by_newton:
        k = scale * max(guess[0] - own[0], 1e-3 * guess[0])
        found = best_in_ball(*known, k, tolerance)
        if found is not None:
            return found[0], np.array([found[1] / scale])
    search = BallSearch(rows, ball)

    def measure(lam):
        distance, slope = search.covered(np.full(len(beta), scale * lam[0]))
        return beta @ distance[:, None], scale**2 * (beta @ slope[:, None])

    lam = multiplier(measure, ball.radius, reach, guess, own, safety)
    return search.pi, lam


def _left_alone(rows):
    """The best rows if the ball does not hold them back, (n, A).

    What they drop keeps a share that is worth no more than rounding: KL(old, new) is then finite.
    """
    pi, guess = np.empty(rows.old.shape), np.full((len(rows.old), 2), np.nan)
    for some, part in rows.charged(np.zeros(len(rows.old))):
        pi[some], _ = part.best(guess[some])
    if rows.ball == "kl":
        dropped = (pi == 0) & (rows.old > 0)
        pi = np.where(dropped, np.maximum(KEPT * rows.old, SMALLEST), pi)
    return pi


def _statewise_ball(rows, ball, safety):
    """The best rows in a statewise ball, and the multiplier of each (n,)."""
    search, scale = BallSearch(rows, ball), ball.distance.scale

    def measure(lam):
        distance, slope = search.covered(scale * lam)
        return distance, scale**2 * slope

    reach, spread, weight = _first_guess(rows)
    guess = _guess(rows, spread, weight, ball)
    lam = multiplier(measure, ball.radius, reach, guess, _own(rows) / scale, safety)
    return search.pi, lam


class BallSearch:
    """The best rows for one k after the other, each starting from the prices of the last.

    Attributes
    ----------
    pi : (n, A) array
        The best rows for the last k.
    """

    def __init__(self, rows, ball):
        self.rows, self.distance = rows, ball.distance
        self.k = np.zeros(len(rows.old))
        self.prices, self.rates = np.full((2, len(rows.old), 2), np.nan)

    def covered(self, k):
        """The distance that the best row covers, and its derivative in k up to the scale, (n,)."""
        old, distance = self.rows.old, self.distance
        guess = self.prices + self.rates * (k - self.k)[:, None]
        guess[~np.isfinite(guess)] = np.nan
        self.k, self.pi = k, np.empty(old.shape)
        self.prices, self.rates, slope = guess.copy(), np.zeros(guess.shape), np.zeros(len(k))
        for some, part in self.rows.charged(k):
            self.pi[some], self.prices[some] = part.best(guess[some])
            if k[some][0] > 0:
                derivative = distance.gradient(self.pi[some], part.old) / distance.scale
                if self.rows.ball == "rkl":
                    derivative -= 1  # see `ChargedRows.slope`
                slope[some], self.rates[some] = part.slope(self.pi[some], derivative)
        return distance.value_of(self.pi, old), slope


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
    softness = {"l2": 0.5, "tv": 1.0}.get(rows.ball)
    give = rows.old if softness is None else np.full(gap.shape, softness)
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
