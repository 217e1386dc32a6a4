"""Equation (7): symbols in six cases, numbers on a grid, and the package's drift."""

from itertools import product

import numpy as np
import pytest
import sympy

from mirrorbook.derivation import EPSILON, A, R, clip_lines, ppo_cases
from mirrorbook.drifts import PPOClip

CASES = ppo_cases()


def place_of(r, epsilon):
    if r < 1 - epsilon:
        return "r < 1 - epsilon"
    return "inside" if r <= 1 + epsilon else "r > 1 + epsilon"


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.advantage}, {case.place}")
def test_in_every_case_the_five_lines_are_one(case):
    assert len(case.lines) == 5
    for line in case.lines[1:]:
        assert sympy.expand(line - case.lines[0]) == 0
    assert sympy.expand(R * A - case.drift - case.lines[0]) == 0


def test_the_six_cases_are_all_there_are():
    assert len({(case.advantage, case.place) for case in CASES}) == 6


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.advantage}, {case.place}")
def test_symbols_agree_with_numbers(case):
    clip_objective = sympy.lambdify((R, A, EPSILON), case.lines[0])
    hits = 0
    for r, size, epsilon in product(np.linspace(0, 3, 31), (0.1, 1, 7), (0.1, 0.3)):
        advantage = size if case.advantage == "A > 0" else -size
        if place_of(r, epsilon) == case.place:
            hits += 1
            expected = min(r * advantage, np.clip(r, 1 - epsilon, 1 + epsilon) * advantage)
            assert clip_objective(r, advantage, epsilon) == pytest.approx(expected, abs=1e-14)
    assert hits >= 3


def test_lines_agree_exactly_in_fractions():
    third = sympy.Rational(1, 3)
    for r, advantage in product((0, third, 1, 1 + third, 2), (-2, 0, third)):
        assert len(set(clip_lines(sympy.sympify(r), sympy.sympify(advantage), third))) == 1


def test_averaged_over_the_old_policy_the_charge_is_the_packages_drift():
    rng = np.random.default_rng(0)
    old, new = rng.dirichlet(np.ones(4), size=(2, 20))
    adv = rng.normal(size=(20, 4))
    adv -= (old * adv).sum(axis=1, keepdims=True)
    charged = {(c.advantage, c.place): sympy.lambdify((R, A, EPSILON), c.drift) for c in CASES}

    def charge(r, advantage):
        sign = "A > 0" if advantage > 0 else "A < 0"
        return charged[sign, place_of(r, 0.2)](r, advantage, 0.2)

    expected = [
        sum(old[s, a] * charge(new[s, a] / old[s, a], adv[s, a]) for a in range(4))
        for s in range(20)
    ]
    for reading in ("extended", "original", "dropped"):
        drift = PPOClip(0.2, reading=reading)
        np.testing.assert_allclose(drift.value(new, old, adv), expected, atol=1e-14)
    assert np.count_nonzero(np.array(expected) > 1e-3) >= 10
