"""Soft policies, products and intersections: who is inside, against loops and each other."""

from dataclasses import FrozenInstanceError

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles import random_rows
from strategies import row_pairs

from mirrorbook.drifts import KLOldNew, L2Squared, PPOClip, TVSquared
from mirrorbook.neighbourhoods import (
    AllPolicies,
    AverageBall,
    CoupledMoves,
    Intersection,
    Neighbourhood,
    Product,
    Soft,
    StatewiseBall,
)

SMALL, WIDE = StatewiseBall(TVSquared(), 0.01), StatewiseBall(TVSquared(), 0.3)


def even(rows):
    return np.full(len(rows), 1 / len(rows))


def test_soft_policies_keep_mu_for_every_action_to_the_last_digit():
    old = np.array([[1.0, 0.0], [0.0, 1.0]])
    new = np.array([[0.9, 0.1], [0.25, 0.75]])
    assert Soft(0.1).contains(new, old, even(new)) is True
    assert Soft(np.nextafter(0.1, 1)).contains(new, old, even(new)) is False
    assert Soft(0).contains(old, new, even(new)) is True
    assert not Soft(1e-300).contains(old, new, even(new))


@given(row_pairs(interior=True), st.sampled_from([0.0, 0.01, 0.2]))
def test_soft_policies_do_not_depend_on_the_old_policy(pair, mu):
    new, old = pair
    if mu * new.shape[1] <= 1:
        inside = all(p >= mu for row in new for p in row)
        assert Soft(mu).contains(new, old, even(new)) == inside
        assert Soft(mu).contains(new, new, even(new)) == inside


def test_one_row_is_soft_to_the_end_and_none_is_softer():
    row = np.full((1, 4), 0.25)
    assert Soft(0.25).contains(row, row, np.ones(1))
    with pytest.raises(ValueError, match=r"^mu is 0\.3, but 4 actions share a probability of 1"):
        Soft(0.3).contains(row, row, np.ones(1))
    assert Soft(1).contains(np.ones((2, 1)), np.ones((2, 1)), np.ones(2) / 2)  # a single action


@pytest.mark.parametrize(
    "mu, error, message",
    [
        (-0.1, ValueError, r"^mu is -0\.1, expected 0 <= mu"),
        (1.5, ValueError, r"^mu is 1\.5, expected 0 <= mu"),
        (np.nan, ValueError, r"^mu is nan, not a finite number"),
        ("0.1", TypeError, r"^mu must be one real number"),
    ],
    ids=repr,
)
def test_malformed_softness(mu, error, message):
    with pytest.raises(error, match=message):
        Soft(mu)


@given(row_pairs(), st.sampled_from([SMALL, WIDE, AverageBall(L2Squared(), 0.1), Soft(0.0)]))
def test_a_product_of_one_kind_asks_every_row_for_itself(pair, part):
    new, old = pair
    one = np.ones(1)
    by_rows = all(part.contains(n[None], o[None], one) for n, o in zip(new, old, strict=True))
    assert Product(part).contains(new, old, even(new)) == by_rows
    assert Product([part] * len(new)).contains(new, old, even(new)) == by_rows


@given(row_pairs())
def test_a_statewise_ball_is_the_product_of_its_rows(pair):
    new, old = pair
    assert Product(WIDE).contains(new, old, even(new)) == WIDE.contains(new, old, even(new))


def test_an_average_ball_is_no_product_of_its_rows():
    old = np.array([[1.0, 0.0], [1.0, 0.0]])
    new = np.array([[0.6, 0.4], [1.0, 0.0]])
    ball = AverageBall(TVSquared(), 0.1)
    assert ball.contains(new, old, even(new)) and not Product(ball).contains(new, old, even(new))


def test_each_state_has_its_own_part():
    old = np.array([[1.0, 0.0], [1.0, 0.0], [0.5, 0.5]])
    moved = np.array([[0.5, 0.5], [0.95, 0.05], [0.1, 0.9]])
    parts = [AllPolicies(), SMALL, Soft(0.1)]
    assert Product(parts).contains(moved, old, even(old)) is True
    assert Product(parts).parts == tuple(parts)
    for s, outside in ((1, [0.8, 0.2]), (2, [0.05, 0.95])):
        other = moved.copy()
        other[s] = outside
        assert Product(parts).contains(other, old, even(old)) is False


def test_resetting_a_row_never_leads_out_of_a_product():
    rng = np.random.default_rng(0)
    product = Product([SMALL, WIDE, AllPolicies(), StatewiseBall(KLOldNew(), 0.2)])
    inside = 0
    for _ in range(300):
        old = random_rows(rng, 4, 3)
        new = old + rng.random() * (random_rows(rng, 4, 3) - old)
        if product.contains(new, old, even(old)):
            inside += 1
            for s in range(4):
                reset = new.copy()
                reset[s] = old[s]
                assert product.contains(reset, old, even(old))
    assert inside > 20


def test_parts_for_another_number_of_states_are_refused():
    pi = np.array([[1.0, 0.0]])
    with pytest.raises(ValueError, match=r"^parts has 2 entries, expected 1, one a state"):
        Product([SMALL, WIDE]).contains(pi, pi, np.ones(1))


@given(row_pairs())
def test_an_intersection_holds_what_all_parts_hold(pair):
    new, old = pair
    parts = (WIDE, Soft(0.05), AverageBall(L2Squared(), 0.2))
    expected = all(part.contains(new, old, even(new)) for part in parts)
    assert Intersection(parts).contains(new, old, even(new)) == expected
    assert (WIDE & Soft(0.05) & parts[2]).contains(new, old, even(new)) == expected


def test_the_operator_flattens_and_an_intersection_is_a_value():
    nested = (WIDE & SMALL) & (Soft(0.1) & AllPolicies())
    assert nested == Intersection((WIDE, SMALL, Soft(0.1), AllPolicies()))
    assert hash(nested) == hash(Intersection((WIDE, SMALL, Soft(0.1), AllPolicies())))
    assert nested != SMALL & WIDE
    for combined in (nested, Product([SMALL])):
        with pytest.raises(FrozenInstanceError):
            combined.parts = ()


@pytest.mark.parametrize("kind", [Product, Intersection])
@pytest.mark.parametrize(
    "parts, error, message",
    [
        ([], ValueError, r"^parts is empty, expected at least one neighbourhood"),
        ([SMALL, TVSquared()], TypeError, r"^parts\[1\] must be a neighbourhood, found TVSquared"),
        (0.1, TypeError, r"^parts must be a sequence of neighbourhoods, found float"),
        ("ab", TypeError, r"^parts must be a sequence of neighbourhoods, found str"),
    ],
    ids=repr,
)
def test_malformed_parts(kind, parts, error, message):
    with pytest.raises(error, match=message):
        kind(parts)


def test_a_neighbourhood_meets_only_neighbourhoods():
    with pytest.raises(TypeError, match="unsupported operand"):
        SMALL & 0.1


def test_every_kind_is_a_neighbourhood_and_says_what_it_contains():
    pi = np.array([[0.5, 0.5], [0.5, 0.5]])
    for one in (AllPolicies(), SMALL, Soft(0.1), Product(SMALL), SMALL & WIDE, CoupledMoves()):
        assert isinstance(one, Neighbourhood)
        assert one.contains(pi, pi, even(pi)) is True
    with pytest.raises(NotImplementedError, match=r"^Neighbourhood does not say"):
        Neighbourhood().contains(pi, pi, even(pi))


def test_a_ball_of_a_distance_that_depends_on_the_advantages_is_given_them():
    """The clip of PPO charges 0.4 - 0.3 times the advantage 1 in the second state only."""
    old = np.array([[0.5, 0.5], [0.5, 0.5], [0.5, 0.5]])
    new = np.array([[0.5, 0.5], [0.7, 0.3], [0.9, 0.1]])
    adv = np.array([[1.0, -1.0], [1.0, -1.0], [0.0, 0.0]])
    weights = np.array([0.25, 0.75, 0.0])
    charge = PPOClip(epsilon=0.2).value(new, old, adv)
    assert charge[1] > 0 == charge[0] == charge[2]
    average = AverageBall(PPOClip(epsilon=0.2), 0.1)
    assert average.measure(new, old, weights, adv) == pytest.approx(0.75 * charge[1], rel=1e-14)
    statewise = StatewiseBall(PPOClip(epsilon=0.2), charge[1])
    assert statewise.measure(new, old, weights, adv) == charge[1]
    for one in (statewise, Product(statewise), statewise & Soft(0.1)):
        assert one.contains(new, old, weights, adv)
        assert not one.contains(new, old, weights, 2 * adv)
    with pytest.raises(ValueError, match=r"^adv is None"):
        statewise.contains(new, old, weights)
