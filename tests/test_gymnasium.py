"""Gymnasium's tabular environments as MDPs: the same tables, the same optimum."""

import gymnasium
import numpy as np
import pytest
from oracles import dense_transitions

from mirrorbook import games, solve_optimal

TABLES = {
    "frozen lake": ("FrozenLake-v1", {}),
    "frozen lake, no slip": ("FrozenLake-v1", dict(is_slippery=False)),
    "cliff": ("CliffWalking-v1", {}),
    "cliff, slippery": ("CliffWalking-v1", dict(is_slippery=True)),
    "taxi": ("Taxi-v4", {}),
}


@pytest.fixture(params=TABLES.values(), ids=TABLES, scope="module")
def env(request):
    name, options = request.param
    with gymnasium.make(name, **options) as environment:
        yield environment


def test_the_mdp_is_the_published_table(env):
    mdp, table = games.from_gymnasium(env), env.unwrapped.P
    end = len(table)
    assert mdp.is_sparse
    assert (mdp.n_states, mdp.n_actions) == (end + 1, len(table[0]))
    assert np.flatnonzero(mdp.terminal).tolist() == [end]
    assert (mdp.state_names[0], mdp.state_names[-1]) == ("0", "end")
    np.testing.assert_array_equal(mdp.d0, [*env.unwrapped.initial_state_distrib, 0])
    P = dense_transitions(mdp)
    for s in range(end):
        for a in range(mdp.n_actions):
            chances, reward = np.zeros(end + 1), 0.0
            for chance, target, paid, done in table[s][a]:
                chances[end if done else target] += chance
                reward += chance * paid
            np.testing.assert_array_equal(P[s, a], chances)
            assert mdp.r[s, a] == reward


def test_the_mdp_has_the_optimum_of_the_table(env):
    mdp, table, gamma = games.from_gymnasium(env, gamma=0.9), env.unwrapped.P, 0.9
    v = np.zeros(len(table))
    for _ in range(350):  # 0.9^350 < 1e-16
        v = [
            max(
                sum(p * (r + gamma * v[t] * (not done)) for p, t, r, done in outcomes)
                for outcomes in actions.values()
            )
            for actions in table.values()
        ]
    # values up to 1000: what 350 sweeps leave, and some roundings
    np.testing.assert_allclose(solve_optimal(mdp).v, [*v, 0], rtol=0, atol=1e-11)


def test_the_discount_is_an_argument():
    with gymnasium.make("FrozenLake-v1") as env:
        assert games.from_gymnasium(env).gamma == 0.99
        assert games.from_gymnasium(env, gamma=0.5).gamma == 0.5
        with pytest.raises(ValueError, match=r"^gamma is 1\.0, expected 0 <= gamma < 1"):
            games.from_gymnasium(env, gamma=1)


def test_an_environment_without_a_table_is_refused():
    with pytest.raises(TypeError, match=r"^env has no tabular model: env\.unwrapped\.P is"):
        games.from_gymnasium(None)
    with gymnasium.make("CartPole-v1") as env:
        with pytest.raises(TypeError, match=r"^env has no tabular model: env\.unwrapped\.P is"):
            games.from_gymnasium(env)


def test_a_table_that_is_no_mdp_is_refused():
    with gymnasium.make("FrozenLake-v1") as env:
        env.unwrapped.P[2][1] = [(0.5, 3, 0.0, False)]
        with pytest.raises(ValueError, match=r"^P\[2, 1\] is not .*: it sums to 0\.5$"):
            games.from_gymnasium(env)
        del env.unwrapped.initial_state_distrib
        with pytest.raises(TypeError, match=r"unwrapped\.initial_state_distrib is missing"):
            games.from_gymnasium(env)
