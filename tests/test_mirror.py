"""The mirror operator and the objective: summed entry by entry, and the identities between them."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import COSTS
from strategies import mdps_with_policies, rows

from mirrorbook import (
    KLNewOld,
    KLOldNew,
    L2Squared,
    TVSquared,
    Zero,
    distributions,
    evaluate,
)
from mirrorbook.drifts import Drift
from mirrorbook.mirror import mirror_operator, objective, total_drift

DRIFTS = [Zero(), KLOldNew(), 3 * KLNewOld(), L2Squared(), 0.5 * TVSquared()]
every_drift = pytest.mark.parametrize("drift", DRIFTS, ids=repr)


@st.composite
def updates(draw):
    """Values of an old policy, that policy, a new one, and where they are compared."""
    mdp, old, new = draw(mdps_with_policies(n_policies=2, gammas=(0.0, 0.5, 0.9)))
    beta = draw(rows((1, mdp.n_states), weights=(0.01, 1, 2)))[0]
    nu = draw(rows((1, mdp.n_states), weights=(0, 0, 1, 2)))[0]
    return evaluate(mdp, old), old, new, beta, nu


def charge(drift, new, old):
    """The drift of one row, from its definition."""
    return drift.scale * COSTS[type(drift).__name__](new, old)


def same(ours, expected):
    """Equal up to a few roundings of numbers that are at most about 100, or both infinite."""
    return ours == pytest.approx(expected, rel=1e-13, abs=1e-12)


@every_drift
@given(drawn=updates())
@settings(max_examples=40)
def test_total_drift_is_the_sum_over_the_states_that_nu_charges(drift, drawn):
    _, old, new, _, nu = drawn
    expected = math.fsum(nu[s] * charge(drift, new[s], old[s]) for s in range(len(nu)) if nu[s] > 0)
    ours = total_drift(new, old, drift, nu)
    assert type(ours) is float
    assert same(ours, expected)


@every_drift
@given(drawn=updates())
@settings(max_examples=40)
def test_operator_entry_by_entry(drift, drawn):
    values, old, new, beta, nu = drawn
    operator = mirror_operator(new, old, values.q, drift, beta, nu)
    assert operator.shape == beta.shape
    for s in range(len(beta)):
        expected = math.fsum(new[s, a] * values.q[s, a] for a in range(new.shape[1]))
        if nu[s] > 0:
            expected -= nu[s] / beta[s] * charge(drift, new[s], old[s])
        assert same(operator[s], expected)


@every_drift
@given(drawn=updates())
@settings(max_examples=40)
def test_objective_entry_by_entry(drift, drawn):
    values, old, new, beta, nu = drawn
    states, actions = (range(n) for n in new.shape)
    gain = math.fsum(beta[s] * new[s, a] * values.adv[s, a] for s in states for a in actions)
    paid = math.fsum(nu[s] * charge(drift, new[s], old[s]) for s in states if nu[s] > 0)
    ours = objective(new, old, values.adv, drift, beta, nu)
    assert type(ours) is float
    assert same(ours, gain - paid)


@every_drift
@given(drawn=updates())
@settings(max_examples=40)
def test_the_objective_is_the_gain_of_the_operator_averaged_with_beta(drift, drawn):
    """E_beta [M^new V] - E_beta V = F(new): the drift's part of it is D^nu (Sec. 3)."""
    values, old, new, beta, nu = drawn
    operator = mirror_operator(new, old, values.q, drift, beta, nu)
    gained = objective(new, old, values.adv, drift, beta, nu)
    assert same(beta @ operator - beta @ values.v, gained)


@every_drift
@given(drawn=updates())
@settings(max_examples=40)
def test_staying_gains_nothing_and_has_the_old_value(drift, drawn):
    values, old, _, beta, nu = drawn
    assert objective(old, old, values.adv, drift, beta, nu) == pytest.approx(0, abs=1e-13)
    assert total_drift(old, old, drift, nu) == 0
    operator = mirror_operator(old, old, values.q, drift, beta, nu)
    np.testing.assert_allclose(operator, values.v, rtol=1e-13, atol=1e-13)


@pytest.mark.parametrize("drift", [KLOldNew(), KLNewOld()], ids=repr)
def test_an_infinite_drift_counts_only_where_nu_charges(drift):
    old, new = np.array([[1.0, 0.0], [0.5, 0.5]]), np.array([[0.0, 1.0], [0.5, 0.5]])
    q, beta = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([0.5, 0.5])
    charged, spared = np.array([0.5, 0.5]), np.array([0.0, 1.0])
    assert total_drift(new, old, drift, charged) == np.inf
    assert total_drift(new, old, drift, spared) == 0
    assert mirror_operator(new, old, q, drift, beta, charged).tolist() == [-np.inf, 3.5]
    assert mirror_operator(new, old, q, drift, beta, spared).tolist() == [2, 3.5]
    assert objective(new, old, q, drift, beta, charged) == -np.inf
    assert objective(new, old, q, drift, beta, spared) == 0.5 * 2 + 0.5 * 3.5


def test_the_drift_weighs_nu_over_beta():
    """Not beta over nu, as the authors' slides have it."""
    old, new = np.array([[0.5, 0.5]] * 2), np.array([[1.0, 0.0]] * 2)
    beta, nu = np.array([0.25, 0.75]), np.array([0.5, 0.5])
    operator = mirror_operator(new, old, np.zeros((2, 2)), L2Squared(), beta, nu)
    assert operator == pytest.approx([-1, -1 / 3], rel=1e-15)


def test_a_state_without_beta_must_be_without_nu():
    row = np.array([[0.5, 0.5]] * 3)
    parts = dict(new=row, old=row, q=np.ones((3, 2)), drift=L2Squared(), beta=np.eye(3)[0])
    with pytest.raises(ValueError, match=r"^beta\[1\] is 0 but nu\[1\] is 0\.25"):
        mirror_operator(**parts, nu=np.array([0.5, 0.25, 0.25]))
    assert mirror_operator(**parts, nu=np.eye(3)[0]).tolist() == [1, 1, 1]


class Lost(Drift):
    """Charges each row the square of the advantage that it lost."""

    def value(self, new, old, adv=None):
        return ((old - new) * adv).sum(axis=1) ** 2


def test_drifts_see_the_advantages_of_the_states_that_nu_charges():
    old, new = np.array([[0.5, 0.5]] * 3), np.array([[1.0, 0.0]] * 3)
    adv = np.array([[1.0, -1.0], [2.0, -2.0], [3.0, -3.0]])
    beta, nu = np.full(3, 1 / 3), np.array([0.0, 0.25, 0.75])
    assert total_drift(new, old, Lost(), nu, adv) == 0.25 * 4 + 0.75 * 9
    operator = mirror_operator(new, old, np.zeros((3, 2)), Lost(), beta, nu, adv)
    assert operator == pytest.approx([0, -0.75 * 4, -2.25 * 9], rel=1e-15)
    gained = objective(new, old, adv, Lost(), beta, nu)
    assert gained == pytest.approx((1 + 2 + 3) / 3 - 7.75, rel=1e-15)


@given(updates())
def test_a_rule_weighs_what_the_candidate_is_charged_most(drawn):
    """With nu at the worst state the total drift is the largest of the rows' drifts."""
    values, old, new, beta, _ = drawn
    worst = distributions.point_mass_on_worst
    charges = [charge(L2Squared(), p, q) for p, q in zip(new, old, strict=True)]
    assert total_drift(new, old, L2Squared(), worst) == pytest.approx(max(charges), rel=1e-9)
    gained = float(beta @ (new * values.adv).sum(axis=1))
    found = objective(new, old, values.adv, L2Squared(), beta, worst)
    assert found == pytest.approx(gained - max(charges), rel=1e-9, abs=1e-14)
    averaged = beta @ mirror_operator(new, old, values.adv, L2Squared(), beta, worst)
    assert averaged == pytest.approx(found, rel=1e-9, abs=1e-13)


def test_a_rule_is_shown_the_new_policy():
    old, new = np.full((3, 2), 0.5), np.array([[0.9, 0.1], [0.3, 0.7], [0.6, 0.4]])
    q, beta = np.array([[1.0, 2.0], [0.0, 1.0], [3.0, 0.0]]), np.full(3, 1 / 3)

    def where_the_first_is_played(pi, charge):
        return pi[:, 0] / pi[:, 0].sum()

    by_rule = mirror_operator(new, old, q, KLOldNew(), beta, where_the_first_is_played)
    nu = np.array([0.5, 1 / 6, 1 / 3])
    np.testing.assert_allclose(by_rule, mirror_operator(new, old, q, KLOldNew(), beta, nu))
    charged = total_drift(new, old, KLOldNew(), where_the_first_is_played)
    assert charged == pytest.approx(total_drift(new, old, KLOldNew(), nu))
