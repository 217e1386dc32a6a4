"""The five drifts and balls of them: against cvxpy, certificates, and brute force."""

import numpy as np
import pytest
from convex import optimum, random_update

from mirrorbook import (
    Algorithm,
    AllPolicies,
    AverageBall,
    KLNewOld,
    KLOldNew,
    L2Squared,
    StatewiseBall,
    TVSquared,
    Zero,
    distributions,
    games,
    mirror_step,
    policies,
)
from mirrorbook.updates import UpdateProblem, maximise

DRIFTS = [Zero(), KLOldNew(), KLNewOld(), L2Squared(), TVSquared()]
NEIGHBOURHOODS = [AllPolicies()] + [
    ball(distance, 1.0) for ball in (AverageBall, StatewiseBall) for distance in DRIFTS[1:]
]


def name(part):
    inner = f"-{type(part.distance).__name__}" if hasattr(part, "distance") else ""
    return type(part).__name__ + inner


every_pair = pytest.mark.parametrize(
    "drift, neighbourhood",
    [pytest.param(d, n, id=f"{name(d)}-{name(n)}") for d in DRIFTS for n in NEIGHBOURHOODS],
)


def units(problem):
    """The size of the numbers that an objective is made of: the unit of its rounding error."""
    spread = np.ptp(problem.adv, axis=1)
    return problem.beta @ spread + problem.nu.sum() * problem.drift.scale


def assert_optimal(problem, solution):
    """KKT residuals and complementarity below 1e-10, infeasibility below 1e-12 (relative)."""
    evidence = solution.certificate
    np.testing.assert_allclose(solution.pi.sum(axis=1), 1, rtol=0, atol=1e-14)
    assert (solution.pi >= 0).all()
    assert evidence.gap <= 1e-10 * units(problem)
    radius = getattr(problem.neighbourhood, "radius", 1.0)
    assert evidence.infeasibility <= 1e-12 * max(radius, 1.0)
    assert problem.objective(solution.pi) >= -1e-14 * units(problem)


@every_pair
def test_agrees_with_cvxpy(drift, neighbourhood):
    rng = np.random.default_rng(0)
    compared = 0
    for _ in range(12):
        problem = random_update(rng, drift, neighbourhood)
        solution = maximise(problem)
        assert_optimal(problem, solution)
        reference = optimum(problem)
        if reference is not None:
            ours = problem.objective(solution.pi)
            # cvxpy is an interior point method: it stops about 1e-9 of the terms away, on
            # either side, and ours must not be worse than it by more than that
            assert ours >= reference - 1e-9 * units(problem)
            assert ours <= reference + 1e-6 * units(problem)
            compared += 1
    assert compared >= 8


@every_pair
@pytest.mark.parametrize("spread", [2, 6])
def test_certificate_on_hostile_instances(drift, neighbourhood, spread):
    rng = np.random.default_rng(spread)
    for _ in range(40):
        problem = random_update(rng, drift, neighbourhood, spread)
        assert_optimal(problem, maximise(problem))


@every_pair
def test_no_random_policy_does_better(drift, neighbourhood):
    rng = np.random.default_rng(1)
    for _ in range(5):
        problem = random_update(rng, drift, neighbourhood)
        best = problem.objective(maximise(problem).pi)
        for _ in range(100):
            towards = rng.dirichlet(np.full(problem.old.shape[1], 0.3), size=3)
            candidate = problem.old + rng.random() ** 2 * (towards - problem.old)
            if problem.neighbourhood.contains(candidate, problem.old, problem.beta):
                assert problem.objective(candidate) <= best + 1e-12 * units(problem)


@every_pair
@pytest.mark.parametrize("game", [games.single_step, games.tabular, games.gridworld])
def test_a_run_on_every_game(drift, neighbourhood, game):
    mdp = game()
    if hasattr(neighbourhood, "distance"):
        neighbourhood = type(neighbourhood)(neighbourhood.distance, 0.05)
    algorithm = Algorithm(50 * drift, neighbourhood, distributions.uniform)
    pi = policies.random_policy(mdp, np.random.default_rng(2))
    value = None
    for _ in range(15):  # gamma is 0.999, and runs go on into the boundary
        step = mirror_step(mdp, pi, algorithm)
        assert_optimal(step.problem, step.solution)
        assert step.problem.neighbourhood.contains(step.pi, pi, step.beta)
        if value is not None:
            assert (step.evaluation.v >= value - 1e-10).all()
        value, pi = step.evaluation.v, step.pi


def one_row(adv, old, drift, neighbourhood):
    adv, old = np.array([adv], dtype=float), np.array([old], dtype=float)
    return UpdateProblem(adv, old, drift, neighbourhood, np.ones(1), np.ones(1))


@pytest.mark.parametrize(
    "drift, expected",
    [
        # exp(A / c) pi, normalised
        (KLNewOld(2.0), np.array([np.e, 1]) / (np.e + 1)),
        # pi + A / 2c
        (L2Squared(4.0), [0.625, 0.375]),
        # t = gap / 2c with gap 2
        (TVSquared(4.0), [0.75, 0.25]),
        (Zero(), [1, 0]),
    ],
)
def test_two_arms_by_hand(drift, expected):
    problem = one_row([1, -1], [0.5, 0.5], drift, AllPolicies())
    np.testing.assert_allclose(maximise(problem).pi[0], expected, rtol=0, atol=1e-15)


def test_kl_old_new_by_hand():
    # p = c pi / (mu - A): with pi = 1/2, A = +-1, c = 1 and p1 + p2 = 1, mu^2 - mu - 1 = 0
    problem = one_row([1, -1], [0.5, 0.5], KLOldNew(), AllPolicies())
    mu = (1 + np.sqrt(5)) / 2
    expected = [0.5 / (mu - 1), 0.5 / (mu + 1)]
    np.testing.assert_allclose(maximise(problem).pi[0], expected, rtol=0, atol=1e-15)


@pytest.mark.parametrize("radius", [1e-6, 0.01, 0.2])
def test_ball_of_squared_total_variation_by_hand(radius):
    problem = one_row([1, 0, -1], [0.2, 0.3, 0.5], Zero(), AverageBall(TVSquared(), radius))
    t = np.sqrt(radius)
    expected = [0.2 + t, 0.3, 0.5 - t]
    np.testing.assert_allclose(maximise(problem).pi[0], expected, rtol=0, atol=1e-10)


@pytest.mark.parametrize(
    "drift, moves",
    [(KLOldNew(), True), (KLNewOld(), False), (L2Squared(), True), (TVSquared(), True)],
)
def test_an_unused_best_action(drift, moves):
    problem = one_row([0, 1], [1, 0], 0.1 * drift, AllPolicies())
    assert (maximise(problem).pi[0, 1] > 0) == moves


def test_kl_penalty_stays_at_a_vertex_when_it_is_heavier_than_the_gain():
    # the one-sided slope of KL(old, new) at a vertex is 1 towards every other action
    assert maximise(one_row([0, 1], [1, 0], KLOldNew(1.5), AllPolicies())).pi[0, 1] == 0
    assert maximise(one_row([0, 1], [1, 0], KLOldNew(0.5), AllPolicies())).pi[0, 1] == 0.5


def test_ties_are_broken_in_proportion_to_the_old_policy():
    pi = maximise(one_row([1, 1, 0], [0.1, 0.3, 0.6], Zero(), AllPolicies())).pi
    np.testing.assert_allclose(pi[0], [0.25, 0.75, 0], rtol=0, atol=1e-15)
    pi = maximise(one_row([1, 1, 0], [0, 0, 1], Zero(), AllPolicies())).pi
    np.testing.assert_allclose(pi[0], [0.5, 0.5, 0], rtol=0, atol=1e-15)


def test_unsampled_states_keep_their_rows():
    old = np.array([[0.5, 0.5], [0.5, 0.5]])
    adv = np.array([[1.0, -1.0], [1.0, -1.0]])
    beta = np.array([1.0, 0.0])
    problem = UpdateProblem(adv, old, Zero(), AllPolicies(), beta, beta)
    np.testing.assert_array_equal(maximise(problem).pi, [[1, 0], [0.5, 0.5]])


def test_drift_weight_is_nu_over_beta():
    adv, old = np.array([[1.0, -1.0]] * 2), np.full((2, 2), 0.5)
    beta, nu = np.array([0.5, 0.5]), np.array([0.25, 0.75])
    pi = maximise(UpdateProblem(adv, old, L2Squared(4.0), AllPolicies(), beta, nu)).pi
    for s in range(2):
        alone = one_row(adv[s], old[s], L2Squared(4.0 * nu[s] / beta[s]), AllPolicies())
        np.testing.assert_allclose(pi[s], maximise(alone).pi[0], rtol=0, atol=1e-15)


def test_gaps_below_the_noise_are_ties():
    old = np.array([[0.5, 0.5]])
    adv = np.array([[1e-13, 0.0]])
    exact = UpdateProblem(adv, old, Zero(), AllPolicies(), np.ones(1), np.ones(1))
    noisy = UpdateProblem(adv, old, Zero(), AllPolicies(), np.ones(1), np.ones(1), noise=1e-12)
    np.testing.assert_array_equal(maximise(exact).pi, [[1, 0]])
    np.testing.assert_array_equal(maximise(noisy).pi, old)


@pytest.mark.parametrize("ball", [AverageBall, StatewiseBall])
@pytest.mark.parametrize("nothing", [Zero(), 0 * KLNewOld(), 0 * TVSquared()])
def test_what_weighs_nothing_restrains_nothing(ball, nothing):
    greedy = maximise(one_row([0, 1], [1, 0], nothing, ball(nothing, 0.1)))
    np.testing.assert_array_equal(greedy.pi, [[0, 1]])
    assert greedy.certificate.gap == 0


def test_an_unused_action_is_in_reach_where_nu_is_zero():
    adv, old = np.array([[0.0, 1.0]] * 2), np.array([[1.0, 0.0]] * 2)
    beta, nu = np.array([0.5, 0.5]), np.array([1.0, 0.0])
    problem = UpdateProblem(adv, old, KLNewOld(), AllPolicies(), beta, nu)
    solution = maximise(problem)
    np.testing.assert_array_equal(solution.pi, [[1, 0], [0, 1]])
    assert solution.certificate.gap == 0


@pytest.mark.parametrize("scale, weight", [(1.0, 1e-3), (50.0, 1.0), (1000.0, 1.0)])
def test_tiny_moves_are_as_exact_as_large_ones(scale, weight):
    """Next to a corner, TV² and a KL ball: the radius is met to ten digits all the same."""
    old = np.array([[1e-6, 1 - 1e-6]])
    ball = AverageBall(KLNewOld(scale), 1e-4)
    problem = UpdateProblem(
        np.array([[1.0, 0.0]]), old, TVSquared(weight), ball, np.ones(1), np.ones(1)
    )
    covered = ball.measure(maximise(problem).pi, old, np.ones(1))
    assert covered == pytest.approx(ball.radius, rel=1e-10)
    assert covered <= ball.radius


def test_a_row_without_drift_stays_in_the_ball_beside_one_with():
    """The ball alone holds the first row, by a multiplier far below the weight of the drift."""
    old, adv = np.array([[1 - 1e-8, 1e-8], [1.0, 0.0]]), np.array([[1e-8, -1.0], [0.0, 0.0]])
    beta, nu = np.array([0.5, 0.5]), np.array([0.0, 1.0])
    problem = UpdateProblem(adv, old, KLOldNew(), AverageBall(KLOldNew(), 1.0), beta, nu)
    solution = maximise(problem)
    assert 0 < solution.pi[0, 1] < 1e-8
    assert solution.certificate.gap <= 1e-15
    assert solution.certificate.infeasibility == 0
