"""Draws from rows: frequencies, zeros, and the two ends of the unit interval."""

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from hypothesis import strategies as st
from oracles import random_rows
from strategies import rows

from mirrorbook.sampling import RowSampler


class Fixed:
    """A generator that always says the same."""

    def __init__(self, u):
        self.u = u

    def random(self, size):
        return np.full(size, self.u)


@pytest.mark.parametrize("storage", [np.asarray, sp.csr_array, sp.coo_array])
def test_frequencies_are_probabilities(storage):
    matrix, rng = random_rows(np.random.default_rng(0), 6, 5), np.random.default_rng(1)
    sampler, size = RowSampler(storage(matrix)), 20_000
    for k, p in enumerate(matrix):
        drawn = np.bincount(sampler.draw(np.full(size, k), rng), minlength=5) / size
        assert (np.abs(drawn - p) <= 5 * np.sqrt(p * (1 - p) / size)).all()


@given(rows((5, 4), weights=(0, 0, 1, 1e-6)), st.floats(0, 1, exclude_max=True))
def test_draws_invert_the_distribution_function(matrix, u):
    drawn = RowSampler(matrix).draw(np.arange(5), Fixed(u))
    for p, t in zip(matrix, drawn, strict=True):
        assert p[t] > 0
        assert p[:t].sum() - 1e-14 <= u <= p[: t + 1].sum() + 1e-14


@pytest.mark.parametrize("u", [0.0, 1 - 2**-53])
def test_the_ends_stay_in_their_row(u):
    """Rows whose sum is a little off one, zeros at both ends, and stored zeros."""
    matrix = np.array([[0.0, 0.5, 0.5 + 1e-10, 0.0], [0.0, 0.3, 0.7 - 1e-10, 0.0]] * 50)
    stored = sp.csr_array(matrix + 1)
    stored.data -= 1
    assert stored.nnz == matrix.size
    for storage in (matrix, stored):
        drawn = RowSampler(storage).draw(np.arange(100), Fixed(u))
        assert (drawn == (1 if u == 0 else 2)).all()


def test_certain_rows_use_no_random_numbers():
    columns, rows = np.array([2, 0, 3, 3]), np.array([3, 0, 0, 1])
    rng = np.random.default_rng(5)
    drawn = RowSampler(np.eye(4)[columns]).draw(rows, rng)
    np.testing.assert_array_equal(drawn, columns[rows])
    assert rng.random() == np.random.default_rng(5).random()


def test_draws_are_reproducible_and_independent_of_storage():
    matrix = random_rows(np.random.default_rng(2), 8, 3)
    rows = np.random.default_rng(3).integers(8, size=50)
    draws = [
        RowSampler(storage(matrix)).draw(rows, np.random.default_rng(4))
        for storage in (np.asarray, np.asarray, sp.csr_array)
    ]
    np.testing.assert_array_equal(draws[0], draws[1])
    np.testing.assert_array_equal(draws[0], draws[2])
