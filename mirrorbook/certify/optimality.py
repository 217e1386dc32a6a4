"""Is a step's new policy a maximiser in N(old)?  By its certificate, or tried on candidates."""

from dataclasses import replace

import numpy as np

from ..evaluation import rounding_error
from .evidence import Finding, Witness, judge
from .reach import Member, distance, mix
from .rendering import row_text

OPTIMAL = 100
"""A gap of that many rounding errors of Q counts as rounding: multipliers are found to a relative
1e-10 or better."""


def certified_gap(step) -> float:
    """By how much the step may fall short of the maximum: infinite if nobody knows."""
    with np.errstate(invalid="ignore"):  # slopes of both infinities, at a policy far from optimal
        gap = step.certificate.gap
    return np.inf if np.isnan(gap) else max(gap, 0.0)


def feasible(step) -> Finding:
    """Whether the new policy is in N(old), up to the rounding of its edge.

    Measured is by how much it exceeds the radius; of an N without one, how far it is outside.
    """
    excess = _outside(step, step.pi_old, step.pi)

    def witness(i):
        inputs = dict(pi_old=step.pi_old.copy(), pi=step.pi.copy())
        return Witness(inputs, excess, lambda pi_old, pi: _outside(step, pi_old, pi))

    return judge("feasible", [excess], 1e-12, lambda i: "", witness, certified=True)


def _outside(step, pi_old, pi):
    solution = replace(step.solution, pi=pi, problem=replace(step.problem, old=pi_old))
    with np.errstate(invalid="ignore"):
        excess = solution.certificate.infeasibility
    if excess < np.inf:
        return excess
    member = Member(step.problem.neighbourhood, step.beta, step.problem.adv)
    return (1 - member.reach(pi_old, pi, bits=53)) * distance(pi_old, pi)


def optimal(step) -> Finding:
    """Whether no policy of N(old) is better: by its certificate, otherwise on candidates."""
    allowed, gap = OPTIMAL * rounding_error(step.evaluation.q), certified_gap(step)
    if gap <= allowed:
        return judge(
            "optimal", [gap], allowed, lambda i: "", None,
            certified=True, reason="bound by the certificate",
        )  # fmt: skip
    member = Member(step.problem.neighbourhood, step.beta, step.problem.adv)
    some = [new for new in candidates(step) if member(new, step.pi_old)]
    better = [step.problem.objective(new) - step.objective for new in some]

    def witness(i):
        return Witness(
            dict(pi_old=step.pi_old.copy(), pi=step.pi.copy(), better=some[i]), better[i],
            lambda pi_old, pi, better: step.problem.objective(better) - step.problem.objective(pi),
        )  # fmt: skip

    return judge(
        "optimal", better, allowed, lambda i: f"p = {row_text(some[i])}", witness,
        reason=f"candidates; the certificate leaves {gap:.2g}",
    )  # fmt: skip


def candidates(step):
    """Policies that might beat the new one: on the ways between old, greedy, new; single rows."""
    old, new, adv = step.pi_old, step.pi, step.problem.adv
    corners = np.eye(old.shape[1])
    greedy = corners[adv.argmax(axis=1)]
    from_new, from_old = [greedy], [greedy, new]
    for s in range(len(old)):
        for start, ends in ((new, from_new), (old, from_old)):
            for row in (old[s], *corners):
                end = start.copy()
                end[s] = row
                ends.append(end)
    shares = (2.0**-20, 0.01, 0.1, 0.5, 1.0)
    ways = [(new, end) for end in from_new] + [(old, end) for end in from_old]
    return [old, *(mix(start, end, t) for start, end in ways for t in shares)]
