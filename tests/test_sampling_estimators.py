"""The estimator (6): by loops, and its mean summed over everything that can be drawn."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from oracles import random_mdp
from strategies import mdps_with_policies, rows

from mirrorbook import KLNewOld, KLOldNew, L2Squared, TVSquared, Zero, evaluate, policies
from mirrorbook.drifts import PPOClip
from mirrorbook.mirror import mirror_operator
from mirrorbook.sampling import (
    Batch,
    draw_batch,
    estimate,
    expected_value,
    missing_support_bias,
)
from mirrorbook.sampling.estimators import balance

DRIFTS = (Zero(), L2Squared(), 2 * TVSquared(), KLOldNew(), KLNewOld())


def one(s, a, probability):
    return Batch(np.array([s]), np.array([a]), np.array([probability]))


def mean_estimate(beta, h, behaviours, *arguments, **options):
    """The mean of (6) for a batch of one pair: s ~ beta, i ~ h(.|s), a ~ pi_i(.|s)."""
    total = 0.0
    for i, s, a in product(*map(range, behaviours.shape)):
        chance = beta[s] * h[i, s] * behaviours[i, s, a]
        if chance > 0:
            batch = one(s, a, behaviours[i, s, a])
            total += chance * estimate(batch, *arguments, **options).value
    return total


@given(mdps_with_policies(n_policies=2, interior=True, max_states=3), st.sampled_from(DRIFTS))
def test_on_policy_the_mean_is_the_objective(instance, drift):
    mdp, old, new = instance
    q, beta = evaluate(mdp, old).q, np.full(mdp.n_states, 1 / mdp.n_states)
    nu = np.arange(1.0, mdp.n_states + 1) / np.arange(1, mdp.n_states + 1).sum()
    found = mean_estimate(
        beta, np.ones((1, mdp.n_states)), old[None], new, old, q, drift, nu_over_beta=nu / beta
    )
    exact = beta @ mirror_operator(new, old, q, drift, beta, nu)
    assert found == pytest.approx(exact, rel=1e-10, abs=1e-10 * (1 + np.abs(q).max()))


def test_two_pairs_are_enough_for_a_standard_error():
    old, q = np.array([[0.5, 0.5]]), np.array([[1.0, 4.0]])
    pairs = Batch(np.array([0, 0]), np.array([0, 1]), np.array([0.5, 0.5]))
    found = estimate(pairs, old, old, q, Zero())
    assert (found.value, found.standard_error) == pytest.approx((2.5, 1.5))
    assert np.isnan(estimate(one(0, 0, 0.5), old, old, q, Zero()).standard_error)


@given(st.data())
def test_off_policy_the_mean_is_off_by_the_missing_support(data):
    n_states, n_actions, n_policies = 2, 3, data.draw(st.integers(1, 3))
    behaviours = data.draw(rows((n_policies, n_states, n_actions), weights=(0, 1, 2)))
    h = data.draw(rows((n_states, n_policies), weights=(0, 1, 3))).T
    new, old = data.draw(rows((2, n_states, n_actions), weights=(0, 1, 2)))
    q = data.draw(hnp.arrays(float, (n_states, n_actions), elements=st.integers(-3, 3)))
    beta = np.array([0.25, 0.75])
    found = mean_estimate(beta, h, behaviours, new, old, q, L2Squared())
    cost = L2Squared().value(new, old)
    assert found == pytest.approx(beta @ (expected_value(new, q, behaviours, h) - cost), abs=1e-12)
    truth = (new * q).sum(axis=1)
    bias = expected_value(new, q, behaviours, h) - truth
    np.testing.assert_allclose(bias, missing_support_bias(new, q, behaviours, h), atol=1e-12)
    if ((behaviours > 0) | (h == 0)[:, :, None]).all():
        np.testing.assert_allclose(bias, 0, atol=1e-12)


@given(st.data())
def test_the_balance_denominator_has_the_right_mean_and_less_variance(data):
    behaviours = data.draw(rows((3, 2, 3), weights=(1, 2, 7)))
    h = data.draw(rows((2, 3), weights=(0, 1, 3))).T
    new = data.draw(rows((2, 3), weights=(0, 1, 2)))
    q = data.draw(hnp.arrays(float, (2, 3), elements=st.integers(-3, 3)))
    g = balance(behaviours, h)
    found = expected_value(new, q, behaviours, h, g)
    np.testing.assert_allclose(found, (new * q).sum(axis=1), atol=1e-12)

    def second_moment(denominators):
        chance = h[:, :, None] * behaviours
        return (chance * (new * q / denominators) ** 2).sum(axis=(0, 2))

    assert (second_moment(g) <= second_moment(behaviours) * (1 + 1e-12)).all()


def test_the_balance_denominator_needs_less_support():
    """Policy 0 never plays action 1, policy 1 does; nobody stored anything of state 1."""
    behaviours = np.array([[[1.0, 0.0], [1.0, 0.0]], [[0.5, 0.5], [0.0, 1.0]]])
    h = np.array([[0.5, 1.0], [0.5, 0.0]])
    new, q = np.array([[0.5, 0.5], [1.0, 0.0]]), np.array([[1.0, 2.0], [3.0, 4.0]])
    assert expected_value(new, q, behaviours, h).tolist() == [1.0, 3.0]
    assert expected_value(new, q, behaviours, h, balance(behaviours, h)).tolist() == [1.5, 3.0]


def test_estimates_by_loops():
    rng = np.random.default_rng(0)
    mdp = random_mdp(rng, 3, 4, gamma=0.9)
    old, new = policies.random_policy(mdp, rng), policies.random_policy(mdp, rng)
    q, ratio = evaluate(mdp, old).q, np.array([0.5, 1.0, 2.0])
    batch = draw_batch(mdp, old, mdp.d0, 50, rng)
    cost = (3 * L2Squared()).value(new, old)
    terms = [
        new[s, a] / old[s, a] * q[s, a] - ratio[s] * cost[s]
        for s, a in zip(batch.states, batch.actions, strict=True)
    ]
    found = estimate(batch, new, old, q, 3 * L2Squared(), nu_over_beta=ratio)
    assert found.value == pytest.approx(np.mean(terms), rel=1e-12)
    assert found.standard_error == pytest.approx(np.std(terms, ddof=1) / np.sqrt(50), rel=1e-12)
    values = q[batch.states, batch.actions]
    assert estimate(batch, new, old, values, 3 * L2Squared(), ratio) == found


def test_standard_errors_are_honest():
    """Of 400 estimates about 95 % lie within 1.96 standard errors of the truth, none beyond 5."""
    rng = np.random.default_rng(1)
    mdp = random_mdp(rng, 3, 3, gamma=0.9)
    old, new = policies.random_policy(mdp, rng, 5.0), policies.random_policy(mdp, rng, 5.0)
    q = evaluate(mdp, old).q
    truth = mdp.d0 @ ((new * q).sum(axis=1) - L2Squared().value(new, old))
    off = []
    for _ in range(400):
        found = estimate(draw_batch(mdp, old, mdp.d0, 500, rng), new, old, q, L2Squared())
        off.append(abs(found.value - truth) / found.standard_error)
    assert 0.9 <= np.mean(np.array(off) <= 1.96) <= 0.99
    assert max(off) <= 5


def test_states_that_nu_does_not_charge_cost_nothing():
    """Not even where the drift is infinite."""
    old, new = np.array([[0.5, 0.5], [0.5, 0.5]]), np.array([[1.0, 0.0], [0.5, 0.5]])
    q = np.array([[2.0, 0.0], [0.0, 0.0]])
    found = estimate(one(0, 0, 0.5), new, old, q, KLOldNew(), nu_over_beta=np.array([0.0, 1.0]))
    assert found.value == 4.0 and np.isnan(found.standard_error)


def test_a_drift_that_looks_at_the_advantages_is_charged():
    old, new = np.array([[0.5, 0.5], [0.8, 0.2]]), np.array([[0.9, 0.1], [0.2, 0.8]])
    adv = np.array([[1.0, -1.0], [-0.25, 1.0]])
    drift = PPOClip(0.2)
    found = estimate(one(1, 0, 0.8), new, old, adv, drift, adv=adv)
    expected = 0.2 / 0.8 * adv[1, 0] - drift.value(new, old, adv)[1]
    assert found.value == pytest.approx(expected, rel=1e-12) and drift.value(new, old, adv)[1] > 0


def test_values_must_fit():
    with pytest.raises(ValueError, match=r"q has shape \(3,\), expected \(1,\)"):
        estimate(one(0, 0, 1.0), np.ones((1, 1)), np.ones((1, 1)), np.zeros(3), Zero())


@pytest.mark.parametrize("function", [expected_value, missing_support_bias])
@pytest.mark.parametrize(
    ("changes", "message"),
    [
        (dict(behaviours=[[0.5, 0.5]]), r"^behaviours has shape \(1, 2\), expected \(1, 1, 2\)"),
        (dict(behaviours=0.5), r"^behaviours has shape \(\), expected \(1, 2\)"),
        (dict(behaviours=[[[0.5, 0.5]], [[1.0]]]), "^behaviours is not rectangular"),
        (dict(behaviours=[[[np.nan, 0.5]]]), r"^behaviours\[0, 0, 0\] is nan"),
        (dict(new=[[-0.5, 1.5]]), r"^new\[0, 0\] is -0.5, negative"),
        (dict(q=[[1.0]]), r"^q has shape \(1, 1\), expected \(1, 2\)"),
        (dict(h=[[0.5], [0.5]]), r"^h has shape \(2, 1\), expected \(1, 1\)"),
    ],
)
def test_what_was_stored_must_fit(function, changes, message):
    half = [[0.5, 0.5]]
    with pytest.raises(ValueError, match=message):
        function(**(dict(new=half, q=half, behaviours=[half], h=[[1.0]]) | changes))
