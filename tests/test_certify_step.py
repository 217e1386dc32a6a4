"""The checks of steps and runs: they certify what holds, and find every planted failure."""

from dataclasses import replace
from functools import cache
from itertools import islice

import numpy as np
import pytest
import scipy.sparse as sp

from mirrorbook import (
    ALGORITHMS,
    MDP,
    Algorithm,
    distributions,
    experiments,
    mirror_learning,
    mirror_step,
    policies,
)
from mirrorbook.certify import Verdict, check_run, check_step
from mirrorbook.drifts import KLOldNew, L2Squared, PPOClip, TVSquared, Zero
from mirrorbook.neighbourhoods import AllPolicies, AverageBall, CoupledMoves
from mirrorbook.updates import Solution

CONVERGES = ["GPI", "TRPO", "PPO-KL", "MDPO", "L2²", "TV²"]


def random_mdp(seed, n_states=4, n_actions=3, gamma=0.9):
    rng = np.random.default_rng(seed)
    P = rng.dirichlet(np.full(n_states, 0.5), (n_states, n_actions))
    d0 = rng.dirichlet(np.ones(n_states))
    return MDP(P, rng.normal(size=(n_states, n_actions)), gamma, d0)


@cache
def run_of(name, seed=0, n_steps=25):
    mdp = random_mdp(seed)
    pi = policies.random_policy(mdp, np.random.default_rng(seed))
    return mdp, list(islice(mirror_learning(mdp, pi, ALGORITHMS[name]), n_steps))


def taken(mdp, pi_old, pi_new, algorithm):
    """A step that somebody else took."""

    def solver(problem):
        return Solution(np.array(pi_new, dtype=float), 0.0, "given", problem)

    return mirror_step(mdp, pi_old, algorithm, solver=solver)


def two_states():
    """G pays 1 and goes to the other state, B pays nothing and ends."""
    P = np.zeros((3, 2, 3))
    P[0, 0, 1] = P[1, 0, 0] = P[0, 1, 2] = P[1, 1, 2] = P[2, :, 2] = 1
    r = np.array([[1.0, 0.0], [1.0, 0.0], [0.0, 0.0]])
    return MDP(P, r, 0.9, np.array([0.6, 0.3, 0.1]), terminal=[False, False, True])


def pays_for_moving_apart(mdp, pi, history):
    def rule(new, charge):
        t = np.abs(new - pi)[:, 0]
        w = 0.001 + 0.499 * min(1.0, 2 * abs(t[0] - t[1]))
        return np.array([w, w, 1 - 2 * w])

    return rule


X, Y = np.array([[1.0, 0], [0, 1], [1, 0]]), np.array([[0.0, 1], [1, 0], [1, 0]])
THIRDS = distributions.fixed([1 / 3, 1 / 3, 1 / 3])
NU_CYCLE = Algorithm(10 * TVSquared(), AllPolicies(), THIRDS, nu=pays_for_moving_apart)
NEIGHBOURHOOD_CYCLE = Algorithm(Zero(), CoupledMoves(slack=0.2), THIRDS)


def assert_replays(evidence):
    for finding in evidence.refuted:
        witness = finding.witness
        assert witness.replay() == pytest.approx(witness.violation, rel=1e-9)


@pytest.mark.parametrize("name", CONVERGES)
@pytest.mark.parametrize("seed", range(3))
def test_exact_steps_are_certified(name, seed):
    mdp, steps = run_of(name, seed)
    for step in steps[:3]:
        evidence = check_step(step)
        moved = (step.pi != step.pi_old).any()
        uncertified = [f.name for f in evidence if f.verdict is not Verdict.CERTIFIED]
        assert uncertified == ([] if moved else ["(R)"])


@pytest.mark.parametrize("name", CONVERGES)
def test_exact_runs_are_certified(name):
    mdp, steps = run_of(name)
    evidence = check_run(steps)
    assert not evidence.refuted
    for name in ("every step optimal", "(R)", "monotone", "(14)", "(9)", "(9), sharpened"):
        assert evidence[name].verdict is Verdict.CERTIFIED


def test_trl_breaks_lemma_2_and_still_improves():
    mdp, steps = run_of("TRL", n_steps=6)
    broken = [check_step(step) for step in steps]
    assert any(evidence["Lemma 2: (4)"].verdict is Verdict.REFUTED for evidence in broken)
    for evidence in broken:
        assert {finding.name for finding in evidence.refuted} <= {
            "Lemma 2: (4)", "(14)", "property 1"}  # fmt: skip
        assert evidence["(R)"].verdict is evidence["improvement"].verdict is Verdict.CERTIFIED
        if not evidence["Lemma 2: (4)"].holds:
            assert evidence["Lemma 1"].verdict is Verdict.NOT_APPLICABLE
        assert_replays(evidence)
    run = check_run(steps)
    assert run["Lemma K: KL rows, full support"].holds
    assert run["monotone"].verdict is run["(9)"].verdict is Verdict.CERTIFIED


@pytest.mark.parametrize("algorithm", [NU_CYCLE, NEIGHBOURHOOD_CYCLE])
def test_both_cycles_break_what_the_repair_asks_for(algorithm):
    mdp = two_states()
    there, back = taken(mdp, X, Y, algorithm), taken(mdp, Y, X, algorithm)
    assert there.objective == pytest.approx(0.28 if algorithm is NU_CYCLE else 0.3)
    evidence = check_step(there)
    failed = {finding.name for finding in evidence.refuted}
    assert {"(R)", "Lemma 2: (4)", "E_new A >= 0", "improvement"} <= failed
    assert not {"feasible", "optimal", "performance difference"} & failed
    assert evidence["optimal"].verdict is Verdict.SUPPORTED
    assert evidence["improvement"].worst == pytest.approx(1.0)
    assert_replays(evidence)
    run = check_run([there, back, there, back])
    assert {"(R)", "monotone"} <= {finding.name for finding in run.refuted}
    assert run["limit V*"].worst == pytest.approx(10.0)
    assert_replays(run)


def trap():
    """Two states: at the first, b leads to the second; there d pays 10. Start: mostly a and c."""
    P = np.zeros((3, 2, 3))
    P[0, 0, 2] = P[0, 1, 1] = P[1, :, 2] = P[2, :, 2] = 1
    r = np.array([[1.0, 0.0], [0.0, 10.0], [0.0, 0.0]])
    mdp = MDP(P, r, 0.9, np.array([0.8, 0.1, 0.1]), terminal=[False, False, True])
    return mdp, np.array([[0.9, 0.1], [0.95, 0.05], [1.0, 0.0]])


def test_the_ppo_trap_and_the_way_out():
    mdp, pi = trap()
    stuck = check_run(list(islice(mirror_learning(mdp, pi, ALGORITHMS["PPO, min-KL"]), 40)))
    assert {finding.name for finding in stuck.refuted} == {
        "(L)", "never stuck", "Theorem G: greedy PPO"}  # fmt: skip
    assert stuck["never stuck"].worst == pytest.approx(8.0)
    assert stuck["monotone"].verdict is Verdict.CERTIFIED
    assert_replays(stuck)
    free = check_run(list(islice(mirror_learning(mdp, pi, ALGORITHMS["PPO, greedy"]), 40)))
    assert [finding.name for finding in free.refuted] == ["(L)"]  # at the corner it passes through
    assert free["Theorem G: greedy PPO"].verdict is Verdict.CERTIFIED
    assert free["limit V*"].worst == pytest.approx(0, abs=1e-9)


def test_a_step_that_is_not_optimal_is_found_out():
    mdp, steps = run_of("L2²")
    step = steps[0]
    half = 0.5 * (step.pi + step.pi_old)
    evidence = check_step(taken(mdp, step.pi_old, half, ALGORITHMS["L2²"]))
    assert [finding.name for finding in evidence.refuted] == ["optimal"]
    better = evidence["optimal"].witness
    assert better.replay() == better.violation > 0
    assert step.problem.objective(better.inputs["better"]) > step.problem.objective(half)


def test_planted_failures_of_a_step():
    mdp, steps = run_of("GPI")
    worst = np.eye(3)[steps[0].problem.adv.argmin(axis=1)]
    evidence = check_step(taken(mdp, steps[0].pi_old, worst, ALGORITHMS["GPI"]))
    assert {"optimal", "Lemma 2: (4)", "improvement", "(14)", "property 1", "(8)"} <= {
        finding.name for finding in evidence.refuted}  # fmt: skip
    far = Algorithm(Zero(), AverageBall(TVSquared(), 1e-3), distributions.uniform)
    outside = check_step(taken(mdp, steps[0].pi_old, steps[0].pi, far))
    assert outside["feasible"].verdict is Verdict.REFUTED
    assert outside["feasible"].witness.replay() == outside["feasible"].worst > 1e-3
    run = check_run([taken(mdp, steps[0].pi_old, steps[0].pi, far)])
    assert run["every step feasible"].verdict is Verdict.REFUTED


def test_wrong_values_break_the_performance_difference():
    mdp, steps = run_of("GPI")
    values = steps[0].evaluation
    lying = replace(steps[0], evaluation=replace(values, v=values.v - 1e-6))
    assert check_step(lying)["performance difference"].verdict is Verdict.REFUTED


def test_sampling_that_vanishes_is_found():
    mdp = random_mdp(1)
    blind = Algorithm(L2Squared(), AllPolicies(), distributions.fixed([0.5, 0.5, 0.0, 0.0]))
    steps = list(islice(mirror_learning(mdp, policies.uniform(mdp), blind), 3))
    assert check_run(steps)["b: beta bounded below"].verdict is Verdict.REFUTED


def test_lemma_k_wants_kl_rows_and_full_support():
    mdp, steps = run_of("PPO-KL", n_steps=5)
    name = "Lemma K: KL rows, full support"
    finding = check_run(steps)[name]
    assert finding.verdict is Verdict.CERTIFIED
    assert finding.reason.endswith("largest l 1")  # KL(old, new) with nu = beta
    row = taken(mdp, steps[0].pi_old, steps[0].pi[:, [1, 0, 2]], ALGORITHMS["PPO-KL"])
    assert check_run([row])[name].verdict is Verdict.REFUTED
    dropped = np.where(steps[0].pi == steps[0].pi.min(), 0.0, steps[0].pi)
    dropped /= dropped.sum(axis=1, keepdims=True)
    gone = check_run([taken(mdp, steps[0].pi_old, dropped, ALGORITHMS["PPO-KL"])])[name]
    assert gone.worst == np.inf
    corner = policies.deterministic(mdp, [0, 0, 0, 0])
    stuck = mirror_step(mdp, corner, Algorithm(KLOldNew(), AllPolicies(), distributions.uniform))
    assert "full support" in check_run([stuck])[name].reason


def test_theorem_g_wants_ppo_over_all_policies_with_nu_equal_to_beta():
    mdp, pi = trap()
    dropped = Algorithm(PPOClip(reading="dropped"), AllPolicies(), distributions.uniform)
    step = mirror_step(mdp, pi, replace(dropped, selection="greedy"))
    assert check_run([step])["Theorem G: greedy PPO"].verdict is Verdict.NOT_APPLICABLE


def test_a_tiny_probability_that_grows_is_not_stuck():
    mdp = MDP(np.ones((1, 2, 1)), np.array([[1.0, 0.0]]), 0.0, np.ones(1))
    pi = np.array([[1e-100, 1.0]])
    steps = list(islice(mirror_learning(mdp, pi, ALGORITHMS["MDPO"]), 3))
    assert np.abs(steps[-1].pi - pi).max() < 1e-90
    assert not check_run(steps).refuted


def test_sparse_transitions():
    mdp = random_mdp(0)
    sparse = MDP(sp.csr_array(mdp.P.reshape(-1, 4)), mdp.r, mdp.gamma, mdp.d0)
    step = mirror_step(sparse, policies.uniform(sparse), ALGORITHMS["TRPO"])
    evidence = check_step(replace(step, mdp=sparse))
    assert {finding.verdict for finding in evidence} == {Verdict.CERTIFIED}
    dense = check_step(step)["Lemma 1, sharpened"].worst
    assert evidence["Lemma 1, sharpened"].worst == pytest.approx(dense, abs=1e-12)


def test_a_run_of_the_experiments_knows_its_mdp():
    run = experiments.run("single_step", "own ball", "L2²", n_steps=3)
    evidence = check_run(run)
    assert not evidence.refuted
    assert evidence["(9)"].reason.startswith("spent minus the budget")


def test_errors():
    mdp, steps = run_of("GPI")
    with pytest.raises(TypeError, match="step must be a MirrorStep, found int"):
        check_step(3)
    with pytest.raises(ValueError, match="run has no steps"):
        check_run([])
    with pytest.raises(TypeError, match=r"run\[1\] must be a MirrorStep, found str"):
        check_run([steps[0], "x"])
    with pytest.raises(ValueError, match=r"run\[1\] does not start at the policy where"):
        check_run([steps[0], steps[0]])
    elsewhere = replace(steps[1], mdp=random_mdp(2))
    with pytest.raises(ValueError, match=r"run\[1\] is a step in another MDP than run\[0\]"):
        check_run([steps[0], elsewhere])
