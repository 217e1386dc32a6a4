"""Updates of some of the states only."""

import numpy as np

from mirrorbook import AllPolicies, L2Squared, distributions
from mirrorbook.drifts import Risk
from mirrorbook.neighbourhoods import Soft
from mirrorbook.updates import UpdateProblem
from mirrorbook.updates.sampled import lower_bound, row_problem, sampled_part, spread_out

OLD = np.array([[0.5, 0.5], [0.2, 0.8], [1.0, 0.0]])
ADV = np.array([[1.0, -1.0], [0.8, -0.2], [0.0, 3.0]])
BETA, NU = np.array([0.25, 0.0, 0.75]), np.array([0.5, 0.0, 0.5])
PROBLEM = UpdateProblem(ADV, OLD, L2Squared(), AllPolicies(), BETA, NU)


def test_there_and_back():
    part = sampled_part(PROBLEM)
    np.testing.assert_array_equal(part.adv, ADV[[0, 2]])
    np.testing.assert_array_equal(part.nu, [0.5, 0.5])
    moved = np.array([[1.0, 0.0], [0.0, 1.0]])
    whole = spread_out(moved, PROBLEM)
    np.testing.assert_array_equal(whole, [[1, 0], [0.2, 0.8], [0, 1]])
    assert part.objective(moved) == PROBLEM.objective(whole)


def test_every_state_keeps_its_own_price():
    prices = np.array([[1.0, 0.0], [5.0, 7.0], [0.0, 3.0]])
    problem = UpdateProblem(ADV, OLD, Risk(prices), AllPolicies(), BETA, NU)
    assert sampled_part(problem).drift == Risk(prices[[0, 2]])


def test_a_rule_stays_a_rule():
    rule = distributions.worst_state(None)
    worst = UpdateProblem(ADV, OLD, L2Squared(), AllPolicies(), BETA, rule)
    assert sampled_part(worst).nu is rule


def test_one_row_is_worth_its_share():
    moved = OLD.copy()
    moved[2] = [0.5, 0.5]
    row = row_problem(PROBLEM, 2, AllPolicies())
    assert BETA[2] * row.objective(moved[[2]]) == PROBLEM.objective(moved)


def test_lower_bound():
    np.testing.assert_array_equal(lower_bound(Soft(0.1), (1, 2)), [[0.1, 0.1]])
    np.testing.assert_array_equal(lower_bound(AllPolicies(), (1, 2)), [[0, 0]])
