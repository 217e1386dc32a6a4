"""The optimality certificate: it must catch what is not optimal, feasible or complementary."""

from dataclasses import replace

import numpy as np
import pytest

from mirrorbook import (
    AllPolicies,
    AverageBall,
    KLNewOld,
    KLOldNew,
    L2Squared,
    StatewiseBall,
    TVSquared,
    Zero,
    distributions,
)
from mirrorbook.drifts import NegativeTVSquared
from mirrorbook.neighbourhoods import Soft
from mirrorbook.updates import UpdateProblem, certify, maximise

DRIFTS = [Zero(), KLOldNew(), KLNewOld(), L2Squared(), TVSquared()]


def problem(drift, neighbourhood, seed=0):
    rng = np.random.default_rng(seed)
    old = rng.dirichlet(np.ones(4), size=3)
    q = rng.normal(size=(3, 4))
    adv = q - (old * q).sum(axis=1, keepdims=True)
    beta = rng.dirichlet(np.ones(3))
    return UpdateProblem(adv, old, drift, neighbourhood, beta, beta)


@pytest.mark.parametrize("drift", DRIFTS, ids=lambda d: type(d).__name__)
def test_the_gap_bounds_what_is_missed(drift):
    update = problem(drift, AllPolicies())
    best = maximise(update)
    rng = np.random.default_rng(1)
    for size in (1e-1, 1e-3, 1e-6):
        worse = (1 - size) * best.pi + size * rng.dirichlet(np.ones(4), size=3)
        missed = update.objective(best.pi) - update.objective(worse)
        gap = certify(update, worse, 0.0).gap
        assert missed > 0
        assert gap >= missed - 1e-15


@pytest.mark.parametrize("ball", [AverageBall, StatewiseBall])
@pytest.mark.parametrize("drift", DRIFTS, ids=lambda d: type(d).__name__)
def test_a_wrong_multiplier_is_seen(drift, ball):
    update = problem(drift, ball(L2Squared(), 0.01))
    best = maximise(update)
    assert best.certificate.gap < 1e-9
    assert certify(update, best.pi, 1.1 * best.multiplier).gap > 1e-4


@pytest.mark.parametrize("ball", [AverageBall, StatewiseBall])
def test_infeasibility_is_the_excess_over_the_radius(ball):
    update = problem(Zero(), ball(TVSquared(), 0.01))
    tighter = problem(Zero(), ball(TVSquared(), 0.004))
    evidence = certify(tighter, maximise(update).pi, 0.0)
    assert evidence.infeasibility == pytest.approx(0.006, abs=1e-9)


def test_unused_room_under_a_positive_multiplier_is_seen():
    update = problem(Zero(), AverageBall(L2Squared(), 0.01))
    assert certify(update, update.old, 2.0).complementarity == pytest.approx(0.02)


def test_kinks_may_take_any_subgradient():
    update = problem(5 * TVSquared(), AllPolicies())
    best = maximise(update)
    stayed = best.pi == update.old
    assert stayed.any() and not stayed.all()
    assert best.certificate.gap < 1e-14


def test_an_action_outside_the_ball_for_good_does_not_count():
    old, adv = np.array([[0.0, 0.4, 0.6]]), np.array([[5.0, 1.0, -2 / 3]])
    update = UpdateProblem(adv, old, Zero(), StatewiseBall(KLNewOld(), 2.0), np.ones(1), np.ones(1))
    best = maximise(update)
    np.testing.assert_array_equal(best.pi, [[0, 1, 0]])
    assert best.certificate.gap == 0 and best.certificate.infeasibility == 0


def test_the_record_names_value_bound_and_what_binds():
    update = problem(KLOldNew(), StatewiseBall(L2Squared(), 0.01))
    solution = maximise(update)
    evidence = solution.certificate
    assert evidence.objective == update.objective(solution.pi) > 0
    assert evidence.objective <= evidence.bound <= evidence.objective + 1e-9
    np.testing.assert_array_equal(evidence.active, solution.multiplier > 0)


def test_without_convexity_there_is_no_bound():
    update = problem(NegativeTVSquared(), AllPolicies())
    evidence = certify(update, update.old, 0.0)
    assert not evidence.concave
    assert evidence.gap == evidence.bound == np.inf


def test_a_drift_of_the_worst_state_may_be_replaced_by_any_weighted_sum():
    update = replace(problem(KLOldNew(), AllPolicies()), nu=distributions.worst_state(None))
    best = maximise(update)
    assert best.certificate.gap < 1e-13
    # other weights are a valid bound too, and a worse one
    assert certify(update, best.pi, np.array([1.0, 0.0, 0.0])).gap > 1e-3


def test_outside_a_neighbourhood_without_a_radius():
    update = problem(Zero(), Soft(0.1))
    evidence = certify(update, np.eye(4)[:3], 0.0)
    assert evidence.infeasibility == np.inf
