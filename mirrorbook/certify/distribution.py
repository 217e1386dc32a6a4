r"""Is this a sampling distribution?  What Definition 3 and its repair ask of beta and nu.

beta is to be positive wherever there is something to decide; the repaired theorem asks for one
b > 0 below all beta_n(s) and does not need continuity, the paper's Theorem 1 asks for continuity in
pi.  nu need not be positive, but the total drift must be continuous, and (14) and Lemma 2 are safe
only where nu does not depend on the candidate: that dependence is reported as a finding of its own.

What is tried: deterministic, uniform and lopsided policies, random ones, and the ways between them
(their lowest point, and their steepest, pursued to a width of 2^-32).
"""

import numpy as np

from ..arguments import check_function
from ..drifts import TVSquared
from ..mdp import MDP, check_mdp
from .arguments import check_kind, check_setting
from .evidence import Evidence, Finding, Witness, judge, not_applicable
from .limits import GRID, lowest, steepest, unexplained
from .reach import base_policies, mix
from .rendering import row_text

NOISE = 1e-12
"""Rounding of an occupancy, per 1 / (1 - gamma): one linear solve."""


def check_distribution(distribution, mdp: MDP, drift=None, rng=None) -> Evidence:
    """Try what the theory asks of a sampling or drift distribution.

    Parameters
    ----------
    distribution : callable
        `(mdp, pi, history) -> (S,)`, or to a rule `(new, charge) -> (S,)`.
    mdp : MDP
    drift : Drift, optional
        What a rule is charged with. Default: TV^2.
    rng : numpy Generator, optional
        For random policies.

    Returns
    -------
    Evidence

    Raises
    ------
    TypeError
        If `distribution` is no function, or another argument not of its kind.

    Examples
    --------
    >>> from mirrorbook import distributions, games
    >>> evidence = check_distribution(distributions.occupancy, games.tabular(gamma=0.9))
    >>> evidence["continuous"].verdict.value, evidence["independent of the candidate"].holds
    ('supported', True)
    """
    check_function(distribution, "distribution")
    check_mdp(mdp)
    check_setting(mdp, rng)
    if drift is not None:
        check_kind(drift, "drift", "value", "be a Drift")
    weights = _Weights(distribution, mdp, drift or TVSquared())
    policies = base_policies(mdp.n_states, mdp.n_actions, rng)
    ways = list(zip(policies[:-1], policies[1:], strict=True))
    subject = getattr(distribution, "__name__", repr(distribution))
    vector = _vector(weights, policies)
    if vector.worst == np.inf:  # another number of states: nothing else can be asked
        return Evidence(subject, (vector,))
    return Evidence(
        subject,
        (
            vector,
            _bounded_below(weights, ways),
            _continuous(weights, ways),
            _independent(weights, ways),
            _without_history(weights, ways),
        ),
    )


class _Weights:
    """A distribution as a function of the policy, the candidate and the policies before."""

    def __init__(self, distribution, mdp, drift):
        self.distribution, self.mdp, self.drift = distribution, mdp, drift
        self.noise = NOISE / (1 - mdp.gamma)

    def __call__(self, pi, new=None, history=()):
        weights = self.distribution(self.mdp, pi, history)
        if not callable(weights):
            return np.asarray(weights, dtype=float)
        new = pi if new is None else new
        return np.asarray(weights(new, self.drift.value(new, pi)), dtype=float)

    @property
    def is_rule(self):
        """Whether it may depend on the candidate."""
        n_actions = self.mdp.n_actions
        uniform = np.full((self.mdp.n_states, n_actions), 1 / n_actions)
        return callable(self.distribution(self.mdp, uniform, ()))


def _judged(name, measure, inputs, tolerance, reason, certified=False) -> Finding:
    value = [measure(**given) for given in inputs]
    if value and isinstance(value[0], tuple):
        value, tolerance = zip(*value, strict=True)

    def number(**given):
        result = measure(**given)
        return result[0] if isinstance(result, tuple) else result

    def where(i):
        return ", ".join(f"{k} = {row_text(x)}" for k, x in inputs[i].items())

    return judge(
        name, value, tolerance, where,
        lambda i: Witness({k: x.copy() for k, x in inputs[i].items()}, value[i], number),
        reason=reason, certified=certified,
    )  # fmt: skip


def _vector(weights, policies):
    """Nonnegative entries that sum to one."""

    def off(pi, new):
        vector = weights(pi, new)
        if vector.shape != (weights.mdp.n_states,):
            return np.inf
        return float(max(abs(vector.sum() - 1), -vector.min()))

    inputs = [dict(pi=pi, new=new) for pi, new in zip(policies, policies[::-1], strict=True)]
    reason = "distance of the sum from one, or minus the least entry"
    return _judged("probability vector", off, inputs, weights.noise, reason)


def _bounded_below(weights, ways):
    """Positive where there is something to decide: the least weight, searched along ways."""
    name, playing = "positive, bounded below", ~weights.mdp.terminal
    if weights.is_rule:
        return not_applicable(name, "not asked of a drift distribution that is a rule")

    def least(pi):
        return float(weights(pi)[playing].min())

    found = [pi for way in ways for pi in way]
    for pi, end in ways:
        grid = [least(mix(pi, end, x)) for x in GRID]
        near = int(np.argmin(grid))
        low, high = GRID[max(near - 1, 0)], GRID[min(near + 1, len(GRID) - 1)]

        def along(x, pi=pi, end=end):
            return np.array([least(mix(pi, end, float(x[0])))])

        x = lowest(along, np.array([low]), np.array([high]), rounds=16)
        found.append(mix(pi, end, float(x[0])))
    return _judged(
        name, lambda pi: -least(pi), [dict(pi=pi) for pi in found], -weights.noise,
        "minus the least weight of a state that is not terminal",
    )  # fmt: skip


def _continuous(weights, ways):
    """Jumps along ways: of the weights, or, for a rule, of the total drift."""

    def value(pi, new):
        vector = weights(pi, new)
        return vector @ weights.drift.value(new, pi) if weights.is_rule else vector

    def largest_jump(pi, end, new):
        def at(x):
            there = mix(pi, end, x)
            return np.atleast_1d(value(there, mix(new, end, x) if weights.is_rule else there))

        found = [
            unexplained(steepest(lambda x, s=s: at(float(x[0]))[[s]])[0], weights.noise)
            for s in range(len(at(0.0)))
        ]
        gap, tolerance = max(found, key=lambda each: each[0] - each[1])
        return float(gap[0]), float(tolerance[0])

    news = [pi for pi, _ in ways[1:]] + [ways[0][0]]
    inputs = [dict(pi=pi, end=end, new=new) for (pi, end), new in zip(ways, news, strict=True)]
    what = "of the total drift, as nu is a rule" if weights.is_rule else "of the weights"
    return _judged("continuous", largest_jump, inputs, 0.0, f"largest jump {what}")


def _independent(weights, ways):
    """Whether the candidate changes the weights."""
    name = "independent of the candidate"

    def moved(pi, new):
        return float(np.abs(weights(pi, new) - weights(pi, pi)).max())

    inputs = [dict(pi=pi, new=new) for pi, new in ways]
    certified = not weights.is_rule
    reason = "not a rule" if certified else "largest change of a weight by the candidate"
    return _judged(name, moved, inputs, weights.noise, reason, certified)


def _without_history(weights, ways):
    """Whether earlier policies change the weights: then they are no function of pi."""

    def moved(pi, before):
        return float(np.abs(weights(pi, None, (before,)) - weights(pi)).max())

    inputs = [dict(pi=pi, before=before) for pi, before in ways]
    return _judged(
        "independent of the history", moved, inputs, weights.noise,
        "largest change of a weight by the policy before; harmless for the repaired theorem",
    )  # fmt: skip
