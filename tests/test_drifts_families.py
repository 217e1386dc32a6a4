"""Families of divergences: their members, their limits, their conditioning."""

import numpy as np
import pytest
from drift_table import alpha, defined, renyi
from oracles import random_rows

from mirrorbook.drifts import (
    Alpha,
    ChiSquaredNewOld,
    ChiSquaredOldNew,
    HellingerSquared,
    KLNewOld,
    KLOldNew,
    Renyi,
)


def sample(n_actions=4):
    rng = np.random.default_rng(0)
    return random_rows(rng, 40, n_actions), random_rows(rng, 40, n_actions)


@pytest.mark.parametrize(
    "a, member",
    [
        (0, KLNewOld()),
        (0.5, 4 * HellingerSquared()),
        (1, KLOldNew()),
        (-1, 0.5 * ChiSquaredNewOld()),
        (2, 0.5 * ChiSquaredOldNew()),
    ],
)
def test_members_of_the_alpha_family(a, member):
    new, old = sample()
    np.testing.assert_allclose(
        Alpha(a).value(new, old), member.value(new, old), rtol=1e-13, atol=1e-15
    )
    # up to a number for the whole row, the slope at home
    home = {0: -1, 1: 1}.get(a, 0)
    expected = member.gradient(new, old) + home
    np.testing.assert_allclose(Alpha(a).gradient(new, old), expected, rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("a", [1e-12, -1e-9, 0.5 - 1e-9, 1 - 1e-12, 1 + 1e-9, 7.5, -6])
def test_the_alpha_family_near_its_special_members(a):
    new, old = sample(3)
    inside = 0.9 * new + 0.1 / 3, 0.9 * old + 0.1 / 3
    zeros = np.zeros(3)
    expected = [defined(alpha(a), p, q, zeros) for p, q in zip(*inside, strict=True)]
    np.testing.assert_allclose(Alpha(a).value(*inside), expected, rtol=1e-12, atol=1e-15)


@pytest.mark.parametrize("order", [1e-3, 0.2, 1 - 1e-9, 1 + 1e-9, 3, 8])
def test_renyi_of_any_order(order):
    new, old = sample(3)
    inside = 0.9 * new + 0.1 / 3, 0.9 * old + 0.1 / 3
    zeros = np.zeros(3)
    expected = [defined(renyi(order), p, q, zeros) for p, q in zip(*inside, strict=True)]
    np.testing.assert_allclose(Renyi(order).value(*inside), expected, rtol=1e-12, atol=1e-15)


def test_renyi_tends_to_the_kl():
    new, old = sample()
    kl = KLNewOld().value(new, old)
    for order in (1 - 1e-9, 1 + 1e-9):
        finite = np.isfinite(Renyi(order).value(new, old))
        np.testing.assert_allclose(
            Renyi(order).value(new, old)[finite & np.isfinite(kl)],
            kl[finite & np.isfinite(kl)],
            rtol=1e-6,
            atol=1e-12,
        )


def test_renyi_of_policies_that_share_little():
    tiny = 1e-200
    new, old = np.array([[1.0 - tiny, tiny]]), np.array([[0.0, 1.0]])
    assert Renyi(0.5).value(new, old) == pytest.approx(-np.log(tiny), rel=1e-14)
    assert Renyi(0.5).value(np.eye(2)[[0]], old) == [np.inf]


def test_the_claims_of_renyi_depend_on_the_order():
    assert Renyi(0.5).convex and not Renyi(2).convex


@pytest.mark.parametrize(
    "make, error, message",
    [
        (lambda: Renyi(1), ValueError, r"^order is 1\.0, where the divergence is KLNewOld\(\)"),
        (lambda: Renyi(0), ValueError, r"^order is 0\.0, expected a number between 0 and inf"),
        (lambda: Renyi("2"), TypeError, "^order must be one real number, found '2'"),
        (lambda: Alpha(np.inf), ValueError, "^a is inf, not a finite number"),
        (lambda: Alpha(None), TypeError, "^a must be one real number, found None"),
    ],
)
def test_malformed_orders(make, error, message):
    with pytest.raises(error, match=message):
        make()
