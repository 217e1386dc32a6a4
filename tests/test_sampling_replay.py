"""The replay buffer, and the means of its three denominators summed over all possible contents."""

from itertools import product

import numpy as np
import pytest

from mirrorbook import Zero, games, policies
from mirrorbook.sampling import Batch, ReplayBuffer, draw_batch, estimate, expected_value
from mirrorbook.sampling.estimators import balance

OLD = np.array([[0.5, 0.5], [0.5, 0.5]])
STORED = np.array([[[0.75, 0.25], [0.6, 0.4]], [[0.25, 0.75], [0.1, 0.9]]])
NEW, Q = np.array([[1.0, 0.0], [0.3, 0.7]]), np.array([[1.0, 5.0], [2.0, -1.0]])
STATES = ([0, 0, 1], [0, 1])  # of what policy 0 and policy 1 stored


def buffer_of(actions, capacity=9):
    """The buffer with these actions in the states above, and its probability."""
    buffer, chance, start = ReplayBuffer(capacity), 1.0, 0
    for pi, states in zip(STORED, STATES, strict=True):
        s, a = np.array(states), np.array(actions[start : start + len(states)])
        buffer.add(Batch(s, a, pi[s, a]), pi)
        chance *= pi[s, a].prod()
        start += len(states)
    return buffer, chance


def mean_of(denominator):
    total = 0.0
    for actions in product((0, 1), repeat=5):
        buffer, chance = buffer_of(actions)
        total += chance * estimate(buffer.contents(denominator), NEW, OLD, Q, Zero()).value
    return total


def test_own_and_balance_have_the_right_mean_and_unconditional_has_not():
    states = sum(STATES, [])
    truth = np.mean([(NEW[s] * Q[s]).sum() for s in states])
    assert mean_of("own") == pytest.approx(truth, rel=1e-12)
    assert mean_of("balance") == pytest.approx(truth, rel=1e-12)
    wrong = balance(STORED, np.array([[0.6, 0.6], [0.4, 0.4]]))
    h = np.array([[2 / 3, 1 / 2], [1 / 3, 1 / 2]])
    expected = np.array([0.6, 0.4]) @ expected_value(NEW, Q, STORED, h, wrong)
    assert mean_of("unconditional") == pytest.approx(expected, rel=1e-12)
    assert abs(expected - truth) > 0.01


def test_probabilities_are_those_of_the_policy_that_stored_the_pair():
    buffer, _ = buffer_of((0, 1, 1, 0, 1))
    own, both = buffer.contents(), buffer.contents("balance")
    assert own.states.tolist() == [0, 0, 1, 0, 1]
    assert own.actions.tolist() == [0, 1, 1, 0, 1]
    assert own.probabilities.tolist() == [0.75, 0.25, 0.4, 0.25, 0.9]
    h0, h1 = np.array([2 / 3, 1 / 3]), np.array([1 / 2, 1 / 2])
    expected = [h0 @ [0.75, 0.25], h0 @ [0.25, 0.75], h1 @ [0.4, 0.9], h0 @ [0.75, 0.25]]
    np.testing.assert_allclose(both.probabilities, [*expected, h1 @ [0.4, 0.9]], rtol=1e-15)
    np.testing.assert_allclose(buffer.shares(), np.stack([h0, h1], axis=1))


def test_first_in_first_out():
    buffer, _ = buffer_of((0, 1, 1, 0, 1), capacity=4)
    assert buffer.contents().actions.tolist() == [1, 1, 0, 1]
    assert len(buffer) == 4 and len(buffer.policies) == 2
    buffer, _ = buffer_of((0, 1, 1, 0, 1), capacity=2)
    assert buffer.contents().probabilities.tolist() == [0.25, 0.9]
    np.testing.assert_array_equal(buffer.policies, STORED[1:])
    assert buffer.shares().tolist() == [[1, 1]]
    buffer.add(Batch(np.array([0]), np.array([0]), np.array([0.75])), STORED[0])
    assert buffer.contents().probabilities.tolist() == [0.9, 0.75]
    assert buffer.shares().tolist() == [[0, 1], [1, 0]]


def test_samples_come_from_the_contents():
    buffer, _ = buffer_of((0, 1, 1, 0, 1))
    sample = buffer.sample(20_000, np.random.default_rng(0))
    stored = {(0, 0, 0.75): 1, (0, 1, 0.25): 1, (1, 1, 0.4): 1, (0, 0, 0.25): 1, (1, 1, 0.9): 1}
    drawn = list(zip(sample.states, sample.actions, sample.probabilities, strict=True))
    for pair in stored:
        share = drawn.count(pair) / len(drawn)
        assert abs(share - 0.2) <= 5 * np.sqrt(0.2 * 0.8 / len(drawn))
    assert set(drawn) == set(stored)


def test_estimates_from_a_buffer_find_the_truth():
    """Many batches of two policies: within 5 standard errors with the right denominators only."""
    mdp, rng = games.single_step((1.0, 0.0)), np.random.default_rng(1)
    buffer, q, new = ReplayBuffer(40_000), mdp.r, np.array([[0.9, 0.1], [0.5, 0.5]])
    visits = ([0.9, 0.1], [0.1, 0.9])
    for pi, beta in zip(STORED, visits, strict=True):
        buffer.add(draw_batch(mdp, pi, beta, 20_000, rng), pi)
    truth = 0.5 * 0.9
    for denominator, right in (("own", True), ("balance", True), ("unconditional", False)):
        found = estimate(buffer.contents(denominator), new, new, q, Zero())
        assert (abs(found.value - truth) <= 5 * found.standard_error) == right


def test_bad_input_is_refused():
    mdp = games.single_step((1.0, 0.0))
    pi, rng = policies.uniform(mdp), np.random.default_rng(0)
    batch = draw_batch(mdp, pi, [1.0, 0.0], 3, rng)
    buffer = ReplayBuffer(4)
    with pytest.raises(ValueError, match="the buffer is empty"):
        buffer.sample(1, rng)
    with pytest.raises(ValueError, match="the buffer is empty"):
        buffer.contents()
    with pytest.raises(ValueError, match=r"batch.probabilities\[0\] is 0.5, but pi has 0"):
        buffer.add(batch, STORED[0])
    with pytest.raises(ValueError, match="not a probability vector"):
        buffer.add(batch, [[0.5, 0.6], [0.5, 0.5]])
    buffer.add(batch, pi)
    with pytest.raises(ValueError, match="pi has shape"):
        buffer.add(batch, np.full((3, 2), 0.5))
    with pytest.raises(ValueError, match="denominator is 'mean', expected one of 'own', 'balance'"):
        buffer.sample(1, rng, "mean")
    with pytest.raises(TypeError, match="rng"):
        buffer.sample(1, 0)
    with pytest.raises(ValueError, match="capacity is 0"):
        ReplayBuffer(0)
    assert repr(buffer) == "ReplayBuffer(3 of 4 pairs, of 1 policies)"
