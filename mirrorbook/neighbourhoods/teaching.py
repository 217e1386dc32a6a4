"""Neighbourhoods that break one hypothesis each: what Definition 2 and the repair are there for."""

from dataclasses import dataclass

import numpy as np

from ..drifts import total_variation
from ..simplex import check_distributions, check_finite, check_number, check_shape
from .balls import Neighbourhood, check_move


@dataclass(frozen=True)
class CoupledMoves(Neighbourhood):
    r"""N(old) = {new : |t_i - t_j| <= slack (1 - max(t_i, t_j))}, t_s = TV(old, new)(s).

    Two states must move together, the more exactly the further they go; other rows are free. It
    meets Definition 2: it is closed, it contains every policy with t_s <= slack / (1 + slack) in
    all states, and it is continuous (with `new` it contains the segment from `old` to `new`).
    It is not closed under resetting one of the two rows, and so Lemma 2 fails.

    Parameters
    ----------
    states : pair of int
        i and j, two different states.
    slack : float > 0
        The z of |t_i - t_j| <= z (1 - max(t_i, t_j)).

    Raises
    ------
    TypeError, ValueError
        If `states` are not two different indices, or `slack` not one positive finite number.

    Examples
    --------
    >>> tied = CoupledMoves()
    >>> old, swapped = np.eye(2), np.eye(2)[::-1]
    >>> tied.contains(swapped, old, np.ones(2) / 2)
    True
    >>> tied.contains(np.array([[0.0, 1.0], [0.0, 1.0]]), old, np.ones(2) / 2)  # one row reset
    False
    """

    states: tuple[int, int] = (0, 1)
    slack: float = 0.2

    def __post_init__(self):
        states = check_finite(self.states, "states")
        if states.shape != (2,) or (states % 1 != 0).any() or (states < 0).any():
            raise ValueError(f"states is {self.states}, expected the indices of two states")
        if states[0] == states[1]:
            raise ValueError(f"states is {self.states}, expected two different states")
        slack = check_number(self.slack, "slack")
        if slack <= 0:
            raise ValueError(f"slack is {slack}, expected a positive number")
        object.__setattr__(self, "states", (int(states[0]), int(states[1])))
        object.__setattr__(self, "slack", slack)

    def measure(self, new, old, weights, adv=None) -> float:
        """|t_i - t_j| + slack max(t_i, t_j), which may be as large as slack.

        Parameters
        ----------
        new, old : (S, A) arrays
        weights : (S,) array
            They do not matter.

        Returns
        -------
        float
        """
        new, old, weights = check_move(new, old, weights)
        if max(self.states) >= len(new):
            raise ValueError(f"states is {self.states}, but there are {len(new)} states")
        one, other = total_variation(new, old)[list(self.states)]
        return float(abs(one - other) + self.slack * max(one, other))

    def contains(self, new, old, weights, adv=None) -> bool:
        """Whether the two rows move alike; see `Neighbourhood.contains`."""
        return self.measure(new, old, weights, adv) <= self.slack


@dataclass(frozen=True)
class VanishingBall(Neighbourhood):
    r"""N(old) = {new : TV(old, new)(s) <= share * max_s' TV(old, target)(s') for every s}.

    A run that heads for `target` covers the same share of what is left at every step and never
    passes it. At `target` itself the radius is 0, which is not allowed, because no ball around
    `target` is inside. With `free_at_target` N(target) is all policies instead: now every policy
    has a ball, and what fails is the continuity of N there.

    Parameters
    ----------
    target : array_like, shape (S, A)
        The policy at which the radius is 0. Kept as nested tuples.
    share : float, 0 < share < 1
    free_at_target : bool

    Raises
    ------
    TypeError, ValueError
        If `target` is no policy, or `share` no such number.

    Examples
    --------
    >>> ball = VanishingBall([[0.7, 0.3]], share=0.5)
    >>> old = np.array([[0.5, 0.5]])
    >>> round(ball.radius(old), 6)
    0.1
    >>> ball.contains(np.array([[0.65, 0.35]]), old, np.ones(1))
    False
    """

    target: tuple[tuple[float, ...], ...]
    share: float = 0.5
    free_at_target: bool = False

    def __post_init__(self):
        target = check_distributions(self.target, "target")
        if target.ndim != 2:
            raise ValueError(f"target has shape {target.shape}, expected (states, actions)")
        share = check_number(self.share, "share")
        if not 0 < share < 1:
            raise ValueError(f"share is {share}, expected a number between 0 and 1")
        object.__setattr__(self, "target", tuple(map(tuple, target.tolist())))
        object.__setattr__(self, "share", share)

    def radius(self, old) -> float:
        """The radius at `old`: share * max_s TV(old, target)(s), infinite where all is allowed.

        Parameters
        ----------
        old : (S, A) array

        Returns
        -------
        float
        """
        check_shape(self.target, np.shape(old), "target")
        left = float(total_variation(old, np.array(self.target)).max())
        return np.inf if left == 0 and self.free_at_target else self.share * left

    def measure(self, new, old, weights, adv=None) -> float:
        """max_s TV(old, new)(s), which may be as large as `radius(old)`.

        Parameters
        ----------
        new, old : (S, A) arrays
        weights : (S,) array
            They do not matter.

        Returns
        -------
        float
        """
        new, old, weights = check_move(new, old, weights)
        return float(total_variation(new, old).max())

    def contains(self, new, old, weights, adv=None) -> bool:
        """Whether no row moves further than the radius at `old`; see `Neighbourhood.contains`."""
        return self.measure(new, old, weights, adv) <= self.radius(old)


@dataclass(frozen=True)
class Standstill(Neighbourhood):
    """N(old) = {old}: the ball of radius 1/2 of the discrete metric, 1 between different policies.

    Definition 2 asks for a ball of *some* metric, and this is one; it is compact, and continuous.
    The definition must mean a metric that induces the usual topology of policies.
    """

    def measure(self, new, old, weights, adv=None) -> float:
        """The discrete metric: 0 if the policies are equal, 1 if they are not.

        Parameters
        ----------
        new, old : (S, A) arrays
        weights : (S,) array
            They do not matter.

        Returns
        -------
        float
        """
        new, old, weights = check_move(new, old, weights)
        return float((new != old).any())

    def contains(self, new, old, weights, adv=None) -> bool:
        """Whether the policies are equal; see `Neighbourhood.contains`."""
        return self.measure(new, old, weights, adv) <= 0.5
