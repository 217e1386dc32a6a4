"""Iterated solutions of linear systems against direct ones, and what happens when they stall."""

import warnings

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given, settings
from oracles import occupancy_by_series, random_rows, stored_otherwise, values_exactly
from strategies import mdps_with_policies

from mirrorbook import MDP, evaluate, evaluation, linear, occupancy, policies
from mirrorbook import mdp as models
from mirrorbook.linear import SolverWarning, kernels
from mirrorbook.mdp import induced_chain
from mirrorbook.random_mdps import FAMILIES, STARTS, random_mdp


@pytest.fixture
def iterating(monkeypatch):
    """Every system is iterated, however small, and sparse ones are kept sparse."""
    monkeypatch.setattr(evaluation, "TINY", 0)
    monkeypatch.setattr(linear, "DIRECT", 0)
    monkeypatch.setattr(models, "SMALL", 0)


@pytest.fixture
def without_numba(monkeypatch):
    monkeypatch.setattr(linear, "kernels", lambda: None)


def sparse(mdp):
    return mdp if mdp.is_sparse else stored_otherwise(mdp)


def cycle(n_states, gamma):
    """Round and round: the Krylov spaces of a reward in one state fill up one state at a time."""
    successors = np.roll(np.arange(n_states), -1)
    P = sp.csr_array((np.ones(n_states), successors, np.arange(n_states + 1)))
    start = np.eye(n_states)[0]
    return MDP(P, start[:, None], gamma, start)


def test_the_package_has_compiled_sweeps_where_it_is_tested():
    assert kernels() is not None


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("start", STARTS)
@pytest.mark.parametrize("gamma", [0.0, 0.9, 0.9999])
@pytest.mark.usefixtures("iterating")
def test_values_and_occupancies_of_every_family(family, start, gamma):
    rng = np.random.default_rng(8)
    mdp = sparse(random_mdp(rng, family, 9, 3, gamma))
    pi = STARTS[start](mdp, rng)
    values, truth = evaluate(mdp, pi), values_exactly(mdp, pi)
    error = np.abs(values.v - truth).max()
    rounding = 1e-14 * np.abs(truth).max() / (1 - gamma)
    assert error <= values.bound + rounding
    assert values.bound <= 1e-12 * np.abs(truth).max() + rounding
    rho = occupancy(mdp, pi)
    assert (rho >= 0).all()
    assert rho.sum() == pytest.approx(1, abs=1e-11)
    earned = rho @ (pi * mdp.r).sum(axis=1) / (1 - gamma)
    assert earned == pytest.approx(mdp.d0 @ truth, abs=1e-11 * np.abs(truth).max())


@given(mdps_with_policies())
@settings(max_examples=60)
def test_iterated_and_direct_solutions_agree(drawn):
    mdp, pi = drawn
    mdp = sparse(mdp)
    chain, reward = induced_chain(mdp, pi), (pi * mdp.r).sum(axis=1)
    for system, right, norm in ((chain, reward, np.inf), (chain.T, mdp.d0, 1)):
        x, name, reached = linear._iterated(system, mdp.gamma, right, norm)
        direct, _ = linear._direct(system, mdp.gamma, right)
        assert reached and name == "BiCGSTAB with Gauss-Seidel"
        allowed = 2 * linear.accuracy(mdp.gamma) / (1 - mdp.gamma) * np.linalg.norm(direct, norm)
        assert np.linalg.norm(x - direct, norm) <= allowed + 1e-15


@pytest.mark.usefixtures("iterating")
def test_dense_chains_need_no_compiled_sweeps():
    rng = np.random.default_rng(9)
    mdp = random_mdp(rng, "dense", 40, 3, 0.99)
    pi = random_rows(rng, 40, 3)
    values = evaluate(mdp, pi)
    assert values.solver == "BiCGSTAB"
    np.testing.assert_allclose(values.v, values_exactly(mdp, pi), rtol=1e-11)


@pytest.mark.usefixtures("iterating")
def test_unreachable_states_are_never_occupied():
    mdp = random_mdp(np.random.default_rng(10), "sparse", 60, 2, 0.99)
    mdp = MDP(mdp.P, mdp.r, mdp.gamma, np.eye(60)[0])
    pi = policies.deterministic(mdp, np.zeros(60, int))
    rho = occupancy(mdp, pi)
    np.testing.assert_allclose(rho, occupancy_by_series(mdp, pi), rtol=0, atol=1e-12)
    assert 0 < np.count_nonzero(rho) < 60
    np.testing.assert_array_equal(rho > 0, occupancy_by_series(mdp, pi) > 0)


@pytest.mark.parametrize("gamma", [0.5, 0.99, 0.9999])
@pytest.mark.usefixtures("iterating")
def test_deterministic_cycles(gamma):
    mdp = cycle(600, gamma)
    pi = np.ones((600, 1))
    first = gamma ** np.arange(600, 0, -1)
    first[0] = 1.0
    truth = first / (1 - gamma**600)
    values = evaluate(mdp, pi)
    assert values.solver == "BiCGSTAB with Gauss-Seidel"
    np.testing.assert_allclose(values.v, truth, rtol=0, atol=1e-11 * truth.max())


@pytest.mark.usefixtures("iterating", "without_numba")
def test_a_stalled_iteration_says_so_and_is_solved_directly():
    mdp = cycle(2000, 0.9999)
    with pytest.warns(SolverWarning, match="^BiCGSTAB stalled on 2000 states with gamma = 0.9999"):
        values = evaluate(mdp, np.ones((2000, 1)))
    assert values.solver == "sparse LU"
    assert values.bound <= 1e-11 * values.v.max()


@pytest.mark.usefixtures("iterating")
def test_a_breakdown_of_the_iteration_is_seen(monkeypatch):
    monkeypatch.setattr("mirrorbook.compiled.bicgstab", lambda *parts: np.zeros(30))
    mdp = random_mdp(np.random.default_rng(11), "sparse", 30, 2, 0.9)
    pi = policies.uniform(mdp)
    with pytest.warns(SolverWarning, match="stalled on 30 states"):
        rho = occupancy(mdp, pi)
    np.testing.assert_allclose(rho, occupancy_by_series(mdp, pi), rtol=0, atol=1e-12)


@pytest.mark.parametrize("scale", [0.0, 1e-300, 1e300])
@pytest.mark.usefixtures("iterating")
def test_rewards_of_any_size(scale):
    mdp = random_mdp(np.random.default_rng(12), "sparse", 50, 2, 0.9)
    pi = policies.uniform(mdp)
    big = MDP(mdp.P, scale * mdp.r, mdp.gamma, mdp.d0)
    with warnings.catch_warnings(), np.errstate(over="raise", invalid="raise", divide="raise"):
        warnings.simplefilter("error")
        np.testing.assert_allclose(evaluate(big, pi).v, scale * evaluate(mdp, pi).v, rtol=1e-10)


def test_small_systems_are_solved_directly_and_large_ones_are_not():
    sizes = {48: "elimination", 49: "dense LU", 512: "sparse LU", 513: "BiCGSTAB with Gauss-Seidel"}
    for n_states, solver in sizes.items():
        mdp = random_mdp(np.random.default_rng(13), "sparse", n_states, 2, 0.9)
        assert evaluate(mdp, policies.uniform(mdp)).solver == solver
