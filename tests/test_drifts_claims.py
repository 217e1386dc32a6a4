"""What every drift claims to be, and what it claims not to be: the audit's table, and witnesses."""

import numpy as np
import pytest
from drift_table import DRIFTS, charge, fitted, name_of
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from oracles import one_sided_slope, random_rows
from strategies import row_pairs, rows

from mirrorbook import drifts
from mirrorbook.drifts import DPO, SPO, Drift, DualClip, PPOClip, PPOFloored, Rollback

ADVANTAGES = [-2.0, -0.5, 0.0, 0.5, 1.0]

# name: (where it is a drift, positive, convex)
VERDICTS = {
    "Zero": ("closed", False, True),
    "L2Squared": ("closed", True, True),
    "TVSquared": ("closed", True, True),
    "LInfSquared": ("closed", True, True),
    "TotalVariation": ("nowhere", True, True),
    "L1": ("nowhere", True, True),
    "KLOldNew": ("inside", True, True),
    "KLNewOld": ("inside", True, True),
    "Jeffreys": ("inside", True, True),
    "Renyi-0.5": ("inside", True, True),
    "Renyi-0.9": ("inside", True, True),
    "Renyi-2.0": ("inside", True, False),
    "ChiSquaredOldNew": ("inside", True, True),
    "ChiSquaredNewOld": ("inside", True, True),
    "JensenShannon": ("inside", True, True),
    "HellingerSquared": ("inside", True, True),
    "PPOClip-extended": ("inside", False, True),
    "PPOClip-original": ("inside", False, True),
    "PPOClip-dropped": ("inside", False, True),
    "Rollback": ("inside", False, True),
    "DualClip": ("nowhere", False, False),
    "SPO": ("inside", False, True),
    "DPO": ("inside", False, True),
    "OneSidedKL": ("closed", True, True),
    "OneSidedChiSquared": ("closed", True, True),
    "PPOFloored": ("closed", False, True),
    "Risk": ("closed", False, True),
    "Memory": ("closed", True, False),
    "FunctionDrift": ("closed", True, True),
    "Sum": ("inside", True, True),
    "NegativeTVSquared": ("nowhere", False, False),
} | {f"Alpha-{a}": ("inside", True, True) for a in (-1.0, 0.0, 0.3, 0.5, 1.0, 2.0)}

every_drift = pytest.mark.parametrize("drift", DRIFTS, ids=name_of)


def of_kind(trait, claim, *beside):
    """Every drift whose `trait` is claimed to be `claim`."""
    chosen = [drift for drift in DRIFTS if getattr(drift, trait) is claim]
    return pytest.mark.parametrize("drift", chosen, ids=name_of)


def one_of(trait, policy):
    """A drift for that policy's actions that claims to be so."""
    chosen = [drift for drift in DRIFTS if getattr(drift, trait)]
    return st.sampled_from([fitted(drift, policy.shape[1]) for drift in chosen])


def advantages(shape):
    return hnp.arrays(float, shape, elements=st.sampled_from(ADVANTAGES))


def slope_at_home(drift, home, away, adv):
    towards = away - home
    return one_sided_slope(lambda row: charge(drift, row, home, adv), home, towards)


@every_drift
def test_claims_are_the_verdicts_of_the_table(drift):
    where, positive, convex = VERDICTS[name_of(drift)]
    assert drift.valid_inside is (where != "nowhere")
    assert drift.valid_on_boundary is (where == "closed")
    assert (drift.positive, drift.convex) == (positive, convex)


# positive


@settings(max_examples=300)
@given(data=st.data())
def test_positive_drifts_charge_every_move(data):
    new, old = data.draw(row_pairs())
    moved = np.abs(new - old).max(axis=1) > 1e-12
    drift, adv = data.draw(one_of("positive", new)), data.draw(advantages(new.shape))
    assert (drift.value(new, old, adv)[moved] > 0).all()


@of_kind("positive", False)
def test_drifts_that_are_not_positive_leave_some_move_free(drift):
    old, new = np.array([0.25, 0.25, 0.5]), np.array([0.24, 0.25, 0.51])
    adv = np.zeros(3) if isinstance(drift, SPO) else np.array([1.0, 1.0, -1.0])
    assert charge(drift, new, old, adv) <= 0


# convex


@settings(max_examples=300)
@given(data=st.data())
def test_convex_drifts_charge_a_mixture_no_more_than_the_average(data):
    (first, old), share = data.draw(row_pairs()), data.draw(st.sampled_from([0.1, 0.5, 0.7]))
    second, adv = data.draw(rows(first.shape)), data.draw(advantages(first.shape))
    drift = data.draw(one_of("convex", first))
    mixture = share * first + (1 - share) * second
    one, other = drift.value(first, old, adv), drift.value(second, old, adv)
    average = share * one + (1 - share) * other
    size = share * np.abs(one) + (1 - share) * np.abs(other)
    assert (drift.value(mixture, old, adv) <= average + 1e-14 * size + 1e-15).all()  # rounding


@of_kind("convex", False)
def test_drifts_that_are_not_convex_charge_some_mixture_more_than_the_average(drift):
    rng = np.random.default_rng(0)
    first, second, old = (rng.dirichlet(np.full(3, 0.5), size=1000) for _ in range(3))
    drift, adv = fitted(drift, 3), rng.normal(size=(1000, 3))
    average = (drift.value(first, old, adv) + drift.value(second, old, adv)) / 2
    excess = drift.value((first + second) / 2, old, adv) - average
    assert excess.max() > 0.01


def test_renyi_of_order_2_is_quasi_convex():
    rng = np.random.default_rng(1)
    first, second, old = (rng.dirichlet(np.full(3, 0.5), size=10_000) for _ in range(3))
    drift, share = drifts.Renyi(2), rng.random((10_000, 1))
    mixture = drift.value(share * first + (1 - share) * second, old)
    larger = np.maximum(drift.value(first, old), drift.value(second, old))
    assert (mixture <= larger * (1 + 1e-12)).all()


# valid inside


@of_kind("valid_inside", True)
def test_drifts_start_flat_inside(drift):
    rng = np.random.default_rng(3)
    old = 0.9 * rng.dirichlet(np.ones(4), size=20) + 0.025
    target, adv = random_rows(rng, 20, 4), rng.normal(size=(20, 4))
    np.testing.assert_array_equal(drift.slack(old, old, adv), 0)
    flat = (drift.gradient(old, old, adv) * (target - old)).sum(axis=1)
    np.testing.assert_allclose(flat, 0, rtol=0, atol=1e-14)
    for row in zip(old, target, adv, strict=True):
        # the third derivative times the step squared
        assert slope_at_home(drift, *row) == pytest.approx(0, abs=1e-9)


@settings(max_examples=300)
@given(data=st.data())
def test_drifts_are_nonnegative_inside(data):
    new, old = data.draw(row_pairs(interior=True))
    drift, adv = data.draw(one_of("valid_inside", new)), data.draw(advantages(new.shape))
    assert (drift.value(new, old, adv) >= 0).all()


@of_kind("valid_inside", False)
def test_what_is_no_drift_is_steep_at_home_or_negative_inside(drift):
    old, new, adv = np.array([0.1, 0.9]), np.array([0.8, 0.2]), np.array([-0.9, 0.1])
    steep = abs(slope_at_home(drift, old, new, adv)) > 0.1
    assert steep or charge(drift, new, old, adv) < -0.1


def test_the_dual_clip_is_negative_by_the_published_amount():
    assert charge(DualClip(0.2, 3), [0.8, 0.2], [0.1, 0.9], [-0.9, 0.1]) == pytest.approx(-0.45)


# valid on the boundary


@of_kind("valid_on_boundary", True)
def test_drifts_valid_on_the_boundary_start_flat_there(drift):
    rng = np.random.default_rng(4)
    old, target, adv = random_rows(rng, 40, 4), random_rows(rng, 40, 4), rng.normal(size=(40, 4))
    assert (old == 0).any(axis=1).sum() >= 20
    for row in zip(old, target, adv, strict=True):
        scale = 1e4 if isinstance(drift, drifts.Memory) else 1  # 1 / resolution^2
        assert slope_at_home(drift, *row) == pytest.approx(0, abs=1e-9 * scale)


@of_kind("valid_on_boundary", True)
@pytest.mark.parametrize("size", 10.0 ** -np.arange(1, 16, 2))
def test_drifts_valid_on_the_boundary_are_jointly_continuous(drift, size):
    """In the new policy, the old one and the advantages: |change| <= 100 h (1 + log 1 / h)."""
    rng = np.random.default_rng(5)
    new, old, adv = random_rows(rng, 200, 4), random_rows(rng, 200, 4), rng.normal(size=(200, 4))
    new[::5] = old[::5]

    def perturbed(policy):
        return (1 - size) * policy + size * random_rows(rng, 200, 4)

    near = drift.value(perturbed(new), perturbed(old), adv + size * rng.uniform(-1, 1, (200, 4)))
    change = np.abs(near - drift.value(new, old, adv))
    assert np.isfinite(near).all()
    assert (change <= 100 * size * (1 - np.log(size)) + 1e-14).all()


def flaws_on_the_boundary(drift):
    """Which of finite, nonnegative, flat and continuous fails at or near the corner (1, 0, 0)."""
    home, away, mixed = np.array([[1.0, 0, 0], [0, 1.0, 0], [0.5, 0.5, 0]])
    adv, flaws = np.array([-0.5, 0.5, -1.0]), set()
    values = [charge(drift, *pair, adv) for pair in [(away, home), (mixed, home), (home, mixed)]]
    values.append(charge(drift, np.array([0.5, 0, 0.5]), home, adv))
    if not np.isfinite(values).all():
        flaws.add("infinite")
    if min(values) < 0:
        flaws.add("negative")
    if not abs(charge(drift, home + 1e-9 * (away - home), home, adv)) < 1e-11:
        flaws.add("steep")
    for h in (1e-6, 1e-9):
        nearly = np.array([1 - h, h, 0])  # an unused action that is about to be used
        jump = charge(drift, mixed, nearly, adv) - charge(drift, mixed, home, adv)
        if not abs(jump) < 0.01:
            flaws.add("discontinuous")
    return flaws


@of_kind("valid_on_boundary", True)
def test_drifts_valid_on_the_boundary_have_no_flaw_there(drift):
    assert flaws_on_the_boundary(drift) == set()


@of_kind("valid_on_boundary", False)
def test_drifts_not_valid_on_the_boundary_have_a_flaw_there(drift):
    if isinstance(drift, DualClip | drifts.NegativeTVSquared):
        assert charge(drift, [0.2, 0.8], [0.9, 0.1], [0.1, -0.9]) < 0
    else:
        assert flaws_on_the_boundary(drift)


@pytest.mark.parametrize(
    "drift, flaws",
    [
        (drifts.KLNewOld(), {"infinite", "steep", "discontinuous"}),
        (drifts.HellingerSquared(), {"steep"}),
        (drifts.JensenShannon(), {"steep"}),
        (drifts.Renyi(0.5), {"infinite", "steep"}),
        (PPOClip(), {"steep"}),
        (PPOClip(reading="dropped"), {"discontinuous"}),
        (PPOClip(reading="original"), {"negative", "steep"}),
        (Rollback(), {"steep"}),
    ],
    ids=lambda value: name_of(value) if isinstance(value, Drift) else None,
)
def test_what_fails_on_the_boundary(drift, flaws):
    assert flaws_on_the_boundary(drift) == flaws


def test_the_slope_at_an_unused_action():
    """(0, 1) at (1, 0): f'(inf) for the divergences, max(A, 0) for PPO's extended reading."""
    home, away, adv = np.array([1.0, 0.0]), np.array([0.0, 1.0]), np.array([0.0, 0.7])
    expected = {
        drifts.KLOldNew(): 1,
        drifts.HellingerSquared(): 0.5,
        drifts.JensenShannon(): np.log(2) / 2,
        drifts.Renyi(0.5): 1,
        drifts.Alpha(0.5): 2,
        drifts.ChiSquaredOldNew(): 1,
        PPOClip(): 0.7,
        PPOClip(reading="dropped"): 0,
        Rollback(0.2, 0.5): 1.05,
        DPO(): 0.7,
    }
    for drift, slope in expected.items():
        # second order in t for Hellinger, JS: sqrt and log at t
        assert charge(drift, home + 1e-9 * (away - home), home, adv) / 1e-9 == pytest.approx(
            slope, abs=1e-6
        ), drift


def test_kl_old_new_is_not_jointly_continuous():
    """old = (h, 1 - h), new = (exp(-1 / h^2), ...): both tend to (0, 1), the KL to infinity."""
    for h in (0.1, 0.05, 0.04):
        tiny = np.exp(-1 / h**2)
        assert charge(drifts.KLOldNew(), [tiny, 1 - tiny], [h, 1 - h]) > 0.5 / h


# advantages


@of_kind("needs_adv", True)
def test_drifts_that_need_advantages_say_so(drift):
    rows = np.array([[0.5, 0.5]])
    for verb in ("value", "gradient", "slack"):
        with pytest.raises(ValueError, match=f"^adv is None, but {type(drift).__name__} needs"):
            getattr(drift, verb)(rows, rows)
    assert charge(drift, [0.9, 0.1], [0.5, 0.5], [1, -1]) > 0


@of_kind("needs_adv", False)
def test_the_others_do_not_look_at_them(drift):
    rng = np.random.default_rng(6)
    new, old, adv = random_rows(rng, 8, 4), random_rows(rng, 8, 4), rng.normal(size=(8, 4))
    for verb in ("value", "gradient", "slack"):
        ask = getattr(drift, verb)
        np.testing.assert_array_equal(ask(new, old, adv), ask(new, old))


# separable


@of_kind("separable", False)
def test_gradients_of_the_others_depend_on_the_whole_row(drift):
    old = np.full((1, 4), 0.25)
    new, other = np.array([[0.4, 0.2, 0.2, 0.2]]), np.array([[0.4, 0.0, 0.0, 0.6]])
    assert drift.gradient(new, old)[0, 0] != drift.gradient(other, old)[0, 0]


def test_the_floor_is_what_makes_ppo_flat_on_the_boundary():
    adv, home = np.array([-1.0, 1.0]), np.array([1.0, 0.0])
    assert charge(PPOClip(0.2), [0.99, 0.01], home, adv) == pytest.approx(0.01)
    assert charge(PPOFloored(0.2, 0.05), [0.99, 0.01], home, adv) == 0
