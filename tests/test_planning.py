"""Optima of large MDPs against exact policy iteration, and their certificates against the truth."""

from unittest.mock import patch

import numpy as np
import pytest
from hypothesis import given, settings
from oracles import optimal_values_by_sweeps, stored_otherwise
from strategies import mdps

from mirrorbook import MDP, evaluate, games, linear, planning, solve_optimal
from mirrorbook.bellman import ArraySweeps
from mirrorbook.planning import Optimum
from mirrorbook.random_mdps import FAMILIES, random_mdp


@pytest.fixture
def sweeping(monkeypatch):
    """Every MDP is solved by sweeps, however small, but policies are evaluated directly."""
    monkeypatch.setattr(planning.linear, "DIRECT", 0)
    monkeypatch.setattr(linear, "_iterated", lambda *system: (*linear._direct(*system[:3]), True))


def watched(owner, name):
    """Meanwhile its calls are counted; it does what it always does."""
    return patch.object(owner, name, autospec=True, side_effect=getattr(owner, name))


def exactly(mdp):
    """Howard's policy iteration."""
    return planning._policy_iteration(mdp)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("gamma", [0.0, 0.9, 0.99])
@pytest.mark.parametrize("tolerance", [None, 1e-3])
@pytest.mark.parametrize("numba", [True, False])
@pytest.mark.usefixtures("sweeping")
def test_every_family_within_its_certificate(family, gamma, tolerance, numba, monkeypatch):
    if not numba:
        monkeypatch.setattr("mirrorbook.bellman.kernels", lambda: None)
    for seed in range(3):
        mdp = random_mdp(np.random.default_rng(seed), family, 12, 3, gamma)
        for stored in (mdp, stored_otherwise(mdp)):
            optimum, truth = solve_optimal(stored, tolerance), exactly(stored)
            unit = max(1.0, np.abs(truth.v).max())
            earned = evaluate(stored, optimum.pi).v
            loss = (truth.v - earned).max()
            assert loss <= optimum.gap + 1e-12 * unit
            assert np.abs(optimum.v - earned).max() <= optimum.bound + 1e-12 * unit
            allowed = tolerance or 1e-12 * unit / (1 - gamma)
            assert optimum.gap <= allowed + 1e-13 * unit / (1 - gamma)
            compiled = numba and stored.is_sparse
            assert optimum.solver.endswith("compiled" if compiled else "NumPy")


@given(mdps(gammas=(0.0, 0.5, 0.9, 0.99)))
@settings(max_examples=60)
def test_sweeps_find_the_optimal_values(mdp):
    for stored in (mdp, stored_otherwise(mdp)):
        optimum, truth = planning._by_sweeps(stored, None), optimal_values_by_sweeps(mdp)
        allowed = optimum.gap + optimum.bound + 1e-12 * max(1.0, np.abs(truth).max())
        assert np.abs(optimum.v - truth).max() <= allowed


@pytest.mark.parametrize("shape", [(40, 40), (1, 700), (700, 1)])
def test_a_large_grid_takes_the_shortest_way(shape):
    mdp = games.gridworld(
        shape, goal=(0, 0), bomb=(shape[0] - 1, shape[1] - 1), barrier=[], gamma=0.9
    )
    assert mdp.is_sparse
    optimum = solve_optimal(mdp)
    x, y = mdp.layout.positions.T
    walk = -(1 - mdp.gamma ** (x + y)) / (1 - mdp.gamma)
    np.testing.assert_allclose(optimum.v[~mdp.terminal], walk[~mdp.terminal], rtol=1e-10)
    assert optimum.v[mdp.terminal].tolist() == [0, 0]
    assert optimum.solver == "Gauss-Seidel value iteration, compiled"
    assert optimum.gap <= 1e-12 * np.abs(walk).max() / (1 - mdp.gamma)


def test_which_solver_runs():
    rng = np.random.default_rng(14)
    for family, size, solver in [
        ("sparse", 600, "modified policy iteration, compiled"),
        ("dense", 520, "modified policy iteration, NumPy"),
        ("sparse", 512, "policy iteration, sparse LU"),
        ("dense", 100, "policy iteration, dense LU"),
    ]:
        mdp = random_mdp(rng, family, size, 2, 0.99)
        optimum, truth = solve_optimal(mdp), exactly(mdp)
        assert optimum.solver == solver
        np.testing.assert_allclose(optimum.v, truth.v, rtol=1e-9)


def test_looks_ahead_carry_a_reward_along_the_whole_way():
    """Howard's improvement alone takes a policy for each step: seven on this board."""
    optimum = solve_optimal(games.gridworld())
    assert optimum.iterations == 2 and optimum.gap <= 1e-12 * np.abs(optimum.v).max() * 1000


def test_the_certificate_of_a_poor_policy_is_honest():
    """Whatever v and policy are handed over, the gap covers what the policy loses."""
    rng = np.random.default_rng(15)
    for _ in range(100):
        mdp = random_mdp(rng, "dense", 6, 3, 0.9)
        truth = exactly(mdp)
        pi = np.eye(3)[rng.integers(3, size=6)]
        v = truth.v + rng.normal(size=6)
        guess = Optimum(v, pi, mdp, "a guess", 0)
        earned = evaluate(mdp, pi).v
        assert (truth.v - earned).max() <= guess.gap + 1e-12
        assert np.abs(v - earned).max() <= guess.bound + 1e-12
        assert guess.gap > 0


@pytest.mark.usefixtures("sweeping")
def test_too_many_rounds_fall_back_loudly(monkeypatch):
    monkeypatch.setattr(planning, "ROUNDS", 2)
    mdp = random_mdp(np.random.default_rng(16), "ties", 12, 3, 0.9999)
    with pytest.warns(linear.SolverWarning, match="^2 rounds of sweeps left .* on 12 states"):
        optimum = solve_optimal(mdp)
    assert optimum.solver.startswith("policy iteration")
    np.testing.assert_allclose(optimum.v, exactly(mdp).v, rtol=1e-12)


def test_terminal_states_are_worth_nothing_in_large_mdps():
    mdp = random_mdp(np.random.default_rng(17), "sparse", 600, 2, 0.9)
    ends = np.arange(600) >= 590
    P = mdp.P.tolil()
    for s in np.flatnonzero(ends):
        for a in range(2):
            P[2 * s + a] = 0
            P[2 * s + a, s] = 1
    r = np.where(ends[:, None], 0.0, mdp.r)
    optimum = solve_optimal(MDP(P.tocsr(), r, 0.9, mdp.d0, ends))
    assert (optimum.q[ends] == 0).all()


@pytest.mark.parametrize(
    "tolerance, error, message",
    [
        (0.0, ValueError, r"^tolerance is 0\.0, expected a positive number"),
        (np.nan, ValueError, "^tolerance is nan, not a finite number"),
        ("1e-6", TypeError, "^tolerance must be one real number, found '1e-6'"),
    ],
)
def test_malformed(tolerance, error, message):
    with pytest.raises(error, match=message):
        solve_optimal(games.single_step(), tolerance)


@pytest.mark.usefixtures("sweeping")
def test_who_asks_for_less_waits_for_less():
    mdp = random_mdp(np.random.default_rng(18), "sparse", 40, 3, 0.99)
    iterations = [solve_optimal(mdp, tolerance).iterations for tolerance in (10.0, 1e-3, None)]
    assert 1 <= iterations[0] < iterations[1] < iterations[2]


def test_policy_iteration_counts_the_policies_it_evaluates():
    mdp = random_mdp(np.random.default_rng(19), "dense", 30, 4, 0.9)
    with watched(planning, "values_of") as evaluate:
        optimum = solve_optimal(mdp)
    assert optimum.iterations == evaluate.call_count > 1
    np.testing.assert_array_equal(optimum.pi, evaluate.call_args.args[1])


@pytest.mark.usefixtures("sweeping")
def test_the_warning_points_at_who_asked(monkeypatch):
    monkeypatch.setattr(planning, "ROUNDS", 1)
    with pytest.warns(linear.SolverWarning) as caught:
        solve_optimal(random_mdp(np.random.default_rng(20), "ties", 12, 3, 0.9999))
    assert [warning.filename for warning in caught] == [__file__]


def test_sweeps_count_their_looks_at_all_actions():
    mdp = random_mdp(np.random.default_rng(21), "dense", 30, 4, 0.9)
    with watched(ArraySweeps, "look_ahead") as look_ahead:
        optimum = planning._by_sweeps(mdp, None)
    assert optimum.iterations == look_ahead.call_count > 1
