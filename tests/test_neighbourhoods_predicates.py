"""Neighbourhoods made of a reader's own function."""

import numpy as np
import pytest

from mirrorbook import Algorithm, Zero, distributions
from mirrorbook.drifts import TVSquared
from mirrorbook.neighbourhoods import Predicate, Soft, StatewiseBall, as_neighbourhood


def within(new, old, weights):
    return weights @ np.abs(new - old).sum(axis=1) <= 0.5


OLD = np.array([[0.5, 0.5], [1.0, 0.0]])
NEW = np.array([[0.9, 0.1], [1.0, 0.0]])


def test_the_function_decides_and_sees_the_weights():
    own = as_neighbourhood(within)
    assert own.contains(NEW, OLD, np.array([0.5, 0.5])) is True  # a numpy bool becomes a bool
    assert own.contains(NEW, OLD, np.array([1.0, 0.0])) is False


def test_it_is_a_part_like_any_other():
    own = as_neighbourhood(within) & StatewiseBall(TVSquared(), 0.01)
    assert own.contains(OLD, OLD, np.ones(2) / 2) and not own.contains(NEW, OLD, np.ones(2) / 2)
    assert isinstance(Algorithm(Zero(), own, distributions.uniform), Algorithm)
    assert as_neighbourhood(within) & Soft(0.1) == as_neighbourhood(within) & Soft(0.1)


def test_names():
    assert as_neighbourhood(within).name == "within"
    assert as_neighbourhood(within, "L1 on average") == Predicate(within, "L1 on average")
    assert as_neighbourhood(within) != as_neighbourhood(within, "L1 on average")


@pytest.mark.parametrize("function", [None, 0.5, "within"], ids=repr)
def test_what_cannot_be_called_is_refused(function):
    with pytest.raises(TypeError, match=r"^function must be \(new, old, weights\) -> bool, found"):
        as_neighbourhood(function)


@pytest.mark.parametrize("answer", [None, 1, np.array([True, False]), "yes"], ids=repr)
def test_answers_other_than_true_and_false_are_refused(answer):
    own = as_neighbourhood(lambda new, old, weights: answer)
    with pytest.raises(TypeError, match=r"^function must return True or False, found"):
        own.contains(NEW, OLD, np.ones(2) / 2)
