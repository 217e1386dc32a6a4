"""Compiled sweeps against those of NumPy, and both against loops."""

import numpy as np
import pytest
from hypothesis import given
from oracles import dense_transitions, stored_otherwise
from strategies import mdps

from mirrorbook import linear, solve_optimal
from mirrorbook.bellman import RELAXED, TURNS, ArraySweeps, CompiledSweeps, sweeps_of
from mirrorbook.random_mdps import random_mdp


def sparse(mdp):
    return mdp if mdp.is_sparse else stored_otherwise(mdp)


@given(mdps())
def test_compiled_sweeps_see_what_arrays_see(mdp):
    mdp = sparse(mdp)
    v = np.arange(mdp.n_states) - 1.5
    fast, plain = sweeps_of(mdp), ArraySweeps(mdp)
    assert isinstance(fast, CompiledSweeps) and fast.name == "compiled"
    (ahead, actions, *change), (expected, _, *expected_change) = (
        sweeps.look_ahead(v) for sweeps in (fast, plain)
    )
    np.testing.assert_allclose(ahead, expected, rtol=1e-14, atol=1e-14)
    np.testing.assert_allclose(change, expected_change, rtol=1e-13, atol=1e-13)
    np.testing.assert_allclose(plain.follow(v, actions, 1), ahead, rtol=1e-14, atol=1e-14)


@given(mdps())
def test_relaxing_goes_through_the_states_backward_and_then_forward(mdp):
    mdp = sparse(mdp)
    P, gamma, states = dense_transitions(mdp), mdp.gamma, range(mdp.n_states)
    expected = np.arange(mdp.n_states) - 1.5
    ours = sweeps_of(mdp).relax(expected.copy(), None)
    for s in (*reversed(states), *states) * TURNS:
        others = P[s] @ expected - P[s, :, s] * expected[s]
        expected[s] = ((mdp.r[s] + gamma * others) / (1 - gamma * P[s, :, s])).max()
    np.testing.assert_allclose(ours, expected, rtol=1e-13, atol=1e-13)


def test_relaxing_leaves_its_argument_alone():
    mdp = random_mdp(np.random.default_rng(18), "sparse", 20, 2, 0.9)
    v, actions = np.ones(20), np.zeros(20, int)
    for sweeps in (sweeps_of(mdp), ArraySweeps(mdp)):
        sweeps.relax(v, actions)
        assert (v == 1).all()


def test_the_optimum_stays_where_it_is():
    mdp = random_mdp(np.random.default_rng(19), "sparse", 30, 3, 0.9)
    optimum = solve_optimal(mdp)
    for sweeps in (sweeps_of(mdp), ArraySweeps(mdp)):
        ahead, actions, low, high = sweeps.look_ahead(optimum.v)
        np.testing.assert_array_equal(actions, optimum.pi.argmax(axis=1))
        assert max(-low, high) <= 1e-13 * np.abs(optimum.v).max()
        for after in (ahead, sweeps.relax(optimum.v, actions), sweeps.follow(ahead, actions, 3)):
            np.testing.assert_allclose(after, optimum.v, rtol=1e-12)


@pytest.mark.parametrize("storage", ["dense", "sparse"])
def test_arrays_where_numba_is_missing(storage, monkeypatch):
    monkeypatch.setattr("mirrorbook.bellman.kernels", lambda: None)
    assert linear.kernels() is not None
    mdp = random_mdp(np.random.default_rng(20), storage, 9, 2, 0.9)
    sweeps = sweeps_of(mdp)
    assert type(sweeps) is ArraySweeps and sweeps.name == "NumPy"
    v, actions = np.zeros(9), np.ones(9, int)
    np.testing.assert_array_equal(sweeps.relax(v, actions), sweeps.follow(v, actions, RELAXED))
