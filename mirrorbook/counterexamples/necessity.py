r"""Each hypothesis of Theorem 1 dropped in turn: a run that then ends, or cycles, short of eta*.

Most of them are bandits: one state, gamma = 0, a good arm that pays 1 and a bad arm that pays 0.
With x = P(good), the value is x, the best value 1, and moving to y gains E_y A = y - x.
"""

from dataclasses import replace
from fractions import Fraction

import numpy as np

from ..algorithms import Algorithm
from ..distributions import fixed, occupancy, uniform
from ..drifts import L1, KLOldNew, L2Squared, NegativeTVSquared, TVSquared, Zero
from ..neighbourhoods import AllPolicies, Standstill, StatewiseBall, VanishingBall
from ..updates import Solution, maximise
from .games import bandits, side_road
from .replay import Counterexample

_HALF, _SMALL_BALL = [[0.5, 0.5]], StatewiseBall(TVSquared(), 0.01)
_CONVERGES = "values go to the optimum"
_P = "P(first action in the first state)"


def best_corner(problem) -> Solution:
    """The best of all rows `old` and e_a: exact for one row if F is convex on either side of it.

    Parameters
    ----------
    problem : UpdateProblem
        Of one state and two actions.

    Returns
    -------
    Solution
    """
    candidates = [problem.old.copy(), *np.eye(2)[:, None]]
    return Solution(max(candidates, key=problem.objective), 0.0, "exact: corners", problem)


def in_vanishing_ball(problem) -> Solution:
    """The update in the ball that `VanishingBall` is at this policy.

    Parameters
    ----------
    problem : UpdateProblem

    Returns
    -------
    Solution
    """
    radius = problem.neighbourhood.radius(problem.old)
    if radius == 0:
        return stand_still(problem)
    ball = AllPolicies() if radius == np.inf else StatewiseBall(TVSquared(), radius**2)
    best = maximise(replace(problem, neighbourhood=ball))
    return Solution(best.pi, best.multiplier, best.method, problem)


def stand_still(problem) -> Solution:
    """The only policy that is allowed: the old one.

    Parameters
    ----------
    problem : UpdateProblem

    Returns
    -------
    Solution
    """
    return Solution(problem.old.copy(), 0.0, "exact: one candidate", problem)


def stiff_at(target):
    """The drift TV^2 / |x - target|, x = pi(0|0): discontinuous in pi where it is 0 / 0.

    Parameters
    ----------
    target : float

    Returns
    -------
    callable
        A drift rule; see `mirrorbook.algorithms`.
    """

    def drift(mdp, pi, values, history):
        left = abs(pi[0, 0] - target)
        return (1 / left) * TVSquared() if left else Zero()

    return drift


def fading_at(target):
    """The sampling distribution (|x - target|, 1 - |x - target|), x = pi(0|0); (1/2, 1/2) there.

    Positive at every policy, not continuous at one, and not bounded away from 0.

    Parameters
    ----------
    target : float

    Returns
    -------
    callable
        `(mdp, pi, history) -> (2,)`.
    """

    def beta(mdp, pi, history=()):
        left = abs(pi[0, 0] - target) or 0.5
        return np.array([left, 1 - left])

    return beta


def _path(replay):
    return {_P: replay.policies[:, 0, 0], "eta*": replay.best_return}


def _path_and_returns(replay):
    return _path(replay) | {"eta": replay.returns}


def _bandit(name, statement, happens, missing, path, algorithm, repaired, **more):
    """A run of the bandit, whose return is P(good)."""
    path = tuple(path)
    numbers = {_P: path, "eta": path, "eta*": 1}
    return Counterexample(
        name=name, statement=statement, claim=_CONVERGES, what_happens=happens, missing=missing,
        mdp=bandits(), start=more.pop("start", _HALF), algorithm=algorithm,
        n_steps=len(path) - 1, numbers=numbers, measure=_path_and_returns,
        repaired=repaired, **more,
    )  # fmt: skip


def _half_way_to(target, n_steps=30):
    """1/2, then at every step half of what is left to the target."""
    return [target - (target - Fraction(1, 2)) / 2**n for n in range(n_steps + 1)]


_DEFINITION_1, _DEFINITION_2 = "Theorem 1 without Definition 1", "Theorem 1 without Definition 2"
_ON_BETA = "Theorem 1 without its condition on β"

NECESSITY = (
    _bandit(
        "slope at home", _DEFINITION_1, "no move ever gains more than it costs: stuck at 1/2",
        "zero gradient: the drift must start flat",
        [Fraction(1, 2)] * 4, Algorithm(L1(), AllPolicies(), uniform),
        Algorithm(TVSquared(), AllPolicies(), uniform), solver=best_corner,
    ),
    _bandit(
        "negative drift", _DEFINITION_1, "moving is rewarded: it jumps away from the optimum",
        "nonnegativity of the drift",
        [1, 0, 1, 0], Algorithm(2 * NegativeTVSquared(), AllPolicies(), uniform),
        Algorithm(2 * TVSquared(), AllPolicies(), uniform),
        start=[[1, 0]], solver=best_corner,
    ),
    Counterexample(
        name="states never sampled", statement=_ON_BETA, claim=_CONVERGES,
        what_happens="the first step leaves the road to 10 before it is worth taking: 3 for ever",
        missing="β(s) > 0 for all s: with β the occupancy, d(s) > 0",
        mdp=side_road(), start=[[0.5, 0.5], [0.5, 0.5], [0.9, 0.1], [1, 0]],
        algorithm=Algorithm(Zero(), AllPolicies(), occupancy), n_steps=4,
        numbers={
            _P: (Fraction(1, 2), 1, 1, 1, 1),
            "eta": (Fraction(861, 400), 3, 3, 3, 3),
            "eta*": Fraction(81, 10),
        },
        measure=_path_and_returns, repaired=Algorithm(Zero(), AllPolicies(), uniform),
    ),
    _bandit(
        "no ball at one policy", _DEFINITION_2, "the radii 0.1 / 2ⁿ add up to 0.2: it ends at 0.7",
        "closed ball: every policy must have a ball around it, also the limit of the run",
        _half_way_to(Fraction(7, 10)),
        Algorithm(Zero(), VanishingBall([[0.7, 0.3]]), uniform),
        Algorithm(Zero(), _SMALL_BALL, uniform), solver=in_vanishing_ball,
    ),
    _bandit(
        "discontinuous neighbourhood", _DEFINITION_2,
        "every policy has a ball, but the radii vanish along the run: it ends at 0.8",
        "continuity of the neighbourhood",
        _half_way_to(Fraction(8, 10)),
        Algorithm(Zero(), VanishingBall([[0.8, 0.2]], free_at_target=True), uniform),
        Algorithm(Zero(), _SMALL_BALL, uniform), solver=in_vanishing_ball,
    ),
    _bandit(
        "discontinuous drift", _DEFINITION_1,
        "every policy has a drift, but it grows without bound along the run: it ends at 0.8",
        "joint continuity of the drift",
        _half_way_to(Fraction(8, 10)),
        Algorithm(stiff_at(0.8), AllPolicies(), uniform),
        Algorithm(TVSquared(), AllPolicies(), uniform),
    ),
    Counterexample(
        name="fading sampling", statement=_ON_BETA, claim=_CONVERGES,
        what_happens="the first state is sampled less and less and ends at 0.8",
        missing="continuity of β, or what it is there for: βₙ(s) ≥ b > 0 along the run",
        mdp=bandits(2), start=[[0.5, 0.5], [0.5, 0.5]],
        algorithm=Algorithm(2 * TVSquared(), AllPolicies(), fading_at(0.8), nu=fixed([0.5, 0.5])),
        n_steps=30,
        numbers={_P: tuple(_half_way_to(Fraction(8, 10))), "eta*": 1},
        measure=_path,
        repaired=Algorithm(2 * TVSquared(), AllPolicies(), uniform, nu=fixed([0.5, 0.5])),
    ),
    _bandit(
        "discrete metric", _DEFINITION_2, "the only policy allowed is the old one: stuck at 1/2",
        "the metric of the closed ball must induce the usual topology",
        [Fraction(1, 2)] * 4, Algorithm(Zero(), Standstill(), uniform),
        Algorithm(Zero(), _SMALL_BALL, uniform), solver=stand_still,
    ),
    _bandit(
        "slope at the boundary", "Theorem 1 for PPO-KL",
        "2 KL(old, new) ≥ 2 P(good) from the bad corner: stuck at 0",
        "zero gradient also at policies that leave an action out",
        [0] * 4, Algorithm(2 * KLOldNew(), AllPolicies(), uniform),
        Algorithm(2 * L2Squared(), AllPolicies(), uniform), start=[[0, 1]],
    ),
)  # fmt: skip
"""One run for each hypothesis."""
