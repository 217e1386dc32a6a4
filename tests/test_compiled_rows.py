"""The compiled rows against brackets and formulas, and where they must give up."""

import numpy as np
import pytest
from test_newton import (
    DRIFTS,
    assert_brackets_agree,
    random_update,
    random_updates,
    recorded,
)

from mirrorbook import AllPolicies, AverageBall, KLOldNew, L2Squared, TVSquared, Zero
from mirrorbook.updates import UpdateProblem, classic, maximise, newton

ONE = np.ones(1)


@pytest.fixture
def found(monkeypatch):
    return recorded(monkeypatch, "best_compiled")


def in_arrays(update, monkeypatch):
    """What the package does where numba is not installed."""
    with monkeypatch.context() as patched:
        patched.setattr(classic, "kernels", lambda: None)
        return maximise(update)


@pytest.mark.parametrize("drift", DRIFTS, ids=lambda drift: type(drift).__name__)
def test_agrees_with_brackets(drift, found, monkeypatch):
    updates = list(random_updates(drift))
    fast = [maximise(update) for update in updates]
    assert len(found) == 60 and all(each is not None for each in found)
    assert sum(solution.multiplier > 0 for solution in fast) >= 30
    assert_brackets_agree(updates, fast, monkeypatch)


@pytest.mark.parametrize("share", [0.9, 1e-2, 1e-6, 1e-12])
@pytest.mark.parametrize(
    "drift", [Zero(), L2Squared(), TVSquared()], ids=lambda d: type(d).__name__
)
def test_two_actions_by_formula(drift, share, found):
    """The ball leaves the worse action a given share, however tiny the multiplier is then."""
    old = np.array([[0.7, 0.3]])
    new = np.array([[1 - 0.3 * share, 0.3 * share]])
    lost, gap = 0.3 - new[0, 1], 10.0
    ball = AverageBall(KLOldNew(), float(KLOldNew().value(new, old)[0]))
    slope = {Zero: 0.0, L2Squared: 4 * lost, TVSquared: 2 * lost}[type(drift)]
    update = UpdateProblem(np.array([[0.0, -gap]]), old, drift, ball, ONE, ONE)
    solution = maximise(update)
    # gap = slope of the drift + k (pi_2 / p_2 - pi_1 / p_1)
    k = (gap - slope) / (1 / share - 0.7 / new[0, 0])
    np.testing.assert_allclose(solution.multiplier, k, rtol=1e-8)
    np.testing.assert_allclose(solution.pi, new, rtol=1e-8)
    assert found[0] is not None and solution.certificate.gap <= 1e-9 * gap


@pytest.mark.parametrize("drift", DRIFTS, ids=lambda drift: type(drift).__name__)
def test_a_ball_that_holds_nothing_back(drift, found, monkeypatch):
    rng = np.random.default_rng(1)
    for _ in range(20):
        update = random_update(rng, drift, AverageBall(KLOldNew(), 1e3))
        solution = maximise(update)
        assert found[-1] is not None and solution.multiplier == 0
        assert (solution.pi[update.old > 0] > 0).all()  # KL(old, new) is finite
        free = UpdateProblem(
            update.adv, update.old, drift, AllPolicies(), update.beta, update.nu
        )  # fmt: skip
        for other in (in_arrays(update, monkeypatch), maximise(free)):
            np.testing.assert_allclose(solution.pi, other.pi, rtol=0, atol=1e-13)


def test_equally_bad_actions_lose_in_proportion_if_the_ball_asks_for_it(found):
    """Which of them loses is all the same to TV^2, and least for KL(old, new) if all do."""
    old, adv = np.array([[0.5, 0.05, 0.3, 0.15]]), np.array([[0.0, -10.0, -5.0, -10.0]])
    for radius, pi in ((0.1, [0.6, 0.025, 0.3, 0.075]), (10.0, [0.6, 0.0, 0.3, 0.1])):
        ball = AverageBall(KLOldNew(), radius)
        solution = maximise(UpdateProblem(adv, old, 50 * TVSquared(), ball, ONE, ONE))
        np.testing.assert_allclose(solution.pi, [pi], atol=1e-14)
        np.testing.assert_allclose(found[-1][0], [[0.6, 0.025, 0.3, 0.075]], atol=1e-14)
        assert solution.multiplier == 0 and solution.certificate.gap <= 1e-13


def test_gives_up_where_no_price_exists(found, monkeypatch):
    """Against KL(old, new) alone an unused best action is free: arrays take over."""
    old, adv = np.array([[0.5, 0.5, 0.0]]), np.array([[-1.0, -2.0, 3.0]])
    for drift in (Zero(), KLOldNew(), TVSquared()):
        update = UpdateProblem(adv, old, drift, AverageBall(KLOldNew(), 0.05), ONE, ONE)
        solution, other = maximise(update), in_arrays(update, monkeypatch)
        assert found[-1] is None and solution.pi[0, 2] > 0
        np.testing.assert_array_equal(solution.pi, other.pi)


def test_gives_up_where_the_radius_cannot_be_met():
    """No float is so near the multiplier that the distance is the radius to the last digit."""
    rows = classic.Rows(
        np.array([[0.0, 1.0, 3.0]]), np.array([[0.2, 0.3, 0.5]]), None, np.zeros(1), "kl"
    )  # fmt: skip
    assert newton.best_compiled(classic.kernels(), rows, 0.05, ONE, 1e-10) is not None
    assert newton.best_compiled(classic.kernels(), rows, 0.05, ONE, -1.0) is None


def test_no_used_action_dies_by_underflow(found):
    tiny = np.finfo(float).tiny
    old, adv = np.array([[0.6, 0.4 - tiny, tiny]]), np.array([[0.0, -1.0, -1e8]])
    update = UpdateProblem(adv, old, Zero(), AverageBall(KLOldNew(), 0.05), ONE, ONE)
    assert maximise(update).pi[0, 2] >= tiny and found[0] is not None
