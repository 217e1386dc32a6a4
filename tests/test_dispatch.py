"""Which solver answers for which pair, and what every answer must have."""

import numpy as np
import pytest

from mirrorbook import (
    AllPolicies,
    AverageBall,
    KLOldNew,
    L2Squared,
    StatewiseBall,
    TVSquared,
    Zero,
    distributions,
)
from mirrorbook.drifts import DualClip, HellingerSquared, LInfSquared, PPOClip
from mirrorbook.neighbourhoods import Product, Soft
from mirrorbook.updates import UpdateProblem, maximise

WORST = distributions.worst_state(None)


def update(drift, neighbourhood, nu=None, selection=None):
    rng = np.random.default_rng(0)
    old = rng.dirichlet(np.ones(3), size=4)
    q = rng.normal(size=old.shape)
    adv = q - (old * q).sum(axis=1, keepdims=True)
    beta = np.array([0.3, 0.5, 0.0, 0.2])
    nu = beta if nu is None else nu
    return UpdateProblem(adv, old, drift, neighbourhood, beta, nu, 0.0, selection)


@pytest.mark.parametrize(
    "problem, method",
    [
        (update(KLOldNew(), AverageBall(TVSquared(), 0.1)), "exact"),
        (update(PPOClip(), AllPolicies()), "exact"),
        (update(DualClip(), AllPolicies()), "exact"),
        (update(DualClip(scale=2.0), AllPolicies()), "approximate"),
        (update(PPOClip(), Soft(0.01)), "exact"),
        (update(Zero(), Soft(0.01)), "exact"),
        (update(KLOldNew(), AllPolicies(), WORST), "exact"),
        (update(0 * KLOldNew(), AllPolicies(), WORST), "exact"),
        (update(0 * KLOldNew(), StatewiseBall(L2Squared(), 0.1), WORST), "exact"),
        (update(HellingerSquared(), AllPolicies(), WORST), "approximate"),
        (update(HellingerSquared(), Soft(0.01)), "exact"),
        (update(L2Squared(), StatewiseBall(HellingerSquared(), 0.1)), "exact"),
        (update(LInfSquared(), AllPolicies()), "approximate"),
        (update(Zero(), AverageBall(LInfSquared(), 0.1)), "approximate"),
        (update(L2Squared(), Product(StatewiseBall(KLOldNew(), 0.1))), "exact"),
        (update(L2Squared(), Product(StatewiseBall(LInfSquared(), 0.1))), "approximate"),
    ],
)
def test_method(problem, method):
    solution = maximise(problem)
    assert solution.method.startswith(method)
    assert solution.problem is problem
    assert problem.objective(solution.pi) >= 0
    inside = problem.neighbourhood.contains(solution.pi, problem.old, problem.beta, problem.adv)
    assert inside or solution.certificate.infeasibility < 1e-12
    np.testing.assert_array_equal(solution.pi[2], problem.old[2])  # beta does not sample it
    if method == "exact" and problem.drift.convex:
        assert solution.certificate.gap < 1e-9
        assert solution.certificate.bound >= solution.certificate.objective


def test_a_product_is_solved_part_by_part():
    parts = [AllPolicies(), StatewiseBall(KLOldNew(), 0.05), AllPolicies(), Soft(0.2)]
    problem = update(Zero(), Product(parts))
    solution = maximise(problem)
    assert solution.pi[0].max() == 1
    assert solution.pi[3].min() == pytest.approx(0.2, abs=1e-15)
    assert solution.certificate.active.tolist() == [False, True, False, False]
    assert solution.certificate.gap < 1e-9


def test_a_statewise_ball_is_a_product_of_balls():
    ball = StatewiseBall(KLOldNew(), 0.05)
    together = maximise(update(L2Squared(), ball))
    apart = maximise(update(L2Squared(), Product(ball)))
    np.testing.assert_allclose(apart.pi, together.pi, rtol=0, atol=1e-12)
    np.testing.assert_allclose(apart.multiplier, together.multiplier, rtol=1e-8)
