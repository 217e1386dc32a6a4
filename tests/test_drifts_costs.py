"""Risk and memory: units, parameters, and the bill that the budget bounds."""

import numpy as np
import pytest
from oracles import random_rows

from mirrorbook.drifts import Memory, Risk


def test_risk_is_the_squared_increase():
    rng = np.random.default_rng(0)
    new, old, cost = random_rows(rng, 20, 4), random_rows(rng, 20, 4), rng.normal(size=(20, 4))
    for s, value in enumerate(Risk(cost).value(new, old)):
        before, after = old[s] @ cost[s], new[s] @ cost[s]
        assert value == pytest.approx(max(after - before, 0) ** 2, rel=1e-12, abs=1e-15)


def test_risk_of_an_action_may_be_the_same_in_all_states():
    rng = np.random.default_rng(1)
    new, old, cost = random_rows(rng, 6, 4), random_rows(rng, 6, 4), rng.normal(size=4)
    everywhere = Risk(np.tile(cost, (6, 1)))
    np.testing.assert_array_equal(Risk(cost).value(new, old), everywhere.value(new, old))
    np.testing.assert_array_equal(Risk(cost).gradient(new, old), everywhere.gradient(new, old))


def test_risk_at_some_states():
    rng = np.random.default_rng(2)
    new, old, cost = random_rows(rng, 6, 4), random_rows(rng, 6, 4), rng.normal(size=(6, 4))
    some = np.array([0, 3, 5])
    there = (2 * Risk(cost)).at(some)
    assert there == 2 * Risk(cost[some])
    np.testing.assert_array_equal(
        there.value(new[some], old[some]), 2 * Risk(cost).value(new, old)[some]
    )
    assert Risk(cost[0]).at(some) == Risk(cost[0])


def test_risk_is_a_value_that_does_not_change():
    cost = np.array([1.0, 0.0])
    drift = Risk(cost)
    cost[0] = 5
    assert drift == Risk([1, 0]) and hash(drift) == hash(Risk([1, 0])) and drift != Risk([0, 1])
    assert drift.cost == (1.0, 0.0)


@pytest.mark.parametrize(
    "cost, error, message",
    [
        ([1, np.nan], ValueError, r"^cost\[1\] is nan, not a finite number"),
        (3.0, ValueError, r"^cost has shape \(\), expected \(A,\) or \(S, A\)"),
        (np.zeros((2, 2, 2)), ValueError, r"^cost has shape \(2, 2, 2\), expected \(A,\) or"),
        (["a"], TypeError, "^cost must hold real numbers"),
        ([[1], [1, 2]], ValueError, "^cost is not rectangular"),
    ],
)
def test_malformed_costs(cost, error, message):
    with pytest.raises(error, match=message):
        Risk(cost)


def test_costs_of_another_policy_are_refused():
    rows = np.full((3, 2), 0.5)
    for cost in (np.zeros(3), np.zeros((2, 2))):
        with pytest.raises(ValueError, match=r"^cost has shape .*, the policy \(3, 2\)"):
            Risk(cost).value(rows, rows)


def test_memory_counts_bits():
    """Moving two probabilities by 1023 resolutions each: log2(1023) bits each, and next to 1e-6."""
    old, new = np.array([[0.75, 0.25]]), np.array([[0.25, 0.75]])
    bits = Memory(0.5 / 1023).value(new, old)
    assert bits == pytest.approx([2 * np.log2(1023)], abs=2e-6)


def test_memory_of_moves_below_the_resolution_is_next_to_nothing():
    old, new = np.array([[0.5, 0.5]]), np.array([[0.501, 0.499]])
    assert Memory(0.1).value(new, old) == pytest.approx([1e-4 / np.log(2)], rel=1e-4)


@pytest.mark.parametrize("resolution", [0, 1, -0.1, 1e-17])
def test_malformed_resolutions(resolution):
    with pytest.raises(ValueError, match="^resolution is .*, expected a number between 1e-16 and"):
        Memory(resolution)
