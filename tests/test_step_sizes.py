"""How far a step went, state by state."""

import numpy as np
import pytest

from mirrorbook import ALGORITHMS, games, mirror_step, policies
from mirrorbook.step_sizes import DUST, moves

BANDIT = games.single_step((1.0, 0.0, 0.0))


def row(*p):
    return np.array([p, [1.0, 0.0, 0.0]])


def test_only_states_with_something_to_decide_count():
    mdp = games.tabular()
    rng = np.random.default_rng(0)
    went = moves(mdp, policies.random_policy(mdp, rng), policies.uniform(mdp))
    assert went.ratios.shape == (5, 3) and went.kl.shape == (5,)


def test_ratios_and_kl_of_a_row():
    went = moves(BANDIT, row(0.5, 0.3, 0.2), row(0.25, 0.25, 0.5))
    np.testing.assert_allclose(went.ratios, [[2.0, 1.2, 0.4]])
    by_hand = 0.25 * np.log(0.5) + 0.25 * np.log(0.25 / 0.3) + 0.5 * np.log(2.5)
    np.testing.assert_allclose(went.kl, [by_hand])


def test_dropped_revived_and_unused_actions():
    dropped = moves(BANDIT, row(1.0, 0.0, 0.0), row(0.5, 0.5, 0.0))
    assert dropped.kl == [np.inf] and dropped.ratios.tolist() == [[2.0, 0.0, 1.0]]
    revived = moves(BANDIT, row(0.5, 0.5, 0.0), row(1.0, 0.0, 0.0))
    assert np.isfinite(revived.kl).all() and revived.ratios.tolist() == [[0.5, np.inf, 1.0]]


def test_dust_is_nothing():
    dust = DUST / 2
    went = moves(BANDIT, row(1 - dust, dust, 0.0), row(1.0, 0.0, 0.0))
    np.testing.assert_allclose(went.ratios, [[1.0, 1.0, 1.0]])
    assert went.kl == pytest.approx([0.0], abs=1e-11)


def test_the_edge_of_the_range_is_inside():
    went = moves(BANDIT, row(0.6, 0.4, 0.0), row(0.5, 0.5, 0.0))
    assert not went.outside(0.2).any()
    assert went.outside(0.19).tolist() == [[True, True, False]]


def test_exact_ppo_leaves_its_range_at_once():
    mdp = games.tabular()
    step = mirror_step(mdp, policies.uniform(mdp), ALGORITHMS["PPO, min-KL"])
    went = moves(mdp, step.pi, step.pi_old)
    assert went.ratios.min() == pytest.approx(0.6) and went.ratios.max() == pytest.approx(1.4)
    assert went.outside(0.2).sum() == 4
