"""The PPO trap: who falls in, who escapes, and how the value can fall."""

from dataclasses import replace
from itertools import islice

import numpy as np
import pytest

from mirrorbook import mirror_learning
from mirrorbook.counterexamples import PPO_FALL, PPO_TRAP, PPO_TRAP_FROM_UNIFORM, trap_game
from mirrorbook.counterexamples.ppo import ppo
from mirrorbook.drifts import PPOClip


def final_return(mdp, start, algorithm, n_steps=60):
    steps = list(islice(mirror_learning(mdp, start, algorithm), n_steps))
    return float(mdp.d0 @ steps[-1].evaluation.v)


@pytest.mark.parametrize("case", [PPO_TRAP, PPO_TRAP_FROM_UNIFORM], ids=lambda case: case.name)
def test_the_nearest_maximiser_falls_in_and_the_greedy_one_escapes(case):
    assert final_return(case.mdp, case.start, case.algorithm) == pytest.approx(1.8, rel=1e-12)
    assert final_return(case.mdp, case.start, ppo("greedy")) == pytest.approx(8.2, rel=1e-12)


def test_the_first_step_has_one_maximiser_at_s0():
    step = PPO_TRAP.replay().steps[0]
    for selection in ("min-kl", "greedy", "worst", np.random.default_rng(0)):
        run = mirror_learning(PPO_TRAP.mdp, PPO_TRAP.start, ppo(selection))
        assert np.array_equal(next(run).pi[0], step.pi[0]) and step.pi[0, 0] == 1


def test_in_the_trap_both_selections_are_maximisers():
    step = PPO_TRAP.replay().steps[-1]
    out = step.pi.copy()
    out[0] = [0, 1]
    assert step.problem.objective(step.pi) == pytest.approx(0, abs=1e-12)
    assert step.problem.objective(out) == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("seed", range(3))
def test_a_random_selection_escapes(seed):
    algorithm = ppo(np.random.default_rng(seed))
    assert final_return(PPO_TRAP.mdp, PPO_TRAP.start, algorithm) > 8.2 - 1e-6


def test_a_punishment_of_ten_is_survived_by_the_nearest_maximiser():
    start = np.full((3, 2), 0.5)
    assert final_return(trap_game(-10.0), start, ppo("min-kl")) == pytest.approx(8.2, rel=1e-9)
    assert final_return(trap_game(-1000.0), start, ppo("min-kl")) == pytest.approx(1.8, rel=1e-9)


def test_mass_that_starts_flat_at_the_boundary_is_what_is_missing():
    """At pi = (1, 0) with A(b) = 8 the extended clip charges 8 p(b): its slope is not 0."""
    old, adv = np.array([[1.0, 0.0]]), np.array([[0.0, 8.0]])
    for t in (1e-2, 1e-4):
        charge = PPOClip(epsilon=0.2).value(np.array([[1 - t, t]]), old, adv)
        assert charge[0] / t == pytest.approx(8, rel=1e-12)


def test_the_fall_needs_a_negative_drift():
    step = PPO_FALL.replay().steps[0]
    assert step.drift == pytest.approx(-39.6, rel=1e-12)
    extended = PPO_FALL.repaired.drift.value(step.pi, step.pi_old, step.evaluation.adv)
    assert extended[0] >= 0


@pytest.mark.parametrize("selection", ["min-kl", "greedy", "worst", np.random.default_rng(1)])
def test_no_selection_falls_with_the_extended_clip(selection):
    case = replace(PPO_FALL, repaired=ppo(selection))
    assert case.replay_repaired(20).smallest_rise >= -1e-12


def test_dropping_all_bad_actions_at_once_is_a_maximiser_too_and_leads_into_the_trap():
    mdp, start = trap_game(-10.0), np.full((3, 2), 0.5)
    step = next(mirror_learning(mdp, start, ppo("min-kl")))
    dropped = np.where(step.evaluation.adv > 0, 1.0, 0.0)
    dropped[2] = [0.5, 0.5]
    assert step.problem.objective(dropped) == pytest.approx(step.objective, rel=1e-12)
    assert final_return(mdp, dropped, ppo("min-kl")) == pytest.approx(1.8, rel=1e-12)
