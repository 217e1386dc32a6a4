"""Neighbourhoods: how far a move is, summed state by state, and who is inside."""

import math
from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles import COSTS, random_rows
from strategies import row_pairs, rows

from mirrorbook import (
    AllPolicies,
    AverageBall,
    KLNewOld,
    KLOldNew,
    L2Squared,
    StatewiseBall,
    TVSquared,
    Zero,
)

BALLS = [AverageBall, StatewiseBall]
DISTANCES = [Zero(), KLOldNew(), 2 * KLNewOld(), L2Squared(), 0.5 * TVSquared()]
every_ball = pytest.mark.parametrize("ball", BALLS)
every_distance = pytest.mark.parametrize("distance", DISTANCES, ids=repr)


def measured_by_loops(ball, distance, new, old, weights):
    """The average, or the largest, of what each state's row covers."""
    cost = COSTS[type(distance).__name__]
    covered = [distance.scale * cost(*pair) for pair in zip(new, old, strict=True)]
    if ball is StatewiseBall:
        return max(covered)
    return math.fsum(w * d for w, d in zip(weights, covered, strict=True) if w > 0)


@st.composite
def weighted_pairs(draw):
    """New and old rows, and weights of their states, some of them zero."""
    new, old = draw(row_pairs())
    return new, old, draw(rows((1, len(old))))[0]


@every_ball
@every_distance
@given(drawn=weighted_pairs())
def test_measures_are_averages_and_maxima(ball, distance, drawn):
    new, old, weights = drawn
    expected = measured_by_loops(ball, distance, new, old, weights)
    measure = ball(distance, 1.0).measure(new, old, weights)
    assert type(measure) is float
    assert measure == pytest.approx(expected, rel=1e-14, abs=1e-14)
    assert ball(distance, 1.0).measure(old, old, weights) == 0


@every_ball
@every_distance
def test_who_is_inside_depends_on_the_radius_to_the_last_digit(ball, distance):
    rng = np.random.default_rng(0)
    old = rng.dirichlet(np.ones(3), size=4)
    new = 0.5 * old + 0.5 * rng.dirichlet(np.ones(3), size=4)
    weights = rng.dirichlet(np.ones(4))
    measure = ball(distance, 1.0).measure(new, old, weights)
    radius = measure or 1e-300  # of Zero, whose balls hold every policy
    assert ball(distance, radius).contains(new, old, weights) is True
    below = np.nextafter(radius, 0)
    assert ball(distance, below).contains(new, old, weights) is isinstance(distance, Zero)


def test_an_average_lets_one_state_go_far_where_a_limit_for_each_does_not():
    old = np.full((4, 2), 0.5)
    new = old.copy()
    new[0] = [0.9, 0.1]
    weights = np.array([0.1, 0.3, 0.3, 0.3])
    average, statewise = (ball(TVSquared(), 0.05) for ball in BALLS)
    assert average.measure(new, old, weights) == pytest.approx(0.016, rel=1e-14)
    assert statewise.measure(new, old, weights) == pytest.approx(0.16, rel=1e-14)
    assert average.contains(new, old, weights)
    assert not statewise.contains(new, old, weights)


@given(weighted_pairs(), st.sampled_from(DISTANCES))
def test_inside_for_every_state_is_inside_on_average(drawn, distance):
    average, statewise = (ball(distance, 1.0).measure(*drawn) for ball in BALLS)
    assert average <= statewise * (1 + 1e-14)  # rounding of the sum of the weights


@pytest.mark.parametrize("distance", [KLOldNew(), KLNewOld()], ids=repr)
def test_an_infinite_distance_counts_unless_its_state_has_no_weight(distance):
    old = np.array([[0.5, 0.5], [1.0, 0.0]])
    new = np.array([[0.5, 0.5], [0.0, 1.0]])
    average, statewise = (ball(distance, 1.0) for ball in BALLS)
    assert average.measure(new, old, np.array([0.5, 0.5])) == np.inf
    assert average.measure(new, old, np.array([1.0, 0.0])) == 0
    assert average.contains(new, old, np.array([1.0, 0.0]))
    assert statewise.measure(new, old, np.array([1.0, 0.0])) == np.inf
    assert not statewise.contains(new, old, np.array([1.0, 0.0]))


def test_weights_do_not_matter_to_a_limit_for_each_state():
    rng = np.random.default_rng(1)
    new, old = random_rows(rng, 5, 3), random_rows(rng, 5, 3)
    ball = StatewiseBall(L2Squared(), 0.1)
    measures = {ball.measure(new, old, np.eye(5)[s]) for s in range(5)}
    assert measures == {L2Squared().value(new, old).max()}


@given(weighted_pairs())
def test_no_policy_is_too_far_from_any_other(drawn):
    assert AllPolicies().measure(*drawn) == 0
    assert AllPolicies().contains(*drawn) is True


@every_ball
@pytest.mark.parametrize(
    "distance, radius, error, message",
    [
        (KLOldNew(), 0, ValueError, r"^radius is 0\.0, expected a positive number"),
        (KLOldNew(), -0.05, ValueError, r"^radius is -0\.05, expected a positive number"),
        (KLOldNew(), np.inf, ValueError, r"^radius is inf, not a finite number"),
        (KLOldNew(), np.nan, ValueError, r"^radius is nan, not a finite number"),
        (KLOldNew(), "0.05", TypeError, r"^radius must be one real number, found '0\.05'"),
        (KLOldNew(), True, TypeError, r"^radius must be one real number, found True"),
        (KLOldNew(), None, TypeError, r"^radius must be one real number, found None"),
        (KLOldNew(), [0.05], TypeError, r"^radius must be one real number, found \[0\.05\]"),
        (KLOldNew, 0.05, TypeError, r"^distance must be a drift, found type"),
        ("KL", 0.05, TypeError, r"^distance must be a drift, found str"),
        (0.05, KLOldNew(), TypeError, r"^distance must be a drift, found float"),
    ],
    ids=repr,
)
def test_malformed(ball, distance, radius, error, message):
    with pytest.raises(error, match=message) as info:
        ball(distance, radius)
    assert info.type is error


@every_ball
def test_balls_are_frozen_values(ball):
    one = ball(KLOldNew(), np.float32(0.5))
    assert type(one.radius) is float
    assert one == ball(1 * KLOldNew(), 0.5) != ball(2 * KLOldNew(), 0.5)
    assert hash(one) == hash(ball(KLOldNew(), 0.5))
    assert replace(one, radius=1).radius == 1.0
    with pytest.raises(FrozenInstanceError):
        one.radius = 1.0


def test_the_two_balls_are_told_apart():
    assert AverageBall(KLOldNew(), 0.5) != StatewiseBall(KLOldNew(), 0.5)
    assert AllPolicies() == AllPolicies()
