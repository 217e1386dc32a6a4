"""Any separable convex drift: certificates, cvxpy, closed forms, and the other exact solvers."""

from dataclasses import replace

import numpy as np
import pytest
from convex import optimum, random_update

from mirrorbook import AllPolicies, AverageBall, KLNewOld, KLOldNew, L2Squared, StatewiseBall, Zero
from mirrorbook.drifts import (
    DPO,
    SPO,
    Alpha,
    ChiSquaredNewOld,
    ChiSquaredOldNew,
    HellingerSquared,
    Jeffreys,
    JensenShannon,
    OneSidedChiSquared,
    OneSidedKL,
    PPOClip,
    PPOFloored,
    Rollback,
    TotalVariation,
)
from mirrorbook.neighbourhoods import Soft
from mirrorbook.updates import UpdateProblem, maximise
from mirrorbook.updates.convex import maximise_separable

SMOOTH = [
    HellingerSquared(),
    JensenShannon(),
    Jeffreys(),
    ChiSquaredOldNew(),
    ChiSquaredNewOld(),
    Alpha(0.3),
    KLOldNew(),
    KLNewOld(),
    L2Squared(),
    HellingerSquared() + 2 * L2Squared(),
]
BENT = [
    OneSidedKL(),
    OneSidedChiSquared(),
    SPO(0.2),
    PPOClip(0.2),
    PPOFloored(0.2, 0.05),
    Rollback(0.2, 0.3),
    TotalVariation(),
    PPOClip(0.2) + KLNewOld(),
]
BALLS = [
    ball(distance, 1.0)
    for ball in (AverageBall, StatewiseBall)
    for distance in (KLOldNew(), HellingerSquared(), ChiSquaredNewOld(), OneSidedKL())
]


def label(part):
    inner = f"-{type(part.distance).__name__}" if hasattr(part, "distance") else ""
    return type(part).__name__ + inner


every_drift = pytest.mark.parametrize("drift", SMOOTH + BENT, ids=label)


def units(problem):
    spread = np.ptp(problem.adv, axis=1)
    return problem.beta @ spread + problem.nu.sum() * problem.drift.scale


def assert_optimal(problem, solution, tolerance):
    evidence = solution.certificate
    assert solution.method == "exact"
    np.testing.assert_allclose(solution.pi.sum(axis=1), 1, rtol=0, atol=1e-14)
    assert (solution.pi >= 0).all()
    assert evidence.gap <= tolerance * units(problem)
    assert evidence.infeasibility <= 1e-12


def played_everywhere(problem):
    """With an old policy that plays every action: a start among the mu-soft policies."""
    return replace(problem, old=0.8 * problem.old + 0.2 / problem.old.shape[1])


@every_drift
@pytest.mark.parametrize("spread", [1, 3])
def test_all_policies(drift, spread):
    rng = np.random.default_rng(spread)
    for _ in range(15):
        problem = random_update(rng, drift, AllPolicies(), spread)
        assert_optimal(problem, maximise_separable(problem), 1e-12)


@every_drift
def test_soft_policies(drift):
    rng = np.random.default_rng(0)
    for _ in range(15):
        problem = played_everywhere(random_update(rng, drift, Soft(0.05), 1))
        solution = maximise_separable(problem)
        assert_optimal(problem, solution, 1e-12)
        assert (solution.pi >= 0.05).all()


@pytest.mark.parametrize("ball", BALLS, ids=label)
@pytest.mark.parametrize("drift", [Zero(), HellingerSquared(), PPOClip(0.2)], ids=label)
def test_balls(drift, ball):
    rng = np.random.default_rng(1)
    for _ in range(6):
        problem = random_update(rng, drift, ball, 1)
        # distances are right to 1e-10 of the radius, and so is what a multiplier makes of it
        assert_optimal(problem, maximise_separable(problem), 1e-9)


@pytest.mark.parametrize("ball", [AverageBall, StatewiseBall])
@pytest.mark.parametrize("drift", [Zero(), PPOClip(0.2)], ids=label)
@pytest.mark.parametrize("distance", [PPOClip(0.2), TotalVariation()], ids=label)
def test_balls_in_which_the_best_rows_jump(drift, distance, ball):
    rng = np.random.default_rng(2)
    mixed = 0
    for _ in range(10):
        problem = random_update(rng, drift, ball(distance, 0.3), 1)
        solution = maximise_separable(problem)
        assert_optimal(problem, solution, 1e-9)
        mixed += np.any(solution.multiplier > 0)
    assert mixed >= 2


@pytest.mark.parametrize("drift", [KLOldNew(), KLNewOld(), L2Squared()], ids=label)
@pytest.mark.parametrize(
    "neighbourhood",
    [AllPolicies(), AverageBall(KLOldNew(), 1.0), StatewiseBall(L2Squared(), 1.0)],
    ids=label,
)
def test_agrees_with_the_closed_forms(drift, neighbourhood):
    rng = np.random.default_rng(3)
    for _ in range(10):
        problem = random_update(rng, drift, neighbourhood, 1)
        one, other = maximise(problem), maximise_separable(problem)
        value = problem.objective(one.pi)
        assert problem.objective(other.pi) == pytest.approx(value, abs=1e-10 * units(problem))


@pytest.mark.parametrize("drift", [PPOClip(0.2), PPOFloored(0.2, 0.05), Rollback(0.2, 0.3)])
@pytest.mark.parametrize("neighbourhood", [AllPolicies(), Soft(0.05)], ids=label)
def test_agrees_with_the_knapsack(drift, neighbourhood):
    rng = np.random.default_rng(4)
    for _ in range(10):
        problem = random_update(rng, drift, neighbourhood, 1)
        one, other = maximise(problem), maximise_separable(problem)
        value = problem.objective(one.pi)
        assert problem.objective(other.pi) == pytest.approx(value, abs=1e-13 * units(problem))


@pytest.mark.parametrize(
    "drift, neighbourhood",
    [
        (HellingerSquared(), AllPolicies()),
        (JensenShannon(), AllPolicies()),
        (Zero(), AverageBall(HellingerSquared(), 0.05)),
        (PPOClip(0.2), AverageBall(KLOldNew(), 0.05)),
        (PPOClip(0.2), StatewiseBall(HellingerSquared(), 0.05)),
    ],
    ids=label,
)
def test_agrees_with_cvxpy(drift, neighbourhood):
    rng = np.random.default_rng(5)
    compared = 0
    for _ in range(10):
        problem = random_update(rng, drift, neighbourhood, 1)
        reference = optimum(problem)
        if reference is not None:
            ours = problem.objective(maximise(problem).pi)
            assert ours >= reference - 1e-9 * units(problem)
            assert ours <= reference + 1e-6 * units(problem)
            compared += 1
    assert compared >= 5


def one_row(adv, old, drift, neighbourhood=None, selection=None):
    adv, old = np.array([adv], dtype=float), np.array([old], dtype=float)
    neighbourhood = neighbourhood or AllPolicies()
    return UpdateProblem(adv, old, drift, neighbourhood, np.ones(1), np.ones(1), 0.0, selection)


def test_one_sided_kl_in_closed_form():
    # p = pi exp(-gap / c) off the best actions, and they share the rest as the selection says
    adv, old, c = np.array([2.0, 2.0, 0.5, -1.0]), np.array([0.1, 0.3, 0.4, 0.2]), 0.7
    kept = old * np.exp(-(2 - adv) / c)
    rest = 1 - kept[2:].sum()
    expected = np.array([0.25 * rest, 0.75 * rest, *kept[2:]])
    pi = maximise(one_row(adv, old, OneSidedKL(c))).pi[0]
    np.testing.assert_allclose(pi, expected, rtol=0, atol=1e-14)
    # an unused best action is revived, at once
    pi = maximise(one_row([0, 1], [1, 0], OneSidedKL(2.0))).pi[0]
    np.testing.assert_allclose(pi, [np.exp(-0.5), 1 - np.exp(-0.5)], rtol=0, atol=1e-14)


def test_one_sided_kl_splits_spare_mass_as_selected():
    update = one_row([1, 1, 0], [0, 0.5, 0.5], OneSidedKL(1.0))
    left = 0.5 * np.exp(-1)
    nearest = maximise(replace(update, selection="min-kl")).pi[0]
    np.testing.assert_allclose(nearest, [0, 1 - left, left], rtol=0, atol=1e-14)
    drawn = maximise(replace(update, selection=np.random.default_rng(0))).pi[0]
    assert drawn[0] > 0.01 and drawn[1] >= 0.5 and drawn[2] == pytest.approx(left, abs=1e-14)


def test_hellinger_by_hand():
    # A - mu = c / 2 (1 - sqrt(pi / p)): with pi = 1/2 and A = +-a the price is found by symmetry
    problem = one_row([1, -1], [0.5, 0.5], HellingerSquared(4.0))
    p = maximise(problem).pi[0]
    slope = np.array([1.0, -1.0]) - 2 * (1 - np.sqrt(0.5 / p))
    assert slope[0] == pytest.approx(slope[1], abs=1e-14)


def test_dpo_may_kill_an_action_with_a_small_advantage():
    # the certificate of this barrier is as good as its gradient: 1e-10
    rng = np.random.default_rng(6)
    for _ in range(10):
        problem = random_update(rng, DPO(2.0, 0.6), AllPolicies(), 1)
        assert_optimal(problem, maximise(problem), 1e-10)


def test_an_action_at_infinite_distance_stays_out_where_the_ball_does_not_bind():
    ball = StatewiseBall(ChiSquaredNewOld(), 50.0)
    solution = maximise(one_row([5, 1, -1], [0, 0.5, 0.5], Zero(), ball))
    np.testing.assert_allclose(solution.pi, [[0, 1, 0]])
    assert solution.certificate.gap == 0


@pytest.mark.parametrize("selection", [None, "greedy", "worst"])
def test_selects_what_the_knapsack_selects(selection):
    rng = np.random.default_rng(7)
    for _ in range(15):
        problem = random_update(rng, PPOClip(0.2), AllPolicies(), 1)
        problem = replace(problem, drift=PPOClip(0.2), nu=problem.beta, selection=selection)
        one, other = maximise(problem), maximise_separable(problem)
        np.testing.assert_allclose(other.pi, one.pi, rtol=0, atol=1e-13)
