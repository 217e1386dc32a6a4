"""Random trials of the theory: which claims a run is tried on, and how a long run ends."""

from itertools import islice

import numpy as np
from claims import ALLOWED, Game, Update, lemmas, optimality, sharpened, trust_region
from rates import budgets, rates

from mirrorbook import (
    ALGORITHMS,
    MDP,
    Algorithm,
    AllPolicies,
    distributions,
    mirror_learning,
    policies,
    solve_optimal,
)
from mirrorbook.counterexamples.ppo import ppo
from mirrorbook.random_mdps import STARTS, random_mdp
from mirrorbook.updates import maximise

GAMMAS = (0.0, 0.5, 0.9, 0.99, 0.999)


def trial(rng, family, start, gammas=GAMMAS):
    """A small MDP and a policy to start from."""
    size = rng.integers(3, 7), rng.integers(2, 5)
    mdp = random_mdp(rng, family, *size, gamma=rng.choice(gammas))
    return mdp, STARTS[start](mdp, rng)


def updates(mdp, pi, algorithm, n_steps, solver=maximise):
    """The first steps of a run, in numbers."""
    game = Game.of(mdp, solve_optimal(mdp))
    run = mirror_learning(mdp, pi, algorithm, solver)
    return [Update(game, step) for step in islice(run, n_steps)]


def violations(run, rng):
    """Every claim that applies to the run, with its worst violation in its unit: (name, worst)."""
    for update in run:
        for group in (lemmas(update), optimality(update, rng), sharpened(update),
                      trust_region(update), rates(update)):  # fmt: skip
            yield from measured(group)
    yield from measured(budgets(run))


def measured(group):
    for name, excess, unit in group:
        if np.size(excess):
            yield name, float(np.max(excess) / unit)


def gap(update):
    """max (V* - V_n), in the unit of the values."""
    return (update.game.best - update.v).max() / update.size


def end(mdp, pi, algorithm, most):
    """The last update of a run that goes on until it is optimal or stands still."""
    game = Game.of(mdp, solve_optimal(mdp))
    for step in islice(mirror_learning(mdp, pi, algorithm), most):
        update = Update(game, step)
        if gap(update) <= ALLOWED or np.array_equal(step.pi, step.pi_old):
            break
    return update


TRL_UNIFORM = Algorithm(
    ALGORITHMS["TRL"].drift, AllPolicies(), distributions.uniform, nu=distributions.worst_state
)


def breaks_lemma_2(mdp, pi):
    """Whether (4) fails in a state, for each of a few updates of TRL."""
    run = updates(mdp, pi, ALGORITHMS["TRL"], 3)
    return [(update.cost - update.gain).max() > ALLOWED * update.size for update in run]


def breaks_property_1(mdp, pi):
    """The same for E_d rise >= E_d nu / beta D, with d at one state and nu at a worst state."""
    start = np.eye(mdp.n_states)[np.flatnonzero(~mdp.terminal)[0]]
    mdp = MDP(mdp.P, mdp.r, mdp.gamma, start, mdp.terminal)
    found = []
    for update in updates(mdp, pi, TRL_UNIFORM, 3):
        # of several worst states the definition allows any
        tied = (update.charge >= (1 - 1e-9) * update.charge.max()) & (update.beta > 0)
        bound = (start * update.charge)[tied] / update.beta[tied]
        found.append(bound.max() - start @ update.rise > ALLOWED * update.size)
    return found


def falls(selection, reading):
    """Whether an exact update of PPO lowers V somewhere by more than rounding."""

    def found(mdp, pi):
        run = updates(mdp, pi, ppo(selection, reading), 3)
        return [-update.rise.min() > ALLOWED * update.size for update in run]

    return found


def stops_short(algorithm, most=500):
    """Whether a run stands still before its values are optimal."""

    def found(mdp, pi):
        update = end(mdp, pi, algorithm, most)
        return [gap(update) > 1e-6]

    return found


def from_a_vertex(found):
    """The same from the deterministic policy that plays the likeliest actions of the start."""
    return lambda mdp, pi: found(mdp, policies.deterministic(mdp, pi.argmax(axis=1)))


PREDICTED = {
    "TRL breaks Lemma 2's (4)": breaks_lemma_2,
    "TRL breaks property 1, d at one state": breaks_property_1,
    "PPO, min-KL: stops short": stops_short(ppo("min-kl")),
    "PPO, worst, original: V falls": falls("worst", "original"),
    "MDPO from a vertex: stops short": from_a_vertex(stops_short(ALGORITHMS["MDPO"])),
}
"""What the theory says does happen: found(mdp, pi) -> for each case whether it does."""

EXCLUDED = {
    "PPO, greedy: stops short": stops_short(ppo("greedy")),
    "PPO, worst, extended: V falls": falls("worst", "extended"),
    "PPO, random, extended: V falls": falls(np.random.default_rng(0), "extended"),
    "GPI: stops short": stops_short(ALGORITHMS["GPI"]),
}
"""What it says never does, from no start."""
