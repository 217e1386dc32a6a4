"""The neighbourhoods that break one hypothesis each, and that they break no other."""

import numpy as np
import pytest
from oracles import random_rows

from mirrorbook.drifts import total_variation
from mirrorbook.neighbourhoods import CoupledMoves, Standstill, VanishingBall

EVEN = np.ones(2) / 2


def two_rows(p, q):
    return np.array([[p, 1 - p], [q, 1 - q]])


def by_definition(new, old, slack):
    """| |d1| - |d2| | <= slack (1 - max(|d1|, |d2|)), d the changes of the first action."""
    one, other = (abs(new[s, 0] - old[s, 0]) for s in (0, 1))
    return abs(one - other) <= slack * (1 - max(one, other))


def test_coupled_moves_by_definition():
    rng = np.random.default_rng(0)
    answers = []
    for _ in range(400):
        new, old = two_rows(*rng.random(2)), two_rows(*rng.random(2))
        answers.append(CoupledMoves(slack=0.4).contains(new, old, EVEN))
        assert answers[-1] == by_definition(new, old, 0.4)
    assert 40 < sum(answers) < 360


def test_coupled_moves_contain_a_ball_of_the_stated_radius_and_no_larger_one():
    rng = np.random.default_rng(1)
    tied, ball = CoupledMoves(slack=0.2), 0.2 / 1.2
    for _ in range(300):
        old, new = random_rows(rng, 2, 3), random_rows(rng, 2, 3)
        new = old + (new - old) * min(1, ball / total_variation(new, old).max())
        assert tied.measure(new, old, EVEN) <= 0.2 + 1e-12
    old, new = two_rows(0.0, 0.5), two_rows(ball + 1e-9, 0.5)
    assert not tied.contains(new, old, EVEN)


def test_coupled_moves_contain_the_segment_to_each_of_their_policies():
    rng = np.random.default_rng(2)
    tied = CoupledMoves(slack=0.3)
    found = 0
    for _ in range(300):
        old, new = random_rows(rng, 2, 2), random_rows(rng, 2, 2)
        if tied.contains(new, old, EVEN):
            found += 1
            for share in (0.1, 0.5, 0.9):
                assert tied.measure(old + share * (new - old), old, EVEN) <= 0.3 + 1e-12
    assert found > 20


def test_coupled_moves_are_not_closed_under_resets():
    tied = CoupledMoves(slack=0.2)
    old, new = two_rows(1, 0), two_rows(0, 1)
    assert tied.contains(new, old, EVEN)
    assert not tied.contains(two_rows(0, 0), old, EVEN)
    assert not tied.contains(two_rows(1, 1), old, EVEN)


def test_other_rows_are_free():
    tied = CoupledMoves(states=(0, 2), slack=0.2)
    old = np.eye(3)
    assert tied.contains(np.eye(3)[[0, 2, 2]], old, np.ones(3) / 3)
    assert not tied.contains(np.eye(3)[[1, 1, 2]], old, np.ones(3) / 3)


def test_the_radius_is_a_share_of_the_way_to_the_target():
    ball = VanishingBall([[0.7, 0.3], [0.7, 0.3]], share=0.25)
    assert ball.radius(two_rows(0.5, 0.6)) == pytest.approx(0.05, rel=1e-14)
    assert ball.radius(np.array(ball.target)) == 0
    old = two_rows(0.5, 0.6)
    assert ball.contains(two_rows(0.54, 0.56), old, EVEN)
    assert not ball.contains(two_rows(0.5, 0.66), old, EVEN)


@pytest.mark.parametrize("free", [False, True])
def test_at_the_target_there_is_nothing_or_everything(free):
    ball = VanishingBall([[0.8, 0.2]], free_at_target=free)
    target, one = np.array([[0.8, 0.2]]), np.ones(1)
    assert ball.contains(target, target, one)
    assert ball.contains(np.array([[0.0, 1.0]]), target, one) is free
    nearby = np.array([[0.8 - 1e-9, 0.2 + 1e-9]])
    assert not ball.contains(np.array([[0.0, 1.0]]), nearby, one)


def test_at_a_standstill_only_the_old_policy_is_inside():
    old = two_rows(0.5, 0.5)
    assert Standstill().contains(old.copy(), old, EVEN) is True
    assert Standstill().contains(two_rows(0.5, np.nextafter(0.5, 1)), old, EVEN) is False
    assert Standstill().measure(two_rows(0.2, 0.5), old, EVEN) == 1


def test_they_are_values():
    assert CoupledMoves([0, 1], 0.2) == CoupledMoves() != CoupledMoves((1, 0))
    assert hash(VanishingBall([[1, 0]])) == hash(VanishingBall(np.array([[1.0, 0.0]])))
    assert VanishingBall([[1, 0]]) != VanishingBall([[1, 0]], free_at_target=True)
    assert Standstill() == Standstill()


@pytest.mark.parametrize(
    "build, error, message",
    [
        (lambda: CoupledMoves((1, 1)), ValueError, r"^states is \(1, 1\), expected two different"),
        (lambda: CoupledMoves((0, 1, 2)), ValueError, r"^states is .* the indices of two states"),
        (lambda: CoupledMoves((0, -1)), ValueError, r"^states is .* the indices of two states"),
        (lambda: CoupledMoves((0, 0.5)), ValueError, r"^states is .* the indices of two states"),
        (
            lambda: CoupledMoves((0, 2)).measure([[1, 0]] * 2, [[1, 0]] * 2, EVEN),
            ValueError,
            r"^states is \(0, 2\), but there are 2 states",
        ),
        (lambda: CoupledMoves("ab"), TypeError, r"^states must hold real numbers"),
        (lambda: CoupledMoves(slack=0), ValueError, r"^slack is 0\.0, expected a positive number"),
        (lambda: VanishingBall([[0.5, 0.4]]), ValueError, r"^target\[0\] is not a probability"),
        (lambda: VanishingBall([0.5, 0.5]), ValueError, r"^target has shape \(2,\)"),
        (lambda: VanishingBall([[1, 0]], 1), ValueError, r"^share is 1\.0, expected a number betw"),
        (lambda: VanishingBall([[1, 0]], "x"), TypeError, r"^share must be one real number"),
    ],
)
def test_malformed(build, error, message):
    with pytest.raises(error, match=message):
        build()
