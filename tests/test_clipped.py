"""PPO's exact update: against cvxpy, its certificate, its closed form, and the two-state trap."""

import numpy as np
import pytest
from convex import optimum, random_update
from scipy.optimize import linprog

from mirrorbook import AllPolicies, Zero
from mirrorbook.drifts import DualClip, PPOClip, PPOFloored, Rollback
from mirrorbook.updates import UpdateProblem, maximise
from mirrorbook.updates.clipped import argmax_box

DRIFTS = [
    PPOClip(0.2, "extended"),
    PPOClip(0.3, "original"),
    PPOClip(0.2, "dropped"),
    PPOFloored(0.2, 0.05),
    Rollback(0.2, 0.3),
]
SELECTIONS = [None, "min-kl", "greedy", "worst", np.random.default_rng(0)]

every_drift = pytest.mark.parametrize(
    "drift", DRIFTS, ids=lambda d: f"{type(d).__name__}-{getattr(d, 'reading', '')}"
)


def units(problem):
    return problem.beta @ np.ptp(problem.adv, axis=1) * (1 + problem.drift.scale)


def one_row(adv, old, drift, selection=None):
    adv, old = np.array([adv], dtype=float), np.array([old], dtype=float)
    return UpdateProblem(
        adv, old, drift, AllPolicies(), np.ones(1), np.ones(1), selection=selection
    )


def random_ppo_update(rng, drift, spread):
    """Half of them with the weight of PPO itself, for which there is a plateau."""
    problem = random_update(rng, drift, AllPolicies(), spread)
    if rng.random() < 0.5:
        problem = UpdateProblem(
            problem.adv, problem.old, drift, AllPolicies(), problem.beta, problem.beta
        )
    return problem


def chosen(problem, selection):
    return UpdateProblem(
        problem.adv, problem.old, problem.drift, AllPolicies(), problem.beta, problem.nu,
        selection=selection,
    )  # fmt: skip


@every_drift
@pytest.mark.parametrize("spread", [1, 6])
def test_every_selection_is_certified(drift, spread):
    rng = np.random.default_rng(spread)
    for _ in range(60):
        problem = random_ppo_update(rng, drift, spread)
        for selection in SELECTIONS:
            solution = maximise(chosen(problem, selection))
            assert solution.method.startswith("exact")
            np.testing.assert_allclose(solution.pi.sum(axis=1), 1, rtol=0, atol=1e-14)
            assert (solution.pi >= 0).all()
            assert solution.certificate.gap <= 1e-14 * units(problem)


@every_drift
def test_agrees_with_cvxpy(drift):
    rng = np.random.default_rng(0)
    compared = 0
    for _ in range(25):
        problem = random_ppo_update(rng, drift, 1)
        reference = optimum(problem)
        if reference is not None:
            ours = problem.objective(maximise(problem).pi)
            assert ours == pytest.approx(reference, rel=0, abs=1e-9 * units(problem))
            compared += 1
    assert compared >= 20


def test_the_closed_form_of_the_nearest_maximiser():
    # (1 + eps) P < 1: the actions with A < 0 keep (1 - eps), those with A > 0 share the rest
    pi = maximise(one_row([1, 2, -1, -2], [0.1, 0.3, 0.2, 0.4], PPOClip(0.2))).pi[0]
    theta = (1 - 0.8 * 0.6) / 0.4
    np.testing.assert_allclose(pi, [0.1 * theta, 0.3 * theta, 0.16, 0.32], rtol=0, atol=1e-15)
    # an action with A = 0 takes up what is left, if there is one
    pi = maximise(one_row([1, 0, -1], [0.3, 0.4, 0.3], PPOClip(0.2))).pi[0]
    np.testing.assert_allclose(pi, [0.36, 0.4, 0.24], rtol=0, atol=1e-15)


def test_a_full_row_is_filled_in_the_order_of_advantage():
    pi = maximise(one_row([2, 1, -6], [0.4, 0.5, 0.1], PPOClip(0.2))).pi[0]
    np.testing.assert_allclose(pi, [0.48, 0.52, 0], rtol=0, atol=1e-15)


def test_selections_differ_only_in_the_spare_mass():
    adv, old = [1, -1, 3], [0.5, 0.5, 0]
    expected = {
        "min-kl": [0.6, 0.4, 0],
        "greedy": [0.6, 0, 0.4],
        "worst": [0.6, 0.4, 0],
    }
    for selection, row in expected.items():
        problem = one_row(adv, old, PPOClip(0.2), selection)
        np.testing.assert_allclose(maximise(problem).pi, [row], rtol=0, atol=1e-15)


def test_the_original_form_does_not_see_what_it_has_never_tried():
    # the refereed example: (.6, 0, .4) maximises L_orig, and E_new A = -39.4
    adv, old = [1, -1, -100], [0.5, 0.5, 0]
    pi = maximise(one_row(adv, old, PPOClip(0.2, "original"), "worst")).pi
    np.testing.assert_allclose(pi, [[0.6, 0, 0.4]], rtol=0, atol=1e-15)
    pi = maximise(one_row(adv, old, PPOClip(0.2, "extended"), "worst")).pi
    np.testing.assert_allclose(pi, [[0.6, 0.4, 0]], rtol=0, atol=1e-15)


def test_dropped_reading_prefers_a_better_unused_action():
    pi = maximise(one_row([1, -1, 3], [0.5, 0.5, 0], PPOClip(0.2, "dropped"))).pi
    np.testing.assert_allclose(pi, [[0, 0, 1]])


def test_dual_clip_has_the_maximisers_of_ppo():
    rng = np.random.default_rng(5)
    for _ in range(40):
        problem = random_ppo_update(rng, PPOClip(0.2, "original"), 1)
        dual = chosen(problem, "greedy")
        dual = UpdateProblem(
            dual.adv, dual.old, DualClip(0.2, 3.0), dual.neighbourhood, dual.beta, dual.beta
        )
        pi = maximise(dual).pi
        best = dual.objective(pi)
        for _ in range(50):
            candidate = rng.dirichlet(np.full(pi.shape[1], 0.3), size=len(pi))
            assert dual.objective(candidate) <= best + 1e-12 * units(dual)


def test_random_choices_among_equally_good_actions():
    rng = np.random.default_rng(6)
    problem = one_row([1, 1, -1], [0.1, 0.1, 0.8], Zero(), rng)
    points = np.array([maximise(problem).pi[0] for _ in range(50)])
    np.testing.assert_allclose(points[:, :2].sum(axis=1), 1, rtol=0, atol=1e-14)
    assert np.ptp(points[:, 0]) > 0.5


@pytest.mark.parametrize("seed", range(20))
def test_the_box_of_maximisers_is_that_of_a_linear_programme(seed):
    """p = floor + a + b with a up to the knee and b beyond it: both pay by the unit."""
    rng, n = np.random.default_rng(seed), 4
    left = rng.integers(-2, 3, n).astype(float)  # so that slopes tie
    right = left - rng.integers(0, 3, n)
    floor = 0.6 * rng.dirichlet(np.ones(n)) * rng.integers(0, 2)
    top = floor + 1 - floor.sum()
    knee = np.clip(rng.random(n), floor, top)
    rows = (row[None] for row in (left, knee, right, floor))
    lower, upper = (bound[0] for bound in argmax_box(*rows, noise=1e-9))

    room, bounds = 1 - floor.sum(), [(0, x) for x in np.hstack([knee - floor, top - knee])]
    slopes, total = np.hstack([left, right]), np.ones((1, 2 * n))
    best = linprog(-slopes, A_eq=total, b_eq=room, bounds=bounds).fun
    for a in range(n):
        played = np.tile(np.arange(n) == a, 2).astype(float)
        among = (-slopes[None], best + 1e-9, total, room, bounds)
        least, most = linprog(played, *among).fun, -linprog(-played, *among).fun
        others = np.arange(n) != a
        assert max(lower[a], 1 - upper[others].sum()) == pytest.approx(floor[a] + least, abs=1e-7)
        assert min(upper[a], 1 - lower[others].sum()) == pytest.approx(floor[a] + most, abs=1e-7)
