"""What the evidence is measured on: the three games, a random MDP, and a run of every algorithm."""

from functools import cache
from itertools import islice

import numpy as np

from .. import games, policies
from ..algorithms import ALGORITHMS
from ..certify import Evidence, Finding, check_run, check_step
from ..counterexamples import Counterexample
from ..evaluation import evaluate
from ..learning import MirrorStep, mirror_learning
from ..mdp import MDP
from ..planning import solve_optimal
from .record import Check, Reading, check_of

STEPS = 20
GAMES = ("single step", "tabular", "grid")
CASES = (*GAMES, "random")
"""The games of Section 7, and an MDP whose start distribution covers all states."""

EXACT = 1e-10
"""Error of sums and linear solves, of numbers of the order of one."""

CLOSED = ("L2²", "TV²", "one-sided KL")
"""Algorithms whose drift is one on the whole closed simplex, and not zero."""


@cache
def case(name: str) -> MDP:
    """One of `CASES`, the same object every time.

    Parameters
    ----------
    name : str

    Returns
    -------
    MDP
    """
    return {
        "single step": games.single_step, "tabular": games.tabular, "grid": games.gridworld,
        "random": lambda: random_mdp(np.random.default_rng(0)),
    }[name]()  # fmt: skip


def random_mdp(rng: np.random.Generator, n_states=4, n_actions=3, gamma=0.9) -> MDP:
    """An MDP with Dirichlet transitions, normal rewards, and a start in every state.

    Parameters
    ----------
    rng : numpy.random.Generator
    n_states, n_actions : int
    gamma : float

    Returns
    -------
    MDP
    """
    P = rng.dirichlet(np.full(n_states, 0.5), size=(n_states, n_actions))
    r = rng.normal(size=(n_states, n_actions))
    return MDP(P, r, gamma, 0.5 * rng.dirichlet(np.ones(n_states)) + 0.5 / n_states)


@cache
def run_of(algorithm: str, name: str, n_steps: int = STEPS) -> tuple[MirrorStep, ...]:
    """The first steps of a named algorithm in a case, from the uniform policy.

    Parameters
    ----------
    algorithm : str
        Of `ALGORITHMS`.
    name : str
        Of `CASES`.
    n_steps : int

    Returns
    -------
    tuple of MirrorStep
    """
    mdp = case(name)
    return steps_from(mdp, policies.uniform(mdp), ALGORITHMS[algorithm], n_steps)


def steps_from(mdp, pi, algorithm, n_steps) -> tuple[MirrorStep, ...]:
    """Some steps of mirror learning."""
    return tuple(islice(mirror_learning(mdp, pi, algorithm), n_steps))


@cache
def evidence_of(algorithm: str, name: str) -> Evidence:
    """What the certifier says of `run_of(algorithm, name)`.

    Parameters
    ----------
    algorithm, name : str

    Returns
    -------
    Evidence
    """
    return check_run(run_of(algorithm, name))


def local() -> list[str]:
    """The algorithms whose drift distribution does not depend on the candidate."""
    return [name for name in ALGORITHMS if not callable(run_of(name, "random")[0].problem.nu)]


def all_hold(reading: Reading, finding: str, algorithms=None, names=CASES) -> Check:
    """That a finding holds in all runs in which it was judged.

    Parameters
    ----------
    reading : Reading
    finding : str
        Of `check_run`.
    algorithms : sequence of str, optional
        Default: all.
    names : sequence of str
        Cases.

    Returns
    -------
    Check
        Of the run that comes nearest to a refutation; it does not hold if there is no such run.
    """
    found = [evidence_of(a, name)[finding] for a in algorithms or ALGORITHMS for name in names]
    judged = [each for each in found if np.isfinite(each.tolerance)]
    return check_of(reading, nearest(judged or found), f"{finding}, worst of {len(judged)} runs")


def nearest(findings) -> Finding:
    """The finding that comes nearest to a refutation, or exceeds its tolerance by most."""
    return max(findings, key=lambda each: each.worst - each.tolerance)


def left(mdp: MDP, start, end) -> float:
    """max_s (V* - V_end)(s), as a share of max_s (V* - V_start)(s).

    Parameters
    ----------
    mdp : MDP
    start, end : (S, A) arrays

    Returns
    -------
    float
    """
    best = solve_optimal(mdp).v
    return float((best - evaluate(mdp, end).v).max() / (best - evaluate(mdp, start).v).max())


def shortfall(mdp: MDP, pi) -> float:
    """eta* - eta(pi)."""
    return float(mdp.d0 @ (solve_optimal(mdp).v - evaluate(mdp, pi).v))


def replayed(counterexample: Counterexample) -> Check:
    """That a counterexample has its numbers, and that its first steps are updates.

    Parameters
    ----------
    counterexample : Counterexample

    Returns
    -------
    Check
    """
    found = counterexample.discrepancies()
    off = sum(not error <= counterexample.tolerance for error in found.values())
    steps = counterexample.replay(min(counterexample.n_steps, 3)).steps
    for step in steps:
        evidence = check_step(step)
        off += sum(not evidence[name].holds for name in ("optimal", "feasible"))
    says = f"“{counterexample.name}”, of {len(found)} numbers and {len(steps)} updates wrong"
    return Check(Reading.WITNESS, says, off, most=0)


def broken(counterexample: Counterexample, finding: str) -> Check:
    """A conclusion of the paper for the first step of a counterexample, as printed.

    Parameters
    ----------
    counterexample : Counterexample
    finding : str
        Of `check_step`.

    Returns
    -------
    Check
    """
    found = check_step(counterexample.replay(1).steps[0])[finding]
    return check_of(Reading.PRINTED, found, f"{finding} in “{counterexample.name}”")
