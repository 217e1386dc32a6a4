"""Trajectories of a policy: many walkers side by side, a fixed number of steps."""

from dataclasses import dataclass

import numpy as np

from ..arguments import check_generator
from ..mdp import MDP
from ..policies import check_policy
from ..simplex import check_count, check_number
from .rows import RowSampler


@dataclass(frozen=True, eq=False)
class Trajectories:
    """What W walkers met in T steps.

    Attributes
    ----------
    states : (W, T + 1) array of int
        Where they were; the last column is where they ended.
    actions : (W, T) array of int
    rewards : (W, T) array
        r(s_t, a_t). Terminal states pay nothing for ever.
    """

    states: np.ndarray
    actions: np.ndarray
    rewards: np.ndarray

    def returns(self, gamma: float) -> np.ndarray:
        """sum_{k >= t} gamma^(k - t) r_k, from every step t to the last.

        Parameters
        ----------
        gamma : float

        Returns
        -------
        (W, T) array
            What was cut off after T steps is missing: at most gamma^(T - t) max |V|.

        Raises
        ------
        TypeError, ValueError
            If `gamma` is not one finite number.
        """
        gamma = check_number(gamma, "gamma")
        returns, after = np.empty(self.rewards.shape), 0.0
        for t in reversed(range(self.rewards.shape[1])):
            after = returns[:, t] = self.rewards[:, t] + gamma * after
        return returns


class Walkers:
    """Draws from an MDP under one policy; the only code here that reads P.

    Parameters
    ----------
    mdp : MDP
    pi : (S, A) array
    """

    def __init__(self, mdp, pi):
        self._n_actions = mdp.n_actions
        self._policy = RowSampler(pi)
        self._start = RowSampler(mdp.d0[None])
        self._transitions = RowSampler(mdp.P if mdp.is_sparse else mdp.P.reshape(-1, mdp.n_states))

    def start(self, size, rng) -> np.ndarray:
        """s_0 ~ d for each of `size` walkers."""
        return self._start.draw(np.zeros(size, dtype=int), rng)

    def act(self, states, rng) -> np.ndarray:
        """a ~ pi(.|s) for each state."""
        return self._policy.draw(states, rng)

    def move(self, states, actions, rng) -> np.ndarray:
        """s' ~ P(.|s, a) for each pair."""
        return self._transitions.draw(states * self._n_actions + actions, rng)


def walk(mdp: MDP, pi, n_walkers: int, n_steps: int, rng: np.random.Generator) -> Trajectories:
    """s_0 ~ d, a_t ~ pi(.|s_t), s_{t+1} ~ P(.|s_t, a_t), independently for every walker.

    Parameters
    ----------
    mdp : MDP
        Dense or sparse.
    pi : array_like, shape (S, A)
    n_walkers, n_steps : int >= 1
    rng : numpy.random.Generator

    Returns
    -------
    Trajectories

    Raises
    ------
    TypeError, ValueError
        If `pi` is not a policy of `mdp`, a number is not a positive integer, or `rng` not a
        Generator.

    Examples
    --------
    >>> from mirrorbook import games, policies
    >>> mdp = games.tabular(n_states=2)
    >>> path = walk(mdp, policies.deterministic(mdp, [0, 2, 2, 0]), 2, 3, np.random.default_rng(1))
    >>> path.states
    array([[2, 3, 3, 3],
           [2, 3, 3, 3]])
    >>> path.rewards
    array([[10., 0., 0.],
           [10., 0., 0.]])
    """
    walkers = Walkers(mdp, check_policy(pi, mdp))
    n_walkers, n_steps = check_count(n_walkers, "n_walkers"), check_count(n_steps, "n_steps")
    check_generator(rng)
    states = np.empty((n_walkers, n_steps + 1), dtype=int)
    actions = np.empty((n_walkers, n_steps), dtype=int)
    states[:, 0] = walkers.start(n_walkers, rng)
    for t in range(n_steps):
        actions[:, t] = walkers.act(states[:, t], rng)
        states[:, t + 1] = walkers.move(states[:, t], actions[:, t], rng)
    return Trajectories(states, actions, mdp.r[states[:, :-1], actions])
