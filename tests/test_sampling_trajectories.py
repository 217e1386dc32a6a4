"""Trajectories against the law they are drawn from."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles import dense_transitions, induced_by_loops, random_mdp, stored_otherwise
from strategies import mdps_with_policies

from mirrorbook import expected_return, games, policies
from mirrorbook.sampling import Trajectories, walk


@given(mdps_with_policies(), st.integers(0, 100))
def test_walkers_do_what_can_be_done(instance, seed):
    mdp, pi = instance
    paths, P = walk(mdp, pi, 4, 5, np.random.default_rng(seed)), dense_transitions(mdp)
    assert paths.states.shape == (4, 6)
    assert paths.actions.shape == paths.rewards.shape == (4, 5)
    assert (mdp.d0[paths.states[:, 0]] > 0).all()
    for states, actions, rewards in zip(paths.states, paths.actions, paths.rewards, strict=True):
        for t in range(5):
            s, a = states[t], actions[t]
            assert pi[s, a] > 0 and P[s, a, states[t + 1]] > 0
            assert rewards[t] == mdp.r[s, a]


@pytest.mark.parametrize("sparse", [False, True])
def test_states_follow_the_chain(sparse):
    mdp = random_mdp(np.random.default_rng(0), 4, 3, gamma=0.9, sparse=sparse)
    pi, size = policies.random_policy(mdp, np.random.default_rng(1)), 20_000
    paths = walk(mdp, pi, size, 5, np.random.default_rng(2))
    law, (chain, _) = mdp.d0, induced_by_loops(mdp, pi)
    for t in range(6):
        met = np.bincount(paths.states[:, t], minlength=4) / size
        assert (np.abs(met - law) <= 5 * np.sqrt(law * (1 - law) / size)).all()
        law = law @ chain


def test_mean_returns_are_values():
    mdp = random_mdp(np.random.default_rng(3), 4, 3, gamma=0.8)
    pi = policies.random_policy(mdp, np.random.default_rng(4))
    returns = walk(mdp, pi, 20_000, 80, np.random.default_rng(5)).returns(0.8)[:, 0]
    error = returns.std() / np.sqrt(len(returns))
    assert abs(returns.mean() - expected_return(mdp, pi)) <= 5 * error + 0.8**80 * 20


def test_returns_by_loops():
    rewards = np.random.default_rng(6).normal(size=(3, 7))
    paths = Trajectories(np.zeros((3, 8), dtype=int), np.zeros((3, 7), dtype=int), rewards)
    for w in range(3):
        for t in range(7):
            expected = sum(0.9 ** (k - t) * rewards[w, k] for k in range(t, 7))
            assert paths.returns(0.9)[w, t] == pytest.approx(expected, rel=1e-12)


def test_storage_and_repetition_do_not_matter():
    mdp = games.gridworld()
    pi = policies.uniform(mdp)
    first, second, third = (
        walk(m, pi, 10, 20, np.random.default_rng(7)) for m in (mdp, mdp, stored_otherwise(mdp))
    )
    for other in (second, third):
        np.testing.assert_array_equal(first.states, other.states)
        np.testing.assert_array_equal(first.actions, other.actions)


def test_bad_input_is_refused():
    mdp, rng = games.single_step(), np.random.default_rng(0)
    pi = policies.uniform(mdp)
    with pytest.raises(ValueError, match="pi has shape"):
        walk(mdp, pi[:1], 1, 1, rng)
    with pytest.raises(ValueError, match="n_walkers is 0"):
        walk(mdp, pi, 0, 1, rng)
    with pytest.raises(ValueError, match="n_steps is 0"):
        walk(mdp, pi, 1, 0, rng)
    with pytest.raises(TypeError, match="rng must be a numpy.random.Generator, found RandomState"):
        walk(mdp, pi, 1, 1, np.random.RandomState(0))
