"""Steps of the proofs page that no other test computes, and that the page names real tests."""

import re
from itertools import islice
from pathlib import Path

import numpy as np
import pytest
from oracles import kl, random_mdp, random_rows

from mirrorbook import (
    ALGORITHMS,
    Algorithm,
    AllPolicies,
    distributions,
    evaluate,
    expected_return,
    mirror_learning,
    occupancy,
    policies,
    solve_optimal,
)
from mirrorbook.counterexamples import NEIGHBOURHOOD_CYCLE, NU_CYCLE, trap_game
from mirrorbook.counterexamples.ppo import ppo
from mirrorbook.drifts import Alpha, KLOldNew, L2Squared, PPOClip, PPOFloored, total_variation
from mirrorbook.mdp import induced_chain
from mirrorbook.neighbourhoods import Soft, StatewiseBall
from mirrorbook.updates import UpdateProblem, maximise

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "chapters" / "proofs.md"


def run(mdp, start, algorithm, n_steps):
    return list(islice(mirror_learning(mdp, start, algorithm), n_steps))


def by_uniform(drift, **more):
    return Algorithm(drift, AllPolicies(), distributions.uniform, **more)


def test_every_check_named_on_the_page_exists():
    named = re.findall(
        r"`(test_\w+|claims|rates|trials)\.py`((?:[^`]*`test_\w+`)*)",
        PAGE.read_text(encoding="utf-8"),
    )
    assert len(named) > 30
    for module, functions in named:
        source = (ROOT / "tests" / f"{module}.py").read_text()
        for function in re.findall(r"`(test_\w+)`", functions):
            assert f"def {function}(" in source, (module, function)


@pytest.mark.parametrize("seed", range(20))
def test_the_best_advantage_is_worth_the_gap(seed):
    """Fact 2: max_a A(s, a) >= V*(s) - V(s) - gamma max(V* - V), and >= 0."""
    rng = np.random.default_rng(seed)
    mdp = random_mdp(rng, 4, 3, gamma=rng.choice([0.0, 0.5, 0.9, 0.99]))
    best = solve_optimal(mdp)
    for pi in (random_rows(rng, 4, 3), 0.99 * best.pi + 0.01 / 3):
        gap, most = best.v - evaluate(mdp, pi).v, evaluate(mdp, pi).adv.max(axis=1)
        assert (most - gap + mdp.gamma * gap.max()).min() >= -1e-10
        assert most.min() >= -1e-12


@pytest.mark.parametrize("seed", range(30))
def test_both_terms_of_the_trust_region_bound(seed):
    """Laws of s_t differ by 1 - (1 - alpha)^t and by sqrt(t K / 2) at most; then the bound."""
    rng = np.random.default_rng(seed)
    gamma = rng.choice([0.1, 0.3, 0.5, 0.7, 0.9, 0.99])
    mdp = random_mdp(rng, 4, 3, gamma=gamma)
    pi = policies.random_policy(mdp, rng)
    p = pi + 10 ** rng.uniform(-2, 0) * (policies.random_policy(mdp, rng) - pi)
    K = max(kl(pi[s], p[s]) for s in range(4))
    alpha, values = total_variation(p, pi).max(), evaluate(mdp, pi)
    law, other = mdp.d0, mdp.d0
    for t in range(1, 60):
        law, other = law @ induced_chain(mdp, pi), other @ induced_chain(mdp, p)
        apart = np.abs(law - other).sum() / 2
        assert apart <= min(1 - (1 - alpha) ** t, np.sqrt(t * K / 2)) + 1e-12
    size = np.abs(values.adv).max()
    constant = size * min(2 * gamma**0.5 / (1 - gamma) ** 1.5, 2 * gamma / (1 - gamma) ** 2)
    gain = occupancy(mdp, pi, normalised=False) @ (p * values.adv).sum(axis=1)
    rise = expected_return(mdp, p) - expected_return(mdp, pi)
    assert rise >= gain - constant * K - 1e-11 * size / (1 - gamma) ** 2


@pytest.mark.parametrize("gamma, first_is_smaller", [(0.49, False), (0.51, True)])
def test_which_term_of_the_bound_is_smaller(gamma, first_is_smaller):
    first, second = 2 * gamma**0.5 / (1 - gamma) ** 1.5, 2 * gamma / (1 - gamma) ** 2
    assert (first < second) == first_is_smaller


SELECTIONS = ["min-kl", "greedy", "worst", np.random.default_rng(0)]


@pytest.mark.parametrize("selection", SELECTIONS, ids=str)
def test_ppo_with_unused_actions_dropped_converges(selection):
    """Proposition P: the trap is none, nor is a corner, whichever maximiser is taken."""
    algorithm = ppo(selection, "dropped")
    rng = np.random.default_rng(1)
    trap = trap_game()
    cases = [(trap, np.array([[0.9, 0.1], [0.95, 0.05], [0.5, 0.5]])), (trap, np.eye(2)[[0, 0, 0]])]
    for _ in range(4):
        mdp = random_mdp(rng, 4, 3, gamma=0.7)
        cases += [
            (mdp, policies.random_policy(mdp, rng)),
            (mdp, np.eye(3)[rng.integers(3, size=4)]),
        ]
    for mdp, start in cases:
        steps = run(mdp, start, algorithm, 120)
        values = np.array([step.evaluation.v for step in steps])
        assert np.diff(values, axis=0).min() >= -1e-12
        assert values[-1] == pytest.approx(solve_optimal(mdp).v, abs=1e-9)


@pytest.mark.parametrize("reading", ["extended", "original"])
def test_ppo_that_never_revives_ends_at_the_best_of_what_it_still_plays(reading):
    rng = np.random.default_rng(2)
    short = 0
    for _ in range(12):
        mdp = random_mdp(rng, 4, 3, gamma=0.9)
        steps = run(mdp, policies.random_policy(mdp, rng, 0.5), ppo("min-kl", reading), 80)
        supports = np.array([step.pi_old > 0 for step in steps])
        assert (supports[1:] <= supports[:-1]).all()
        adv = steps[-1].evaluation.adv
        assert np.where(supports[-1], adv, 0).max() <= 1e-7
        short += adv.max() > 1e-3
    assert short > 0


def test_soft_policies_lose_at_most_their_share():
    """V* - V*_mu <= mu max_s sum_a |A*(s, a)| / (1 - gamma), and PPO reaches V*_mu."""
    rng = np.random.default_rng(3)
    for _ in range(10):
        mdp, mu = random_mdp(rng, 3, 3, gamma=0.8), 0.05
        best = solve_optimal(mdp)
        algorithm = Algorithm(PPOClip(0.2), Soft(mu), distributions.uniform, selection="min-kl")
        values = run(mdp, np.full((3, 3), 1 / 3), algorithm, 150)[-1].evaluation
        softened = (1 - 3 * mu) * values.adv.max(axis=1) + mu * values.adv.sum(axis=1)
        assert softened.max() <= 1e-9  # no mu-soft row gains anything
        lost = mu * np.abs(best.adv).sum(axis=1).max() / (1 - mdp.gamma)
        assert 0 <= (best.v - values.v).max() <= lost


@pytest.mark.parametrize("a", [0.0, 0.3, 0.5, 1.0])
def test_rows_of_the_kl_family(a):
    """E_p A <= E_new A + c (KL(p, old) - KL(p, new)) for every row p; then the O(1/T) bound."""
    rng = np.random.default_rng(4)
    mdp, c = random_mdp(rng, 4, 3, gamma=0.7), 0.5
    steps, best = (
        run(mdp, np.full((4, 3), 1 / 3), by_uniform(c * Alpha(a)), 40),
        solve_optimal(mdp),
    )
    for step in steps[:20]:
        adv, growth = step.evaluation.adv, np.log(step.pi / step.pi_old)
        gain = (step.pi * adv).sum(axis=1)
        assert (adv - gain[:, None] - c * growth).max() <= 1e-9  # p = e_a, hence every p
    far = c * np.log(3)
    gaps = np.array([(best.v - step.evaluation.v).max() for step in steps])
    bound = (gaps[0] + far) / ((1 - mdp.gamma) * np.arange(1, len(gaps) + 1))
    assert (gaps <= bound).all()


@pytest.mark.parametrize("a", [0.0, 0.5, 1.0])
def test_how_fast_suboptimal_actions_fade(a):
    """The ratio of a step tends to (1 + a loss / c)^(-1 / a), to exp(-loss / c) for a = 0."""
    rng = np.random.default_rng(5)
    mdp, c = random_mdp(rng, 3, 3, gamma=0.5), 2.0
    steps, best = run(mdp, np.full((3, 3), 1 / 3), by_uniform(c * Alpha(a)), 60), solve_optimal(mdp)
    loss = best.v[:, None] - best.q
    limit = np.exp(-loss / c) if a == 0 else (1 + a * loss / c) ** (-1 / a)
    assert steps[-1].pi / steps[-1].pi_old == pytest.approx(limit, abs=1e-3)


def test_a_floored_cap_makes_ppo_linear():
    """delta_{n+1} <= (1 - epsilon mu (1 - gamma)) delta_n, whichever maximiser is taken."""
    rng = np.random.default_rng(6)
    for selection in SELECTIONS:
        mdp = random_mdp(rng, 4, 3, gamma=0.6)
        algorithm = by_uniform(PPOFloored(0.2, 0.05), selection=selection)
        steps = run(mdp, np.eye(3)[rng.integers(3, size=4)], algorithm, 40)
        best = solve_optimal(mdp).v
        gaps = np.array([(best - step.evaluation.v).max() for step in steps])
        assert (gaps[1:] <= (1 - 0.2 * 0.05 * 0.4) * gaps[:-1] + 1e-12).all()


def objective_on_grid(case, points):
    """F of all moves of rows 1 and 2 in a cycle, a (points, points) array."""
    problem = case.replay(1).steps[0].problem
    t = np.linspace(0, 1, points)
    new = np.repeat(problem.old[None], points**2, axis=0)
    one, other = (axis.ravel() for axis in np.meshgrid(t, t, indexing="ij"))
    new[:, 0] = np.stack([1 - one, one], axis=1)
    new[:, 1] = np.stack([other, 1 - other], axis=1)
    return t, np.array([problem.objective(each) for each in new]).reshape(points, points)


def test_the_bounds_in_the_proof_of_the_nu_cycle():
    t, F = objective_on_grid(NU_CYCLE, 51)
    one, other = np.meshgrid(t, t, indexing="ij")
    u = other - one
    first = one >= other
    assert (F - (0.3 * other - 0.02 * other**2))[first].max() <= 1e-12
    far = u >= 0.5
    assert (F - (0.3 * other + u / 3 - 5 * other**2))[far].max() <= 1e-12 and F[far].max() < 0
    small = (u > 0) & (u <= 0.5) & (other < 0.19)
    assert F[small].max() < 0.121
    rest = (u > 0) & (u <= 0.5) & (other >= 0.19)
    assert (F - (0.3 * other - 0.02 * other**2 - 0.02 * u))[rest].max() <= 1e-12
    assert F.max() == F[-1, -1] == pytest.approx(0.28, rel=1e-12)


def test_the_bounds_in_the_proof_of_the_neighbourhood_cycle():
    t, F = objective_on_grid(NEIGHBOURHOOD_CYCLE, 101)
    one, other = np.meshgrid(t, t, indexing="ij")
    inside = np.abs(one - other) <= 0.2 * (1 - np.maximum(one, other)) + 1e-12
    bound = np.where(one >= other, 0.9 * other, 1.9 * other - np.maximum(0, 1.2 * other - 0.2))
    assert (3 * F - bound)[inside].max() <= 1e-12
    assert np.argmax(np.where(inside, F, -1)) == F.size - 1


def test_trl_rows_pay_a_kl_of_their_own():
    """lambda_s = C w_s / beta(s), sum w = 1: row s maximises A - lambda_s KL, as Lemma K asks."""
    rng = np.random.default_rng(7)
    for _ in range(10):
        mdp = random_mdp(rng, 4, 3, gamma=0.5)
        step = run(mdp, policies.random_policy(mdp, rng), ALGORITHMS["TRL"], 1)[0]
        C, weights = step.problem.drift.scale, step.multiplier
        assert weights.sum() == pytest.approx(1, abs=1e-12)
        price = C * weights / step.beta
        for s in range(4):
            alone = UpdateProblem(
                step.evaluation.adv[[s]], step.pi_old[[s]], price[s] * KLOldNew(), AllPolicies(),
                np.ones(1), np.ones(1),
            )  # fmt: skip
            assert maximise(alone).pi[0] == pytest.approx(step.pi[s], abs=1e-6)


def test_homogeneous_drifts_pay_q_times():
    """E_new A >= q (nu / beta) D, here with q = 2, in a ball and with nu that is not beta."""
    rng = np.random.default_rng(8)
    for _ in range(10):
        mdp = random_mdp(rng, 4, 3, gamma=0.8)
        beta, nu = rng.dirichlet(np.full(4, 5.0), size=2)
        ball = StatewiseBall(L2Squared(), 0.02)
        algorithm = Algorithm(
            L2Squared(), ball, distributions.fixed(beta), nu=distributions.fixed(nu)
        )
        for step in run(mdp, policies.random_policy(mdp, rng), algorithm, 5):
            gain = (step.pi * step.evaluation.adv).sum(axis=1)
            cost = nu / beta * L2Squared().value(step.pi, step.pi_old)
            assert (gain - 2 * cost).min() >= -1e-9


def test_values_rise_all_the_way_when_one_row_turns_to_a_better_action():
    """The path of light weight: one row moves to e_a, A(s, a) > 0, in many small steps."""
    rng = np.random.default_rng(9)
    for _ in range(20):
        mdp = random_mdp(rng, 4, 3, gamma=0.9)
        pi = random_rows(rng, 4, 3)
        adv = evaluate(mdp, pi).adv
        s, a = np.unravel_index(adv.argmax(), adv.shape)
        values = []
        for x in np.linspace(0, 1, 21):
            other = pi.copy()
            other[s] = (1 - x) * pi[s] + x * np.eye(3)[a]
            values.append(evaluate(mdp, other).v)
        rise = np.diff(values, axis=0)
        assert rise.min() >= -1e-12 and rise[:, s].min() > 0


def test_several_rows_at_once_may_fall_on_the_way():
    """0.9, 2.975, 1.0: no row loses in the end, and the middle is worth more."""
    mdp = trap_game()
    mdp = type(mdp)(mdp.P[:, ::-1], [[0, 1], [1, 10], [0, 0]], 0.9, mdp.d0, mdp.terminal)
    start, end = np.eye(2)[[0, 0, 0]], np.eye(2)[[1, 1, 0]]
    assert mdp.P[0, 0, 1] == 1
    gain = (end * evaluate(mdp, start).adv).sum(axis=1)
    assert gain[:2] == pytest.approx([0.1, 9])
    found = [evaluate(mdp, start + t * (end - start)).v[0] for t in (0, 0.5, 1)]
    assert found == pytest.approx([0.9, 2.975, 1.0])
