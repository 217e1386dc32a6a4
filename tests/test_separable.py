"""The best row against separable penalties: KKT conditions, by a second method."""

import numpy as np
import pytest
from scipy.optimize import brentq

from mirrorbook.updates.penalties import Penalty
from mirrorbook.updates.separable import (
    absorb_rounding,
    best_projection,
    best_separable,
    two_action_price,
)


@pytest.fixture(autouse=True)
def infinities_are_answers():
    """As `maximise` does: an infinite price or slope is an answer, not an accident."""
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        yield


COMBINATIONS = [("kl",), ("rkl",), ("l2",), ("kl", "rkl"), ("kl", "l2"), ("rkl", "l2")]


def no_guess(rows):
    return np.full((len(rows), 1), np.nan)


def by_bisection(gap, penalty):
    """The same equation, one row at a time, by brentq."""

    def excess(z):
        return penalty.response(z + gap)[0].sum() - 1

    low = float((penalty.full_price() - gap).max())
    high = float(np.max(penalty.home_price()))
    z = (
        brentq(excess, low, high, xtol=1e-300, rtol=1e-14)
        if excess(low) > 0 > excess(high)
        else low
    )
    p = penalty.response(z + gap)[0]
    return p / p.sum()


@pytest.mark.parametrize("kinds", COMBINATIONS, ids="+".join)
@pytest.mark.parametrize("spread", [0.5, 3])
def test_agrees_with_bisection(kinds, spread):
    rng = np.random.default_rng(2)
    n = 40
    old = rng.dirichlet(np.full(5, 0.5), size=n)
    gap = rng.exponential(size=(n, 5)) * 10 ** rng.uniform(-spread, spread, size=(n, 1))
    gap -= gap.min(axis=1, keepdims=True)
    charges = {kind: 10 ** rng.uniform(-spread, spread, size=(n, 1)) for kind in kinds}
    found, _ = best_separable(gap, Penalty(old, **charges), no_guess(gap))
    for s in range(n):
        alone = Penalty(old[[s]], **{kind: c[[s]] for kind, c in charges.items()})
        np.testing.assert_allclose(found[s], by_bisection(gap[[s]], alone)[0], atol=1e-11)


@pytest.mark.parametrize("kinds", COMBINATIONS, ids="+".join)
def test_a_guess_changes_nothing_but_the_time(kinds):
    rng = np.random.default_rng(3)
    old = rng.dirichlet(np.ones(4), size=30)
    gap = rng.exponential(size=(30, 4))
    gap -= gap.min(axis=1, keepdims=True)
    penalty = Penalty(old, **{kind: rng.uniform(0.01, 3, size=(30, 1)) for kind in kinds})
    cold, _ = best_separable(gap, penalty, no_guess(gap))
    for guess in (-5.0, 0.0, 7.0):
        warm, _ = best_separable(gap, penalty, np.full((30, 1), guess))
        np.testing.assert_allclose(warm, cold, rtol=0, atol=1e-13)


def test_unused_best_actions_share_what_the_used_ones_leave():
    old = np.array([[0.0, 0.0, 1.0]])
    gap = np.array([[0.0, 0.0, 2.0]])
    p, _ = best_separable(gap, Penalty(old, kl=np.ones((1, 1))), no_guess(gap))
    np.testing.assert_allclose(p, [[0.25, 0.25, 0.5]], rtol=0, atol=1e-15)
    heavy, _ = best_separable(gap, Penalty(old, kl=np.full((1, 1), 3.0)), no_guess(gap))
    np.testing.assert_allclose(heavy, old, rtol=0, atol=1e-15)


def test_one_action_and_equal_actions():
    one, _ = best_separable(
        np.zeros((1, 1)), Penalty(np.ones((1, 1)), l2=np.ones((1, 1))), no_guess([0])
    )
    np.testing.assert_array_equal(one, [[1.0]])
    old = np.array([[0.2, 0.8]])
    for kind in ("kl", "rkl", "l2"):
        p, _ = best_separable(
            np.zeros((1, 2)), Penalty(old, **{kind: np.ones((1, 1))}), no_guess([0])
        )
        np.testing.assert_allclose(p, old, rtol=0, atol=1e-15)


def test_projection_is_the_root_of_the_responses():
    rng = np.random.default_rng(4)
    for _ in range(200):
        old = rng.dirichlet(np.full(5, 10 ** rng.uniform(-2, 1)), size=3)
        gap = rng.random((3, 5)) * 10 ** rng.uniform(-9, 6)
        gap -= gap.min(axis=1, keepdims=True)
        l2 = 10 ** rng.uniform(-6, 6, size=(3, 1))
        p, z = best_projection(gap, old, 2 * l2)
        np.testing.assert_allclose(p.sum(axis=1), 1, rtol=0, atol=1e-15)
        np.testing.assert_allclose(p, Penalty(old, l2=l2).response(z + gap)[0], atol=1e-12)


def test_two_action_price_is_exact_for_two_and_never_too_high():
    rng = np.random.default_rng(5)
    for n_actions in (2, 3, 6):
        old = rng.dirichlet(np.ones(n_actions), size=200)
        gap = rng.random((200, n_actions)) * 10 ** rng.uniform(-6, 3, size=(200, 1))
        gap -= gap.min(axis=1, keepdims=True)
        kl = 10 ** rng.uniform(-6, 3, size=(200, 1))
        z = two_action_price(gap, old, kl)
        excess = (kl * old / (z + gap)).sum(axis=1) - 1
        assert (excess >= -1e-14).all()
        if n_actions == 2:
            np.testing.assert_allclose(excess, 0, rtol=0, atol=1e-14)
    unused = two_action_price(np.array([[0.0, 0.3]]), np.array([[0.0, 1.0]]), np.ones((1, 1)))
    np.testing.assert_allclose(unused, 0.7)  # the best action takes what this price leaves


def test_rounding_goes_to_an_entry_that_moved_and_is_large_enough():
    old = np.array([[0.3, 0.5, 0.2], [1 - 5e-14, 3e-14, 2e-14]])
    p = np.array([[0.3, 0.6, 0.1 + 1e-15], [1 - 5e-14, 2.9e-14, 1.9e-14]])
    absorbed = absorb_rounding(p, old)
    assert absorbed[0, 1] != 0.6 and abs(absorbed[0].sum() - 1) <= 2e-16
    np.testing.assert_array_equal(absorbed[0, [0, 2]], p[0, [0, 2]])
    np.testing.assert_array_equal(absorbed[1], p[1])
