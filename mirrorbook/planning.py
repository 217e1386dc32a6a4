r"""Optimal policies of MDPs of any size, with a certificate of how far from optimal they are.

Whatever v is, one look ahead bounds the optimum from above, and the policy pi from below:

    T v(s)   = max_a r(s, a) + gamma sum_s' P(s'|s, a) v(s'),      T_pi v likewise with a ~ pi,
    V*       <=  v + max_s [T v - v]    / (1 - gamma),
    V_pi     >=  v + min_s [T_pi v - v] / (1 - gamma).

The difference of the two right sides is the `gap` of the answer: no policy earns more, from any
state, than pi and the gap together (MacQueen, 1966; Puterman, 1994, Sec. 6.6).

Up to `linear.DIRECT` states Howard's policy iteration runs, each policy evaluated exactly, and
improved by looks ahead, v <= T v <= T T v <= ..., until one of them changes no action.  Beyond,
sweeps over all states run until the gap is small: *modified policy iteration* (Puterman and Shin,
1978) where the span of T v - v shrinks fast, because all states soon see the same future; else, as
on a board with a goal, *Gauss-Seidel value iteration*, forward and backward in turn.
"""

import warnings
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from . import linear
from .bellman import sweeps_of
from .evaluation import Evaluation, rounding_error, values_of
from .mdp import MDP, check_mdp, mean_next
from .simplex import check_number

ROUNDS = 2000
"""Rounds of sweeps after which policy iteration takes over."""

FOLLOWED = 4
"""Sweeps along the greedy policy between two looks ahead over all actions."""

SETTLED = 1e-3
"""The greedy policy has settled once a look changes no larger share of the actions than this."""

OFTEN = 20
"""Sweeps along the greedy policy between two looks once it has settled."""

PATIENCE = 4
"""Modified policy iteration is to halve the gap in every round; this late it is given up."""


@dataclass(frozen=True, eq=False)
class Optimum(Evaluation):
    """The values of an optimal policy, that policy, and the number of improvements it took.

    Attributes
    ----------
    pi : (S, A) array
        A deterministic policy, optimal but for `gap`.
    iterations : int
        Policies evaluated on the way, or looks ahead over all actions.
    """

    iterations: int

    @cached_property
    def gap(self) -> float:
        """(max [T v - v] - min [T_pi v - v]) / (1 - gamma) >= max_s [V* - V_pi]."""
        most = (self.q.max(axis=1) - self.v).max()
        least = ((self.pi * self.q).sum(axis=1) - self.v).min()
        return float(most - least) / (1 - self.mdp.gamma)


def solve_optimal(mdp: MDP, tolerance: float | None = None) -> Optimum:
    """An optimal policy and its values.

    Up to 512 states by Howard's policy iteration (GPI, Eq. (1)): starting from the action of
    largest reward, every state switches to its action of largest Q-value until no state gains more
    than the rounding error of the evaluation, or, with gamma next to 1, until a policy comes back.
    Values rise from look to look before a policy is evaluated again: the policy that the last look
    found is worth at least as much as they are.
    Beyond 512 states by sweeps until the `gap` is at most the tolerance.

    Parameters
    ----------
    mdp : MDP
    tolerance : float > 0, optional
        How much the policy of a large MDP may earn less than the best one, in units of reward.
        Default: 1e-12 max |Q| / (1 - gamma), what rounding leaves open.

    Returns
    -------
    Optimum
        With `.pi`, `.v`, `.q`, `.adv`, `.iterations`, `.solver`, `.gap`.

    Raises
    ------
    TypeError, ValueError
        If `tolerance` is not one positive number.

    Warns
    -----
    linear.SolverWarning
        If 2000 rounds of sweeps did not reach the tolerance and policy iteration took over.

    Examples
    --------
    >>> from mirrorbook import games
    >>> solve_optimal(games.single_step()).v
    array([10.,  0.])
    """
    check_mdp(mdp)
    tolerance = _checked_tolerance(tolerance)
    if mdp.n_states <= linear.DIRECT:
        return _policy_iteration(mdp)
    optimum = _by_sweeps(mdp, tolerance)
    if optimum is not None:
        return optimum
    warnings.warn(
        f"{ROUNDS} rounds of sweeps left a larger gap than asked for on {mdp.n_states} states "
        f"with gamma = {mdp.gamma:g}: going on by policy iteration",
        linear.SolverWarning,
        stacklevel=2,
    )
    return _policy_iteration(mdp)


def _policy_iteration(mdp):
    actions, seen = mdp.r.argmax(axis=1), set()
    # until no state switches; or, as values rise at every switch, until rounding brings one back
    while (key := actions.tobytes()) not in seen:
        seen.add(key)
        found = values_of(mdp, np.eye(mdp.n_actions)[actions])
        actions = _rested(mdp, found.v, actions)
    return Optimum(found.v, found.pi, mdp, f"policy iteration, {found.solver}", len(seen))


def _rested(mdp, v, actions):
    """Better actions: looks ahead, v <= T v <= T T v <= ..., until one of them changes none."""
    first, noise = np.arange(0, mdp.r.size, mdp.n_actions), rounding_error(v)
    for _ in range(mdp.n_states):
        q = mdp.r + mdp.gamma * mean_next(mdp, v)
        best = q.argmax(axis=1)
        v = q.take(first + best)
        better = v - q.take(first + actions) > noise
        if np.count_nonzero(better) == 0:  # faster than any()
            break
        actions = np.where(better, best, actions)
    return actions


def _by_sweeps(mdp, tolerance):
    """The optimum as soon as its gap is within the tolerance; None after `ROUNDS` rounds."""
    sweeps, ahead = sweeps_of(mdp), 1 / (1 - mdp.gamma)
    mixing = not mdp.terminal.any()  # an offset would give the end of the game a value
    best = mdp.r.max(axis=1)
    # from below, as a hope that is too high decays slowly where there is nothing to be found
    v = np.where(mdp.terminal, 0.0, (best.mean() if mixing else best.min()) * ahead)
    most, last = None, np.full(mdp.n_states, -1)
    for i in range(ROUNDS):
        new, actions, low, high = sweeps.look_ahead(v)
        gap = (high - low) * ahead
        most = most or gap * 2.0**PATIENCE
        mixing, most = mixing and gap <= most, most / 2
        if mixing:  # if T v - v is nearly the same everywhere, the sum of all that is to come is
            new = new + mdp.gamma * ahead * (low + high) / 2
        if gap <= _allowed(tolerance, v, mdp.gamma):
            return _optimum(mdp, new, mixing, sweeps, i + 1)
        settled = np.count_nonzero(actions != last) <= SETTLED * mdp.n_states
        times, last = OFTEN if settled else FOLLOWED, actions
        v = sweeps.follow(new, actions, times) if mixing else sweeps.relax(new, actions)
    return None


def _allowed(tolerance, v, gamma):
    return rounding_error(v) / (1 - gamma) if tolerance is None else tolerance


def _optimum(mdp, v, mixing, sweeps, rounds):
    q = mdp.r + mdp.gamma * mean_next(mdp, v)
    pi = np.eye(mdp.n_actions)[q.argmax(axis=1)]
    method = "modified policy iteration" if mixing else sweeps.relaxation
    return Optimum(v, pi, mdp, f"{method}, {sweeps.name}", rounds)


def _checked_tolerance(tolerance):
    if tolerance is None:
        return None
    tolerance = check_number(tolerance, "tolerance")
    if tolerance <= 0:
        raise ValueError(f"tolerance is {tolerance}, expected a positive number")
    return tolerance
