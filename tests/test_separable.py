"""The best row against separable penalties: KKT conditions, by a second method."""

import numpy as np
import pytest
from scipy.optimize import brentq

from mirrorbook.updates.penalties import Penalty
from mirrorbook.updates.separable import best_separable


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
