"""Sums of drifts."""

import numpy as np
import pytest
from oracles import random_rows

from mirrorbook.drifts import (
    KLNewOld,
    KLOldNew,
    L2Squared,
    Memory,
    PPOClip,
    Risk,
    Sum,
    TotalVariation,
    TVSquared,
    Zero,
)


def test_sums_add_values_slopes_and_kinks():
    rng = np.random.default_rng(0)
    new, old, adv = random_rows(rng, 12, 3), random_rows(rng, 12, 3), rng.normal(size=(12, 3))
    new[:, 0] = old[:, 0]
    parts = (L2Squared(), 3 * TVSquared(), PPOClip(), KLNewOld())
    both = parts[0] + parts[1] + parts[2] + parts[3]
    assert both == Sum(parts)
    for verb in ("value", "gradient", "slack"):
        expected = sum(getattr(part, verb)(new, old, adv) for part in parts)
        np.testing.assert_array_equal(getattr(both, verb)(new, old, adv), expected)
        doubled = getattr(2 * both, verb)(new, old, adv)
        np.testing.assert_array_equal(doubled, 2 * expected)


def test_sums_of_sums_are_flat():
    nested = 2 * (L2Squared() + 3 * KLOldNew()) + TVSquared()
    assert nested == Sum((2 * L2Squared(), 6 * KLOldNew(), TVSquared()))
    assert 2 * nested != nested


def test_parts_of_scale_zero_do_not_count():
    here, there = np.eye(2), np.eye(2)[::-1]
    drift = L2Squared() + 0 * KLOldNew()
    np.testing.assert_array_equal(drift.value(here, there), [2, 2])
    assert drift.valid_on_boundary and drift.separable
    assert not (Zero() + 0 * KLOldNew()).positive


@pytest.mark.parametrize(
    "drift, true, false",
    [
        (Zero() + L2Squared(), "valid_inside valid_on_boundary positive convex separable", ""),
        (L2Squared() + KLOldNew(), "valid_inside positive convex separable", "valid_on_boundary"),
        (TVSquared() + Memory(), "valid_on_boundary positive", "convex separable needs_adv"),
        (Zero() + Risk([1.0, 0.0]), "valid_on_boundary convex", "positive separable"),
        (Zero() + PPOClip(), "needs_adv valid_inside separable", "positive valid_on_boundary"),
        (L2Squared() + TotalVariation(), "convex separable", "valid_inside valid_on_boundary"),
    ],
)
def test_claims_of_sums_follow_from_those_of_the_parts(drift, true, false):
    for trait in true.split():
        assert getattr(drift, trait) is True
    for trait in false.split():
        assert getattr(drift, trait) is False


def test_sums_at_some_states():
    cost = np.array([[1.0, 0.0], [0.0, 1.0]])
    assert (L2Squared() + Risk(cost)).at([1]) == L2Squared() + Risk(cost[[1]])


def test_sums_that_need_advantages_say_so():
    rows = np.full((1, 2), 0.5)
    with pytest.raises(ValueError, match="^adv is None, but Sum needs"):
        (L2Squared() + PPOClip()).value(rows, rows)


def test_malformed_sums():
    with pytest.raises(ValueError, match="^parts is empty"):
        Sum(())
    with pytest.raises(TypeError, match=r"^parts\[1\] must be a Drift, found float"):
        Sum((L2Squared(), 2.0))
    with pytest.raises(TypeError, match="unsupported operand"):
        L2Squared() + 1
