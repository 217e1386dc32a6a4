"""The reader's own drift: what is asked of the function, and slopes by differences."""

import numpy as np
import pytest
from oracles import random_rows

from mirrorbook.drifts import (
    DPO,
    KLNewOld,
    KLOldNew,
    L2Squared,
    LInfSquared,
    Memory,
    OneSidedChiSquared,
    PPOClip,
    TVSquared,
    as_drift,
)


def inside(rng, shape):
    return 0.9 * rng.dirichlet(np.ones(shape[1]), size=shape[0]) + 0.1 / shape[1]


@pytest.mark.parametrize(
    "drift, accuracy",
    [
        (L2Squared(), 1e-10),
        (LInfSquared(), 1e-10),
        (KLNewOld(), 1e-8),
        (KLOldNew(), 1e-6),
        (OneSidedChiSquared(), 1e-9),
        (TVSquared(), 1e-10),
        (Memory(0.1), 1e-7),
    ],
    ids=lambda value: type(value).__name__,
)
def test_slopes_by_differences_are_those_of_the_gradient(drift, accuracy):
    """Within the simplex: g . (target - new). The error is 1e-10 / 3 of the third derivative."""
    rng = np.random.default_rng(0)
    new, old, target = (inside(rng, (20, 4)) for _ in range(3))
    own = as_drift(drift.value)
    towards = target - new
    expected = (drift.gradient(new, old) * towards).sum(axis=1)
    found = (own.gradient(new, old) * towards).sum(axis=1)
    np.testing.assert_allclose(found, expected, rtol=0, atol=accuracy)


@pytest.mark.parametrize("drift", [PPOClip(), DPO()], ids=lambda value: type(value).__name__)
def test_functions_of_the_advantages(drift):
    rng = np.random.default_rng(1)
    new, old, adv = inside(rng, (20, 4)), inside(rng, (20, 4)), rng.normal(size=(20, 4))
    own = as_drift(drift.value, needs_adv=True)
    np.testing.assert_array_equal(own.value(new, old, adv), drift.value(new, old, adv))
    towards = inside(rng, (20, 4)) - new
    expected = (drift.gradient(new, old, adv) * towards).sum(axis=1)
    found = (own.gradient(new, old, adv) * towards).sum(axis=1)
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-6)
    with pytest.raises(ValueError, match="^adv is None"):
        own.value(new, old)


def test_no_policy_off_the_simplex_is_asked_for():
    rng = np.random.default_rng(2)

    def cost(new, old):
        assert (new >= 0).all()
        np.testing.assert_allclose(new.sum(axis=1), 1, rtol=0, atol=1e-15)
        return ((new - old) ** 2).sum(axis=1)

    new, old = random_rows(rng, 20, 4), random_rows(rng, 20, 4)
    slopes = as_drift(cost).gradient(new, old)
    exact = L2Squared().gradient(new, old)
    centred = exact - (exact * new).sum(axis=1, keepdims=True)
    np.testing.assert_allclose(slopes, centred, rtol=0, atol=1e-9)


def test_slopes_where_the_cost_is_infinite():
    old = np.array([[0.5, 0.5, 0.0]])
    wall = as_drift(KLNewOld().value)
    # reviving the third action leads from a finite cost to an infinite one, others nowhere
    assert wall.gradient(old, old)[0, 2] == np.inf
    assert np.isfinite(wall.gradient(old, old)[0, :2]).all()
    dropped = np.array([[1.0, 0.0, 0.0]])
    slopes = as_drift(KLOldNew().value).gradient(dropped, old)
    assert slopes.tolist() == [[0.0, -np.inf, 0.0]]


def test_own_gradients_are_used_as_they_are():
    rng = np.random.default_rng(3)
    new, old = inside(rng, (5, 3)), inside(rng, (5, 3))
    own = 3 * as_drift(L2Squared().value, L2Squared().gradient, separable=True)
    np.testing.assert_array_equal(own.gradient(new, old), 3 * L2Squared().gradient(new, old))
    assert own.slack(new, old).tolist() == np.zeros((5, 3)).tolist()


def test_nothing_is_claimed_unless_said():
    silent = as_drift(L2Squared().value)
    assert silent.valid_inside
    for trait in ("valid_on_boundary", "positive", "convex", "separable", "needs_adv"):
        assert getattr(silent, trait) is False
    assert as_drift(L2Squared().value, convex=True).convex
    assert (5 * as_drift(L2Squared().value, positive=True)).positive


@pytest.mark.parametrize(
    "arguments, claims, error, message",
    [
        ((3,), {}, TypeError, "^function must be a function, found int"),
        ((abs, 3), {}, TypeError, "^gradient must be a function, found int"),
        ((abs,), {"konvex": True}, TypeError, "^'konvex' is no claim, expected one of valid_in"),
        ((abs,), {"convex": 1}, TypeError, "^convex must be True or False, found 1"),
        ((abs,), {"separable": True}, ValueError, "^separable is True, which needs a gradient"),
    ],
)
def test_malformed_drifts(arguments, claims, error, message):
    with pytest.raises(error, match=message):
        as_drift(*arguments, **claims)


def test_malformed_answers():
    rows = np.full((3, 2), 0.5)
    with pytest.raises(ValueError, match=r"^function returned an array of shape \(3, 2\), expect"):
        as_drift(lambda new, old: new - old).value(rows, rows)
    with pytest.raises(ValueError, match=r"^gradient returned an array of shape \(3,\), expected"):
        as_drift(L2Squared().value, L2Squared().value).gradient(rows, rows)
    with pytest.raises(ValueError, match=r"^function returned nan at \[1\]"):
        as_drift(lambda new, old: np.array([0, np.nan, 0])).value(rows, rows)
