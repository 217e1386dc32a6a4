"""What the divergences are made of, and the two one-sided ones."""

from decimal import Decimal, localcontext

import numpy as np
import pytest
from oracles import random_rows

from mirrorbook.drifts import (
    ChiSquaredNewOld,
    ChiSquaredOldNew,
    HellingerSquared,
    Jeffreys,
    JensenShannon,
    KLNewOld,
    KLOldNew,
    OneSidedChiSquared,
    OneSidedKL,
    kullback_leibler,
    ratio,
)
from mirrorbook.drifts.divergences import log_ratio

EPS = np.finfo(float).eps


def exact_kl(p, q):
    """sum_a p log(p / q) - p + q of two rows with 60 digits."""
    with localcontext(prec=60):
        pairs = [(Decimal(x), Decimal(y)) for x, y in zip(p.tolist(), q.tolist(), strict=True)]
        return float(sum(x * (x / y).ln() - x + y for x, y in pairs))


@pytest.mark.parametrize("size", 10.0 ** -np.arange(17))
def test_kl_is_accurate_however_near_two_policies_are(size):
    rng = np.random.default_rng(6)
    for n_actions in (2, 3, 10):
        p = random_rows(rng, 12, n_actions)
        p = np.where(p > 1e-9, p, 1e-9)
        inside = 0.9 * rng.dirichlet(np.ones(n_actions), size=12) + 0.1 / n_actions
        q = p * (1 - size / 2) + size / 2 * inside
        expected = [exact_kl(*pair) for pair in zip(p, q, strict=True)]
        # every term p(u - log(1 + u)) is off by a rounding or two of p u
        error = np.abs(kullback_leibler(p, q) - expected)
        assert (error <= 2 * EPS * (np.abs(p - q).sum(axis=1) + expected)).all()


def test_ratios_of_probabilities():
    p, q = np.array([[0.0, 0.0, 0.5, 0.5, 0.5]]), np.array([[0.0, 0.5, 0.25, 0.0, 5e-324]])
    assert ratio(p, q).tolist() == [[0, 0, 2, np.inf, np.inf]]


def test_logarithms_of_ratios():
    p = np.array([[0.0, 0.0, 0.5, 0.5, 0.5, 0.3 * (1 + 1e-12)]])
    q = np.array([[0.0, 0.5, 0.0, 0.25, 1e-300, 0.3]])
    expected = [-np.inf, -np.inf, np.inf, np.log(2), np.log(0.5e300), np.log1p((p - q)[0, 5] / 0.3)]
    np.testing.assert_allclose(log_ratio(p, q)[0], expected, rtol=1e-15)


@pytest.mark.parametrize(
    "symmetric", [HellingerSquared(), JensenShannon(), Jeffreys()], ids=lambda d: type(d).__name__
)
def test_symmetric_divergences(symmetric):
    rng = np.random.default_rng(0)
    one, other = random_rows(rng, 20, 4), random_rows(rng, 20, 4)
    there, back = symmetric.value(one, other), symmetric.value(other, one)
    np.testing.assert_allclose(there, back, rtol=1e-13)


@pytest.mark.parametrize(
    "one, other", [(KLOldNew(), KLNewOld()), (ChiSquaredOldNew(), ChiSquaredNewOld())]
)
def test_pairs_of_divergences_are_each_other_turned_round(one, other):
    rng = np.random.default_rng(1)
    p, q = random_rows(rng, 20, 4), random_rows(rng, 20, 4)
    np.testing.assert_array_equal(one.value(p, q), other.value(q, p))


def test_bounded_divergences_reach_their_bounds_between_corners():
    here, there = np.eye(2), np.eye(2)[::-1]
    np.testing.assert_allclose(HellingerSquared().value(here, there), 1, rtol=1e-15)
    np.testing.assert_allclose(JensenShannon().value(here, there), np.log(2), rtol=1e-15)


def test_one_sided_divergences_look_at_losers_only():
    old = np.array([[0.5, 0.3, 0.2, 0.0]])
    one, other = np.array([[0.1, 0.9, 0.0, 0.0]]), np.array([[0.1, 0.3, 0.0, 0.6]])
    for drift in (OneSidedKL(), OneSidedChiSquared()):
        assert drift.value(one, old) == drift.value(other, old) > 0
        assert drift.gradient(other, old)[0, [1, 3]].tolist() == [0, 0]


def test_one_sided_kl_falls_short_of_the_kl_by_what_the_winners_pay():
    old, new = np.array([[0.5, 0.5]]), np.array([[0.8, 0.2]])
    winner = 0.8 * np.log(1.6) - 0.8 + 0.5
    assert OneSidedKL().value(new, old) + winner == pytest.approx(KLNewOld().value(new, old))
