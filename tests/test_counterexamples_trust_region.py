"""Trust-region learning: the tie, what it breaks, and what it does not."""

from decimal import Decimal
from itertools import islice

import numpy as np
import pytest
from oracles import random_mdp

from mirrorbook import expected_return, mirror_learning, mirror_step
from mirrorbook.counterexamples import (
    TRL_LEMMA_2,
    TRL_PROPERTY_1,
    TRL_PROPERTY_1_OCCUPANCY,
    TRL_PROPERTY_1_UNIFORM,
    Relay,
    bandits,
)
from mirrorbook.counterexamples.trust_region import trust_region_learning
from mirrorbook.drift_rules import TrustRegionPenalty

CASES = [TRL_LEMMA_2, TRL_PROPERTY_1_UNIFORM, TRL_PROPERTY_1_OCCUPANCY, TRL_PROPERTY_1]
every = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)


def charges(step):
    return step.problem.drift.value(step.pi, step.pi_old)


def operator_rise(step):
    """M_new - M_old = E_new A - nu / beta D of every sampled state."""
    sampled = step.beta > 0
    gains = (step.pi * step.evaluation.adv).sum(axis=1)
    return (gains - step.nu * charges(step) / np.where(sampled, step.beta, 1))[sampled]


@every
def test_every_row_with_something_to_gain_is_at_the_level_of_the_first(case):
    step = case.replay().steps[0]
    tied = step.evaluation.adv.max(axis=1) > 1e-10
    assert tied.sum() == (step.beta * ~case.mdp.terminal > 0).sum()
    level = charges(step)
    assert level[tied] == pytest.approx(level[0], rel=1e-9)
    assert level.max() == pytest.approx(level[0], rel=1e-9)
    assert step.nu.tolist() == np.eye(len(level))[0].tolist()


@every
def test_random_candidates_gain_no_more(case):
    rng = np.random.default_rng(0)
    step = case.replay().steps[0]
    for size in (1.0, 1e-1, 1e-3):
        for _ in range(100):
            other = step.pi + size * (rng.dirichlet(np.ones(2), size=len(step.pi)) - step.pi)
            assert step.problem.objective(other) <= step.objective + 1e-15


@every
def test_values_rise_all_the_same(case):
    assert case.replay(10).smallest_rise >= -1e-12


def test_lemma_2_fails_at_one_of_three_and_holds_for_two_states():
    assert operator_rise(TRL_LEMMA_2.replay().steps[0]).min() < -0.05
    two = mirror_step(bandits(2, gamma=0.2), [[0.5, 0.5]] * 2, TRL_LEMMA_2.algorithm)
    assert operator_rise(two).min() > 0.06


def test_the_constant_of_the_three_bandits_is_one_half():
    assert TRL_LEMMA_2.replay().steps[0].problem.drift.scale == pytest.approx(0.5, rel=1e-14)


@every
def test_the_distribution_of_the_drift_depends_on_other_rows(case):
    """What would have excluded it: a charge that is a function of its own row alone."""
    step = case.replay().steps[0]
    alone = step.pi_old.copy()
    alone[0] = step.pi[0]
    other = step.pi_old.copy()
    other[1] = step.pi[1]
    both = alone.copy()
    both[1] = 0.5 * (step.pi[1] + step.pi[1].round())  # further than row 0 goes
    assert step.problem.nu_at(alone)[0] == 1 and step.problem.nu_at(both)[0] == 0
    assert step.problem.nu_at(other)[1] == 1


@every
def test_with_a_fixed_distribution_lemma_2_and_the_bound_hold(case):
    replay = case.replay_repaired(20)
    for step, before, after in zip(
        replay.steps, replay.returns[:-1], replay.returns[1:], strict=True
    ):
        assert operator_rise(step).min() >= -1e-12
        sampled = step.beta > 0
        bound = (case.mdp.d0 * charges(step))[sampled].sum()  # nu = beta
        assert after - before >= bound - 1e-12


def test_two_computations_of_the_ratio_agree():
    assert TRL_PROPERTY_1.replay().numbers["gain / bound"] == pytest.approx(
        float(Relay().ratio()), abs=1e-9
    )
    forty, fifty = Relay().ratio(digits=40), Relay().ratio(digits=50)
    assert abs(forty - fifty) < Decimal("1e-20")
    assert Decimal("0.99967") < fifty < Decimal("0.99969")


def test_a_larger_gamma_and_a_smaller_one_keep_the_bound():
    assert Relay(gamma="0.173").ratio() > 1
    assert Relay(gamma="0.17").ratio() > Relay(gamma="0.173").ratio()


@pytest.mark.parametrize("seed", range(10))
def test_with_its_own_constant_it_gains_three_quarters_of_c_times_level(seed):
    """(1 - gamma) C L is the charge, and d / beta <= 1 / (1 - gamma)."""
    rng = np.random.default_rng(seed)
    mdp = random_mdp(rng, 4, 3, gamma=rng.choice([0.1, 0.3, 0.6]))
    start = rng.dirichlet(np.ones(3), size=4)
    run = mirror_learning(mdp, start, trust_region_learning(TrustRegionPenalty()))
    for step in islice(run, 3):
        gain = expected_return(mdp, step.pi) - expected_return(mdp, step.pi_old)
        assert gain >= 0.75 * charges(step).max() / (1 - mdp.gamma) - 1e-12


@pytest.mark.parametrize(
    "build, message",
    [
        (lambda: Relay(gamma="1"), r"^gamma is 1, expected a number between 0 and 1"),
        (lambda: Relay(rare="0"), r"^rare is 0, expected a number between 0 and 1"),
        (lambda: Relay(edge="tiny"), r"^edge must be a decimal number, found 'tiny'"),
        (lambda: Relay(gamma="0.4").ratio(), r"^gamma is 0\.4: at this penalty no row moves"),
    ],
)
def test_malformed_relays(build, message):
    with pytest.raises(ValueError, match=message):
        build()
