"""Policies: the four makers and the check."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from strategies import mdps_with_policies

from mirrorbook import games, policies

ROW = games.tabular(n_states=1)  # three states, three actions
THIRDS = np.full((3, 3), 1 / 3)


def spoilt(index, value):
    pi = THIRDS.copy()
    pi[index] = value
    return pi


def rng():
    return np.random.default_rng(1)


MALFORMED = [
    (lambda: policies.check_policy(THIRDS[:2], ROW), ValueError, r"^pi has shape \(2, 3\), exp"),
    (lambda: policies.check_policy(THIRDS[0], ROW), ValueError, r"^pi has shape \(3,\), expected"),
    (lambda: policies.check_policy([[1], [1, 0]], ROW), ValueError, r"^pi is not rectangular"),
    (lambda: policies.check_policy("pi", ROW), TypeError, r"^pi must hold real numbers, found"),
    (
        lambda: policies.check_policy(spoilt((2, 1), np.nan), ROW, "old"), ValueError,
        r"^old\[2, 1\] is nan, not a finite number",
    ),
    (
        lambda: policies.check_policy(spoilt(1, [0.5, 0.5, 0.5]), ROW), ValueError,
        r"^pi\[1\] is not a probability vector: it sums to 1\.5",
    ),
    (
        lambda: policies.check_policy(spoilt(2, [1, 0.5, -0.5]), ROW), ValueError,
        r"^pi\[2\] is not a probability vector: entry 2 is negative, -0\.5",
    ),
    (
        lambda: policies.deterministic(ROW, [0.0, 1.0, 2.0]), TypeError,
        r"^actions must be integers, found dtype float64",
    ),
    (
        lambda: policies.deterministic(ROW, [True, False, True]), TypeError,
        r"^actions must be integers, found dtype bool",
    ),
    (
        lambda: policies.deterministic(ROW, [0, 1]), ValueError,
        r"^actions has shape \(2,\), expected \(3,\)",
    ),
    (
        lambda: policies.deterministic(ROW, [0, 3, 0]), ValueError,
        r"^actions\[1\] is 3, expected 0 <= action < 3",
    ),
    (
        lambda: policies.deterministic(ROW, [0, 0, -1]), ValueError,
        r"^actions\[2\] is -1, expected 0 <= action < 3",
    ),
    (
        lambda: policies.deterministic(ROW, [[0], [1, 2]]), ValueError,
        r"^actions is not rectangular",
    ),
    (lambda: policies.softmax([1.0, 2.0]), ValueError, r"^logits has shape \(2,\), expected"),
    (lambda: policies.softmax([[]]), ValueError, r"^logits has shape \(1, 0\), expected"),
    (lambda: policies.softmax([[np.inf, 0]]), ValueError, r"^logits\[0, 0\] is inf, not a finite"),
    (
        lambda: policies.random_policy(ROW, 0), TypeError,
        r"^rng must be a numpy\.random\.Generator, found int",
    ),
    (
        lambda: policies.random_policy(ROW, np.random.RandomState(0)), TypeError,
        r"^rng must be a numpy\.random\.Generator, found RandomState",
    ),
    (
        lambda: policies.random_policy(ROW, rng(), 0), ValueError,
        r"^concentration is 0\.0, expected a positive number",
    ),
    (
        lambda: policies.random_policy(ROW, rng(), np.inf), ValueError,
        r"^concentration is inf, not a finite number",
    ),
    (
        lambda: policies.random_policy(ROW, rng(), "1"), TypeError,
        r"^concentration must be one real number, found '1'",
    ),
]  # fmt: skip


@pytest.mark.parametrize("call, error, message", MALFORMED)
def test_malformed(call, error, message):
    with pytest.raises(error, match=message) as info:
        call()
    assert info.type is error


@given(mdps_with_policies())
def test_a_policy_comes_back_as_a_copy_of_its_own(drawn):
    mdp, pi = drawn
    checked = policies.check_policy(pi.tolist(), mdp)
    np.testing.assert_array_equal(checked, pi)
    checked = policies.check_policy(pi, mdp)
    assert checked.flags.writeable
    assert not np.shares_memory(checked, pi)


@pytest.mark.parametrize("n_actions", [1, 2, 5])
def test_uniform_plays_every_action_equally_often(n_actions):
    pi = policies.uniform(games.single_step(np.zeros(n_actions)))
    np.testing.assert_array_equal(pi, np.full((2, n_actions), 1 / n_actions))


def test_deterministic_plays_the_action_it_is_told():
    pi = policies.deterministic(ROW, [2, 0, 1])
    np.testing.assert_array_equal(pi, [[0, 0, 1], [1, 0, 0], [0, 1, 0]])


@given(hnp.arrays(float, (3, 4), elements=st.floats(-30, 30)))
def test_softmax_is_the_ratio_of_exponentials(logits):
    pi = policies.softmax(logits)
    for s, row in enumerate(logits):
        total = math.fsum(math.exp(x) for x in row)
        np.testing.assert_allclose(pi[s], [math.exp(x) / total for x in row], rtol=1e-13)


@given(hnp.arrays(float, (3, 4), elements=st.floats(allow_nan=False, allow_infinity=False)))
def test_softmax_of_any_logits_is_a_policy(logits):
    pi = policies.softmax(logits)
    assert (pi >= 0).all()
    np.testing.assert_allclose(pi.sum(axis=1), 1, rtol=0, atol=1e-15)


@pytest.mark.parametrize("concentration", [1e-300, 1e-3, 0.1, 1, 100, 1e300])
def test_random_policies_are_policies_whatever_the_concentration(concentration):
    mdp = games.gridworld()
    pi = policies.random_policy(mdp, rng(), concentration)
    np.testing.assert_array_equal(policies.check_policy(pi, mdp), pi)


def test_random_policies_depend_on_the_generator_alone():
    mdp = games.gridworld()
    first, again = policies.random_policy(mdp, rng()), policies.random_policy(mdp, rng())
    np.testing.assert_array_equal(first, again)
    generator = rng()
    policies.random_policy(mdp, generator)
    assert (policies.random_policy(mdp, generator) != first).any()


def test_concentration_moves_rows_between_corner_and_centre():
    mdp = games.gridworld()
    largest = [policies.random_policy(mdp, rng(), c).max(axis=1).mean() for c in (0.01, 1, 100)]
    assert largest[0] > 0.95 > 0.6 > largest[1] > 0.45 > 0.35 > largest[2] > 0.25


def test_softmax_of_one_action_and_of_a_gap_beyond_all_floats():
    np.testing.assert_array_equal(policies.softmax([[-3.0], [7.0]]), [[1.0], [1.0]])
    np.testing.assert_array_equal(policies.softmax([[1e308, -1e308]]), [[1.0, 0.0]])
