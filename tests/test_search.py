"""The numerical search: never worse than the old policy, always inside, near the known optima."""

from dataclasses import replace

import numpy as np
import pytest
from convex import random_update

from mirrorbook import AllPolicies, AverageBall, KLNewOld, KLOldNew, L2Squared, TVSquared, Zero
from mirrorbook.drifts import LInfSquared, NegativeTVSquared, Renyi
from mirrorbook.neighbourhoods import CoupledMoves, Soft, as_neighbourhood
from mirrorbook.updates import UpdateProblem, maximise
from mirrorbook.updates.search import maximise_numerically


def units(problem):
    spread = np.ptp(problem.adv, axis=1)
    return problem.beta @ spread + problem.nu.sum() * problem.drift.scale


@pytest.mark.parametrize("drift", [KLOldNew(), KLNewOld(), L2Squared(), TVSquared()])
@pytest.mark.parametrize("neighbourhood", [AllPolicies(), AverageBall(KLOldNew(), 0.1)])
def test_finds_what_the_exact_solvers_find(drift, neighbourhood):
    rng = np.random.default_rng(1)
    for _ in range(2):
        problem = random_update(rng, drift, neighbourhood, 1)
        exact, found = maximise(problem), maximise_numerically(problem)
        missed = problem.objective(exact.pi) - problem.objective(found.pi)
        assert missed <= 1e-6 * units(problem)
        assert found.method.startswith("approximate")


def small_steps(new, old, weights):
    return bool(np.abs(new - old).max() <= 0.1)


@pytest.mark.parametrize(
    "drift, neighbourhood",
    [
        (LInfSquared(), AllPolicies()),
        (Renyi(2.0), AverageBall(KLOldNew(), 0.1)),
        (NegativeTVSquared(), AllPolicies()),
        (KLOldNew(), Soft(0.05) & AverageBall(TVSquared(), 0.05)),
        (L2Squared(), as_neighbourhood(small_steps)),
    ],
    ids=lambda part: type(part).__name__,
)
def test_what_no_exact_solver_knows(drift, neighbourhood):
    rng = np.random.default_rng(2)
    for _ in range(2):
        problem = random_update(rng, drift, neighbourhood, 1)
        problem = replace(problem, old=0.7 * problem.old + 0.3 / problem.old.shape[1])
        solution = maximise(problem)
        assert solution.method.startswith("approximate")
        np.testing.assert_allclose(solution.pi.sum(axis=1), 1, rtol=0, atol=1e-14)
        assert solution.certificate.infeasibility == 0
        assert solution.certificate.objective >= 0
        assert np.isinf(solution.certificate.gap) == (not drift.convex)


def test_the_box_of_small_steps_by_hand():
    problem = UpdateProblem(
        np.array([[1.0, 0.0, -1.0]]), np.full((1, 3), 1 / 3), Zero(),
        as_neighbourhood(small_steps), np.ones(1), np.ones(1),
    )  # fmt: skip
    pi = maximise(problem).pi
    assert problem.objective(pi) == pytest.approx(0.2, abs=1e-3)


def test_the_global_maximum_of_the_neighbourhood_cycle():
    # audit B2: from (1, 0) the only maximiser is (0, 1), on the far side of a valley
    old = np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0]])
    adv = np.array([[0.0, -1.0], [1.9, 0.0], [0.0, 0.0]])
    third = np.full(3, 1 / 3)
    problem = UpdateProblem(adv, old, Zero(), CoupledMoves((0, 1), 0.2), third, third)
    pi = maximise(problem).pi
    np.testing.assert_allclose(pi[:2], [[0, 1], [1, 0]], rtol=0, atol=1e-12)


def test_an_empty_neighbourhood_is_refused():
    nowhere = as_neighbourhood(lambda new, old, weights: False, "nowhere")
    problem = UpdateProblem(
        np.zeros((1, 2)), np.full((1, 2), 0.5), Zero(), nowhere, np.ones(1), np.ones(1)
    )
    with pytest.raises(ValueError, match="no policy was found that lies in .*nowhere"):
        maximise(problem)


def test_the_same_answer_twice():
    problem = random_update(np.random.default_rng(3), LInfSquared(), AllPolicies(), 1)
    np.testing.assert_array_equal(maximise(problem).pi, maximise(problem).pi)
