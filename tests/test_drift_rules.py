"""Weights found anew at every step: TRL's constant, and the adaptive tau of PPO-KL."""

from itertools import islice

import numpy as np
import pytest

from mirrorbook import ALGORITHMS, Algorithm, distributions, evaluate, games, policies
from mirrorbook.drift_rules import AdaptiveKL, TrustRegionPenalty
from mirrorbook.drifts import KLOldNew
from mirrorbook.learning import mirror_learning, mirror_step
from mirrorbook.neighbourhoods import AllPolicies


@pytest.mark.parametrize("gamma", [0.0, 0.3, 0.9, 0.999])
def test_the_constant_of_trust_region_learning(gamma):
    mdp = games.tabular(gamma=gamma)
    pi = policies.random_policy(mdp, np.random.default_rng(1))
    values = evaluate(mdp, pi)
    largest = max(abs(a) for row in values.adv for a in row)
    unscaled = TrustRegionPenalty(normalised=False)(mdp, pi, values).scale
    assert unscaled == pytest.approx(4 * gamma * largest / (1 - gamma) ** 2, rel=1e-14)
    normalised = TrustRegionPenalty()(mdp, pi, values).scale
    assert normalised == pytest.approx((1 - gamma) * unscaled, rel=1e-14)


def test_tau_follows_the_kl_of_the_steps_before():
    mdp = games.single_step()
    near, far = np.full((2, 5), 0.2), np.full((2, 5), 0.2)
    far[0] = [0.6, 0.1, 0.1, 0.1, 0.1]
    rule = AdaptiveKL(target=0.05, tau0=3.0, tolerance=1.5, factor=2.0)
    kl = KLOldNew().value(far, near)[0]
    assert kl > 1.5 * 0.05
    assert rule(mdp, near, None).scale == 3
    assert rule(mdp, far, None, (near,)).scale == 3 * 2  # a long step
    assert rule(mdp, far, None, (near, far)).scale == 3 * 2 / 2  # then one that stays
    inside = AdaptiveKL(target=kl, tau0=3.0)
    assert inside(mdp, far, None, (near,)).scale == 3


def test_the_adaptive_row_is_a_fixed_tau_at_every_step():
    mdp = games.tabular()
    adaptive = ALGORITHMS["PPO-KL, adaptive"]
    steps = list(islice(mirror_learning(mdp, policies.uniform(mdp), adaptive), 6))
    taus = [step.problem.drift.scale for step in steps]
    assert len(set(taus)) > 2
    for step in steps:
        fixed = Algorithm(step.problem.drift, AllPolicies(), distributions.occupancy)
        again = mirror_step(mdp, step.pi_old, fixed)
        np.testing.assert_array_equal(again.pi, step.pi)


@pytest.mark.parametrize(
    "parameters, message",
    [
        (dict(target=0), r"^target is 0\.0, expected more than 0"),
        (dict(target=1, tau0=-1), r"^tau0 is -1\.0, expected more than 0"),
        (dict(target=1, tolerance=1), r"^tolerance is 1\.0, expected more than 1"),
        (dict(target=1, factor=0.5), r"^factor is 0\.5, expected more than 1"),
    ],
)
def test_malformed(parameters, message):
    with pytest.raises(ValueError, match=message):
        AdaptiveKL(**parameters)


def test_a_rule_that_gives_no_drift_is_refused():
    rule = Algorithm(lambda *_: 3.0, AllPolicies(), distributions.uniform)
    mdp = games.single_step()
    with pytest.raises(TypeError, match=r"drift rule must return a Drift, found 3\.0"):
        mirror_step(mdp, policies.uniform(mdp), rule)
