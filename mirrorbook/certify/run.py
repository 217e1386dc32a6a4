r"""Did a run of mirror learning do what Theorem 1, its repair, and the budget (9) say?

What concerns the steps and values of the run is computed for all of them: `certified`.  What
concerns limits cannot be: a finite run shows none, and hypotheses about all policies are seen only
at those that the run visits (`supported`).

    (R)   resetting one row of the new policy keeps it in N_n and its charge no higher
    (L)   near every policy that is not optimal the update gains at least some c > 0
    b     beta_n(s) >= b > 0

Under these V_n rises to V*, whatever the start.  Of (L) is computed how much of the greedy step's
first-order gain E_beta max_a A_n the update gains: it fails where that is nothing although some
A_n(s, a) > 0.  Lemma K replaces (L) for KL penalties from policies with full support, Theorem G
for PPO that gives the mass it may spend freely to the action of largest advantage.
"""

from collections.abc import Iterable
from dataclasses import replace

import numpy as np

from ..evaluation import evaluate, occupancy
from ..learning import MirrorStep
from ..planning import solve_optimal
from . import facts as terms
from .convergence import gains, lemma_k, stuck, theorem_g
from .evidence import Evidence, Verdict, Witness, judge, not_applicable
from .optimality import feasible, optimal
from .resets import resettable
from .step import ADVANTAGE, LEMMA_2, by_state, facts_of

PER_STATE = {
    LEMMA_2: terms.lemma_2,
    ADVANTAGE: terms.loses_advantage,
    "monotone": terms.loses_value,
    "(14)": terms.inequality_14,
    "property 1": terms.property_1,
    "(8)": terms.inequality_8,
}


def check_run(run) -> Evidence:
    """Check a run against Theorem 1, its repair, the budget (9), Lemma K and Theorem G.

    Parameters
    ----------
    run : sequence of MirrorStep, or Run
        Each step starts where the one before ended.

    Returns
    -------
    Evidence

    Raises
    ------
    TypeError, ValueError
        If there is no step, one is none, they do not follow each other, or in one MDP.

    Examples
    --------
    >>> from itertools import islice
    >>> from mirrorbook import ALGORITHMS, games, mirror_learning, policies
    >>> mdp = games.single_step()
    >>> steps = islice(mirror_learning(mdp, policies.uniform(mdp), ALGORITHMS["TRPO"]), 20)
    >>> evidence = check_run(list(steps))
    >>> evidence["monotone"].verdict.value, evidence.refuted
    ('certified', ())
    """
    steps = getattr(run, "steps", run)
    if not isinstance(steps, Iterable):
        raise TypeError(f"run must be a sequence of steps, found {type(run).__name__}")
    steps = list(steps)
    _check_steps(steps)
    mdp = steps[0].mdp
    values = [step.evaluation.v for step in steps] + [evaluate(mdp, steps[-1].pi).v]
    facts = [facts_of(step, v) for step, v in zip(steps, values[1:], strict=True)]
    best = solve_optimal(mdp)
    findings = [
        _worst("every step feasible", map(feasible, steps)),
        _worst("every step optimal", map(optimal, steps)),
        resettable(facts),
    ]
    findings += [by_state(name, measure, facts) for name, measure in PER_STATE.items()]
    findings += _budgets(facts, best)
    findings += [_sampled(facts), gains(steps), stuck(steps), _limit(values, best)]
    findings += [lemma_k(steps, facts), theorem_g(steps)]
    return Evidence(f"run of {len(steps)} steps", tuple(findings))


def _check_steps(steps):
    if not steps:
        raise ValueError("run has no steps")
    for n, step in enumerate(steps):
        if not isinstance(step, MirrorStep):
            raise TypeError(f"run[{n}] must be a MirrorStep, found {type(step).__name__}")
        if n and not np.array_equal(step.pi_old, steps[n - 1].pi):
            raise ValueError(f"run[{n}] does not start at the policy where run[{n - 1}] ended")
        if step.mdp is not steps[0].mdp:
            raise ValueError(f"run[{n}] is a step in another MDP than run[0]")


def _worst(name, found):
    """The worst of the findings about single steps."""
    found = list(found)
    order = [Verdict.REFUTED, Verdict.NOT_APPLICABLE, Verdict.SUPPORTED, Verdict.CERTIFIED]
    n = min(range(len(found)), key=lambda n: (order.index(found[n].verdict), -found[n].worst))
    samples = sum(each.samples for each in found)
    return replace(found[n], name=name, where=f"step {n}", samples=samples)


def _budgets(facts, best):
    """(9), its sharpened form, and the sum of the repaired theorem, after every number of steps."""
    mdp = facts[0].mdp
    left = best.v - facts[0].v_old
    eta_left, u = float(mdp.d0 @ left), min(each.u for each in facts)
    total = np.array([each.total for each in facts])
    occupied = np.array([occupancy(mdp, f.pi, normalised=False) @ f.cost for f in facts])
    offered = np.array([f.problem.beta @ f.gain for f in facts])  # F_n + D_n
    noise = 4 * len(left) * max(each.noise for each in facts)
    findings = []
    for name, spent, budget in (
        ("(9)", u * total, eta_left), ("(9), sharpened", occupied, eta_left),
        ("sum of F_n + D_n", offered, float(left.sum())),
    ):  # fmt: skip
        if name == "(9)" and u == 0:
            findings.append(not_applicable(name, "u = 0: some state is sampled and not a start"))
            continue
        over = np.cumsum(spent) - budget
        allowed = noise * np.arange(1, len(facts) + 1)
        findings.append(
            judge(name, over, allowed, lambda n: f"after step {n}",
                  lambda n, spent=spent, budget=budget: Witness(
                      dict(spent=spent[: n + 1].copy(), budget=budget),
                      float(spent[: n + 1].sum() - budget),
                      lambda spent, budget: spent.sum() - budget),
                  certified=True, reason=f"spent minus the budget {budget:.4g}")
        )  # fmt: skip
    return findings


def _sampled(facts):
    """beta_n >= b > 0 in the states where there is something to decide."""
    playing = ~facts[0].mdp.terminal
    least = np.array([facts_n.problem.beta[playing].min() for facts_n in facts])
    return judge(
        "b: beta bounded below", -least, -np.finfo(float).tiny, lambda n: f"step {n}",
        lambda n: Witness(dict(beta=facts[n].problem.beta.copy()), float(-least[n]),
                          lambda beta: -beta[playing].min()),
        reason="minus the smallest beta(s)",
    )  # fmt: skip


def _limit(values, best):
    """How far the last policy is from an optimal one."""
    gap = float((best.v - values[-1]).max())
    why = f"a finite run shows no limit; the number is max (V* - V_n) after {len(values) - 1} steps"
    return not_applicable("limit V*", why, gap)
