"""Norms of the move, and what is none of them: their kinks."""

import numpy as np
import pytest
from hypothesis import given
from oracles import total_variation as tv_by_events
from strategies import row_pairs

from mirrorbook.drifts import (
    L1,
    L2Squared,
    LInfSquared,
    NegativeTVSquared,
    TotalVariation,
    TVSquared,
    total_variation,
)


@given(row_pairs())
def test_total_variation_is_the_largest_difference_over_events(pair):
    expected = [tv_by_events(p, q) for p, q in zip(*pair, strict=True)]
    np.testing.assert_allclose(total_variation(*pair), expected, rtol=0, atol=1e-15)


@pytest.mark.parametrize("stayed", [0.3, np.nextafter(0.3, 1)])
@pytest.mark.parametrize(
    "drift, width, slope",
    [
        (TVSquared(), 0.1, 0.1),
        (NegativeTVSquared(), 0.1, -0.1),
        (TotalVariation(), 0.5, 0.5),
        (L1(), 1, 1),
    ],
    ids=lambda value: type(value).__name__,
)
def test_kinks_are_where_an_action_stays(drift, width, slope, stayed):
    """Within rounding; TV is 0.1."""
    old, new = np.array([[0.2, 0.3, 0.5]]), np.array([[0.3, stayed, 0.4]])
    np.testing.assert_allclose(drift.slack(new, old), [[0, width, 0]], rtol=1e-14)
    np.testing.assert_allclose(drift.gradient(new, old), [[slope, 0, -slope]], rtol=1e-14)


def test_tv_squared_is_half_of_l2_squared_between_two_actions():
    rng = np.random.default_rng(0)
    new, old = rng.dirichlet([1, 1], size=20), rng.dirichlet([1, 1], size=20)
    np.testing.assert_allclose(TVSquared().value(new, old), L2Squared().value(new, old) / 2)


def test_linf_squared_at_ties():
    """The slope along v is 2 m max of sign v over the actions that moved most, here 0 and 2."""
    old, new = np.array([[0.2, 0.3, 0.5]]), np.array([[0.3, 0.3, 0.4]])
    np.testing.assert_allclose(LInfSquared().gradient(new, old), [[0.1, 0, -0.1]], rtol=1e-14)
    new = np.array([[0.3, 0.29, 0.41]])
    np.testing.assert_allclose(LInfSquared().gradient(new, old), [[0.2, 0, 0]], rtol=1e-14)
