"""Policies that keep some probability for every action; products; intersections."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ..simplex import check_number
from .balls import Neighbourhood, check_move


@dataclass(frozen=True)
class Soft(Neighbourhood):
    """N(old) = {new : new(a|s) >= mu for every s and a}, the mu-soft policies, whatever `old`.

    As a space of policies of its own it is a product of compact convex sets of rows, on which the
    repaired Theorem 1 holds as it stands: the values then go to the best of the mu-soft policies.
    A policy outside, or on its edge, has no ball of all policies around it inside.

    Parameters
    ----------
    mu : float, 0 <= mu <= 1
        With A actions at most 1 / A, which only a policy can tell.

    Raises
    ------
    TypeError, ValueError
        If `mu` is no such number.

    Examples
    --------
    >>> import numpy as np
    >>> new, weights = np.array([[0.95, 0.05]]), np.ones(1)
    >>> Soft(0.05).contains(new, new, weights), Soft(0.1).contains(new, new, weights)
    (True, False)
    """

    mu: float

    def __post_init__(self):
        mu = check_number(self.mu, "mu")
        if not 0 <= mu <= 1:
            raise ValueError(f"mu is {mu}, expected 0 <= mu <= 1 / (number of actions)")
        object.__setattr__(self, "mu", mu)

    def contains(self, new, old, weights, adv=None) -> bool:
        """Whether every probability is at least mu, to the last digit.

        Parameters
        ----------
        new, old : (S, A) arrays
        weights : (S,) array
            Neither it nor `old` nor `adv` matters.

        Returns
        -------
        bool

        Raises
        ------
        ValueError
            If no row at all has A probabilities of at least mu.
        """
        new, old, weights = check_move(new, old, weights)
        n_actions = new.shape[1]
        if self.mu > 1 / n_actions:
            raise ValueError(f"mu is {self.mu}, but {n_actions} actions share a probability of 1")
        return bool((new >= self.mu).all())


@dataclass(frozen=True)
class Product(Neighbourhood):
    """N(old) = {new : new(.|s) in N_s(old(.|s)) for every s}: rows are chosen independently.

    Resetting a row to its old one never leads out of a product, which is what the repaired Lemma 2
    asks for.

    Parameters
    ----------
    parts : Neighbourhood, or sequence of Neighbourhood
        One for all states, or one a state. Each is asked about one row, with weight 1.

    Raises
    ------
    TypeError, ValueError
        If a part is no neighbourhood, or there is none.

    Examples
    --------
    >>> import numpy as np
    >>> from mirrorbook.drifts import TVSquared
    >>> from mirrorbook.neighbourhoods import AllPolicies, StatewiseBall
    >>> free_then_tight = Product([AllPolicies(), StatewiseBall(TVSquared(), 0.01)])
    >>> old, new = np.array([[1.0, 0.0], [1.0, 0.0]]), np.array([[0.0, 1.0], [0.9, 0.1]])
    >>> free_then_tight.contains(new, old, np.array([0.5, 0.5]))
    True
    >>> free_then_tight.contains(new[::-1], old, np.array([0.5, 0.5]))
    False
    """

    parts: Neighbourhood | tuple[Neighbourhood, ...]

    def __post_init__(self):
        if not isinstance(self.parts, Neighbourhood):
            object.__setattr__(self, "parts", _checked_parts(self.parts))

    def rows(self, n_states: int) -> tuple[Neighbourhood, ...]:
        """The neighbourhood of each state's row.

        Parameters
        ----------
        n_states : int

        Returns
        -------
        tuple of Neighbourhood, of length S

        Raises
        ------
        ValueError
            If there are parts for another number of states.
        """
        if isinstance(self.parts, Neighbourhood):
            return (self.parts,) * n_states
        if len(self.parts) != n_states:
            raise ValueError(
                f"parts has {len(self.parts)} entries, expected {n_states}, one a state"
            )
        return self.parts

    def contains(self, new, old, weights, adv=None) -> bool:
        """Whether every row is in its part.

        Parameters
        ----------
        new, old : (S, A) arrays
        weights : (S,) array
            They do not matter.
        adv : (S, A) array, optional
            Advantages of the old policy, for distances that depend on them.

        Returns
        -------
        bool

        Raises
        ------
        ValueError
            If there are parts for another number of states.
        """
        new, old, weights = check_move(new, old, weights)
        one = np.ones(1)
        return all(
            part.contains(new[[s]], old[[s]], one, None if adv is None else adv[[s]])
            for s, part in enumerate(self.rows(len(new)))
        )


@dataclass(frozen=True)
class Intersection(Neighbourhood):
    """N(old) = N_1(old) and N_2(old) and ...; `one & other` makes it.

    Closed under resets of single rows if its parts are. Continuity is not inherited in general:
    it is where the parts are convex and have a common inner point.

    Parameters
    ----------
    parts : sequence of Neighbourhood
        The parts of an `Intersection` among them take its place.

    Raises
    ------
    TypeError, ValueError
        If a part is no neighbourhood, or there is none.

    Examples
    --------
    >>> import numpy as np
    >>> from mirrorbook.drifts import TVSquared
    >>> from mirrorbook.neighbourhoods import StatewiseBall
    >>> careful = Soft(0.1) & StatewiseBall(TVSquared(), 0.01)
    >>> old, one = np.array([[0.8, 0.2]]), np.ones(1)
    >>> [careful.contains(np.array([[p, 1 - p]]), old, one) for p in (0.6, 0.85, 0.95)]
    [False, True, False]
    """

    parts: tuple[Neighbourhood, ...]

    def __post_init__(self):
        parts = _checked_parts(self.parts)
        flat = [p.parts if isinstance(p, Intersection) else (p,) for p in parts]
        object.__setattr__(self, "parts", sum(flat, ()))

    def contains(self, new, old, weights, adv=None) -> bool:
        """Whether `new` is in every part; see `Neighbourhood.contains`."""
        return all(part.contains(new, old, weights, adv) for part in self.parts)


def _checked_parts(parts):
    if isinstance(parts, str) or not isinstance(parts, Sequence):
        raise TypeError(f"parts must be a sequence of neighbourhoods, found {type(parts).__name__}")
    for i, part in enumerate(parts):
        if not isinstance(part, Neighbourhood):
            raise TypeError(f"parts[{i}] must be a neighbourhood, found {type(part).__name__}")
    if not parts:
        raise ValueError("parts is empty, expected at least one neighbourhood")
    return tuple(parts)
