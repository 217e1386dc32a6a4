"""Each hypothesis dropped: the steps are maximisers, the hypothesis fails, the others hold."""

from itertools import islice

import numpy as np
import pytest

from mirrorbook import Algorithm, evaluate, mirror_learning, mirror_step, solve_optimal
from mirrorbook.counterexamples import NECESSITY, bandits, side_road
from mirrorbook.counterexamples.necessity import fading_at, in_vanishing_ball, stiff_at
from mirrorbook.distributions import fixed, uniform
from mirrorbook.drifts import L1, KLOldNew, L2Squared, TVSquared, Zero
from mirrorbook.neighbourhoods import AllPolicies, VanishingBall

CASES = {case.name: case for case in NECESSITY}
BANDITS = [case for case in NECESSITY if case.mdp.n_states == 1]


def row(p):
    return np.array([[p, 1.0 - p]])


def test_there_is_one_for_every_hypothesis():
    assert len(CASES) == 9


@pytest.mark.parametrize("case", BANDITS, ids=lambda case: case.name)
def test_no_candidate_on_a_grid_beats_the_step(case):
    one = np.ones(1)
    for step in case.replay(6).steps:
        contains = case.algorithm.neighbourhood.contains
        candidates = [row(p) for p in np.linspace(0, 1, 501)]
        inside = [c for c in candidates if contains(c, step.pi_old, one)]
        assert all(step.problem.objective(c) <= step.objective + 1e-9 for c in inside)


@pytest.mark.parametrize("case", NECESSITY, ids=lambda case: case.name)
def test_the_run_stays_away_from_the_optimum_and_the_repaired_one_does_not(case):
    last = case.replay().values[-1]
    best = solve_optimal(case.mdp).v
    assert (best - last).max() >= 0.2 - 1e-9
    repaired = case.replay_repaired(200)
    assert repaired.values[-1] == pytest.approx(best, abs=1e-12)
    assert repaired.smallest_rise >= 0


@pytest.mark.parametrize("drift, slope", [(L1(), 2), (TVSquared(), 0)], ids=["L1", "TV²"])
def test_slope_at_home(drift, slope):
    for t in (1e-3, 1e-6):
        assert drift.value(row(0.5 + t), row(0.5))[0] / t == pytest.approx(slope, abs=2 * t)


def test_a_negative_drift_breaks_monotonicity():
    case = CASES["negative drift"]
    replay = case.replay()
    assert all(step.drift == -2 for step in replay.steps)
    assert replay.smallest_rise == -1


def test_states_that_are_never_sampled():
    case = CASES["states never sampled"]
    replay = case.replay()
    assert replay.steps[0].beta.min() > 0
    for step in replay.steps[1:]:
        assert step.beta[1] == step.beta[2] == 0
        assert step.evaluation.adv[1, 1] == pytest.approx(7, rel=1e-14)  # and nobody looks
    assert evaluate(case.mdp, replay.policies[-1]).v[:3] == pytest.approx([3, 2, 10], rel=1e-14)
    assert solve_optimal(side_road()).v[0] == pytest.approx(8.1, rel=1e-14)
    for step in case.replay_repaired().steps:
        assert step.beta[:3].min() == pytest.approx(1 / 3, rel=1e-14)


def test_one_policy_without_a_ball():
    ball = CASES["no ball at one policy"].algorithm.neighbourhood
    target = np.array(ball.target)
    assert not any(ball.contains(row(0.7 + t), target, np.ones(1)) for t in (1e-3, -1e-9, 1e-12))
    for x in (0.0, 0.5, 0.7 - 1e-6, 1.0):  # all others have one, and it changes continuously
        assert ball.radius(row(x)) == pytest.approx(abs(x - 0.7) / 2, rel=1e-9)


def test_radii_that_jump_at_one_policy():
    ball = CASES["discontinuous neighbourhood"].algorithm.neighbourhood
    assert ball.radius(np.array(ball.target)) == np.inf
    assert ball.radius(row(0.8 - 1e-9)) == pytest.approx(5e-10, rel=1e-6)


def test_a_drift_that_jumps_at_one_policy():
    def charge(x):
        return stiff_at(0.8)(None, row(x), None, ()).value(row(0.2), row(x))[0]

    assert charge(0.8) == 0
    assert charge(0.8 - 1e-9) == pytest.approx(0.36e9, rel=1e-6)
    assert charge(0.3) == pytest.approx(0.01 / 0.5, rel=1e-14)


def test_sampling_that_fades():
    case = CASES["fading sampling"]
    steps = case.replay().steps
    betas = np.array([step.beta for step in steps])
    assert (betas > 0).all() and betas[:, 0].min() < 1e-9
    assert np.array_equal(fading_at(0.8)(None, row(0.8)), [0.5, 0.5])


@pytest.mark.parametrize("seed", range(3))
def test_discontinuous_sampling_is_no_harm_while_it_is_bounded_below(seed):
    rng = np.random.default_rng(seed)

    def beta(mdp, pi, history=()):
        first = rng.uniform(0.1, 0.9)
        return np.array([first, 1 - first])

    algorithm = Algorithm(2 * TVSquared(), AllPolicies(), beta, nu=fixed([0.5, 0.5]))
    run = islice(mirror_learning(bandits(2), [[0.5, 0.5]] * 2, algorithm), 60)
    assert list(run)[-1].pi[:, 0].tolist() == [1, 1]


def test_a_ball_of_the_discrete_metric_holds_nobody_else():
    ball = CASES["discrete metric"].algorithm.neighbourhood
    assert not any(ball.contains(row(0.5 + t), row(0.5), np.ones(1)) for t in (0.1, 1e-9, 1e-15))


def test_slope_at_the_boundary():
    corner = row(0.0)
    for t in (1e-3, 1e-6):
        assert KLOldNew().value(row(t), corner)[0] / t == pytest.approx(1, rel=1e-2)
        assert KLOldNew().value(row(0.5 + t), row(0.5))[0] / t < 3 * t
        assert L2Squared().value(row(t), corner)[0] / t == pytest.approx(2 * t, rel=1e-9)


def test_the_same_kl_reaches_the_optimum_from_inside():
    algorithm = CASES["slope at the boundary"].algorithm
    run = list(islice(mirror_learning(bandits(), row(0.01), algorithm), 200))
    assert run[-1].pi[0, 0] > 1 - 1e-9


def test_bandits():
    mdp = bandits(2, rewards=(3.0, 1.0, 0.0), gamma=0.5, d0=[1, 0])
    assert evaluate(mdp, np.full((2, 3), 1 / 3)).v == pytest.approx([8 / 3, 8 / 3], rel=1e-14)
    assert uniform(mdp).tolist() == [0.5, 0.5]


@pytest.mark.parametrize("free, expected", [(False, 0.8), (True, 1.0)])
def test_at_the_target_of_vanishing_radii(free, expected):
    """One step from exactly there: nothing is allowed, or everything is."""
    ball = VanishingBall([[0.8, 0.2]], free_at_target=free)
    algorithm = Algorithm(Zero(), ball, uniform)
    step = mirror_step(bandits(), ball.target, algorithm, solver=in_vanishing_ball)
    assert step.pi[0, 0] == expected
