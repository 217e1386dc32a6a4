"""Adaptive tau: the jump, the bound on tau, and that it improves and converges all the same."""

from itertools import islice

import numpy as np
import pytest
from oracles import random_mdp

from mirrorbook import Algorithm, mirror_learning, solve_optimal
from mirrorbook.counterexamples import ADAPTIVE_TAU, DOUBLING_TAU
from mirrorbook.distributions import occupancy
from mirrorbook.drift_rules import AdaptiveKL
from mirrorbook.neighbourhoods import AllPolicies


def test_the_update_jumps_with_the_start():
    one, other = ADAPTIVE_TAU.replay().numbers["P(good) after two steps"]
    assert abs(one - other) > 0.089
    assert ADAPTIVE_TAU.replay().numbers["distance of the starts"] == pytest.approx(1e-9, rel=1e-6)


def test_no_value_falls_and_the_run_converges():
    replay = ADAPTIVE_TAU.replay()
    assert replay.smallest_rise >= 0
    assert replay.returns[-1] == pytest.approx(replay.best_return, rel=1e-12)


@pytest.mark.parametrize("seed", range(6))
def test_tau_stays_bounded_on_random_games(seed):
    rng = np.random.default_rng(seed)
    mdp = random_mdp(rng, 4, 3, gamma=0.7)
    start = rng.dirichlet(np.full(3, 5.0), size=4)
    target = 10 ** rng.uniform(-3, -1)
    algorithm = Algorithm(AdaptiveKL(target), AllPolicies(), occupancy)
    steps = list(islice(mirror_learning(mdp, start, algorithm), 100))
    taus = np.array([step.problem.drift.scale for step in steps])
    largest = max(step.evaluation.adv.max() for step in steps)
    assert len(set(taus)) > 2
    assert taus.max() <= max(1.0, 2 * largest / (1.5 * target))
    values = np.array([step.evaluation.v for step in steps])
    assert np.diff(values, axis=0).min() >= -1e-12
    assert values[-1] == pytest.approx(solve_optimal(mdp).v, abs=1e-6)


def test_what_it_would_take_to_fail():
    """Doubling at every step stops at 0.858; a tau that stays where it was reaches 1."""
    assert DOUBLING_TAU.replay().returns[-1] == pytest.approx(0.858, abs=5e-4)
    assert DOUBLING_TAU.replay(120).returns[-1] - DOUBLING_TAU.replay().returns[-1] < 1e-12
    assert DOUBLING_TAU.replay_repaired(80).returns[-1] == pytest.approx(1, rel=1e-12)
