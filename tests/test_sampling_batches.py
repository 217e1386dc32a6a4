"""Batches, and values by walking until a random stop, against exact ones."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles import random_mdp
from strategies import mdps_with_policies

from mirrorbook import evaluate, games, occupancy, policies
from mirrorbook.sampling import Batch, draw_batch, occupancy_batch, sample_advantages, sample_q

SIZE = 20_000


def instance(gamma=0.9, sparse=False):
    mdp = random_mdp(np.random.default_rng(0), 4, 3, gamma, sparse)
    return mdp, policies.random_policy(mdp, np.random.default_rng(1))


def assert_pairs_follow(law, batch):
    met = np.zeros(law.shape)
    np.add.at(met, (batch.states, batch.actions), 1 / len(batch))
    assert (np.abs(met - law) <= 5 * np.sqrt(law * (1 - law) / len(batch))).all()


@pytest.mark.parametrize("sparse", [False, True])
@pytest.mark.parametrize("gamma", [0.0, 0.5, 0.9])
def test_walks_that_stop_at_random_draw_from_the_occupancy(gamma, sparse):
    mdp, pi = instance(gamma, sparse)
    batch = occupancy_batch(mdp, pi, SIZE, np.random.default_rng(2))
    assert_pairs_follow(occupancy(mdp, pi)[:, None] * pi, batch)
    np.testing.assert_array_equal(batch.probabilities, pi[batch.states, batch.actions])


def test_walks_through_a_game_that_ends():
    mdp = games.tabular(gamma=0.9)
    pi = policies.random_policy(mdp, np.random.default_rng(3))
    batch = occupancy_batch(mdp, pi, SIZE, np.random.default_rng(4))
    assert_pairs_follow(occupancy(mdp, pi)[:, None] * pi, batch)


def test_batches_follow_beta_and_the_policy():
    mdp, pi = instance()
    beta = np.array([0.5, 0.0, 0.2, 0.3])
    batch = draw_batch(mdp, pi, beta, SIZE, np.random.default_rng(5))
    assert_pairs_follow(beta[:, None] * pi, batch)
    np.testing.assert_array_equal(batch.probabilities, pi[batch.states, batch.actions])


@pytest.mark.parametrize("estimator, exact", [(sample_q, "q"), (sample_advantages, "adv")])
@pytest.mark.parametrize("gamma", [0.0, 0.9])
def test_walked_values_have_the_right_mean(estimator, exact, gamma):
    mdp, pi = instance(gamma)
    truth, rng = getattr(evaluate(mdp, pi), exact), np.random.default_rng(6)
    for s in range(4):
        for a in range(3):
            drawn = estimator(mdp, pi, np.full(4000, s), np.full(4000, a), rng)
            assert abs(drawn.mean() - truth[s, a]) <= 5 * drawn.std() / np.sqrt(4000) + 1e-12


@given(mdps_with_policies(gammas=(0.0, 0.5, 0.9)), st.integers(0, 100))
def test_only_what_can_happen_is_drawn(pair, seed):
    mdp, pi = pair
    batch = occupancy_batch(mdp, pi, 20, np.random.default_rng(seed))
    assert (occupancy(mdp, pi)[batch.states] > 0).all()
    assert (batch.probabilities > 0).all()


def test_batches_check_themselves():
    with pytest.raises(
        ValueError, match=r"states has shape \(0,\), expected \(pairs,\), at least one"
    ):
        Batch([], [], [])
    with pytest.raises(ValueError, match=r"actions has shape \(1,\), expected \(2,\)"):
        Batch([0, 0], [0], [1.0, 1.0])
    with pytest.raises(TypeError, match="actions must be integers, found dtype float64"):
        Batch([0, 0], [0.0, 1.0], [1.0, 1.0])
    with pytest.raises(ValueError, match=r"states\[1\] is -1, expected 0 <= index$"):
        Batch([0, -1], [0, 1], [1.0, 1.0])
    for wrong in (0.0, -0.5, 1.5, np.nan):
        with pytest.raises(ValueError, match=r"probabilities\[1\] is"):
            Batch([0, 0], [0, 0], [0.5, wrong])


def test_bad_input_is_refused():
    mdp, pi = instance()
    rng = np.random.default_rng(0)
    with pytest.raises(ValueError, match="beta is not a probability vector"):
        draw_batch(mdp, pi, [0.5, 0.0, 0.0, 0.0], 1, rng)
    with pytest.raises(ValueError, match=r"beta has shape \(2,\)"):
        draw_batch(mdp, pi, [0.5, 0.5], 1, rng)
    with pytest.raises(ValueError, match="size is 0"):
        occupancy_batch(mdp, pi, 0, rng)
    with pytest.raises(TypeError, match="rng"):
        sample_q(mdp, pi, [0], [0], None)
    for sampler in (sample_q, sample_advantages):
        with pytest.raises(ValueError, match=r"states\[0\] is 4, expected 0 <= index < 4"):
            sampler(mdp, pi, [4], [0], rng)
        with pytest.raises(ValueError, match=r"actions\[1\] is -1, expected 0 <= index < 3"):
            sampler(mdp, pi, [0, 0], [0, -1], rng)
    with pytest.raises(ValueError, match="pi has shape"):
        sample_advantages(mdp, pi[:2], [0], [0], rng)
