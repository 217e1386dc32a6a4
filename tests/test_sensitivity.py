"""The slope of the ball's distance in its multiplier, against finite differences."""

import numpy as np
import pytest

from mirrorbook.drifts import KLNewOld, KLOldNew, L2Squared, TVSquared
from mirrorbook.updates.rows import Rows


@pytest.fixture(autouse=True)
def infinities_are_answers():
    """As `maximise` does: an infinite price or slope is an answer, not an accident."""
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        yield


KINDS = {"kl": KLOldNew(), "rkl": KLNewOld(), "l2": L2Squared(), "tv": TVSquared()}


def rows(drift, ball, rng, n=30, actions=5):
    old = rng.dirichlet(np.ones(actions), size=n)
    gap = rng.exponential(size=(n, actions))
    gap -= gap.min(axis=1, keepdims=True)
    weight = np.zeros(n) if drift is None else rng.uniform(0.2, 2, size=n)
    return Rows(gap, old, drift, weight, ball)


@pytest.mark.parametrize("drift", [None, *KINDS])
@pytest.mark.parametrize("ball", KINDS)
def test_slope_against_finite_differences(drift, ball):
    rng = np.random.default_rng(6)
    problem, distance = rows(drift, ball, rng), KINDS[ball]
    k, h = rng.uniform(0.5, 2, size=30), 1e-5

    def best(k):
        [(_, part)] = problem.charged(k)
        return part, *part.best(np.full((30, 2), np.nan))

    def covered(k):
        return distance.value(best(k)[1], problem.old)

    part, pi, prices = best(k)
    derivative = distance.gradient(pi, problem.old) - (1.0 if ball == "rkl" else 0.0)
    slope, rates = part.slope(pi, derivative)
    central = (covered(k + h) - covered(k - h)) / (2 * h)
    # where an action starts or stops to move within h the derivative jumps: there is no limit
    one_sided = np.abs(covered(k + h) + covered(k - h) - 2 * covered(k)) / h
    smooth = one_sided < 1e-3
    assert smooth.sum() >= 25
    np.testing.assert_allclose(slope[smooth], central[smooth], rtol=1e-4, atol=1e-7)
    if part.penalty is not None:  # otherwise there are no prices
        moved = (best(k + h)[2] - best(k - h)[2]) / (2 * h)
        there = smooth[:, None] & np.isfinite(prices)
        np.testing.assert_allclose(rates[there], moved[there], rtol=1e-4, atol=1e-6)
