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

RELAXED, TURNS = 20, 3
"""Sweeps along the greedy policy that stand in for those in place: so many backward and forward."""


def sweeps_of(mdp: MDP):
    """The fastest sweeps there are for the transitions of an MDP.

    Parameters
    ----------
    mdp : MDP

    Returns
    -------
    CompiledSweeps or ArraySweeps
    """
    compiled = kernels() if mdp.is_sparse else None
    return ArraySweeps(mdp) if compiled is None else CompiledSweeps(mdp, compiled)


@dataclass(frozen=True, eq=False)
class ArraySweeps:
    """Sweeps as products of arrays, for dense transitions and where numba is not installed.

    Attributes
    ----------
    mdp : MDP
    """

    mdp: MDP
    name = "NumPy"
    relaxation = "modified policy iteration"

    def look_ahead(self, v):
        """T v, its actions, and the least and the largest entry of T v - v."""
        q = self.mdp.r + self.mdp.gamma * mean_next(self.mdp, v)
        ahead = q.max(axis=1)
        change = ahead - v
        return ahead, q.argmax(axis=1), change.min(), change.max()

    def follow(self, v, actions, times):
        """T_pi^times v for the policy that plays `actions`."""
        chain, gamma = chain_of_actions(self.mdp, actions), self.mdp.gamma
        reward = self.mdp.r[np.arange(len(v)), actions]
        for _ in range(times):
            v = reward + gamma * (chain @ v)
        return v

    def relax(self, v, actions):
        """A longer `follow`."""
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
        """T v, its actions, and the least and the largest entry of T v - v."""
        ahead, actions = np.empty(len(v)), np.empty(len(v), dtype=np.int64)
        parts, mdp = self.compiled.parts(self.mdp.P), self.mdp
        low, high = self.compiled.look_ahead(*parts, mdp.r, mdp.gamma, v, ahead, actions)
        return ahead, actions, low, high

    def relax(self, v, actions):
        """Sweeps of Gauss-Seidel, backward and forward in turn; `actions` are not needed."""
        v, parts = v.copy(), self.compiled.parts(self.mdp.P)
        for backward in (True, False) * TURNS:
            self.compiled.relax(*parts, self.mdp.r, self.mdp.gamma, self._scale, v, backward)
        return v
