"""The bound of trust-region learning, by brute force and by closed forms."""

import numpy as np
import pytest

from mirrorbook import MDP, evaluate, expected_return, games, policies
from mirrorbook.random_mdps import random_mdp
from mirrorbook.trust_regions import (
    CONSTANTS,
    Direction,
    gain,
    random_walk,
    surrogate_gain,
)

VALID = ("paper", "half", "better")


def directions(n=6):
    rng = np.random.default_rng(11)
    for gamma in (0.1, 0.5, 0.9, 0.99):
        for _ in range(n):
            mdp = random_mdp(rng, gamma=gamma)
            old, target = (policies.random_policy(mdp, rng, 0.5) for _ in range(2))
            yield Direction(mdp, old, target)


def lean(gamma, **given):
    mdp = random_walk(gamma, **given)
    to_the_right = policies.deterministic(mdp, [1] * mdp.n_states)
    return Direction(mdp, policies.uniform(mdp), to_the_right)


def test_the_gain_is_the_difference_of_the_returns():
    for way in directions():
        for t in (0.01, 0.3, 1.0):
            new = way.policy(t)
            difference = expected_return(way.mdp, new) - expected_return(way.mdp, way.old)
            assert gain(way.mdp, new, way.old) == pytest.approx(difference, abs=1e-10)
            assert way.gain(t) == pytest.approx(difference, abs=1e-10)


def test_who_stays_gains_nothing_not_even_a_rounding():
    for way in directions():
        assert gain(way.mdp, way.old, way.old) == surrogate_gain(way.mdp, way.old, way.old) == 0


def test_the_surrogate_is_linear_and_tangent():
    for way in directions():
        assert way.surrogate(0.3) == pytest.approx(
            surrogate_gain(way.mdp, way.policy(0.3), way.old), abs=1e-11
        )
        step = 1e-6
        assert way.gain(step) / step == pytest.approx(way.surrogate(1.0), rel=1e-2, abs=1e-3)


@pytest.mark.parametrize("constant", VALID)
def test_the_bounds_hold(constant):
    for way in directions():
        for t in (1e-3, 0.1, 0.9):
            assert way.guaranteed(t, constant) <= way.gain(t) + 1e-12


def test_what_one_constant_is_to_another():
    for gamma in (0.0, 0.3, 0.5, 0.7, 0.999):
        paper, half, better, mixed = (CONSTANTS[name](gamma) for name in (*VALID, "mixed"))
        assert half == paper / 2 and mixed == pytest.approx((1 - gamma) * paper)
        assert better <= half and (better < half) == (gamma > 0.5)


def test_the_full_way_to_a_vertex_is_guaranteed_nothing():
    assert lean(0.9).guaranteed(1.0) == -np.inf


@pytest.mark.parametrize("gamma", [0.5, 0.86, 0.87, 0.9, 0.99])
def test_the_walk_needs_its_closed_form(gamma):
    way, t = lean(gamma), 1e-4
    needed = (way.surrogate(t) - way.gain(t)) / way.moved(t)
    assert needed == pytest.approx(2 * gamma / ((1 - gamma) * np.sqrt(1 - gamma**2)), rel=1e-5)
    assert all(CONSTANTS[name](gamma) >= needed for name in VALID)
    assert (CONSTANTS["mixed"](gamma) < needed) == (gamma > np.sqrt(3) / 2)


def test_the_walk_is_fair_to_the_coin():
    mdp = random_walk(0.95, reach=4)
    values = evaluate(mdp, policies.uniform(mdp))
    np.testing.assert_array_equal(values.v, 0)
    np.testing.assert_array_equal(values.adv, mdp.r)
    assert mdp.state_names == ("-4", "-3", "-2", "-1", "0", "1", "2", "3", "4") and mdp.d0[4] == 1
    assert mdp.action_names == ("left", "right")


@pytest.mark.parametrize("reach", [0, -1, 1.5])
def test_a_walk_needs_room(reach):
    with pytest.raises((TypeError, ValueError), match="reach"):
        random_walk(reach=reach)


def test_a_direction_joins_two_policies_of_its_game():
    mdp = games.tabular()
    good, bad = policies.uniform(mdp), np.ones((7, 3))
    with pytest.raises(ValueError, match="target"):
        Direction(mdp, good, bad)
    with pytest.raises(ValueError, match="old"):
        gain(mdp, good, bad)


def test_where_the_constant_is_zero_nothing_is_taken_away():
    mdp = games.single_step()  # gamma = 0, and the way ends where four arms are dropped
    way = Direction(mdp, policies.uniform(mdp), policies.deterministic(mdp, [0, 0]))
    assert way.moved(1.0) == np.inf
    assert way.guaranteed(1.0) == way.surrogate(1.0) == pytest.approx(6.8)


def test_a_guarantee_is_in_units_of_reward():
    for way in directions(2):
        mdp = way.mdp
        trebled = Direction(MDP(mdp.P, 3 * mdp.r, mdp.gamma, mdp.d0), way.old, way.target)
        assert trebled.guaranteed(0.1) == pytest.approx(3 * way.guaranteed(0.1), rel=1e-9)


def test_a_way_has_two_ends():
    way = lean(0.5, reach=2)
    np.testing.assert_array_equal(way.policy(0), way.old)
    np.testing.assert_array_equal(way.policy(1), way.target)
    for t in (-0.1, 1.1):
        with pytest.raises(ValueError, match=f"^t is {t}, expected 0 <= t <= 1"):
            way.surrogate(t)
    with pytest.raises(TypeError, match="^t must be one real number"):
        way.policy("0.5")
