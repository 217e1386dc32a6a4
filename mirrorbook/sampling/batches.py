r"""Batches of state-action pairs, and unbiased values for them.

Stopping at a random time T with Pr(T > t) = gamma^t takes the place of discounting: the pair at
which a walk stops has law rho-bar_pi x pi, and what it has collected by then, undiscounted, has
mean Q_pi(s, a) if it began with the pair (s, a). Nothing is truncated.
"""

from dataclasses import dataclass

import numpy as np

from ..arguments import check_generator
from ..mdp import MDP
from ..policies import check_policy
from ..simplex import (
    SUM_TOLERANCE,
    check_count,
    check_distributions,
    check_finite,
    check_numbers,
    check_rectangular,
    check_shape,
)
from .rows import RowSampler
from .trajectories import Walkers


@dataclass(frozen=True, eq=False)
class Batch:
    """State-action pairs, and how likely each action was.

    Parameters
    ----------
    states, actions : (B,) arrays of int
    probabilities : (B,) array
        pi_B(a|s), of the policy that chose the action; positive. It is the denominator of (6).

    Raises
    ------
    TypeError, ValueError
        If the arrays are empty, differ in length, are not one-dimensional, hold a state or action
        that is no index, or a probability that is not in (0, 1].

    Examples
    --------
    >>> len(Batch(states=[0, 0, 1], actions=[1, 0, 0], probabilities=[0.5, 0.5, 1.0]))
    3
    """

    states: np.ndarray
    actions: np.ndarray
    probabilities: np.ndarray

    def __post_init__(self):
        states, actions = _checked_pairs(self.states, self.actions)
        probabilities = check_finite(self.probabilities, "probabilities")
        check_shape(probabilities, states.shape, "probabilities")
        outside = np.flatnonzero((probabilities <= 0) | (probabilities > 1 + SUM_TOLERANCE))
        if outside.size:
            k = outside[0]
            raise ValueError(f"probabilities[{k}] is {probabilities[k]}, expected one in (0, 1]")
        object.__setattr__(self, "states", states)
        object.__setattr__(self, "actions", actions)
        object.__setattr__(self, "probabilities", probabilities)

    def __len__(self) -> int:
        return len(self.states)


def check_batch(batch, n_states, n_actions):
    """Raise unless `batch` is a Batch of pairs of so many states and actions.

    Parameters
    ----------
    batch : Batch
    n_states, n_actions : int

    Raises
    ------
    TypeError, ValueError

    Examples
    --------
    >>> check_batch(Batch([0, 3], [1, 0], [0.5, 0.5]), 2, 2)
    Traceback (most recent call last):
    ...
    ValueError: batch.states[1] is 3, but there are 2 states
    """
    if not isinstance(batch, Batch):
        raise TypeError(f"batch must be a Batch, found {type(batch).__name__}")
    for name, count in (("states", n_states), ("actions", n_actions)):
        outside = np.flatnonzero(getattr(batch, name) >= count)
        if outside.size:
            k = outside[0]
            found = getattr(batch, name)[k]
            raise ValueError(f"batch.{name}[{k}] is {found}, but there are {count} {name}")


def draw_batch(mdp: MDP, pi, beta, size: int, rng: np.random.Generator) -> Batch:
    """Independent pairs with s ~ beta and a ~ pi(.|s).

    Parameters
    ----------
    mdp : MDP
    pi : array_like, shape (S, A)
    beta : array_like, shape (S,)
    size : int >= 1
    rng : numpy.random.Generator

    Returns
    -------
    Batch

    Raises
    ------
    TypeError, ValueError
        If `pi` is not a policy of `mdp`, `beta` not a distribution over its states, `size` not a
        positive integer, or `rng` not a Generator.

    Examples
    --------
    >>> from mirrorbook import games, policies
    >>> mdp = games.single_step((1.0, 0.0))
    >>> draw_batch(mdp, policies.uniform(mdp), [1, 0], 6, np.random.default_rng(1)).actions
    array([1, 1, 0, 1, 0, 0])
    """
    pi, size = check_policy(pi, mdp), check_count(size, "size")
    beta = check_numbers(beta, (mdp.n_states,), "beta")
    beta = check_distributions(beta, "beta", SUM_TOLERANCE / (1 - mdp.gamma))
    check_generator(rng)
    states = RowSampler(beta[None]).draw(np.zeros(size, dtype=int), rng)
    return _batch(pi, states, RowSampler(pi).draw(states, rng))


def occupancy_batch(mdp: MDP, pi, size: int, rng: np.random.Generator) -> Batch:
    r"""Independent pairs with s ~ rho-bar_pi and a ~ pi(.|s), found by walking.

    Parameters
    ----------
    mdp : MDP
    pi : array_like, shape (S, A)
    size : int >= 1
    rng : numpy.random.Generator

    Returns
    -------
    Batch
        One pair of each of `size` walks: the one at which it stopped.

    Raises
    ------
    TypeError, ValueError
        As `draw_batch`.

    Examples
    --------
    >>> from mirrorbook import games, policies
    >>> mdp = games.tabular(n_states=2, gamma=0.5)
    >>> pi = policies.deterministic(mdp, [0, 2, 2, 0])
    >>> batch = occupancy_batch(mdp, pi, 1000, np.random.default_rng(0))
    >>> np.bincount(batch.states) / 1000
    array([0.   , 0.251, 0.391, 0.358])
    >>> from mirrorbook import occupancy
    >>> occupancy(mdp, pi)
    array([0.   , 0.25 , 0.375, 0.375])
    """
    pi, size = check_policy(pi, mdp), check_count(size, "size")
    check_generator(rng)
    walkers = Walkers(mdp, pi)
    states = walkers.start(size, rng)
    states, actions, _ = _walk_until_stopped(mdp, walkers, states, walkers.act(states, rng), rng)
    return _batch(pi, states, actions)


def sample_q(mdp: MDP, pi, states, actions, rng: np.random.Generator) -> np.ndarray:
    """Random numbers of mean Q_pi(s, a), one for each pair, independent.

    Parameters
    ----------
    mdp : MDP
    pi : array_like, shape (S, A)
    states, actions : (B,) arrays of int
    rng : numpy.random.Generator

    Returns
    -------
    (B,) array
        In units of reward.

    Raises
    ------
    TypeError, ValueError
        If `pi` is not a policy of `mdp`, a pair not one of its pairs, or `rng` not a Generator.

    Examples
    --------
    >>> from mirrorbook import games, policies
    >>> mdp = games.single_step((1.0, 5.0))
    >>> sample_q(mdp, policies.uniform(mdp), [0, 0], [0, 1], np.random.default_rng(0))
    array([1., 5.])
    """
    walkers = Walkers(mdp, check_policy(pi, mdp))
    states, actions = _checked_pairs(states, actions, mdp)
    check_generator(rng)
    return _walk_until_stopped(mdp, walkers, states, actions, rng)[2]


def sample_advantages(mdp: MDP, pi, states, actions, rng: np.random.Generator) -> np.ndarray:
    """Random numbers of mean A_pi(s, a): the difference of two independent walks from s.

    Parameters
    ----------
    mdp : MDP
    pi : array_like, shape (S, A)
    states, actions : (B,) arrays of int
    rng : numpy.random.Generator

    Returns
    -------
    (B,) array
        One walk begins with the given action, the other with one drawn from pi(.|s).

    Raises
    ------
    TypeError, ValueError
        As `sample_q`.

    Examples
    --------
    In a game of one round, which pays 1 or 0, an advantage under fair play is 1/2 or -1/2:

    >>> from mirrorbook import games, policies
    >>> mdp, rng = games.single_step((1.0, 0.0)), np.random.default_rng(0)
    >>> drawn = sample_advantages(mdp, policies.uniform(mdp), [0] * 1000, [0] * 1000, rng)
    >>> sorted({float(x) for x in drawn}), bool(abs(drawn.mean() - 0.5) < 0.05)
    ([0.0, 1.0], True)
    """
    pi = check_policy(pi, mdp)
    states, actions = _checked_pairs(states, actions, mdp)
    check_generator(rng)
    others = RowSampler(pi).draw(states, rng)
    q = sample_q(mdp, pi, states, actions, rng)
    return q - sample_q(mdp, pi, states, others, rng)


def _walk_until_stopped(mdp, walkers, states, actions, rng):
    """The last pair of walks that begin with the given ones, and all that they collected."""
    states, actions = states.copy(), actions.copy()
    total = mdp.r[states, actions]
    left = rng.geometric(1 - mdp.gamma, size=len(states)) - 1
    # play that has ended stays where it is and pays nothing: it need not be walked
    walking = np.flatnonzero((left > 0) & ~mdp.terminal[states])
    while walking.size:
        s = walkers.move(states[walking], actions[walking], rng)
        a = walkers.act(s, rng)
        states[walking], actions[walking] = s, a
        total[walking] += mdp.r[s, a]
        left[walking] -= 1
        walking = walking[(left[walking] > 0) & ~mdp.terminal[s]]
    return states, actions, total


def _checked_pairs(states, actions, mdp=None):
    states = _checked_indices(states, "states", np.inf if mdp is None else mdp.n_states)
    actions = _checked_indices(actions, "actions", np.inf if mdp is None else mdp.n_actions)
    check_shape(actions, states.shape, "actions")
    return states, actions


def _checked_indices(values, name, count):
    array = check_rectangular(values, name)
    if array.ndim != 1 or array.size == 0:
        raise ValueError(f"{name} has shape {array.shape}, expected (pairs,), at least one")
    if array.dtype.kind not in "iu":
        raise TypeError(f"{name} must be integers, found dtype {array.dtype}")
    outside = np.flatnonzero((array < 0) | (array >= count))
    if outside.size:
        k = outside[0]
        limit = "" if count == np.inf else f" < {count}"
        raise ValueError(f"{name}[{k}] is {array[k]}, expected 0 <= index{limit}")
    return array


def _batch(pi, states, actions):
    return Batch(states, actions, pi[states, actions])
