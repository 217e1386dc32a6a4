"""Mirror learning among finitely many policies."""

from itertools import islice

import numpy as np
import pytest

from mirrorbook import (
    ALGORITHMS,
    Algorithm,
    AllPolicies,
    L2Squared,
    StatewiseBall,
    TVSquared,
    distributions,
    evaluate,
    expected_return,
    games,
    mirror_learning,
    mirror_step,
    policies,
    solve_optimal,
)
from mirrorbook.counterexamples import bandits, trap_game
from mirrorbook.policy_dag import PolicyDAG, best_among, grid_policies


@pytest.mark.parametrize("radius", [0.25, 0.5, 1.0])
def test_a_step_is_the_best_of_the_vertices_in_reach(radius):
    mdp = trap_game()
    ball = StatewiseBall(TVSquared(), radius**2 + 1e-9)
    rule = Algorithm(L2Squared(), ball, distributions.fixed(mdp.d0))
    vertices = grid_policies(mdp, 4)
    for old in vertices:
        step = mirror_step(mdp, old, rule, solver=best_among(vertices))
        near = [p for p in vertices if np.abs(p - old).max() <= radius + 1e-6]
        best = max(step.problem.objective(p) for p in near)
        assert step.objective == pytest.approx(max(best, 0), abs=1e-9)
        assert (np.abs(np.array(near) - step.pi).max(axis=(1, 2)) == 0).any()


def test_on_a_fine_grid_it_is_nearly_the_exact_update():
    mdp, rule = bandits(rewards=(1.0, 0.0)), ALGORITHMS["L2²"]
    old = policies.uniform(mdp)
    step = mirror_step(mdp, old, rule, solver=best_among(grid_policies(mdp, 1000)))
    np.testing.assert_allclose(step.pi, mirror_step(mdp, old, rule).pi, atol=1e-3)


@pytest.mark.parametrize("weight", [0.5, 2.0, 8.0])
def test_a_walk_is_a_path_within_the_budget(weight):
    mdp = trap_game()
    rule = Algorithm(weight * L2Squared(), AllPolicies(), distributions.fixed(mdp.d0))
    dag = PolicyDAG.from_grid(mdp, rule, resolution=5)
    for start in dag.policies[::7]:
        steps = mirror_learning(mdp, start, rule, solver=best_among(dag.policies))
        run = [step for step in islice(steps, 12) if (step.pi != step.pi_old).any()]
        rises = [evaluate(mdp, step.pi).v - step.evaluation.v for step in run]
        assert all((rise >= -1e-12).all() for rise in rises)
        gap = mdp.d0 @ solve_optimal(mdp).v - expected_return(mdp, start)
        assert sum(step.drift for step in run) <= gap + 1e-9
        vertices = [int(np.abs(dag.policies - p).max((1, 2)).argmin()) for p in
                    [start, *(step.pi for step in run)]]  # fmt: skip
        assert dag.path_weight(vertices) == pytest.approx(sum(step.drift for step in run))


def test_the_old_policy_stays_where_nothing_gains():
    mdp = games.single_step((1.0, 1.0))
    old = policies.uniform(mdp)
    step = mirror_step(mdp, old, ALGORITHMS["GPI"], solver=best_among(grid_policies(mdp, 1)))
    np.testing.assert_array_equal(step.pi, old)


def test_of_equals_the_first_is_taken():
    mdp = games.single_step((0.0, 1.0, 1.0))
    corners = grid_policies(mdp, 1)
    step = mirror_step(mdp, corners[0], ALGORITHMS["GPI"], solver=best_among(corners))
    assert step.multiplier == 0
    np.testing.assert_array_equal(step.pi, corners[1])
