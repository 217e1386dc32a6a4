"""Hypotheses of the convergence theorems, at the policies that a run visits; see `run`."""

import numpy as np

from ..drifts import KLNewOld, KLOldNew, PPOClip
from ..evaluation import rounding_error
from ..mirror import total_drift
from ..neighbourhoods import AllPolicies
from .evidence import ROUNDING, Witness, judge, not_applicable
from .optimality import OPTIMAL

UNDERFLOW = 1e-200
"""Probabilities below this may be lost: the exponential that gives them underflows."""


def gains(steps):
    """(L), along the run: the share of the greedy step's first-order gain that the update gains."""
    index = [n for n, step in enumerate(steps) if _offered(step) > _noise(step)]
    if not index:
        return not_applicable("(L)", "every policy of the run is optimal")
    shares = [_share_gained(steps[n], steps[n].pi) for n in index]
    share, noise = map(np.array, zip(*shares, strict=True))

    def witness(i):
        step = steps[index[i]]
        inputs = dict(pi_old=step.pi_old.copy(), pi=step.pi.copy())
        return Witness(inputs, -share[i], lambda pi_old, pi: -_share_gained(step, pi)[0])

    return judge(
        "(L)", -share, -noise - np.finfo(float).tiny, lambda i: f"step {index[i]}", witness,
        reason="minus F_n / E_beta max A_n",
    )  # fmt: skip


def _offered(step):
    """E_beta max_a A(s, a): what the greedy step gains to first order."""
    return float(step.beta @ step.problem.adv.max(axis=1))


def _noise(step):
    """What counts as rounding in an advantage."""
    return OPTIMAL * rounding_error(step.evaluation.q)


def _share_gained(step, pi):
    """F(pi) as a share of what the greedy step offers, and its rounding error.

    F is computed from pi - pi_old, so that its error is in proportion to the move.
    """
    move = pi - step.pi_old
    gain = float(step.beta @ (move * step.problem.adv).sum(axis=1))
    size = float(step.beta @ np.abs(move * step.problem.adv).sum(axis=1))
    paid = total_drift(pi, step.pi_old, step.problem.drift, step.problem.nu, step.problem.adv)
    values = rounding_error(step.evaluation.q) * float(step.beta @ np.abs(move).sum(axis=1))
    offered = _offered(step)
    return (gain - paid) / offered, (ROUNDING * (size + paid) + values) / offered


def stuck(steps):
    """Whether a step that changes nothing started at an optimal policy."""
    missing = np.array([step.problem.adv.max() for step in steps])
    noise = np.array([_noise(step) for step in steps])
    # relatively: an action of probability 1e-100 that doubles is on its way
    stays = np.array(
        [(np.abs(step.pi - step.pi_old) <= 1e-12 * step.pi_old).all() for step in steps]
    )

    def witness(n):
        inputs = dict(pi_old=steps[n].pi_old.copy(), adv=steps[n].problem.adv.copy())
        return Witness(inputs, float(missing[n]), lambda pi_old, adv: adv.max())

    return judge(
        "never stuck", np.where(stays, missing, 0.0), noise, lambda n: f"step {n}", witness,
        certified=True, reason="max A_n where the policy did not change",
    )  # fmt: skip


def lemma_k(steps, facts):
    """Rows that maximise E_p A - l KL with one bounded l each, from policies with full support.

    For KL(old, new) then old / new = (mu - A) / l, for KL(new, old) log(new / old) = (A - mu) / l:
    straight lines in A. Measured is how far the rows are from the best line, relatively.
    """
    name = "Lemma K: KL rows, full support"
    kinds = {type(step.problem.drift) for step in steps}
    everywhere = all(isinstance(step.problem.neighbourhood, AllPolicies) for step in steps)
    if not (len(kinds) == 1 and kinds <= {KLOldNew, KLNewOld} and everywhere):
        return not_applicable(name, "the step is not penalised by one KL alone")
    playing = ~facts[0].mdp.terminal
    if not (steps[0].pi_old[playing] > 0).all():
        return not_applicable(name, "the first policy does not have full support")
    backward = kinds == {KLNewOld}
    index = [
        (n, s) for n, step in enumerate(steps) for s in np.flatnonzero(playing)
        if step.problem.adv[s].max() > _noise(step)
    ]  # fmt: skip
    if not index:
        return not_applicable(name, "every policy of the run is optimal")

    def inputs(i):
        n, s = index[i]
        rows = steps[n].pi_old[s], steps[n].pi[s], steps[n].problem.adv[s]
        copies = (row.copy() for row in rows)
        return dict(zip(("old", "new", "adv"), copies, strict=True))

    def off_line(old, new, adv):
        return _line(old, new, adv, backward)[0]

    off, slope = np.array([_line(**inputs(i), backward=backward) for i in range(len(index))]).T
    largest = 1 / slope[slope > 0].min() if (slope > 0).any() else np.nan
    return judge(
        name, off, 1e-6,
        lambda i: "step {}, state {}".format(*index[i]),
        lambda i: Witness(inputs(i), off_line(**inputs(i)), off_line), certified=True,
        reason=f"distance from a KL row, infinite if it drops an action; largest l {largest:.3g}",
    )  # fmt: skip


def _line(old, new, adv, backward):
    """How far a row is from a maximiser of E_p A - l KL, infinite where it drops an action; 1 / l.

    Actions that underflow in KL(new, old), where new falls like an exponential, are not dropped.
    """
    used = (old > 0) & (new > UNDERFLOW)
    dropped = (old > UNDERFLOW) & ~used
    if dropped.any() and not backward:
        return np.inf, 0.0
    old, new, x = old[used], new[used], (adv - adv.max())[used]
    y = np.log(new / old) if backward else -old / new
    slope, height = np.linalg.lstsq(np.stack([x, np.ones(len(x))], axis=1), y)[0]
    if np.ptp(x) > 0 and slope <= 0:
        return np.inf, 0.0
    return np.abs(slope * x + height - y).max() / np.abs(y).max(initial=1.0), slope


def theorem_g(steps):
    """PPO with nu = beta on all policies, the free mass given to the action of largest A.

    Then every other action either has A > 0 and at most (1 + epsilon) times its old probability,
    or no probability that is not forced on it. Measured is the mass that breaks this.
    """
    name = "Theorem G: greedy PPO"
    for step in steps:
        problem = step.problem
        if not isinstance(problem.drift, PPOClip) or problem.drift.reading == "dropped":
            return not_applicable(name, "the drift is not PPO's, extended or original")
        if not isinstance(problem.neighbourhood, AllPolicies) or callable(problem.nu):
            return not_applicable(name, "not over all policies, or nu depends on the candidate")
        if not np.allclose(problem.drift.scale * problem.nu, problem.beta, rtol=1e-12, atol=0):
            return not_applicable(name, "nu is not beta")
    index = [
        (n, s) for n, step in enumerate(steps) for s in np.flatnonzero(step.beta > 0)
        if step.problem.adv[s].max() > step.problem.noise
    ]  # fmt: skip
    if not index:
        return not_applicable(name, "every policy of the run is optimal")

    def misplaced(old, new, adv, epsilon):
        cap = np.where(adv > 0, (1 + epsilon) * old, 0.0)
        cap[adv == adv.max()] = 1.0
        return float(np.maximum(new - cap, 0.0).sum())

    def inputs(i):
        n, s = index[i]
        rows = steps[n].pi_old[s], steps[n].pi[s], steps[n].problem.adv[s]
        names = ("old", "new", "adv")
        copies = (row.copy() for row in rows)
        return dict(zip(names, copies, strict=True), epsilon=steps[n].problem.drift.epsilon)

    return judge(
        name, [misplaced(**inputs(i)) for i in range(len(index))], 1e-12,
        lambda i: "step {}, state {}".format(*index[i]),
        lambda i: Witness(inputs(i), misplaced(**inputs(i)), misplaced),
        certified=True, reason="mass that is not where the theorem wants it",
    )  # fmt: skip
