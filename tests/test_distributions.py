"""Sampling distributions: what they weigh, what they ignore, what they refuse."""

import numpy as np
import pytest
from hypothesis import given
from oracles import occupancy_by_series, random_mdp, random_rows
from strategies import mdps, mdps_with_policies

from mirrorbook import MDP, distributions, evaluation, games, policies

GAMES = {
    "single step": games.single_step(),
    "tabular": games.tabular(),
    "gridworld": games.gridworld(),
}


# uniform


@pytest.mark.parametrize("game, playing", [("single step", 1), ("tabular", 5), ("gridworld", 19)])
def test_uniform_over_the_states_of_a_game_is_its_start(game, playing):
    weights = distributions.uniform(GAMES[game])
    np.testing.assert_array_equal(weights, GAMES[game].d0)
    assert np.count_nonzero(weights) == playing


@given(mdps())
def test_uniform_weighs_states_that_are_not_terminal_alike(mdp):
    weights = distributions.uniform(mdp)
    playing = sum(not over for over in mdp.terminal)
    assert weights.tolist() == [0.0 if over else 1 / playing for over in mdp.terminal]


def test_uniform_looks_at_neither_policy_nor_history():
    mdp = GAMES["tabular"]
    pi = policies.deterministic(mdp, [0] * 7)
    expected = distributions.uniform(mdp)
    np.testing.assert_array_equal(distributions.uniform(mdp, pi, (pi, pi)), expected)


def test_uniform_over_nothing_is_refused():
    over = MDP([[[1.0]]], [[0.0]], 0.5, [1.0], terminal=[True])
    with pytest.raises(ValueError, match=r"^mdp has only terminal states: there is nothing to w"):
        distributions.uniform(over)


# occupancy


@pytest.mark.parametrize("sparse", [False, True])
@pytest.mark.parametrize("gamma", [0.0, 0.5, 0.95])
def test_occupancy_is_the_discounted_share_of_time(gamma, sparse):
    rng = np.random.default_rng(0)
    mdp = random_mdp(rng, 6, 3, gamma, sparse)
    pi = random_rows(rng, 6, 3)
    expected = occupancy_by_series(mdp, pi)
    np.testing.assert_allclose(distributions.occupancy(mdp, pi), expected, rtol=0, atol=1e-14)


@given(mdps_with_policies())
def test_occupancy_is_the_normalised_one_and_ignores_history(drawn):
    mdp, pi = drawn
    weights = distributions.occupancy(mdp, pi, (pi,))
    np.testing.assert_array_equal(weights, evaluation.occupancy(mdp, pi, normalised=True))
    assert weights.sum() == pytest.approx(1, abs=1e-15 / (1 - mdp.gamma))


def test_occupancy_checks_the_policy():
    with pytest.raises(ValueError, match=r"^pi\[1\] is not a probability vector: it sums to 2"):
        distributions.occupancy(GAMES["single step"], [[0.2] * 5, [0.4] * 5])


# fixed


def test_fixed_is_the_same_at_every_step():
    mdp = GAMES["single step"]
    beta = distributions.fixed([0.25, 0.75])
    first = beta(mdp)
    assert first.tolist() == [0.25, 0.75]
    assert beta(mdp, policies.uniform(mdp), (policies.uniform(mdp),)) is first


def test_fixed_copies_its_weights_and_protects_them():
    weights = np.array([0.25, 0.75])
    beta = distributions.fixed(weights)
    weights[:] = 7  # the caller's array stays writable
    kept = beta(GAMES["single step"])
    assert kept.tolist() == [0.25, 0.75]
    with pytest.raises(ValueError, match="read-only"):
        kept[0] = 1


@pytest.mark.parametrize(
    "weights, error, message",
    [
        ([0.5, 0.6], ValueError, r"^weights is not a probability vector: it sums to 1\.1$"),
        ([1.5, -0.5], ValueError, r"^weights is not .*: entry 1 is negative, -0\.5$"),
        ([0.5, np.nan], ValueError, r"^weights\[1\] is nan, not a finite number"),
        ([], ValueError, r"^weights has shape \(0,\), expected at least one outcome"),
        (1.0, ValueError, r"^weights has shape \(\), expected at least one outcome"),
        ([[0.5, 0.5]], ValueError, r"^weights has shape \(1, 2\), expected \(states,\)"),
        ([[0.5], [0.5, 0.5]], ValueError, r"^weights is not rectangular"),
        (["1", "0"], TypeError, r"^weights must hold real numbers, found dtype <U1"),
        (None, TypeError, r"^weights must hold real numbers, found dtype object"),
    ],
)
def test_malformed_weights(weights, error, message):
    with pytest.raises(error, match=message) as info:
        distributions.fixed(weights)
    assert info.type is error


def test_fixed_weights_for_another_mdp_are_refused():
    beta = distributions.fixed([0.25, 0.75])
    with pytest.raises(ValueError, match=r"^weights has shape \(2,\), expected \(7,\)"):
        beta(GAMES["tabular"])


# of the history, and of the candidate


@given(mdps_with_policies(n_policies=3, gammas=(0.0, 0.5, 0.9)))
def test_the_mixture_averages_the_occupancies_of_all_policies(drawn):
    mdp, first, second, third = drawn
    expected = sum(occupancy_by_series(mdp, pi) for pi in (first, second, third)) / 3
    found = distributions.history_mixture(mdp, third, (first, second))
    np.testing.assert_allclose(found, expected, rtol=0, atol=1e-12)


def test_without_a_history_the_mixture_is_the_occupancy():
    mdp = GAMES["tabular"]
    pi = policies.uniform(mdp)
    expected = distributions.occupancy(mdp, pi)
    np.testing.assert_array_equal(distributions.history_mixture(mdp, pi), expected)


def test_a_malformed_history_is_refused():
    mdp = GAMES["tabular"]
    with pytest.raises(ValueError, match=r"^history\[0\] has shape \(1, 2\), expected \(7, 3\)"):
        distributions.history_mixture(mdp, policies.uniform(mdp), ([[0.5, 0.5]],))


@pytest.mark.parametrize(
    "charge, worst",
    [
        ([0.0, 0.3, 0.1], 1),
        ([0.2, 0.2, 0.1], 0),
        ([0.2 * (1 - 1e-12), 0.2, 0.1], 0),  # a tie up to rounding
        ([0.2 * (1 - 1e-6), 0.2, 0.1], 1),
        ([0.0, 0.0, 0.0], 0),
        ([1.0, np.inf, 2.0], 1),
    ],
)
def test_all_weight_on_the_state_that_is_charged_most(charge, worst):
    rule = distributions.worst_state(GAMES["tabular"])
    np.testing.assert_array_equal(rule(None, np.array(charge)), np.eye(3)[worst])


@pytest.mark.parametrize("charge", [[], [[0.1, 0.3]]])
def test_a_charge_is_one_number_for_each_state(charge):
    with pytest.raises(ValueError, match=r"^charge has shape .*, expected \(states,\), at least"):
        distributions.point_mass_on_worst(None, charge)
