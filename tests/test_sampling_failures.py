"""The failures of (6): their fractions a second way, and by simulation with the package itself."""

from fractions import Fraction
from math import comb

import numpy as np
import pytest

from mirrorbook import Zero
from mirrorbook.sampling import FAILURES, Batch, estimate, expected_value, missing_support_bias
from mirrorbook.sampling.estimators import balance
from mirrorbook.sampling.failures import fitted_to_the_batch, maximised_on_the_batch

EXACT = {
    "missing support": (Fraction(3, 2), Fraction(1, 2)),
    "prioritised draw": (Fraction(1, 2), Fraction(3, 4)),
    "maximised on the batch": (Fraction(0), Fraction(3, 8)),
    "fitted to the batch": (Fraction(1, 2), Fraction(5, 8)),
    "unconditional balance": (Fraction(1), Fraction(5, 4)),
}


def test_every_failure_is_known():
    assert FAILURES.keys() == EXACT.keys()


@pytest.mark.parametrize("name", FAILURES)
def test_fractions(name):
    failure = FAILURES[name]()
    assert (failure.truth, failure.mean) == EXACT[name]
    assert isinstance(failure.mean, Fraction) and isinstance(failure.truth, Fraction)
    assert failure.bias == failure.mean - failure.truth != 0 and failure.why


@pytest.mark.parametrize("size", [1, 2, 3, 5, 6])
def test_the_largest_of_two_estimates_is_half_a_random_walk(size):
    """max(x, y) = (x + y) / 2 + |x - y| / 2, and the sums of the two actions differ by a walk."""
    distance = sum(comb(size, k) * abs(size - 2 * k) for k in range(size + 1))
    assert maximised_on_the_batch(size).mean == Fraction(distance, 2**size * size)


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8])
def test_the_fitted_policy_sees_a_second_moment(size):
    """E[2 (n / size)^2] with n binomial: 1/2 + 1 / (2 size), where the truth is 1/2."""
    failure = fitted_to_the_batch(size)
    assert failure.truth == Fraction(1, 2)
    assert failure.bias == Fraction(1, 2 * size)


def test_missing_support_by_the_formula():
    new, q = np.array([[0.5, 0.5]]), np.array([[1.0, 2.0]])
    stored, h = np.array([[[1.0, 0.0]]]), np.ones((1, 1))
    assert expected_value(new, q, stored, h) == [0.5]
    assert missing_support_bias(new, q, stored, h) == [FAILURES["missing support"]().bias]


def test_unconditional_balance_by_the_formula():
    stored = np.array([[[0.75, 0.25]], [[0.25, 0.75]]])
    new = q = np.array([[1.0, 0.0]])
    h, overall = np.array([[0.75], [0.25]]), np.array([[0.5], [0.5]])
    assert expected_value(new, q, stored, h, balance(stored, overall)) == [1.25]
    assert expected_value(new, q, stored, h, balance(stored, h)) == pytest.approx([1.0])


def simulated(choose, value, runs=20_000):
    """Estimates, by (6), of policies that `choose` made out of batches of four."""
    rng, old = np.random.default_rng(0), np.array([[0.5, 0.5]])
    estimates = []
    for _ in range(runs):
        actions, noise = rng.integers(2, size=4), rng.choice([-1.0, 1.0], size=4)
        batch = Batch(np.zeros(4, dtype=int), actions, np.full(4, 0.5))
        q = value(actions, noise)
        estimates.append(estimate(batch, choose(batch, q)[None], old, q, Zero()).value)
    return np.mean(estimates), np.std(estimates) / np.sqrt(runs)


def test_maximising_on_the_batch_by_simulation():
    def best(batch, q):
        totals = np.bincount(batch.actions, q, minlength=2)
        return np.eye(2)[totals.argmax()]

    mean, error = simulated(best, lambda actions, noise: noise)
    assert abs(mean - 3 / 8) <= 5 * error < 3 / 8


def test_fitting_to_the_batch_by_simulation():
    def imitate(batch, q):
        return np.bincount(batch.actions, minlength=2) / 4

    mean, error = simulated(imitate, lambda actions, noise: 1.0 - actions)
    assert abs(mean - 5 / 8) <= 5 * error < 1 / 8


def test_a_policy_fixed_beforehand_is_estimated_rightly():
    def fixed(batch, q):
        return np.array([0.8, 0.2])

    mean, error = simulated(fixed, lambda actions, noise: 1.0 - actions)
    assert abs(mean - 0.8) <= 5 * error < 0.1
