"""Sweeps over all states for planning: compiled where they can be, else by NumPy and SciPy.

look ahead   v <- max_a r(s, a) + gamma E v(s')
follow       v <- r(s, a) + gamma E v(s'),  with the action a of a policy, a few times
relax        both in place, state after state (Gauss-Seidel); by NumPy: a longer `follow`
"""

from dataclasses import dataclass
from functools import cached_property
from types import ModuleType

import numpy as np

from .linear import kernels
from .mdp import MDP, chain_of_actions, mean_next

RELAXED = 20
"""Sweeps along the greedy policy with which `ArraySweeps` stands in for those in place."""

TURNS = 3
"""Sweeps in place, each once backward and once forward, of `CompiledSweeps`."""


def sweeps_of(mdp: MDP):
    """The fastest sweeps there are for the transitions of an MDP.

    Parameters
    ----------
    mdp : MDP

    Returns
    -------
    CompiledSweeps or ArraySweeps
        The first for sparse transitions where numba is installed.

    Examples
    --------
    >>> from mirrorbook import games
    >>> sweeps = sweeps_of(games.tabular(n_states=2, gamma=0.5))
    >>> v = np.zeros(4)
    >>> for _ in range(3):
    ...     v, actions, low, high = sweeps.look_ahead(v)
    >>> v, actions[1:3], float(high - low)
    (array([ 0. ,  4.9, 10. ,  0. ]), array([2, 2]), 0.0)
    """
    compiled = kernels() if mdp.is_sparse else None
    return ArraySweeps(mdp) if compiled is None else CompiledSweeps(mdp, compiled)


@dataclass(frozen=True, eq=False)
class ArraySweeps:
    """Sweeps as products of arrays, for dense transitions and where numba is not installed.

    T v(s) = max_a r(s, a) + gamma sum_s' P(s'|s, a) v(s'), and T_pi v likewise with a ~ pi
    (Puterman, 1994, Chapter 6). Arguments are not checked: `solve_optimal` is the one that calls.

    Attributes
    ----------
    mdp : MDP

    Examples
    --------
    >>> from mirrorbook import games
    >>> sweeps = ArraySweeps(games.tabular(n_states=2, gamma=0.5))
    >>> sweeps.follow(np.zeros(4), np.array([0, 2, 2, 0]), times=2)
    array([ 0. ,  4.9, 10. ,  0. ])
    """

    mdp: MDP
    name = "NumPy"
    relaxation = "modified policy iteration"

    def look_ahead(self, v):
        """T v, its actions, and the least and the largest entry of T v - v.

        Parameters
        ----------
        v : (S,) array
            Of values, in units of reward.

        Returns
        -------
        ahead : (S,) array
            T v.
        actions : (S,) array of int
            The first action that attains each maximum.
        low, high : float
            min_s and max_s of T v - v, in units of reward.
        """
        q = self.mdp.r + self.mdp.gamma * mean_next(self.mdp, v)
        ahead = q.max(axis=1)
        change = ahead - v
        return ahead, q.argmax(axis=1), change.min(), change.max()

    def follow(self, v, actions, times):
        """T_pi^times v for the policy that plays `actions`.

        Parameters
        ----------
        v : (S,) array
        actions : (S,) array of int
        times : int >= 0

        Returns
        -------
        (S,) array
        """
        chain, gamma = chain_of_actions(self.mdp, actions), self.mdp.gamma
        reward = self.mdp.r[np.arange(len(v)), actions]
        for _ in range(times):
            v = reward + gamma * (chain @ v)
        return v

    def relax(self, v, actions):
        """What is nearer to the optimum than v: `follow`, `RELAXED` times.

        Parameters
        ----------
        v : (S,) array
            It is not changed.
        actions : (S,) array of int
            Greedy for v.

        Returns
        -------
        (S,) array
        """
        return self.follow(v, actions, RELAXED)


@dataclass(frozen=True, eq=False)
class CompiledSweeps(ArraySweeps):
    """Sweeps that read each transition once, and learn while they run.

    Attributes
    ----------
    mdp : MDP
        With sparse transitions.
    compiled : module
        `mirrorbook.compiled`.
    """

    compiled: ModuleType
    name = "compiled"
    relaxation = "Gauss-Seidel value iteration"

    @cached_property
    def _scale(self):
        scale, gamma = np.empty(self.mdp.r.size), self.mdp.gamma
        parts = self.compiled.parts(self.mdp.P)
        self.compiled.relaxations(*parts, gamma, self.mdp.n_actions, scale)
        return scale

    def look_ahead(self, v):
        """See `ArraySweeps.look_ahead`."""
        ahead, actions = np.empty(len(v)), np.empty(len(v), dtype=np.int64)
        parts, mdp = self.compiled.parts(self.mdp.P), self.mdp
        low, high = self.compiled.look_ahead(*parts, mdp.r, mdp.gamma, v, ahead, actions)
        return ahead, actions, low, high

    def relax(self, v, actions):
        """`TURNS` sweeps of Gauss-Seidel backward, and as many forward, in turn.

        Parameters
        ----------
        v : (S,) array
            It is not changed.
        actions : (S,) array of int
            They do not matter: every state takes the action that is best when its turn comes.

        Returns
        -------
        (S,) array
        """
        v, parts = v.copy(), self.compiled.parts(self.mdp.P)
        for backward in (True, False) * TURNS:
            self.compiled.relax(*parts, self.mdp.r, self.mdp.gamma, self._scale, v, backward)
        return v
