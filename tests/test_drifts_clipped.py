"""PPO's drift in its three readings, its relatives, their kinks."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from oracles import random_rows
from strategies import row_pairs

from mirrorbook.drifts import DPO, SPO, DualClip, PPOClip, PPOFloored, Rollback
from mirrorbook.drifts.clipped import READINGS

EPSILON = 0.2
every_reading = pytest.mark.parametrize("reading", READINGS)


def objective(reading, new, old, adv):
    """The three objectives that agree where all actions are used (audit B3), for one row."""
    total = 0.0
    for p, q, a in zip(new, old, adv, strict=True):
        clipped = min(max(p, (1 - EPSILON) * q), (1 + EPSILON) * q)
        if reading == "extended":
            total += min(p * a, clipped * a)
        elif reading == "original" and q > 0:
            r = p / q
            total += q * min(r * a, min(max(r, 1 - EPSILON), 1 + EPSILON) * a)
        elif reading == "dropped":
            total += p * a
            if q > 0:
                r = p / q
                total -= q * max((r - min(max(r, 1 - EPSILON), 1 + EPSILON)) * a, 0)
    return total


@every_reading
@given(row_pairs(), st.data())
def test_each_reading_leaves_its_objective(reading, pair, data):
    """E_new A - value = L_ext, L_orig or L_drop."""
    new, old = pair
    adv = data.draw(hnp.arrays(float, new.shape, elements=st.sampled_from([-2.0, 0.0, 0.5, 1.0])))
    left = (new * adv).sum(axis=1) - PPOClip(EPSILON, reading).value(new, old, adv)
    expected = [objective(reading, *row) for row in zip(new, old, adv, strict=True)]
    np.testing.assert_allclose(left, expected, rtol=0, atol=1e-14)


def test_readings_differ_at_unused_actions_only():
    old, new = np.array([[0.5, 0.5, 0.0, 0.0]]), np.array([[0.7, 0.1, 0.1, 0.1]])
    adv = np.array([[1.0, -1.0, 2.0, -3.0]])
    inside = 0.1 + 0.3
    expected = {"extended": 0.2, "original": 0.2 - 0.3, "dropped": 0.0}
    slopes = {"extended": [2, 0], "original": [2, -3], "dropped": [0, 0]}
    for reading in READINGS:
        drift = PPOClip(EPSILON, reading)
        assert drift.value(new, old, adv) == pytest.approx([inside + expected[reading]])
        assert drift.gradient(new, old, adv)[0, 2:].tolist() == slopes[reading]
        assert drift.gradient(old, old, adv)[0, 2:].tolist() == slopes[reading]
        assert drift.slack(new, old, adv)[0, 2:].tolist() == [0, 0]


@every_reading
def test_moves_within_the_clip_are_free(reading):
    rng = np.random.default_rng(0)
    old = random_rows(rng, 40, 4)
    new = old * (1 + 0.19 * rng.uniform(-1, 1, (40, 4)))
    new /= new.sum(axis=1, keepdims=True)
    near = (np.abs(new - old) <= 0.199 * old).all(axis=1)
    adv = rng.normal(size=(40, 4))
    assert near.sum() > 10
    assert (PPOClip(EPSILON, reading).value(new, old, adv)[near] == 0).all()


@pytest.mark.parametrize(
    "drift, weight",
    [*((PPOClip(EPSILON, reading), 1) for reading in READINGS), (Rollback(EPSILON, 0.5), 1.5)],
)
@pytest.mark.parametrize("rounding", [0, 1, -1])
def test_kinks_are_at_the_clips(drift, weight, rounding):
    """Half-width |A| / 2; the gradient is the mean of the slopes on both sides."""
    old, adv = np.array([[0.5, 0.3, 0.2]]), np.array([[1.0, -2.0, 0.0]])
    new = np.array([[0.6, 0.24, 0.16]]) * (1 + rounding * np.finfo(float).eps)
    half = weight * np.array([[0.5, 1.0, 0.0]])
    np.testing.assert_array_equal(drift.slack(new, old, adv), half)
    np.testing.assert_array_equal(drift.gradient(new, old, adv), half * [1, -1, 1])
    for share, expected in [(0.99, [0, -2 * weight, 0]), (1.01, [weight, 0, 0])]:
        np.testing.assert_array_equal(drift.gradient(share * new, old, adv), [expected])
        np.testing.assert_array_equal(drift.slack(share * new, old, adv), 0)


@pytest.mark.parametrize("size", [0.0, 5e-324, 1e-300, 1e-17, 1e-15])
def test_home_is_never_taken_for_the_clip(size):
    old, adv = np.array([[1.0, size]]), np.array([[-1.0, 1.0]])
    for drift in (PPOClip(), PPOFloored(), Rollback(), DualClip()):
        assert (drift.slack(old, old, adv) == 0).all()
        assert (drift.value(old, old, adv) == 0).all()


def test_the_clip_range():
    old = np.array([[0.5, 0.5, 0.0]])
    lower, upper = PPOClip(0.2).clip_range(old)
    np.testing.assert_allclose([lower[0], upper[0]], [[0.4, 0.4, 0], [0.6, 0.6, 0]])
    lower, upper = PPOFloored(0.2, 0.1).clip_range(old)
    np.testing.assert_allclose([lower[0], upper[0]], [[0.4, 0.4, 0], [0.6, 0.6, 0.12]])


def test_every_action_may_gain_epsilon_mu_for_nothing():
    """D = 0 on (1 - t) old + t e_a for t <= epsilon mu."""
    rng, drift = np.random.default_rng(1), PPOFloored(0.3, 0.1)
    old, adv = random_rows(rng, 40, 4), rng.normal(size=(40, 4))
    for corner in np.eye(4):
        for t in (0.01, 0.03 - 1e-12):
            new = (1 - t) * old + t * corner
            np.testing.assert_allclose(drift.value(new, old, adv), 0, atol=1e-15)


def test_a_rollback_of_slope_0_is_ppo():
    rng = np.random.default_rng(2)
    new, old, adv = random_rows(rng, 20, 4), random_rows(rng, 20, 4), rng.normal(size=(20, 4))
    for verb in ("value", "gradient", "slack"):
        one, other = (getattr(drift, verb) for drift in (Rollback(0.2, 0), PPOClip(0.2)))
        np.testing.assert_array_equal(one(new, old, adv), other(new, old, adv))


def test_the_rollback_falls_with_its_slope():
    """Outside the clip r A - D falls with `slope` times A in r; here r = 1.6 and 1.8, A = 1."""
    old, adv = np.array([[0.5, 0.5]]), np.array([[1.0, 0.0]])
    left = [
        new[0, 0] - Rollback(0.2, 0.5).value(new, old, adv)[0]
        for new in (np.array([[0.8, 0.2]]), np.array([[0.9, 0.1]]))
    ]
    assert left[1] - left[0] == pytest.approx(-0.5 * 0.1)


def test_the_dual_clip_differs_from_ppo_beyond_its_cap_only():
    rng = np.random.default_rng(3)
    new, old, adv = random_rows(rng, 200, 3), random_rows(rng, 200, 3), rng.normal(size=(200, 3))
    ppo, dual = PPOClip(0.2).value(new, old, adv), DualClip(0.2, 3).value(new, old, adv)
    beyond = ((new > 3 * old) & (adv < 0)).any(axis=1)
    assert 0 < beyond.sum() < 200
    np.testing.assert_array_equal(dual[~beyond], ppo[~beyond])
    assert (dual[beyond] < ppo[beyond]).all()


@pytest.mark.parametrize(
    "make, error, message",
    [
        (lambda: PPOClip(0), ValueError, r"^epsilon is 0\.0, expected a number between 0 and 1"),
        (lambda: PPOClip(1), ValueError, r"^epsilon is 1\.0, expected a number between 0 and 1"),
        (lambda: PPOClip("a"), TypeError, "^epsilon must be one real number, found 'a'"),
        (lambda: PPOClip(0.2, "literal"), ValueError, "^reading is 'literal', expected one of ext"),
        (lambda: PPOFloored(0.2, 0), ValueError, r"^mu is 0\.0, expected a number between 0 and 1"),
        (lambda: Rollback(0.2, -1), ValueError, r"^slope is -1\.0, expected a nonnegative number"),
        (lambda: DualClip(0.2, 1.1), ValueError, r"^cap is 1\.1, expected a number between 1\.2 "),
        (lambda: SPO(0), ValueError, r"^epsilon is 0\.0, expected a number between 0 and inf"),
        (lambda: DPO(0), ValueError, r"^alpha is 0\.0, expected a number between 0 and inf"),
        (lambda: DPO(2, -1), ValueError, r"^beta is -1\.0, expected a number between 0 and inf"),
    ],
)
def test_malformed_parameters(make, error, message):
    with pytest.raises(error, match=message):
        make()
