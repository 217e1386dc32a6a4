"""Drifts: their values against sums over events, their slopes against differences, their claims."""

from dataclasses import FrozenInstanceError
from decimal import Decimal, localcontext

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles import COSTS, one_sided_slope, random_rows
from oracles import total_variation as tv_by_events
from strategies import row_pairs, rows

from mirrorbook import KLNewOld, KLOldNew, L2Squared, TVSquared, Zero
from mirrorbook.drifts import kullback_leibler, ratio, total_variation

EPS = np.finfo(float).eps
DRIFTS = [Zero(), KLOldNew(), KLNewOld(), L2Squared(), TVSquared()]
every_drift = pytest.mark.parametrize("drift", DRIFTS, ids=lambda drift: type(drift).__name__)
scaled_drifts = st.builds(
    lambda c, drift: c * drift, st.sampled_from([1e-3, 1.0, 50.0]), st.sampled_from(DRIFTS)
)


def of_kind(trait, claim):
    """Every drift whose `trait` is claimed to be `claim`."""
    chosen = [drift for drift in DRIFTS if getattr(drift, trait) is claim]
    return pytest.mark.parametrize("drift", chosen, ids=lambda drift: type(drift).__name__)


def cost(drift, new, old):
    """What the drift charges for one row."""
    return drift.value(new[None], old[None])[0]


def inside(rng, shape):
    """Rows that play every action with probability 0.1 / A or more."""
    return 0.9 * rng.dirichlet(np.ones(shape[1]), size=shape[0]) + 0.1 / shape[1]


# values


@every_drift
@pytest.mark.parametrize("shape", [(1, 1), (1, 2), (8, 3), (12, 7)], ids=str)
def test_values_are_those_of_the_definitions(drift, shape):
    rng = np.random.default_rng(0)
    for _ in range(4):
        new, old = random_rows(rng, *shape), random_rows(rng, *shape)
        new[-1] = np.where(old[-1] > 0, 1, 0) / np.count_nonzero(old[-1])  # the same support
        definition = COSTS[type(drift).__name__]
        expected = [definition(*pair) for pair in zip(new, old, strict=True)]
        # a few roundings of the terms, of which those with a logarithm reach 50 or so
        np.testing.assert_allclose(drift.value(new, old), expected, rtol=1e-14, atol=1e-14)
        np.testing.assert_array_equal(drift.value(new, old, new - old), drift.value(new, old))


@given(row_pairs(), scaled_drifts)
def test_values_are_never_negative_and_zero_at_home(pair, drift):
    new, old = pair
    value = drift.value(new, old)
    assert value.shape == (len(old),)
    assert (value >= 0).all()  # which no NaN is
    np.testing.assert_array_equal(drift.value(old, old), 0)


@pytest.mark.parametrize(
    "drift, dropped, revived",
    [
        (Zero(), 0, 0),
        (KLOldNew(), np.inf, np.log(2)),
        (KLNewOld(), np.log(2), np.inf),
        (L2Squared(), 0.5, 0.5),
        (TVSquared(), 0.25, 0.25),
    ],
    ids=lambda value: type(value).__name__,
)
def test_dropping_and_reviving_an_action(drift, dropped, revived):
    """(1/2, 1/2) -> (1, 0) and (1, 0) -> (1/2, 1/2)."""
    mixed, corner = np.array([[0.5, 0.5]]), np.array([[1.0, 0.0]])
    assert drift.value(corner, mixed) == pytest.approx([dropped], rel=1e-15)
    assert drift.value(mixed, corner) == pytest.approx([revived], rel=1e-15)


@every_drift
def test_opposite_corners(drift):
    here, there = np.eye(3)[[0]], np.eye(3)[[1]]
    far = {Zero: 0, L2Squared: 2, TVSquared: 1}.get(type(drift), np.inf)
    assert drift.value(here, there) == [far]


# slopes


@every_drift
def test_gradients_are_slopes_between_interior_policies(drift):
    rng = np.random.default_rng(1)
    new, old, target = (inside(rng, (30, 4)) for _ in range(3))
    gradient = drift.gradient(new, old)
    assert gradient.shape == new.shape
    for s in range(len(new)):
        towards = target[s] - new[s]
        slope = one_sided_slope(lambda row, s=s: cost(drift, row, old[s]), new[s], towards)
        # rounding of the values over the step, 1e-16 / 1e-7, and the third derivative's share
        assert gradient[s] @ towards == pytest.approx(slope, abs=1e-7)
    np.testing.assert_array_equal(drift.gradient(new, old, new - old), gradient)


@of_kind("valid_on_boundary", True)
def test_gradients_and_kinks_are_slopes_on_the_boundary_too(drift):
    """The slope along v is gradient . v + slack . |v|: at a kink the steepest subgradient."""
    rng = np.random.default_rng(2)
    new, old, target = (random_rows(rng, 40, 4) for _ in range(3))
    new[::3, :2] = old[::3, :2]  # two actions that have not moved
    new[::3, 2:] = (1 - old[::3, :2].sum(axis=1, keepdims=True)) * [0.3, 0.7]
    gradient, slack = drift.gradient(new, old), drift.slack(new, old)
    assert (slack >= 0).all()
    for s in range(len(new)):
        towards = target[s] - new[s]
        slope = one_sided_slope(lambda row, s=s: cost(drift, row, old[s]), new[s], towards)
        steepest = gradient[s] @ towards + slack[s] @ np.abs(towards)
        assert steepest == pytest.approx(slope, abs=1e-7)


@pytest.mark.parametrize("stayed", [0.3, np.nextafter(0.3, 1)])
def test_the_kink_of_tv_squared_is_where_an_action_stays(stayed):
    """Within rounding; its half-width is TV, here 0.1."""
    old, new = np.array([[0.2, 0.3, 0.5]]), np.array([[0.3, stayed, 0.4]])
    np.testing.assert_allclose(TVSquared().slack(new, old), [[0, 0.1, 0]], rtol=1e-14)
    np.testing.assert_allclose(TVSquared().gradient(new, old), [[0.1, 0, -0.1]], rtol=1e-14)


@pytest.mark.parametrize("drift", [Zero(), KLOldNew(), KLNewOld(), L2Squared()], ids=repr)
@given(pair=row_pairs())
def test_the_other_drifts_have_no_kink(drift, pair):
    np.testing.assert_array_equal(drift.slack(*pair), np.zeros(pair[0].shape))


def test_slopes_of_the_kls_where_they_are_infinite():
    old, new = np.array([[0.5, 0.5, 0.0]]), np.array([[1.0, 0.0, 0.0]])
    # used and dropped: minus infinity either way; never used: free to stay, or out of reach
    assert KLOldNew().gradient(new, old).tolist() == [[-0.5, -np.inf, 0.0]]
    assert KLNewOld().gradient(new, old).tolist() == [[1 + np.log(2), -np.inf, np.inf]]
    revived = np.array([[0.25, 0.5, 0.25]])
    assert KLOldNew().gradient(revived, old).tolist() == [[-2.0, -1.0, 0.0]]
    assert KLNewOld().gradient(revived, old)[0, 2] == np.inf


@given(row_pairs(), scaled_drifts)
def test_no_slope_is_nan(pair, drift):
    assert not np.isnan(drift.gradient(*pair)).any()
    assert np.isfinite(drift.slack(*pair)).all()


@every_drift
def test_drifts_start_flat_inside(drift):
    rng = np.random.default_rng(3)
    old, target = inside(rng, (20, 4)), random_rows(rng, 20, 4)
    np.testing.assert_allclose(drift.slack(old, old), 0, atol=0)
    flat = (drift.gradient(old, old) * (target - old)).sum(axis=1)
    np.testing.assert_allclose(flat, 0, rtol=0, atol=1e-14)
    for s in range(len(old)):
        towards = target[s] - old[s]
        slope = one_sided_slope(lambda row, s=s: cost(drift, row, old[s]), old[s], towards)
        assert slope == pytest.approx(0, abs=1e-9)  # the third derivative times the step squared


# claims


@of_kind("positive", True)
@given(row_pairs())
def test_positive_drifts_charge_every_move(drift, pair):
    new, old = pair
    moved = np.abs(new - old).max(axis=1) > 1e-12
    assert (drift.value(new, old)[moved] > 0).all()


@of_kind("positive", False)
def test_drifts_that_are_not_positive_leave_some_move_free(drift):
    assert cost(drift, np.array([0.0, 1.0]), np.array([1.0, 0.0])) == 0


@of_kind("convex", True)
@given(st.data())
def test_convex_drifts_charge_a_mixture_no_more_than_the_average(drift, data):
    (first, old), share = data.draw(row_pairs()), data.draw(st.sampled_from([0.1, 0.5, 0.7]))
    second = data.draw(rows(first.shape))
    mixture = share * first + (1 - share) * second
    average = share * drift.value(first, old) + (1 - share) * drift.value(second, old)
    assert (drift.value(mixture, old) <= average * (1 + 1e-14) + 1e-15).all()  # rounding


@of_kind("valid_on_boundary", True)
def test_drifts_valid_on_the_boundary_start_flat_there(drift):
    rng = np.random.default_rng(4)
    old, target = random_rows(rng, 40, 4), random_rows(rng, 40, 4)
    assert (old == 0).any(axis=1).sum() >= 20
    for s in range(len(old)):
        towards = target[s] - old[s]
        slope = one_sided_slope(lambda row, s=s: cost(drift, row, old[s]), old[s], towards)
        assert slope == pytest.approx(0, abs=1e-9)


@of_kind("valid_on_boundary", True)
@given(st.data())
def test_drifts_valid_on_the_boundary_are_finite_and_continuous_there(drift, data):
    """|D(new) - D(other)| <= 2 |new - other|_1, and the same in the old policy."""
    (new, old) = data.draw(row_pairs())
    other = data.draw(rows(new.shape))
    bound = 2 * np.abs(new - other).sum(axis=1) + 1e-15
    assert (np.abs(drift.value(new, old) - drift.value(other, old)) <= bound).all()
    assert (np.abs(drift.value(old, new) - drift.value(old, other)) <= bound).all()


def test_the_kls_are_not_valid_on_the_boundary():
    home, away = np.array([1.0, 0.0]), np.array([0.0, 1.0])

    def ahead(drift, t):
        return cost(drift, home + t * (away - home), home)

    assert not KLOldNew.valid_on_boundary and not KLNewOld.valid_on_boundary
    slope = one_sided_slope(lambda row: cost(KLOldNew(), row, home), home, away - home)
    assert slope == pytest.approx(1, abs=1e-8)  # not flat
    assert ahead(KLOldNew(), 1) == np.inf  # not finite
    assert ahead(KLNewOld(), 1e-300) == np.inf  # not continuous


# scales


@every_drift
@pytest.mark.parametrize("factor", [2, 0.5, np.float32(0.25), np.array(3.0)], ids=repr)
def test_scaling(drift, factor):
    rng = np.random.default_rng(5)
    new, old = random_rows(rng, 8, 3), random_rows(rng, 8, 3)
    new[0, :] = old[0, :] = [0.2, 0.3, 0.5]
    new[0, ::2] += [0.1, -0.1]
    scaled = factor * drift
    assert type(scaled) is type(drift)
    assert (scaled.scale, type(scaled.scale)) == (factor, float)
    assert (drift.scale, (3 * scaled).scale) == (1.0, 3 * factor)
    for verb in ("value", "gradient", "slack"):
        expected = float(factor) * getattr(drift, verb)(new, old)
        np.testing.assert_array_equal(getattr(scaled, verb)(new, old), expected)


@every_drift
def test_a_drift_of_scale_zero_costs_nothing_anywhere(drift):
    here, there = np.eye(3), np.eye(3)[[1, 2, 0]]
    for free in (0 * drift, type(drift)(0.0)):
        assert free.value(here, there).tolist() == [0, 0, 0]
        assert free.gradient(here, there).tolist() == np.zeros((3, 3)).tolist()
        assert free.slack(here, there).tolist() == np.zeros((3, 3)).tolist()


@every_drift
@pytest.mark.parametrize(
    "number, error, message",
    [
        (-1, ValueError, r"is -1\.0, expected a nonnegative number"),
        (np.nan, ValueError, "is nan, not a finite number"),
        (np.inf, ValueError, "is inf, not a finite number"),
        ("2", TypeError, "must be one real number, found '2'"),
        (True, TypeError, "must be one real number, found True"),
        (np.ones(2), TypeError, r"must be one real number, found array\(\[1\., 1\.\]\)"),
    ],
    ids=repr,
)
def test_malformed_scales(drift, number, error, message):
    with pytest.raises(error, match="^scale " + message) as info:
        type(drift)(number)
    assert info.type is error
    with pytest.raises(error, match="^factor of a drift " + message) as info:
        number * drift
    assert info.type is error


@every_drift
def test_drifts_are_frozen_values(drift):
    assert drift == type(drift)(1.0) != 2 * drift
    assert hash(drift) == hash(type(drift)(1.0))
    with pytest.raises(FrozenInstanceError):
        drift.scale = 2.0


# what they are made of


@given(row_pairs())
def test_total_variation_is_the_largest_difference_over_events(pair):
    expected = [tv_by_events(p, q) for p, q in zip(*pair, strict=True)]
    np.testing.assert_allclose(total_variation(*pair), expected, rtol=0, atol=1e-15)


def exact_kl(p, q):
    """sum_a p log(p / q) - p + q of two rows with 60 digits."""
    with localcontext(prec=60):
        pairs = [(Decimal(x), Decimal(y)) for x, y in zip(p.tolist(), q.tolist(), strict=True)]
        return float(sum(x * (x / y).ln() - x + y for x, y in pairs))


@pytest.mark.parametrize("size", 10.0 ** -np.arange(17))
def test_kl_is_accurate_however_near_two_policies_are(size):
    rng = np.random.default_rng(6)
    for n_actions in (2, 3, 10):
        p = random_rows(rng, 12, n_actions)
        p = np.where(p > 1e-9, p, 1e-9)
        q = p * (1 - size / 2) + size / 2 * inside(rng, p.shape)
        expected = [exact_kl(*pair) for pair in zip(p, q, strict=True)]
        # every term p(u - log(1 + u)) is off by a rounding or two of p u
        value = kullback_leibler(p, q)
        error = np.abs(value - expected)
        assert (error <= 2 * EPS * (np.abs(p - q).sum(axis=1) + expected)).all()
        assert (value >= 0).all()


def test_ratios_of_probabilities():
    p, q = np.array([[0.0, 0.0, 0.5, 0.5, 0.5]]), np.array([[0.0, 0.5, 0.25, 0.0, 5e-324]])
    assert ratio(p, q).tolist() == [[0, 0, 2, np.inf, np.inf]]
