"""The theory in numbers: what it says of exact updates, on random MDPs (more: `make theory`)."""

from dataclasses import replace

import numpy as np
import pytest
from claims import ALLOWED, Game, Update
from rates import budgets, curvature, steps_to_the_end
from trials import EXCLUDED, PREDICTED, end, gap, trial, updates, violations

from mirrorbook import ALGORITHMS, solve_optimal
from mirrorbook.counterexamples import NEIGHBOURHOOD_CYCLE, NU_CYCLE
from mirrorbook.random_mdps import FAMILIES, STARTS
from mirrorbook.updates import Solution, maximise

every_algorithm = pytest.mark.parametrize("name", ALGORITHMS)
every_family = pytest.mark.parametrize("family", FAMILIES)


def generator(*names):
    """A stream of its own for each combination of names."""
    return np.random.default_rng([int.from_bytes(name.encode()) for name in names])


@every_algorithm
@every_family
def test_no_claim_is_violated(family, name):
    for start in STARTS:
        rng = generator(family, name, start)
        mdp, pi = trial(rng, family, start)
        for claim, worst in violations(updates(mdp, pi, ALGORITHMS[name], 4), rng):
            assert worst <= ALLOWED, (claim, start, mdp)


WRONG = ("anywhere", "wrong sign", "lazy", "greedy", "dear")


def wrong_solver(rng, kind):
    """Policies that a wrong solver might return; with the multiplier that belongs to the right."""

    def solver(problem):
        right = maximise(problem)
        random = rng.dirichlet(np.ones(problem.old.shape[1]), size=len(problem.old))
        worst = np.eye(problem.old.shape[1])[problem.adv.argmin(axis=1)]
        greedy = np.eye(problem.old.shape[1])[problem.adv.argmax(axis=1)]
        pi = {
            "anywhere": random, "wrong sign": 0.5 * (problem.old + worst),
            "lazy": right.pi + 0.999 * (problem.old - right.pi), "greedy": greedy,
            "dear": right.pi,
        }[kind]  # fmt: skip
        return Solution(pi, right.multiplier * (1e3 if kind == "dear" else 1), "wrong", problem)

    return solver


def refuted_by(kind):
    """The claims that some update of a wrong solver violates."""
    found = set()
    for name in ALGORITHMS:
        rng = generator(name, kind)
        mdp, pi = trial(rng, "dense", "interior", gammas=(0.5, 0.9))
        near = 0.999 * solve_optimal(mdp).pi + 0.001 * pi
        for start in (pi, near):
            run = updates(mdp, start, ALGORITHMS[name], 3, solver=wrong_solver(rng, kind))
            with np.errstate(all="ignore"):
                tried = list(violations(run, rng))
            found |= {claim for claim, worst in tried if not worst <= ALLOWED}
    return found


def test_every_claim_can_be_violated():
    """A claim that no wrong update violates would be no test."""
    found = set().union(*map(refuted_by, WRONG))
    for cycle in (NU_CYCLE, NEIGHBOURHOOD_CYCLE):
        game = Game.of(cycle.mdp, solve_optimal(cycle.mdp))
        run = [Update(game, step) for step in cycle.replay(100).steps]
        found |= {name for name, excess, unit in budgets(run) if np.max(excess) > ALLOWED * unit}
    tried = set()
    for name in ALGORITHMS:
        rng = generator(name)
        mdp, pi = trial(rng, "dense", "interior", gammas=(0.5,))
        tried |= {claim for claim, _ in violations(updates(mdp, pi, ALGORITHMS[name], 12), rng)}
    # true of any two policies, and of any charges that are not negative
    always = {"performance difference", "V <= V*", "(R): no dearer"}
    assert tried - always <= found


@pytest.mark.parametrize("claim", PREDICTED)
def test_what_the_theory_predicts_is_found(claim):
    found = []
    for family in FAMILIES:
        for start in STARTS:
            found += PREDICTED[claim](*trial(generator(claim, family, start), family, start))
    assert 0.02 < np.mean(found) < 0.98


@pytest.mark.parametrize("claim", EXCLUDED)
def test_what_the_theory_excludes_is_not_found(claim):
    for family in FAMILIES:
        for start in STARTS:
            rng = generator(claim, family, start)
            for _ in range(3):
                assert not any(EXCLUDED[claim](*trial(rng, family, start))), (family, start)


@pytest.mark.parametrize("start", ["uniform", "interior", "spiky"])
def test_how_often_ppo_stops_short_depends_on_the_start(start):
    """From full support, where Theorem 1 would exclude it, yet never at more than half of them."""
    rng, stops = generator(start), PREDICTED["PPO, min-KL: stops short"]
    found = [stops(*trial(rng, family, start)) for family in FAMILIES for _ in range(12)]
    assert 0.01 <= np.mean(found) <= 0.46


@pytest.mark.parametrize("name", ["L2²", "TV²"])
@every_family
def test_l2_and_tv_end_after_finitely_many_steps(name, family):
    """C3: all suboptimal mass is gone, exactly, before the count is up."""
    rng = generator(name, family)
    for start in ("interior", "deterministic"):
        mdp, pi = trial(rng, family, start, gammas=(0.0, 0.5))
        scale = 0.05 * max(np.abs(mdp.r).max(), 1e-3)
        algorithm = replace(ALGORITHMS[name], drift=scale * ALGORITHMS[name].drift)
        run = updates(mdp, pi, algorithm, 250)
        delta = np.array([(update.game.best - update.v).max() for update in run])
        near = np.flatnonzero((1 - mdp.gamma) * delta <= 2 * curvature(run[0]))[0]
        worse, loss = run[0].game.suboptimal
        ended = [not update.old[worse].any() for update in run]
        count = near + steps_to_the_end(run[near]) if loss else 0
        if count < len(run):
            assert ended[int(np.ceil(count))]
        if any(ended):
            assert ended[-1]  # and stays
    assert any(ended)


@pytest.mark.parametrize("name", ["PPO-KL", "PPO-KL, backward", "PPO-KL, adaptive", "MDPO", "TRL"])
def test_kl_rows_converge_from_full_support(name):
    """Lemma K."""
    for family in ("dense", "grid"):
        mdp, pi = trial(generator(family, name), family, "interior", gammas=(0.0, 0.5))
        run = updates(mdp, pi, ALGORITHMS[name], 40)
        assert gap(run[-1]) <= 0.3 * gap(run[0])


@pytest.mark.parametrize("name", ["GPI", "TRPO", "L2²", "TV²", "one-sided KL"])
@pytest.mark.parametrize("start", STARTS)
def test_the_others_converge_from_every_start(name, start):
    for family in ("dense", "ties"):
        mdp, pi = trial(generator(family, name, start), family, start, gammas=(0.0, 0.5))
        first = updates(mdp, pi, ALGORITHMS[name], 1)[0]
        last = end(mdp, pi, ALGORITHMS[name], 40)
        assert gap(last) <= max(0.1 * gap(first), ALLOWED)
