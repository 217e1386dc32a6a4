"""How far a neighbourhood reaches from a policy, found by asking what it contains."""

from dataclasses import dataclass
from itertools import product
from typing import Any

import numpy as np

from ..drifts import total_variation

SMALLEST = 2.0**-40
"""Steps below this are not tried: a neighbourhood that does not reach so far is called empty."""


@dataclass(frozen=True, eq=False)
class Member:
    """N as a predicate of two policies.

    Parameters
    ----------
    neighbourhood : Neighbourhood
    weights : (S,) array
        The sampling distribution beta.
    adv : (S, A) array, optional
        Advantages of the old policy, for distances that depend on them. Default: those of some
        fixed Q-values.
    """

    neighbourhood: Any
    weights: np.ndarray
    adv: np.ndarray | None = None

    def __call__(self, new, old) -> bool:
        """Whether `new` is in N(old)."""
        with np.errstate(all="ignore"):
            return bool(self.neighbourhood.contains(*self._given(new, old)))

    def room(self, new, old) -> float | None:
        """(radius - measure) / radius, if N has these."""
        radius = getattr(self.neighbourhood, "radius", None)
        if not isinstance(radius, float):
            return None
        with np.errstate(all="ignore"):
            return 1 - self.neighbourhood.measure(*self._given(new, old)) / radius

    def _given(self, new, old):
        if not needs_adv(self.neighbourhood):
            return new, old, self.weights
        adv = self.adv
        if adv is None:
            q = np.resize([0.0, 1.0, -1.0], new.shape)
            adv = q - (old * q).sum(axis=1, keepdims=True)
        return new, old, self.weights, adv

    def step(self, old, target) -> float:
        """A t <= 1 such that the steps 2^-40, 2^-36, ... of the way up to t stay in N(old).

        0 if the first of them leaves it.
        """
        reached = 0.0
        for t in 2.0 ** np.arange(-40, 1, 4):
            if not self(mix(old, target, t), old):
                break
            reached = t
        return reached

    def reach(self, old, target, bits=30) -> float:
        """The share of the way to a target at which N(old) ends, 1 if it contains the target.

        Parameters
        ----------
        old, target : (S, A) arrays
        bits : int
            Relative accuracy, 2^-bits.

        Returns
        -------
        float
            0 if not even 2^-40 of the way is inside. Of several ends, one.
        """
        if self(target, old):
            return 1.0
        low, high = -40, 0
        if not self(mix(old, target, SMALLEST), old):
            return 0.0
        while high - low > 1:
            middle = (low + high) // 2
            inside = self(mix(old, target, 2.0**middle), old)
            low, high = (middle, high) if inside else (low, middle)
        low, high = 2.0**low, 2.0**high
        for _ in range(bits):
            middle = 0.5 * (low + high)
            inside = self(mix(old, target, middle), old)
            low, high = (middle, high) if inside else (low, middle)
        return low

    def radius(self, old, target, bits=30) -> float:
        """How far N(old) reaches towards a target, in total variation."""
        return self.reach(old, target, bits) * distance(old, target)


def needs_adv(neighbourhood) -> bool:
    """Whether a neighbourhood measures with a distance that depends on the advantages."""
    parts = getattr(neighbourhood, "parts", ())
    parts = parts if isinstance(parts, tuple) else (parts,)
    return getattr(getattr(neighbourhood, "distance", None), "needs_adv", False) or any(
        map(needs_adv, parts)
    )


def distance(one, other) -> float:
    """max_s TV(one(.|s), other(.|s)), a metric of the usual topology of policies."""
    return float(total_variation(one, other).max())


def mix(one, other, share):
    """(1 - share) one + share other; `share` is a number or (S, 1)."""
    return (1 - share) * one + share * other


def base_policies(n_states, n_actions, rng=None, n_random=2):
    """Policies to look around from: equal, lopsided, deterministic, mixed; and random ones."""
    corners = np.eye(n_actions)
    uniform = np.full(n_actions, 1 / n_actions)
    lopsided = mix(uniform, corners[0], 0.75)
    rows = [[uniform], [lopsided], [corners[0]], [corners[-1]], [corners[0], corners[-1]],
            [corners[0], uniform], [lopsided, corners[-1]]]  # fmt: skip
    olds = [np.array([row[s % len(row)] for s in range(n_states)]) for row in rows]
    if rng is not None:
        olds += list(rng.dirichlet(np.ones(n_actions), (n_random, n_states)))
    return olds


def targets(old, rng=None, n_random=2):
    """Where to go from a policy: to deterministic ones in all rows or in one; at random."""
    n_states, n_actions = old.shape
    corners = np.eye(n_actions)
    ends = [corners[list(a)] for a in _choices(n_states, n_actions)]
    for s in range(min(n_states, 3)):
        for a in range(n_actions):
            end = old.copy()
            end[s] = corners[a]
            ends.append(end)
    if rng is not None:
        ends += list(rng.dirichlet(np.ones(n_actions), (n_random, n_states)))
    return [end for end in ends if (end != old).any()]


def _choices(n_states, n_actions, most=16):
    """Actions of some deterministic policies: all of them, if there are few."""
    if n_actions**n_states <= most:
        return list(product(range(n_actions), repeat=n_states))
    return [[(i + s * (1 + i // n_actions)) % n_actions for s in range(n_states)]
            for i in range(most)]  # fmt: skip
