"""Every drift against its definition, its gradient against differences and tangents."""

from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest
from drift_table import DRIFTS, GALLERY, charge, defined, fitted, name_of
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from oracles import one_sided_slope, random_rows
from strategies import row_pairs, rows

from mirrorbook import drifts
from mirrorbook.drifts import Drift

EPS = np.finfo(float).eps
every_drift = pytest.mark.parametrize("drift", DRIFTS, ids=name_of)
every_definition = pytest.mark.parametrize(("drift", "definition"), GALLERY, ids=name_of)
HONEST = [drift for drift in DRIFTS if drift.valid_inside and name_of(drift) != "PPOClip-original"]


def only(keep):
    return pytest.mark.parametrize("drift", list(filter(keep, DRIFTS)), ids=name_of)


def inside(rng, shape):
    """Rows that play every action with probability 0.1 / A or more."""
    return 0.9 * rng.dirichlet(np.ones(shape[1]), size=shape[0]) + 0.1 / shape[1]


def centred(rng, old):
    """Advantages of that policy, with some zeros where that is possible."""
    adv = rng.normal(size=old.shape) * (rng.random(old.shape) > 0.2)
    adv = adv - (adv * old).sum(axis=1, keepdims=True) * (old > 0) / (old > 0).sum(axis=1)[:, None]
    return adv


@st.composite
def moves(draw, drifts_drawn):
    """A scaled drift, rows of any kind, and advantages with zeros and ties."""
    new, old = draw(row_pairs())
    adv = draw(hnp.arrays(float, new.shape, elements=st.sampled_from([-2.0, -1e-9, 0.0, 0.5, 1.0])))
    drift = fitted(draw(st.sampled_from(drifts_drawn)), new.shape[1])
    return draw(st.sampled_from([1e-3, 1.0, 50.0])) * drift, new, old, adv


def test_the_gallery_is_complete():
    def kinds(base):
        return {base}.union(*map(kinds, base.__subclasses__()))

    shown = {type(drift) for drift in DRIFTS}
    named = {getattr(drifts, name) for name in drifts.__all__}
    public = {kind for kind in kinds(Drift) & named if kind is not Drift}
    assert public <= shown


# values


@every_definition
@pytest.mark.parametrize("shape", [(1, 1), (1, 2), (8, 3), (12, 7)], ids=str)
def test_values_are_those_of_the_definitions(drift, definition, shape):
    rng, drift = np.random.default_rng(0), fitted(drift, shape[1])
    for _ in range(3):
        new, old = random_rows(rng, *shape), random_rows(rng, *shape)
        new[-1] = np.where(old[-1] > 0, 1, 0) / np.count_nonzero(old[-1])  # the same support
        adv = centred(rng, old)
        expected = [defined(definition, *row) for row in zip(new, old, adv, strict=True)]
        # a few roundings of the terms, of which those with a logarithm reach 50 or so
        np.testing.assert_allclose(drift.value(new, old, adv), expected, rtol=2e-14, atol=2e-14)


@every_definition
@pytest.mark.parametrize("size", [1e-1, 1e-2, 1e-4, 1e-6, 1e-9, 1e-12])
def test_values_keep_their_digits_however_near_two_policies_are(drift, definition, size):
    rng, drift = np.random.default_rng(6), fitted(drift, 4)
    old = np.maximum(random_rows(rng, 12, 4), 1e-9)
    old /= old.sum(axis=1, keepdims=True)
    new = old * (1 - size / 2) + size / 2 * inside(rng, old.shape)
    adv = centred(rng, old)
    expected = np.array([defined(definition, *row) for row in zip(new, old, adv, strict=True)])
    error = np.abs(drift.value(new, old, adv) - expected)
    # the two KLs lose some digits: a rounding or two of the move, see `kullback_leibler`
    loses = {"KLOldNew", "KLNewOld", "OneSidedKL", "Sum"} & {type(drift).__name__}
    moved = np.abs(new - old).sum(axis=1) if loses else 0
    if isinstance(drift, drifts.Risk):
        moved = np.sqrt(expected) * np.abs((new - old) * drift.cost).sum(axis=1)
    if hasattr(drift, "clip_range"):  # a difference from the clip
        moved = np.abs(adv).sum(axis=1)
    assert (error <= 1e-13 * np.abs(expected) + 4 * EPS * moved).all()


@settings(max_examples=300)
@given(moves(HONEST))
def test_values_are_never_negative_and_zero_at_home(move):
    drift, new, old, adv = move
    value = drift.value(new, old, adv)
    assert value.shape == (len(old),)
    assert (value >= 0).all()  # which no NaN is
    np.testing.assert_array_equal(drift.value(old, old, adv), 0)


@settings(max_examples=500)
@given(moves(DRIFTS))
def test_nothing_is_nan(move):
    drift, new, old, adv = move
    assert not np.isnan(drift.value(new, old, adv)).any()
    assert not np.isnan(drift.gradient(new, old, adv)).any()
    assert np.isfinite(drift.slack(new, old, adv)).all()
    assert (drift.slack(new, old, adv) >= 0).all()


@every_drift
def test_nothing_is_nan_or_warns_at_probabilities_that_overflow(drift):
    rng, sizes = np.random.default_rng(8), [0, 0, 5e-324, 1e-310, 1e-300, 1e-200, 1e-17, 0.1]
    policies = rng.choice(sizes, size=(2, 500, 4))
    policies[..., 0] = 1 - policies[..., 1:].sum(axis=-1)
    (new, old), adv = policies, rng.choice([-1e3, -1, -1e-300, 0, 1e-12, 1, 1e3], size=(500, 4))
    for verb in ("value", "gradient", "slack"):
        assert not np.isnan(getattr(drift, verb)(new, old, adv)).any()
    if drift in HONEST:
        assert (drift.value(new, old, adv) >= 0).all()


@pytest.mark.parametrize(
    "drift, dropped, revived",
    [
        (drifts.Zero(), 0, 0),
        (drifts.KLOldNew(), np.inf, np.log(2)),
        (drifts.KLNewOld(), np.log(2), np.inf),
        (drifts.L2Squared(), 0.5, 0.5),
        (drifts.TVSquared(), 0.25, 0.25),
        (drifts.LInfSquared(), 0.25, 0.25),
        (drifts.HellingerSquared(), 1 - 0.5**0.5, 1 - 0.5**0.5),
        (drifts.Jeffreys(), np.inf, np.inf),
        (drifts.ChiSquaredOldNew(), np.inf, 1),
        (drifts.ChiSquaredNewOld(), 1, np.inf),
        (drifts.Renyi(0.5), np.log(2), np.log(2)),
        (drifts.Renyi(2), np.log(2), np.inf),
        (drifts.OneSidedKL(), 0.5, 0.5 * np.log(0.5) + 0.5),
        (drifts.OneSidedChiSquared(), 0.5, 0.25),
    ],
    ids=lambda value: name_of(value) if isinstance(value, Drift) else None,
)
def test_dropping_and_reviving_an_action(drift, dropped, revived):
    """(1/2, 1/2) -> (1, 0) and (1, 0) -> (1/2, 1/2)."""
    mixed, corner = [0.5, 0.5], [1.0, 0.0]
    assert charge(drift, corner, mixed) == pytest.approx(dropped, rel=1e-15)
    assert charge(drift, mixed, corner) == pytest.approx(revived, rel=1e-15)


# slopes


@every_drift
def test_gradients_are_slopes_between_interior_policies(drift):
    rng = np.random.default_rng(1)
    new, old, target = (inside(rng, (30, 4)) for _ in range(3))
    adv = centred(rng, old)
    gradient = drift.gradient(new, old, adv)
    assert gradient.shape == new.shape
    for s in range(len(new)):
        towards = target[s] - new[s]
        slope = one_sided_slope(lambda p, s=s: charge(drift, p, old[s], adv[s]), new[s], towards)
        # rounding of the values over the step, 1e-16 / 1e-7, and the third derivative's share
        assert gradient[s] @ towards == pytest.approx(slope, rel=1e-7, abs=1e-7)


@settings(max_examples=500)
@given(moves([drift for drift in DRIFTS if drift.convex]), st.data())
def test_gradients_of_convex_drifts_lie_below_them(move, data):
    """D(other) >= D(new) + g . (other - new) for every g within slack of the gradient."""
    drift, new, old, adv = move
    other = data.draw(rows(new.shape))
    if data.draw(st.booleans()):
        new = old.copy()  # at home, where kinks are
    gradient, slack = drift.gradient(new, old, adv), drift.slack(new, old, adv)
    value = drift.value(new, old, adv)
    usable = np.isfinite(gradient).all(axis=1) & np.isfinite(value)
    towards = (other - new)[usable]
    for g in (gradient - slack, gradient, gradient + slack):
        change = g[usable] * towards
        room = 1e-13 * (drift.scale + np.abs(change).sum(axis=1) + value[usable])
        below = value[usable] + change.sum(axis=1) - room
        assert (drift.value(other, old, adv)[usable] >= below).all()


@only(lambda drift: drift.valid_on_boundary and type(drift).__name__ != "OneSidedKL")
def test_gradients_and_kinks_are_slopes_on_the_boundary_too(drift):
    """The slope along v is gradient . v + slack . |v|: at a kink the steepest subgradient."""
    rng = np.random.default_rng(2)
    new, old, target = (random_rows(rng, 40, 4) for _ in range(3))
    new[::3, :2] = old[::3, :2]  # two actions that have not moved
    new[::3, 2:] = (1 - old[::3, :2].sum(axis=1, keepdims=True)) * [0.3, 0.7]
    adv = centred(rng, old)
    gradient, slack = drift.gradient(new, old, adv), drift.slack(new, old, adv)
    for s in range(len(new)):
        towards = target[s] - new[s]
        slope = one_sided_slope(lambda p, s=s: charge(drift, p, old[s], adv[s]), new[s], towards)
        steepest = gradient[s] @ towards + slack[s] @ np.abs(towards)
        tied = isinstance(drift, drifts.LInfSquared) and steepest < slope
        assert tied or steepest == pytest.approx(slope, rel=1e-6, abs=2e-7)


@given(moves([drift for drift in DRIFTS if drift.valid_inside]))
def test_there_is_no_kink_at_home(move):
    drift, _, old, adv = move
    np.testing.assert_array_equal(drift.slack(old, old, adv), 0)


@only(lambda drift: drift.separable)
def test_gradients_of_separable_drifts_are_taken_entry_by_entry(drift):
    """Also in rows that sum to anything."""
    rng = np.random.default_rng(3)
    new, old, adv = inside(rng, (20, 4)), inside(rng, (20, 4)), rng.normal(size=(20, 4))
    whole = drift.gradient(new, old, adv)
    other = new.copy()
    other[:, 1:] = rng.random((20, 3))
    np.testing.assert_array_equal(drift.gradient(other, old, adv)[:, 0], whole[:, 0])
    np.testing.assert_array_equal(drift.slack(other, old, adv)[:, 0], 0)


@only(lambda drift: drift.separable and drift.convex)
def test_gradients_of_convex_separable_drifts_rise_in_the_probability(drift):
    old = np.full((4, 201), [[0.0], [1e-6], [0.3], [1.0]])
    new = np.tile(np.linspace(0, 1, 201), (4, 1))
    for sign in (-1.0, 0.0, 1.0):
        slope = drift.gradient(new, old, np.full(new.shape, sign))
        assert (slope[:, 1:] >= slope[:, :-1]).all()


def test_slopes_of_the_kls_where_they_are_infinite():
    old, new = np.array([[0.5, 0.5, 0.0]]), np.array([[1.0, 0.0, 0.0]])
    # used and dropped: minus infinity either way; never used: free to stay, or out of reach
    assert drifts.KLOldNew().gradient(new, old).tolist() == [[-0.5, -np.inf, 0.0]]
    assert drifts.KLNewOld().gradient(new, old).tolist() == [[1 + np.log(2), -np.inf, np.inf]]
    revived = np.array([[0.25, 0.5, 0.25]])
    assert drifts.KLOldNew().gradient(revived, old).tolist() == [[-2.0, -1.0, 0.0]]
    assert drifts.KLNewOld().gradient(revived, old)[0, 2] == np.inf


@pytest.mark.parametrize(
    "drift, dropped, unused",
    [
        (drifts.HellingerSquared(), -np.inf, 0.5),
        (drifts.JensenShannon(), -np.inf, np.log(2) / 2),
        (drifts.Jeffreys(), -np.inf, np.inf),
        (drifts.ChiSquaredOldNew(), -np.inf, 1),
        (drifts.ChiSquaredNewOld(), -2, np.inf),
        (drifts.Alpha(0.5), -np.inf, 2),
        (drifts.Alpha(-1), -1, np.inf),
        (drifts.Renyi(0.5), -np.inf, 0),
        (drifts.Renyi(2), 0, np.inf),
        (drifts.OneSidedKL(), -np.inf, 0),
        (drifts.OneSidedChiSquared(), -2, 0),
    ],
    ids=lambda value: name_of(value) if isinstance(value, Drift) else None,
)
def test_slopes_at_actions_dropped_and_unused(drift, dropped, unused):
    old, new = np.array([[0.5, 0.5, 0.0]]), np.array([[1.0, 0.0, 0.0]])
    _, at_dropped, at_unused = drift.gradient(new, old)[0]
    assert (at_dropped, at_unused) == (dropped, pytest.approx(unused, rel=1e-15))


# scales


@every_drift
@pytest.mark.parametrize("factor", [2, 0.5, np.float32(0.25), np.array(3.0)], ids=repr)
def test_scaling(drift, factor):
    rng, drift = np.random.default_rng(5), fitted(drift, 3)
    new, old = random_rows(rng, 8, 3), random_rows(rng, 8, 3)
    new[0, :] = old[0, :] = [0.2, 0.3, 0.5]
    new[0, ::2] += [0.1, -0.1]
    adv = centred(rng, old)
    scaled = factor * drift
    assert type(scaled) is type(drift)
    assert (scaled.scale, type(scaled.scale)) == (factor, float)
    assert (drift.scale, (3 * scaled).scale) == (1.0, 3 * factor)
    assert replace(scaled, scale=1.0) == drift
    for verb in ("value", "gradient", "slack"):
        expected = float(factor) * getattr(drift, verb)(new, old, adv)
        np.testing.assert_array_equal(getattr(scaled, verb)(new, old, adv), expected)


@every_drift
def test_a_drift_of_scale_zero_costs_nothing_anywhere(drift):
    here, there = np.eye(3), np.eye(3)[[1, 2, 0]]
    adv = here - there
    for free in (0 * drift, replace(drift, scale=0)):
        assert free.value(here, there, adv).tolist() == [0, 0, 0]
        assert free.gradient(here, there, adv).tolist() == np.zeros((3, 3)).tolist()
        assert free.slack(here, there, adv).tolist() == np.zeros((3, 3)).tolist()


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
        replace(drift, scale=number)
    assert info.type is error
    with pytest.raises(error, match="^factor of a drift " + message) as info:
        number * drift
    assert info.type is error


@every_drift
def test_drifts_are_frozen_values(drift):
    assert drift == replace(drift) != 2 * drift
    assert hash(drift) == hash(replace(drift))
    with pytest.raises(FrozenInstanceError):
        drift.scale = 2.0


@every_drift
def test_drifts_fit_some_of_the_rows(drift):
    rng = np.random.default_rng(7)
    new, old, adv = inside(rng, (6, 4)), inside(rng, (6, 4)), rng.normal(size=(6, 4))
    some = np.array([True, False, True, True, False, False])
    np.testing.assert_array_equal(
        drift.at(some).value(new[some], old[some], adv[some]), drift.value(new, old, adv)[some]
    )


def test_parameters_come_before_the_scale():
    assert drifts.PPOClip(0.1, "dropped", scale=2).scale == 2
    assert drifts.KLOldNew(2.0) == 2 * drifts.KLOldNew()
    for drift in DRIFTS:
        if len(vars(drift)) > 1:
            with pytest.raises(TypeError, match="positional argument"):
                type(drift)(*range(10))
