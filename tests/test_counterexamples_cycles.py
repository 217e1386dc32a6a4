"""The two cycles: their argmaxes by brute force, and which hypothesis would have excluded them."""

from dataclasses import replace
from itertools import product

import numpy as np
import pytest

from mirrorbook import evaluate, mirror_step, solve_optimal
from mirrorbook.counterexamples import (
    CONVEX_NEIGHBOURHOOD,
    NEIGHBOURHOOD_CYCLE,
    NU_CYCLE,
    ApartIsDear,
    swap_game,
)
from mirrorbook.counterexamples.coupled import lipschitz_maximum
from mirrorbook.mirror import total_drift
from mirrorbook.neighbourhoods import CoupledMoves

CYCLES = [NU_CYCLE, NEIGHBOURHOOD_CYCLE]
ALL = [*CYCLES, CONVEX_NEIGHBOURHOOD]
both = pytest.mark.parametrize("case", CYCLES, ids=lambda case: case.name)
all_three = pytest.mark.parametrize("case", ALL, ids=lambda case: case.name)


def policy(*probabilities):
    return np.array([[p, 1 - p] for p in probabilities])


def brute_force(step, contains, points=41):
    """The largest objective on a grid of the two rows that matter, and who reaches it."""
    grid = np.linspace(0, 1, points)
    end = step.pi_old[2, 0]
    candidates = (policy(p, q, end) for p, q in product(grid, grid))
    inside = [c for c in candidates if contains(c, step.pi_old, step.beta)]
    values = [step.problem.objective(c) for c in inside]
    return max(values), inside[int(np.argmax(values))]


def resets(step):
    """For every state: the policy with that row reset, and what resetting adds to the drift."""
    for s in range(3):
        back = step.pi.copy()
        back[s] = step.pi_old[s]
        drifts = (
            total_drift(pi, step.pi_old, step.problem.drift, step.problem.nu)
            for pi in (back, step.pi)
        )
        before, after = drifts
        yield back, before - after


@all_three
def test_the_step_is_the_only_maximiser_on_a_grid(case):
    for step in case.replay(1 if case is CONVEX_NEIGHBOURHOOD else 2).steps:
        best, who = brute_force(step, case.algorithm.neighbourhood.contains)
        assert step.objective == pytest.approx(best, abs=1e-14)
        assert who == pytest.approx(step.pi, abs=1e-14)


def test_moving_the_row_of_the_end_gains_nothing():
    step = NU_CYCLE.replay().steps[0]
    for p in np.linspace(0, 1, 101):
        other = step.pi.copy()
        other[2] = [p, 1 - p]
        assert step.problem.objective(other) <= step.objective


@all_three
@pytest.mark.parametrize("seed", range(8))
def test_the_solvers_from_other_starts(case, seed):
    rng = np.random.default_rng(seed)
    start = policy(*rng.choice([0, 1, *rng.random(3)], size=2), 1.0)
    solver = case.solver
    if case is NU_CYCLE:
        solver = replace(solver, tolerance=1e-6)
    step = mirror_step(case.mdp, start, case.algorithm, solver=solver)
    neighbourhood = case.algorithm.neighbourhood
    best, _ = brute_force(step, neighbourhood.contains, points=81)
    assert step.objective >= best - 1e-6
    if case is NEIGHBOURHOOD_CYCLE:
        assert neighbourhood.measure(step.pi, start, step.beta) <= neighbourhood.slack + 1e-9
    if case is CONVEX_NEIGHBOURHOOD:
        assert abs((step.pi - start)[:2, 0].sum()) <= 0.2 + 1e-9


def test_lemma_2_fails_at_the_state_that_turns_away():
    """M_new - M_old = E_new A - nu / beta D is negative at state 1, against Eq. (4)."""
    for case in CYCLES:
        step = case.replay().steps[0]
        charge = step.nu / step.beta * step.problem.drift.value(step.pi, step.pi_old)
        operator = (step.pi * step.evaluation.adv).sum(axis=1) - charge
        assert operator[0] < -1 + 1e-12
        assert (step.beta @ operator) == pytest.approx(step.objective, rel=1e-12)


def test_the_values_of_the_game():
    game = swap_game()
    assert evaluate(game, policy(1, 0, 1)).v.tolist() == [1, 0, 0]
    assert evaluate(game, policy(1, 0, 1)).adv[:2] == pytest.approx(np.array([[0, -1], [1.9, 0]]))
    assert solve_optimal(game).v == pytest.approx([10, 10, 0], rel=1e-14)


def test_the_nu_cycle_is_excluded_by_reset_rows():
    step = NU_CYCLE.replay().steps[0]
    assert max(added for _, added in resets(step)) > 4.9  # one row alone costs 5, both 0.02
    for step in NU_CYCLE.replay_repaired(40).steps:
        assert all(added <= 0 for _, added in resets(step))


def test_the_neighbourhood_cycle_is_excluded_by_reset_rows():
    neighbourhood = NEIGHBOURHOOD_CYCLE.algorithm.neighbourhood
    step = NEIGHBOURHOOD_CYCLE.replay().steps[0]
    inside = [neighbourhood.contains(back, step.pi_old, step.beta) for back, _ in resets(step)]
    assert inside == [False, False, True]
    product_ball = NEIGHBOURHOOD_CYCLE.repaired.neighbourhood
    for step in NEIGHBOURHOOD_CYCLE.replay_repaired(10).steps:
        for back, _ in resets(step):
            assert product_ball.measure(back, step.pi_old, step.beta) <= 1 / 36 + 1e-12


def test_a_convex_neighbourhood_is_excluded_by_reset_rows_and_recovers():
    replay = CONVEX_NEIGHBOURHOOD.replay()
    contains = CONVEX_NEIGHBOURHOOD.algorithm.neighbourhood.contains
    step = replay.steps[0]
    inside = [contains(back, step.pi_old, step.beta) for back, _ in resets(step)]
    assert inside == [False, False, True]
    middle = 0.5 * (step.pi + step.pi_old)  # convex: the middle of two members is one
    assert contains(middle, step.pi_old, step.beta)
    assert replay.smallest_rise < -0.5
    assert np.diff(replay.returns).min() >= 0  # the return hides it


@all_three
def test_repaired_it_reaches_the_optimum(case):
    replay = case.replay_repaired(100)
    assert replay.returns[-1] == pytest.approx(9, rel=1e-9)


def test_the_repaired_ball_is_the_largest_inside_the_coupled_moves():
    """slack / (1 + slack) = 1 / 6."""
    assert CoupledMoves().slack / (1 + CoupledMoves().slack) == pytest.approx(1 / 6, rel=1e-14)
    assert NEIGHBOURHOOD_CYCLE.repaired.neighbourhood.radius == 1 / 36


def test_the_drift_distribution_is_one_for_all_candidates_and_continuous():
    nu, old = ApartIsDear(), policy(1, 0, 1)
    rng = np.random.default_rng(0)
    rule = nu(None, old)
    for _ in range(200):
        new = policy(*rng.random(3))
        weights = rule(new, None)
        assert weights.min() >= 0 and weights.sum() == pytest.approx(1, rel=1e-14)
        nearby = new + 1e-7 * (policy(*rng.random(3)) - new)
        assert np.abs(rule(nearby, None) - weights).max() <= 1e-6
    for t in (0.0, 0.3, 1.0):  # together: every state is charged, so that the drift is positive
        assert rule(policy(1 - t, t, 1), None).min() >= 0.001


def test_the_lipschitz_search_finds_maxima_and_says_by_how_much_it_may_miss():
    def wave(frequency, x):
        return np.sin(frequency * x)

    intervals = [(1.0, -1.0, 1.0), (3.0, 0.0, 4.0), (2.0, 0.0, 0.5)]
    value, case, x = lipschitz_maximum(wave, intervals, 3.0, 1e-6)
    assert 1 - 1e-6 <= value <= 1 and case == 3.0
    assert np.sin(3 * x) == value
    value, case, x = lipschitz_maximum(wave, [(1.0, 0.25, 0.25)], 1.0, 1e-6)
    assert (value, case, x) == (np.sin(0.25), 1.0, 0.25)


@pytest.mark.parametrize("least", [0, 0.5, -1, np.nan])
def test_malformed_weights(least):
    with pytest.raises(ValueError, match=r"^least is"):
        ApartIsDear(least)
