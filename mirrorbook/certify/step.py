r"""Was this a step of mirror learning, and did it do what Lemmas 1 and 2 say?

Everything here is computed for all states of the step as it was taken, so what holds is
`certified`, within the rounding error of the values, of the drift and of the maximiser.  Only where
the objective is not concave is optimality tried on a list of candidates.

The paper derives (4) from optimality (Lemma 2); that needs (R): with one row reset to the old
policy's, the new policy stays in N and is charged no more.  `refuted` at (R) or (4) is no failure
of the solver: it is how trust-region learning and the book's two cycles escape Lemma 2.
"""

from collections.abc import Callable

import numpy as np

from ..evaluation import evaluate, rounding_error
from ..learning import MirrorStep
from . import facts as terms
from .evidence import Evidence, Finding, Witness, judge, not_applicable
from .facts import Facts
from .optimality import OPTIMAL, certified_gap, feasible, optimal
from .resets import resettable

LEMMA_2 = "Lemma 2: (4)"
ADVANTAGE = "E_new A >= 0"
PER_STATE = {
    "performance difference": terms.performance_difference,
    "improvement": terms.loses_value,
    "(14)": terms.inequality_14,
}
AVERAGED = {"property 1": terms.property_1, "(8)": terms.inequality_8}
UNDER_LEMMA_2 = {
    "Lemma 1": terms.loses_value,
    "Lemma 1, sharpened": terms.sharpened_lemma_1,
}


def check_step(step: MirrorStep) -> Evidence:
    """Check one update: is it one, and what of Lemmas 1 and 2 and of (14), (8) holds for it.

    Parameters
    ----------
    step : MirrorStep

    Returns
    -------
    Evidence

    Raises
    ------
    TypeError
        If `step` is no MirrorStep.

    Examples
    --------
    >>> from mirrorbook import ALGORITHMS, games, mirror_step, policies
    >>> mdp = games.single_step()
    >>> evidence = check_step(mirror_step(mdp, policies.uniform(mdp), ALGORITHMS["L2²"]))
    >>> {finding.verdict.value for finding in evidence}
    {'certified'}
    """
    if not isinstance(step, MirrorStep):
        raise TypeError(f"step must be a MirrorStep, found {type(step).__name__}")
    facts = facts_of(step)
    findings = [feasible(step), optimal(step), resettable([facts])]
    lemma_2 = by_state(LEMMA_2, terms.lemma_2, [facts])
    findings += [lemma_2, by_state(ADVANTAGE, terms.loses_advantage, [facts])]
    for name, measure in UNDER_LEMMA_2.items():
        if lemma_2.holds:
            findings.append(by_state(name, measure, [facts]))
        else:
            findings.append(not_applicable(name, "its hypothesis (4) does not hold"))
    findings += [by_state(name, measure, [facts]) for name, measure in PER_STATE.items()]
    findings += [by_state(name, measure, [facts]) for name, measure in AVERAGED.items()]
    return Evidence(f"step by {step.solution.method}", tuple(findings))


def facts_of(step, v_new=None) -> Facts:
    """The numbers of a step.

    Parameters
    ----------
    step : MirrorStep
    v_new : (S,) array, optional
        V of the new policy, if it is known.

    Returns
    -------
    Facts
    """
    if v_new is None:
        v_new = evaluate(step.mdp, step.pi).v
    values = step.evaluation
    gap = min(certified_gap(step), OPTIMAL * rounding_error(values.q))
    return Facts(step.problem, step.pi, values.v, v_new, values.q, step.mdp, gap)


def by_state(name: str, measure: Callable, steps) -> Finding:
    """Judge a claim about every state of some steps.

    Parameters
    ----------
    name : str
    measure : callable
        `Facts -> (S,)` violations, or (1,) for a claim about averages.
    steps : sequence of Facts

    Returns
    -------
    Finding
    """
    values = [measure(facts) for facts in steps]
    allowed = [
        facts.tolerance if len(value) > 1 or len(facts.v_old) == 1 else [facts.tolerance.max()]
        for facts, value in zip(steps, values, strict=True)
    ]
    index = [(n, s) for n, value in enumerate(values) for s in range(len(value))]

    def where(i):
        n, s = index[i]
        at = [f"step {n}"] if len(steps) > 1 else []
        at += [f"state {s}"] if len(values[n]) > 1 else []
        return ", ".join(at)

    def witness(i):
        n, s = index[i]
        inputs = dict(pi_old=steps[n].problem.old.copy(), pi=steps[n].pi.copy(), state=s)
        return Witness(
            inputs, float(values[n][s]),
            lambda pi_old, pi, state: measure(steps[n].at(pi_old, pi))[state],
        )  # fmt: skip

    return judge(
        name, np.concatenate(values), np.concatenate(allowed), where, witness, certified=True
    )
