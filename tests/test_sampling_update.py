"""Sample-based steps: the empirical objective is (6), and what maximising it leads to."""

from dataclasses import replace
from itertools import islice

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from oracles import random_mdp
from strategies import mdps_with_policies, rows

from mirrorbook import (
    ALGORITHMS,
    Algorithm,
    AllPolicies,
    AverageBall,
    KLNewOld,
    KLOldNew,
    L2Squared,
    TVSquared,
    Zero,
    distributions,
    evaluate,
    expected_return,
    games,
    mirror_learning,
    mirror_step,
    policies,
    solve_optimal,
)
from mirrorbook.drifts import PPOClip
from mirrorbook.sampling import (
    Batch,
    ReplayBuffer,
    SampledUpdate,
    draw_batch,
    empirical_problem,
    estimate,
)
from mirrorbook.updates import SoftmaxGradient, Solution

L2 = ALGORITHMS["L2²"]
DRIFTS = (Zero(), L2Squared(), 2 * TVSquared(), KLOldNew(), KLNewOld())


def exact_problem(mdp, pi, algorithm):
    return mirror_step(mdp, pi, algorithm, solver=lambda p: Solution(p.old, 0.0, "stay", p)).problem


@given(st.data())
def test_the_empirical_objective_is_the_estimate(data):
    mdp, old, new = data.draw(mdps_with_policies(n_policies=2, interior=True))
    weights = data.draw(rows((2, mdp.n_states), weights=(1, 2, 5)))
    algorithm = Algorithm(
        data.draw(st.sampled_from(DRIFTS)),
        AllPolicies(),
        beta=distributions.fixed(weights[0]),
        nu=distributions.fixed(weights[1]),
    )
    problem = exact_problem(mdp, old, algorithm)
    batch = draw_batch(mdp, old, weights[0], 7, np.random.default_rng(data.draw(st.integers(0, 9))))
    adv = np.random.default_rng(0).normal(size=7)
    empirical = empirical_problem(problem, batch, adv)
    ratio = weights[1] / weights[0]
    expected = estimate(batch, new, old, adv, algorithm.drift, nu_over_beta=ratio).value
    assert empirical.objective(new) == pytest.approx(expected, rel=1e-10, abs=1e-12)
    assert (empirical.beta == np.bincount(batch.states, minlength=mdp.n_states) / 7).all()


@given(st.integers(0, 30))
def test_the_empirical_objective_of_ppo_is_the_clipped_one(seed):
    """E_p A' - D' = 1/|B| sum_B min(r A, clip(r) A), r = p / pi_B, which codes of PPO maximise."""
    rng = np.random.default_rng(seed)
    mdp = random_mdp(rng, 3, 3, gamma=0.9)
    old, new = policies.random_policy(mdp, rng), policies.random_policy(mdp, rng)
    problem = exact_problem(mdp, old, replace(L2, drift=PPOClip(0.2)))
    batch = draw_batch(mdp, old, problem.beta, 20, rng)
    s, a = batch.states, batch.actions
    adv, r = problem.adv[s, a], new[s, a] / old[s, a]
    clipped = np.minimum(r * adv, np.clip(r, 0.8, 1.2) * adv).mean()
    assert empirical_problem(problem, batch, adv).objective(new) == pytest.approx(clipped, rel=1e-9)


def test_a_batch_of_everything_is_the_exact_problem():
    """Each pair as often as beta(s) pi(a|s) says: nothing is left to chance."""
    mdp = games.tabular(n_states=2, gamma=0.9)
    problem = exact_problem(mdp, policies.uniform(mdp), L2)
    s, a = np.divmod(np.arange(3, 9), 3)
    batch = Batch(s, a, np.full(6, 1 / 3))
    found = empirical_problem(problem, batch, problem.adv[s, a])
    np.testing.assert_allclose(found.adv[1:3], problem.adv[1:3], rtol=1e-12)
    np.testing.assert_array_equal(found.beta, problem.beta)
    np.testing.assert_array_equal(found.nu, problem.nu)


def test_states_that_were_not_visited_keep_their_row():
    mdp = games.tabular()
    pi = policies.random_policy(mdp, np.random.default_rng(0))
    solver = SampledUpdate(size=2, rng=np.random.default_rng(1))
    step = mirror_step(mdp, pi, ALGORITHMS["GPI"], solver=solver)
    unseen = step.beta == 0
    assert np.count_nonzero(~unseen) <= 2
    np.testing.assert_array_equal(step.pi[unseen], pi[unseen])
    assert (step.pi[~unseen] != pi[~unseen]).any(axis=1).all()


@pytest.mark.parametrize("walked", [False, True])
@pytest.mark.parametrize("name", ["L2²", "MDPO", "TRPO"])
def test_large_batches_take_the_exact_step(name, walked):
    mdp = random_mdp(np.random.default_rng(2), 3, 3, gamma=0.5)
    pi = policies.uniform(mdp)
    exact = mirror_step(mdp, pi, ALGORITHMS[name])
    off = []
    for size in (100, 40_000):
        solver = SampledUpdate(size, np.random.default_rng(3), mdp=mdp if walked else None)
        step = mirror_step(mdp, pi, ALGORITHMS[name], solver=solver)
        off.append(np.abs(step.pi - exact.pi).max())
        assert step.solution.method == f"from {size} samples; {exact.solution.method}"
    assert off[1] < 0.05 and off[1] < off[0]
    np.testing.assert_array_equal(step.evaluation.adv, exact.evaluation.adv)


def test_estimated_advantages_have_no_bias():
    """The mean of the empirical advantages over many batches, within 5 standard errors."""
    mdp = random_mdp(np.random.default_rng(4), 2, 2, gamma=0.5)
    pi = policies.random_policy(mdp, np.random.default_rng(5))
    rng, found, kept = np.random.default_rng(6), [], []
    solver = SampledUpdate(
        20, rng, mdp=mdp, solver=lambda p: kept.append(p) or Solution(pi, 0, "", p)
    )
    for _ in range(1000):
        mirror_step(mdp, pi, L2, solver=solver)
        found.append(kept[-1].beta[:, None] * kept[-1].adv)
    error = np.std(found, axis=0) / np.sqrt(len(found))
    truth = distributions.uniform(mdp)[:, None] * evaluate(mdp, pi).adv
    assert (np.abs(np.mean(found, axis=0) - truth) <= 5 * error).all()


@pytest.mark.parametrize(
    "options", [{}, {"buffer": True}, {"buffer": True, "denominator": "balance"}]
)
def test_mirror_learning_from_samples_learns(options):
    mdp, rng = games.tabular(gamma=0.9), np.random.default_rng(7)
    if "buffer" in options:
        options = {**options, "buffer": ReplayBuffer(1000)}
    solver = SampledUpdate(size=400, rng=rng, **options)
    algorithm = Algorithm(KLNewOld(), AllPolicies(), distributions.uniform)
    run = islice(mirror_learning(mdp, policies.uniform(mdp), algorithm, solver=solver), 40)
    *_, last = run
    best = expected_return(mdp, solve_optimal(mdp).pi)
    assert expected_return(mdp, policies.uniform(mdp)) < 0
    assert expected_return(mdp, last.pi) > best - 0.2


def test_the_objective_of_a_sampled_step_flatters_it():
    """The mean of a maximum exceeds the maximum of the mean; what is really gained falls short."""
    mdp = random_mdp(np.random.default_rng(11), 2, 3, gamma=0.5)
    pi, gpi = policies.uniform(mdp), ALGORITHMS["GPI"]
    exact = mirror_step(mdp, pi, gpi)
    solver = SampledUpdate(10, np.random.default_rng(12), mdp=mdp)
    steps = [mirror_step(mdp, pi, gpi, solver=solver) for _ in range(500)]
    claimed = np.array([step.objective for step in steps])
    gained = np.array([exact.problem.objective(step.pi) for step in steps])
    assert claimed.mean() - exact.objective > 5 * claimed.std() / np.sqrt(500)
    assert exact.objective - gained.mean() > 5 * gained.std() / np.sqrt(500)


def test_off_policy_batches_hold_the_pairs_of_older_policies():
    mdp, buffer = games.single_step(), ReplayBuffer(1000)
    solver = SampledUpdate(100, np.random.default_rng(8), buffer=buffer)
    steps = list(islice(mirror_learning(mdp, policies.uniform(mdp), L2, solver=solver), 3))
    assert len(buffer) == 300 and len(buffer.policies) == 3
    for stored, step in zip(buffer.policies, steps, strict=True):
        np.testing.assert_array_equal(stored, step.pi_old)


def test_the_ball_is_measured_on_the_batch():
    mdp, rng = games.tabular(gamma=0.9), np.random.default_rng(9)
    algorithm = Algorithm(Zero(), AverageBall(KLOldNew(), 0.01), distributions.uniform)
    step = mirror_step(mdp, policies.uniform(mdp), algorithm, solver=SampledUpdate(50, rng))
    measure = algorithm.neighbourhood.measure
    assert measure(step.pi, step.pi_old, step.beta) == pytest.approx(0.01, rel=1e-6)
    assert step.certificate.gap < 1e-8


def test_any_solver_serves():
    mdp, pi = games.single_step((1.0, 0.0)), policies.uniform(games.single_step((1.0, 0.0)))
    solver = SampledUpdate(50, np.random.default_rng(10), solver=SoftmaxGradient(steps=20))
    step = mirror_step(mdp, pi, L2, solver=solver)
    assert step.solution.method.startswith("from 50 samples; approximate: 20 softmax")
    assert step.objective > 0


def test_bad_input_is_refused():
    mdp = games.single_step((1.0, 0.0))
    pi, rng = policies.uniform(mdp), np.random.default_rng(0)

    def rule(mdp, pi, history):
        return lambda new, charge: np.eye(2)[charge.argmax()]

    with pytest.raises(TypeError, match="nu depends on the candidate: the estimate"):
        mirror_step(mdp, pi, replace(L2, nu=rule), solver=SampledUpdate(5, rng))
    elsewhere = replace(L2, beta=distributions.fixed([0.5, 0.5]), nu=distributions.uniform)
    buffer = ReplayBuffer(5)
    for algorithm in (elsewhere, replace(L2, nu=rule)):
        with pytest.raises(ValueError, match="nu differs from beta: off-policy, nu / beta is not"):
            mirror_step(mdp, pi, algorithm, solver=SampledUpdate(5, rng, buffer=buffer))
    assert len(buffer) == 0
    problem = exact_problem(mdp, pi, L2)
    with pytest.raises(ValueError, match=r"adv has shape \(1,\), expected \(2,\)"):
        empirical_problem(problem, Batch(np.zeros(2, int), np.zeros(2, int), np.ones(2)), [1.0])
    with pytest.raises(ValueError, match=r"the batch visits state 1, but beta\[1\] is 0"):
        empirical_problem(problem, Batch(np.ones(1, int), np.zeros(1, int), np.ones(1)), [1.0])
    with pytest.raises(ValueError, match="size is 0"):
        SampledUpdate(0, rng)
    with pytest.raises(TypeError, match="rng must be"):
        SampledUpdate(1, 0)
