"""Every counterexample: its numbers come out of a replay, and its repair keeps the claim."""

import math
from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest

from mirrorbook.counterexamples import ADAPTIVE_TAU, COUNTEREXAMPLES, NU_CYCLE, Counterexample
from mirrorbook.policies import check_policy

every = pytest.mark.parametrize("case", COUNTEREXAMPLES.values(), ids=lambda case: case.name)
repairable = [case for case in COUNTEREXAMPLES.values() if case.repaired is not None]


@every
def test_a_replay_finds_the_numbers(case):
    assert case.replay().numbers.keys() == case.numbers.keys()
    off = {name: by for name, by in case.discrepancies().items() if not by <= case.tolerance}
    assert off == {}


def test_a_wrong_number_is_seen():
    wrong = replace(NU_CYCLE, numbers=NU_CYCLE.numbers | {"V after": (0, 1.25)})
    assert wrong.discrepancies()["V after"] == pytest.approx(0.25, rel=1e-12)


@every
def test_the_parts_are_those_of_a_run(case):
    replay = case.replay()
    check_policy(case.start, case.mdp)
    assert len(replay.steps) == case.n_steps
    assert replay.policies.shape == (case.n_steps + 1, case.mdp.n_states, case.mdp.n_actions)
    assert np.array_equal(replay.policies[0], case.start)
    assert all(step.solution.method.startswith("exact") for step in replay.steps)
    for text in (case.statement, case.claim, case.what_happens, case.missing):
        assert text and text == text.strip()


@every
def test_no_step_is_worse_than_staying_at_home(case):
    for step in case.replay(min(case.n_steps, 12)).steps:
        assert step.objective >= -1e-12
        contains = case.algorithm.neighbourhood.contains
        assert contains(step.pi_old, step.pi_old, step.beta)


@pytest.mark.parametrize("case", repairable, ids=lambda case: case.name)
def test_with_the_hypothesis_put_back_no_value_falls(case):
    assert case.replay_repaired(100).smallest_rise >= -1e-12


def test_names_are_keys_and_the_table_is_read_only():
    for name, case in COUNTEREXAMPLES.items():
        assert isinstance(case, Counterexample) and case.name == name
    with pytest.raises(TypeError):
        COUNTEREXAMPLES["nu cycle"] = None


def test_a_replay_counts_its_own_steps_and_values():
    replay = NU_CYCLE.replay(5)
    assert len(replay.steps) == 5 and replay.values.shape == (6, 3)
    assert replay.smallest_rise == pytest.approx(-1, rel=1e-14)
    assert replay.returns.tolist() == pytest.approx([0.6, 0.3, 0.6, 0.3, 0.6, 0.3], rel=1e-14)
    assert math.isclose(replay.best_return, 9)


def test_nothing_of_it_can_be_changed():
    with pytest.raises(FrozenInstanceError):
        NU_CYCLE.n_steps = 3
    with pytest.raises(ValueError, match="read-only"):
        NU_CYCLE.start[0] = 0.5
    with pytest.raises(TypeError):
        NU_CYCLE.numbers["eta*"] = 8


def test_what_has_no_repaired_algorithm_says_so():
    with pytest.raises(ValueError, match=r"^adaptive tau has no repaired algorithm: nothing that"):
        ADAPTIVE_TAU.replay_repaired()


@pytest.mark.parametrize(
    "changes, error, message",
    [
        (dict(start=[[1, 0]]), ValueError, r"^start has shape \(1, 2\), expected \(3, 2\)"),
        (dict(start=[[1, 1], [1, 0], [1, 0]]), ValueError, r"^start\[0\] is not a probability"),
        (dict(n_steps=0), ValueError, r"^n_steps is 0, expected at least 1"),
    ],
    ids=str,
)
def test_malformed(changes, error, message):
    with pytest.raises(error, match=message):
        replace(NU_CYCLE, **changes)
    if "n_steps" in changes:
        with pytest.raises(error, match=message):
            NU_CYCLE.replay(**changes)
