"""What a step records, how steps follow each other, and what is refused before any work."""

from itertools import islice

import numpy as np
import pytest

from mirrorbook import (
    ALGORITHMS,
    Algorithm,
    AllPolicies,
    AverageBall,
    KLOldNew,
    L2Squared,
    MirrorStep,
    TVSquared,
    Zero,
    distributions,
    evaluate,
    games,
    mirror_learning,
    mirror_step,
    policies,
)
from mirrorbook.drifts import Drift
from mirrorbook.evaluation import rounding_error
from mirrorbook.mirror import objective, total_drift
from mirrorbook.updates import UpdateProblem, maximise

TABLE, ONE = games.tabular(), games.single_step()


@pytest.mark.parametrize("name", ALGORITHMS)
def test_a_step_says_what_was_solved_and_found(name):
    algorithm, pi = ALGORITHMS[name], policies.random_policy(TABLE, np.random.default_rng(1))
    step, values = mirror_step(TABLE, pi, algorithm), evaluate(TABLE, pi)
    assert isinstance(step, MirrorStep)
    np.testing.assert_array_equal(step.pi_old, pi)
    np.testing.assert_array_equal(step.evaluation.v, values.v)
    problem = step.problem
    np.testing.assert_array_equal(problem.adv, values.adv)
    drift = algorithm.drift
    drift = drift if isinstance(drift, Drift) else drift(TABLE, pi, values, ())
    assert (problem.drift, problem.neighbourhood) == (drift, algorithm.neighbourhood)
    assert problem.selection == algorithm.selection
    assert problem.noise == rounding_error(values.q)
    np.testing.assert_array_equal(step.beta, algorithm.beta(TABLE, pi, ()))
    if algorithm.nu is None:
        assert step.nu is step.beta
    else:
        charge = drift.value(step.pi, pi, values.adv)
        np.testing.assert_array_equal(step.nu, algorithm.nu(TABLE, pi, ())(step.pi, charge))
    assert step.drift == total_drift(step.pi, pi, drift, step.nu, values.adv)
    assert step.objective == objective(step.pi, pi, values.adv, drift, step.beta, step.nu) > 0
    if algorithm.nu is None:
        assert (step.multiplier > 0) == isinstance(algorithm.neighbourhood, AverageBall)


def test_nu_may_differ_from_beta():
    nu = np.array([0, 0.5, 0.25, 0, 0.25, 0, 0])
    algorithm = Algorithm(
        L2Squared(), AllPolicies(), distributions.occupancy, distributions.fixed(nu)
    )
    pi = policies.random_policy(TABLE, np.random.default_rng(1))
    step = mirror_step(TABLE, pi, algorithm)
    np.testing.assert_array_equal(step.nu, nu)
    np.testing.assert_array_equal(step.beta, distributions.occupancy(TABLE, pi))
    assert step.drift == total_drift(step.pi, pi, L2Squared(), nu) > 0
    # tables 3 and 5 cost nothing: their best action is taken at once
    best = step.evaluation.adv.argmax(axis=1)
    np.testing.assert_array_equal(step.pi[[3, 5]], np.eye(3)[best[[3, 5]]])


def test_policies_of_a_record_are_copies_that_nobody_can_write():
    pi = policies.uniform(ONE)
    step = mirror_step(ONE, pi, ALGORITHMS["GPI"])
    pi[:] = 7  # the caller's array stays writable
    assert step.pi_old[0].tolist() == [0.2] * 5
    for array in (step.pi, step.pi_old):
        with pytest.raises(ValueError, match="read-only"):
            array[0, 0] = 1


def test_a_policy_may_be_a_list():
    step = mirror_step(ONE, [[0.2] * 5, [0.2] * 5], ALGORITHMS["GPI"])
    assert step.pi[0].tolist() == [1, 0, 0, 0, 0]


# solvers, history, laziness


class Counting:
    """The exact solver, and how many problems it was given."""

    def __init__(self):
        self.problems = []

    def __call__(self, problem):
        assert isinstance(problem, UpdateProblem)
        self.problems.append(problem)
        return maximise(problem)


def test_no_step_is_computed_before_it_is_asked_for():
    solver = Counting()
    run = mirror_learning(TABLE, policies.uniform(TABLE), ALGORITHMS["TRPO"], solver)
    assert solver.problems == []
    for n in (1, 2, 3):
        step = next(run)
        assert len(solver.problems) == n
        assert step.problem is solver.problems[-1]


def test_each_step_starts_where_the_last_one_ended():
    run = list(islice(mirror_learning(TABLE, policies.uniform(TABLE), ALGORITHMS["TRPO"]), 4))
    np.testing.assert_array_equal(run[0].pi_old, policies.uniform(TABLE))
    for step, following in zip(run, run[1:], strict=False):
        np.testing.assert_array_equal(following.pi_old, step.pi)


@pytest.mark.parametrize("role", ["beta", "nu"])
def test_distributions_look_back_on_the_whole_run(role):
    seen = []

    def looking_back(mdp, pi, history):
        seen.append((pi, history))
        return distributions.uniform(mdp)

    parts = dict(beta=distributions.uniform) | {role: looking_back}
    run = mirror_learning(
        TABLE, policies.uniform(TABLE), Algorithm(TVSquared(), AllPolicies(), **parts)
    )
    steps = list(islice(run, 4))
    assert len(seen) == 4
    for n, (pi, history) in enumerate(seen):
        assert pi is steps[n].pi_old
        assert len(history) == n
        assert all(old is step.pi_old for old, step in zip(history, steps, strict=False))


def test_a_single_step_passes_the_history_it_is_given():
    def average(mdp, pi, history):
        return np.mean([distributions.occupancy(mdp, old) for old in (*history, pi)], axis=0)

    first, second = policies.uniform(TABLE), policies.deterministic(TABLE, [0] * 7)
    step = mirror_step(TABLE, second, Algorithm(Zero(), AllPolicies(), average), history=[first])
    expected = [distributions.occupancy(TABLE, pi) for pi in (first, second)]
    np.testing.assert_allclose(step.beta, np.mean(expected, axis=0), rtol=1e-15)


# bad arguments


def weighing(**weights):
    """An algorithm whose beta (and nu) are given, checked by nobody before."""
    parts = {name: lambda mdp, pi, history, w=w: w for name, w in weights.items()}
    return Algorithm(KLOldNew(), AllPolicies(), **(dict(beta=distributions.uniform) | parts))


@pytest.mark.parametrize(
    "algorithm, error, message",
    [
        ("GPI", TypeError, r"^algorithm must be an Algorithm, found 'GPI'$"),
        (KLOldNew(), TypeError, r"^algorithm must be an Algorithm, found KLOldNew\(scale=1\.0\)$"),
        (weighing(beta=[0.5, 0.6]), ValueError, r"^beta is not .*: it sums to 1\.1$"),
        (weighing(beta=[1.5, -0.5]), ValueError, r"^beta is not .*: entry 1 is negative, -0\.5$"),
        (weighing(beta=[1.0]), ValueError, r"^beta has shape \(1,\), expected \(2,\)$"),
        (weighing(beta=None), TypeError, r"^beta must hold real numbers, found dtype object$"),
        (weighing(nu=[np.nan, 1]), ValueError, r"^nu\[0\] is nan, not a finite number$"),
        (weighing(nu=[0.5, 0.4]), ValueError, r"^nu is not .*: it sums to 0\.9$"),
        (weighing(nu=[0.5, 0.5, 0]), ValueError, r"^nu has shape \(3,\), expected \(2,\)$"),
    ],
)
def test_malformed_algorithms(algorithm, error, message):
    with pytest.raises(error, match=message) as info:
        mirror_step(ONE, policies.uniform(ONE), algorithm)
    assert info.type is error


@pytest.mark.parametrize(
    "pi, error, message",
    [
        (np.full((2, 4), 0.25), ValueError, r" has shape \(2, 4\), expected \(2, 5\)$"),
        (np.full((2, 5), 0.1), ValueError, r"\[0\] is not a probability vector: it sums to 0\.5$"),
        (None, TypeError, r" must hold real numbers, found dtype object$"),
    ],
)
def test_malformed_policies(pi, error, message):
    with pytest.raises(error, match="^pi" + message):
        mirror_step(ONE, pi, ALGORITHMS["GPI"])
    with pytest.raises(error, match="^pi0" + message):
        mirror_learning(ONE, pi, ALGORITHMS["GPI"])  # at once, not at the first step


def test_a_run_refuses_what_is_no_algorithm_at_once():
    with pytest.raises(TypeError, match=r"^algorithm must be an Algorithm, found None$"):
        mirror_learning(ONE, policies.uniform(ONE), None)
