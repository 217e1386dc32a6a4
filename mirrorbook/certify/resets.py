"""Hypothesis (R): a step may be taken back in any one state, and is then charged no more."""

import numpy as np

from ..distributions import TIE
from ..mirror import total_drift
from .evidence import ROUNDING, Finding, Witness, judge, not_applicable
from .reach import Member


def resettable(steps, name="(R)") -> Finding:
    """Whether resetting any one row keeps every step in N and its charge no higher.

    Parameters
    ----------
    steps : sequence of Facts
    name : str

    Returns
    -------
    Finding
    """
    index = [(n, s) for n, facts in enumerate(steps) for s in _moved(facts)]
    if not index:
        return not_applicable(name, "no row moved")

    def where(i):
        n, s = index[i]
        return f"step {n}, state {s}" if len(steps) > 1 else f"state {s}"

    def witness(i):
        n, s = index[i]
        inputs = dict(pi_old=steps[n].problem.old.copy(), pi=steps[n].pi.copy(), state=s)
        value = _reset_excess(steps[n], s)
        return Witness(
            inputs, value,
            lambda pi_old, pi, state: _reset_excess(steps[n].at(pi_old, pi), state),
        )  # fmt: skip

    value = [_reset_excess(steps[n], s) for n, s in index]
    allowed = [_rounding(steps[n]) for n, _ in index]
    return judge(
        name, value, allowed, where, witness, certified=True,
        reason="excess charge of a policy with one row reset, infinite outside N",
    )  # fmt: skip


def _rounding(facts):
    """Of a total drift; a point mass on the worst state takes any within TIE of the worst."""
    ties = TIE if callable(facts.problem.nu) else 0.0
    return (ROUNDING + ties) * abs(facts.total)


def _moved(facts):
    return np.flatnonzero((facts.pi != facts.problem.old).any(axis=1))


def _reset_excess(facts, state):
    problem = facts.problem
    reset = facts.pi.copy()
    reset[state] = problem.old[state]
    if not _stays_inside(problem, reset, facts.pi):
        return np.inf
    return total_drift(reset, problem.old, problem.drift, problem.nu, problem.adv) - facts.total


def _stays_inside(problem, reset, new):
    """Whether a reset policy is in N(old); the new one itself may be outside by rounding."""
    member = Member(problem.neighbourhood, problem.beta, problem.adv)
    if member(reset, problem.old):
        return True
    room = member.room(reset, problem.old), member.room(new, problem.old)
    return None not in room and room[0] >= min(room[1], 0.0) - 1e-12 and room[0] > -1e-9
