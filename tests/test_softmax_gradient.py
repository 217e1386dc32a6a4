"""The paper's solver against an element-by-element version of it, and against the optimum."""

import math
from dataclasses import replace

import numpy as np
import pytest

from mirrorbook import AllPolicies, AverageBall, StatewiseBall, policies
from mirrorbook.drifts import KLNewOld, KLOldNew, L2Squared, TVSquared, Zero
from mirrorbook.updates import SoftmaxGradient, UpdateProblem, maximise
from mirrorbook.updates.softmax_gradient import parameter_gradient

EVERYTHING = AllPolicies()
DRIFTS = [Zero(), 5 * KLOldNew(), 5 * KLNewOld(), 5 * L2Squared(), 10 * TVSquared()]
NEIGHBOURHOODS = [
    EVERYTHING,
    AverageBall(KLOldNew(), 0.02),
    AverageBall(L2Squared(), 0.02),
    StatewiseBall(2 * TVSquared(), 0.02),
]


def random_problem(seed, drift, neighbourhood=EVERYTHING, n_states=4, n_actions=3):
    """A problem between interior policies; its state 0 is not sampled."""
    rng = np.random.default_rng(seed)
    old = rng.dirichlet(np.ones(n_actions), size=n_states)
    adv = 3 * rng.standard_normal((n_states, n_actions))
    adv -= (old * adv).sum(axis=1, keepdims=True)
    beta, nu = rng.dirichlet(np.ones(n_states - 1), size=2)
    beta, nu = np.append(0.0, beta), np.append(0.0, nu)
    return UpdateProblem(adv, old, drift, neighbourhood, beta, nu)


def looped_ascent(problem, steps, rate, shrink):
    """The procedure as one would tell it: n - 1 parameters a state, one number at a time.

    The last logit is 1; the chain rule runs through the full Jacobian of softmax.
    """
    n_states, n_actions = problem.old.shape

    def policy(x):
        rows = []
        for s in range(n_states):
            weights = [math.exp(x[s][a]) for a in range(n_actions - 1)] + [math.exp(1.0)]
            rows.append([weight / sum(weights) for weight in weights])
        return np.array(rows)

    def gradient(p):
        slope = problem.beta[:, None] * problem.adv
        slope = slope - problem.nu[:, None] * problem.drift.gradient(p, problem.old)
        g = np.zeros((n_states, n_actions - 1))
        for s in range(n_states):
            for a in range(n_actions - 1):
                for b in range(n_actions):
                    g[s, a] += slope[s, b] * p[s, b] * ((a == b) - p[s, a])
        return g

    x = np.log(problem.old[:, :-1] / problem.old[:, -1:]) + 1.0
    p = problem.old  # what softmax of x gives, without the rounding of log and exp
    for _ in range(steps):
        g, shrunk = gradient(p), 0
        while True:
            moved = x + rate * shrink**shrunk * g
            if problem.neighbourhood.contains(policy(moved), problem.old, problem.beta):
                break
            shrunk += 1
            if shrunk > 200:
                return p
        x, p = moved, policy(moved)
    return p


@pytest.mark.parametrize("drift", DRIFTS, ids=repr)
def test_gradient_is_that_of_the_objective(drift):
    problem = random_problem(1, drift)
    rng = np.random.default_rng(2)
    x = rng.standard_normal((4, 3))
    x[:, -1] = 0.0
    gradient = parameter_gradient(problem, policies.softmax(x))
    assert (gradient[:, -1] == 0).all()
    assert (gradient[0] == 0).all(), "a state without weight does not count"
    h = 1e-6
    for s, a in np.ndindex(4, 2):
        up, down = x.copy(), x.copy()
        up[s, a] += h
        down[s, a] -= h
        rise = problem.objective(policies.softmax(up)) - problem.objective(policies.softmax(down))
        assert gradient[s, a] == pytest.approx(rise / (2 * h), abs=1e-8)


@pytest.mark.parametrize("neighbourhood", NEIGHBOURHOODS, ids=repr)
@pytest.mark.parametrize("drift", DRIFTS, ids=repr)
def test_agrees_with_the_looped_version(drift, neighbourhood):
    problem = random_problem(3, drift, neighbourhood)
    new = SoftmaxGradient(steps=60, rate=0.1)(problem).pi
    expected = looped_ascent(problem, steps=60, rate=0.1, shrink=0.9)
    np.testing.assert_allclose(new, expected, rtol=0, atol=1e-9)
    assert np.abs(new - problem.old).max() > 0.05, "the comparison is of policies that moved"


@pytest.mark.parametrize("neighbourhood", NEIGHBOURHOODS, ids=repr)
@pytest.mark.parametrize("drift", DRIFTS, ids=repr)
def test_feasible_and_no_better_than_the_exact_maximiser(drift, neighbourhood):
    problem = random_problem(4, drift, neighbourhood)
    approximate, best = SoftmaxGradient()(problem), maximise(problem)
    assert neighbourhood.contains(approximate.pi, problem.old, problem.beta)
    shortfall = problem.objective(best.pi) - problem.objective(approximate.pi)
    assert -1e-11 <= shortfall <= approximate.certificate.gap + 1e-14
    assert problem.objective(approximate.pi) > 0
    assert np.all(approximate.multiplier == 0)
    assert approximate.method == "approximate: 1000 softmax gradient steps of 0.01"


@pytest.mark.parametrize("drift", [9 * KLOldNew(), 9 * KLNewOld(), 9 * L2Squared()], ids=repr)
def test_interior_maxima_of_smooth_problems_are_reached_in_the_long_run(drift):
    problem = random_problem(5, drift)
    problem = replace(problem, nu=problem.beta)
    best = maximise(problem).pi
    assert best.min() > 0.001
    new = SoftmaxGradient(steps=6000, rate=0.5)(problem).pi
    np.testing.assert_allclose(new, best, rtol=0, atol=1e-7)


def test_stops_where_it_meets_the_boundary_of_the_neighbourhood():
    problem = random_problem(6, Zero(), AverageBall(KLOldNew(), 0.01))
    short, long = (SoftmaxGradient(steps=n, rate=0.1)(problem) for n in (500, 1000))
    np.testing.assert_array_equal(short.pi, long.pi)
    covered = problem.neighbourhood.measure(short.pi, problem.old, problem.beta)
    assert 0.01 * (1 - 1e-7) <= covered <= 0.01
    # on the boundary, and yet not at its best point
    best = problem.objective(maximise(problem).pi)
    assert problem.objective(short.pi) < 0.99 * best


def test_rows_that_are_not_sampled_stay():
    problem = random_problem(7, L2Squared())
    np.testing.assert_array_equal(SoftmaxGradient(steps=5)(problem).pi[0], problem.old[0])
    problem.old[0] = [1, 0, 0]  # they need no parameters
    np.testing.assert_array_equal(SoftmaxGradient(steps=5)(problem).pi[0], [1, 0, 0])


def test_a_zero_probability_is_named():
    problem = random_problem(8, Zero())
    problem.old[2] = [0.5, 0, 0.5]
    with pytest.raises(ValueError, match=r"old\[2, 1\] is 0: .* no softmax parameters"):
        SoftmaxGradient()(problem)


@pytest.mark.parametrize("neighbourhood", NEIGHBOURHOODS[:2], ids=repr)
def test_overflow_is_an_error(neighbourhood):
    problem = random_problem(9, 5 * KLOldNew(), neighbourhood)
    problem.adv[:] *= 1e200
    with pytest.raises(ArithmeticError, match="choose a smaller rate"):
        SoftmaxGradient(rate=1e200)(problem)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        (dict(steps=1.5), TypeError, "steps must be an integer, found 1.5"),
        (dict(steps=True), TypeError, "steps must be an integer, found True"),
        (dict(steps=0), ValueError, "steps is 0, expected at least 1"),
        (dict(rate=0.0), ValueError, "rate is 0.0, expected a number in"),
        (dict(rate="fast"), TypeError, "rate must hold real numbers"),
        (dict(rate=float("nan")), ValueError, "rate is nan"),
        (dict(shrink=1.0), ValueError, "shrink is 1.0, expected a number in"),
        (dict(shrink=[0.5, 0.5]), ValueError, "shrink is"),
    ],
)
def test_bad_settings_are_named(arguments, error, message):
    with pytest.raises(error, match=message):
        SoftmaxGradient(**arguments)
