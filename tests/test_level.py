"""Trust-region learning's exact update: certificates, cvxpy, the common level, stuck vertices."""

from dataclasses import replace

import cvxpy as cp
import numpy as np
import pytest
from convex import SETTINGS, distance, random_update

from mirrorbook import AllPolicies, KLNewOld, KLOldNew, L2Squared, TVSquared, distributions
from mirrorbook.updates import UpdateProblem, maximise

DRIFTS = [KLOldNew(), KLNewOld(), L2Squared(), TVSquared()]
WORST = distributions.worst_state(None)

every_drift = pytest.mark.parametrize("drift", DRIFTS, ids=lambda d: type(d).__name__)


def units(problem):
    return problem.beta @ np.ptp(problem.adv, axis=1) + problem.drift.scale


def random_trl(rng, drift, spread):
    return replace(random_update(rng, drift, AllPolicies(), spread), nu=WORST)


def optimum(problem):
    """max sum_s beta E A - t over rows and t with scale D(row) <= t, by cvxpy; KL(old, new) only.

    Returns None where the solver is not sure of its own answer.
    """
    rows = [cp.Variable(problem.old.shape[1], nonneg=True) for _ in problem.old]
    worst = cp.Variable()
    limits = [cp.sum(row) == 1 for row in rows]
    for s, row in enumerate(rows):
        cost = distance(problem.drift, row, problem.old[s], problem.adv[s])
        limits.append(problem.drift.scale * cost <= worst)
    gain = sum(b * (a @ row) for b, a, row in zip(problem.beta, problem.adv, rows, strict=True))
    programme = cp.Problem(cp.Maximize(gain - worst), limits)
    try:
        programme.solve(**SETTINGS)
    except cp.SolverError:
        return None
    return programme.value if programme.status == "optimal" else None


@every_drift
@pytest.mark.parametrize("spread", [1, 3, 6])
def test_certified(drift, spread):
    rng = np.random.default_rng(spread)
    for _ in range(30):
        problem = random_trl(rng, drift, spread)
        solution = maximise(problem)
        assert solution.method.startswith("exact")
        np.testing.assert_allclose(solution.pi.sum(axis=1), 1, rtol=0, atol=1e-14)
        assert (solution.pi >= 0).all()
        assert solution.multiplier.sum() == pytest.approx(1, abs=1e-14)
        assert solution.certificate.gap <= 1e-12 * units(problem)
        assert solution.certificate.objective >= 0


@pytest.mark.filterwarnings("ignore:Solution may be inaccurate")
def test_agrees_with_cvxpy():
    rng = np.random.default_rng(0)
    compared = 0
    for _ in range(30):
        problem = random_trl(rng, KLOldNew(), 1)
        reference = optimum(problem)
        if reference is not None:
            ours = problem.objective(maximise(problem).pi)
            assert ours >= reference - 1e-9 * units(problem)
            assert ours <= reference + 1e-6 * units(problem)
            compared += 1
    assert compared >= 20


@every_drift
def test_no_random_policy_does_better(drift):
    rng = np.random.default_rng(1)
    for _ in range(10):
        problem = random_trl(rng, drift, 1)
        best = problem.objective(maximise(problem).pi)
        for _ in range(50):
            towards = rng.dirichlet(np.full(problem.old.shape[1], 0.3), size=3)
            candidate = problem.old + rng.random() ** 2 * (towards - problem.old)
            assert problem.objective(candidate) <= best + 1e-12 * units(problem)


def test_every_row_with_something_to_gain_sits_at_the_level():
    rng = np.random.default_rng(2)
    for _ in range(20):
        old = rng.dirichlet(np.ones(4), size=5)
        q = rng.normal(size=(5, 4))
        q[0] = 0  # a row without anything to gain
        adv = q - (old * q).sum(axis=1, keepdims=True)
        beta = np.full(5, 0.2)
        problem = UpdateProblem(adv, old, 0.5 * KLOldNew(), AllPolicies(), beta, WORST)
        charge = problem.drift.value(maximise(problem).pi, old)
        np.testing.assert_allclose(charge[1:], charge.max(), rtol=1e-11)
        assert charge[0] < 1e-25  # its advantages are rounding errors


def test_a_boundary_row_with_negative_advantages_stays_below_the_level():
    # the refereed counterexample to "every row with a non-zero advantage"
    old, adv = np.array([[1, 0], [0.5, 0.5]]), np.array([[0, -1], [0.5, -0.5]])
    problem = UpdateProblem(adv, old, KLOldNew(), AllPolicies(), np.full(2, 0.5), WORST)
    solution = maximise(problem)
    np.testing.assert_array_equal(solution.pi[0], old[0])
    assert solution.certificate.active.tolist() == [False, True]


@pytest.mark.parametrize("scale, moves", [(0.9, True), (1.1, False)])
def test_at_a_vertex_nobody_moves_if_the_drift_outweighs_the_gains(scale, moves):
    # the slope of KL(old, new) at a vertex is one: sum_s beta(s) max A(s) = 1 is the border
    old, adv = np.array([[1.0, 0.0], [1.0, 0.0]]), np.array([[0.0, 0.5], [0.0, 1.5]])
    problem = UpdateProblem(adv, old, scale * KLOldNew(), AllPolicies(), np.full(2, 0.5), WORST)
    solution = maximise(problem)
    assert (solution.pi[:, 1] > 0).all() == moves
    assert solution.certificate.gap < 1e-14


def test_one_state_is_the_penalised_update():
    rng = np.random.default_rng(3)
    old = rng.dirichlet(np.ones(4), size=1)
    adv = rng.normal(size=(1, 4))
    adv -= (old * adv).sum()
    for drift in DRIFTS:
        worst = UpdateProblem(adv, old, drift, AllPolicies(), np.ones(1), WORST)
        plain = replace(worst, nu=np.ones(1))
        np.testing.assert_allclose(maximise(worst).pi, maximise(plain).pi, rtol=0, atol=1e-12)


def test_nothing_to_gain():
    old = np.array([[0.3, 0.7]])
    solution = maximise(
        UpdateProblem(np.zeros((1, 2)), old, KLOldNew(), AllPolicies(), np.ones(1), WORST)
    )
    np.testing.assert_array_equal(solution.pi, old)
    assert solution.certificate.gap == 0


def test_no_row_overshoots_however_small_the_moves_are():
    """A row in a corner moves by less than rounding: it must not be what all are charged for."""
    adv, old = np.array([[0.0, 1.0], [-0.5, 0.5]]), np.array([[1.0, 0.0], [0.5, 0.5]])
    beta = np.array([0.5, 0.5])
    problem = UpdateProblem(adv, old, KLOldNew(4e6), AllPolicies(), beta, WORST)
    solution = maximise(problem)
    charge = KLOldNew(4e6).value(solution.pi, old)
    assert problem.objective(solution.pi) > 0
    assert 0 < charge[1] < 1e-7
    assert charge[0] <= charge[1] * (1 + 1e-9)
