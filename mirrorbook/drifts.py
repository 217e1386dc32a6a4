r"""Drifts: what it costs to move a policy's row (Definition 1).

A drift D_pi(p|s) >= D_pi(pi|s) = 0 charges the move from the old row pi(.|s) to a new row p, and
starts flat: its one-sided derivatives at p = pi vanish.  The gallery of this module, per state:

    Zero        0
    KLOldNew    sum_a pi(a) log(pi(a) / p(a))         the KL of TRPO, TRL and PPO-KL
    KLNewOld    sum_a p(a) log(p(a) / pi(a))          the KL of mirror descent (MDPO)
    L2Squared   sum_a (p(a) - pi(a))^2
    TVSquared   TV^2,  TV = 1/2 sum_a |p(a) - pi(a)|

A drift is a small frozen object with a `value` and a `gradient`; `c * drift` scales it.  The same
objects measure distance in the balls of `mirrorbook.neighbourhoods`.
"""

from dataclasses import dataclass, replace
from typing import ClassVar

import numpy as np
from scipy.special import rel_entr

from .simplex import check_number


@dataclass(frozen=True)
class Drift:
    """Base of all drifts: `scale` times a cost of moving each row.

    Parameters
    ----------
    scale : float >= 0
        Weight of the cost. `c * drift` gives a drift with `scale` multiplied by c. A drift of
        scale 0 costs nothing, also where its cost is infinite.

    Attributes
    ----------
    positive : bool
        Claim: the cost is zero only if the row does not move.
    convex : bool
        Claim: the cost is convex in the new row.
    valid_on_boundary : bool
        Claim: it is finite, continuous and starts flat on the whole closed simplex, not only
        between policies that play every action.

    Raises
    ------
    TypeError, ValueError
        If `scale` is not one nonnegative finite number.

    Notes
    -----
    The claims are about the cost: they are made for scale > 0.
    """

    scale: float = 1.0

    positive: ClassVar[bool] = True
    convex: ClassVar[bool] = True
    valid_on_boundary: ClassVar[bool] = True

    __array_ufunc__ = None  # numpy hands `c * drift` over instead of looking for elements

    def __post_init__(self):
        object.__setattr__(self, "scale", _nonnegative(self.scale, "scale"))

    def __rmul__(self, factor):
        return replace(self, scale=_nonnegative(factor, "factor of a drift") * self.scale)

    def value(self, new, old, adv=None) -> np.ndarray:
        """D_old(new|s) for every state.

        Parameters
        ----------
        new, old : (S, A) arrays
            The new and the old policy.
        adv : (S, A) array, optional
            Advantages of the old policy, for drifts that depend on them.

        Returns
        -------
        (S,) array
            Nonnegative; infinite where the drift is.
        """
        return self.scale * self._value(new, old) if self.scale else np.zeros(len(new))

    def gradient(self, new, old, adv=None) -> np.ndarray:
        """The derivative of `value` in each new(a|s).

        Parameters
        ----------
        new, old : (S, A) arrays
        adv : (S, A) array, optional

        Returns
        -------
        (S, A) array
            Where the cost has a kink this is one of its subgradients; where its slope is infinite,
            so is the entry.
        """
        return self.scale * self._gradient(new, old) if self.scale else np.zeros(new.shape)

    def slack(self, new, old) -> np.ndarray:
        """Half the width of the kink of `value` in each new(a|s).

        Parameters
        ----------
        new, old : (S, A) arrays

        Returns
        -------
        (S, A) array
            0 where smooth. Any number within `slack` of `gradient` belongs to a subgradient.
        """
        return np.zeros(new.shape)


class Zero(Drift):
    """The trivial drift: D = 0. Moving is free (GPI, TRPO)."""

    positive: ClassVar[bool] = False

    def _value(self, new, old):
        return np.zeros(len(new))

    def _gradient(self, new, old):
        return np.zeros(new.shape)


class KLOldNew(Drift):
    """KL(old, new) = sum_a old(a) log(old(a) / new(a)): infinite once a used action is dropped.

    Examples
    --------
    >>> old, new = np.array([[0.5, 0.5]]), np.array([[0.8, 0.2]])
    >>> KLOldNew().value(new, old).round(6)
    array([0.223144])
    """

    valid_on_boundary: ClassVar[bool] = False

    def _value(self, new, old):
        return kullback_leibler(old, new)

    def _gradient(self, new, old):
        return -ratio(old, new)


class KLNewOld(Drift):
    """KL(new, old) = sum_a new(a) log(new(a) / old(a)): infinite once an unused action is revived.

    Examples
    --------
    >>> old, new = np.array([[0.5, 0.5]]), np.array([[0.8, 0.2]])
    >>> KLNewOld().value(new, old).round(6)
    array([0.192745])
    """

    valid_on_boundary: ClassVar[bool] = False

    def _value(self, new, old):
        return kullback_leibler(new, old)

    def _gradient(self, new, old):
        with np.errstate(divide="ignore"):  # log(0) = -inf is the slope at an action not played
            return np.where(old > 0, 1 + np.log(ratio(new, old)), np.inf)


class L2Squared(Drift):
    """sum_a (new(a) - old(a))^2.

    Examples
    --------
    >>> old, new = np.array([[0.5, 0.5]]), np.array([[0.8, 0.2]])
    >>> L2Squared().value(new, old).round(6)
    array([0.18])
    """

    def _value(self, new, old):
        return ((new - old) ** 2).sum(axis=1)

    def _gradient(self, new, old):
        return 2 * (new - old)


class TVSquared(Drift):
    """TV(old, new)^2 with TV = 1/2 sum_a |new(a) - old(a)|.

    Unsquared TV is no drift: it does not start flat. The square does, and keeps a kink at every
    action whose probability has not moved while others have.

    Examples
    --------
    >>> old, new = np.array([[0.5, 0.5]]), np.array([[0.8, 0.2]])
    >>> TVSquared().value(new, old).round(6)
    array([0.09])
    """

    def _value(self, new, old):
        return total_variation(new, old) ** 2

    def _gradient(self, new, old):
        return total_variation(new, old)[:, None] * np.sign(new - old) * ~_stayed(new, old)

    def slack(self, new, old):
        """TV(old, new) at every action that has not moved, otherwise 0; see `Drift.slack`."""
        return self.scale * total_variation(new, old)[:, None] * _stayed(new, old)


def total_variation(p, q) -> np.ndarray:
    """TV(p, q) = 1/2 sum_a |p(a) - q(a)| for every row.

    Parameters
    ----------
    p, q : (S, A) arrays

    Returns
    -------
    (S,) array

    Examples
    --------
    >>> total_variation(np.array([[1.0, 0.0]]), np.array([[0.25, 0.75]]))
    array([0.75])
    """
    return 0.5 * np.abs(p - q).sum(axis=1)


def _stayed(new, old):
    """Where a probability has moved by no more than the rounding of a row's sum."""
    return np.abs(new - old) <= 1e-15


def kullback_leibler(p, q) -> np.ndarray:
    """KL(p, q) = sum_a p(a) log(p(a) / q(a)) for every row, never negative.

    Since both rows sum to one it equals

        sum_a  p(a) log(p(a) / q(a)) - p(a) + q(a)  =  sum_a  p(a) (u - log(1 + u)),

    u = q(a) / p(a) - 1, with every term nonnegative, also after rounding. The second form serves
    where |u| < 1/2: its relative error is that of rounding divided by |u|.

    Parameters
    ----------
    p, q : (S, A) arrays

    Returns
    -------
    (S,) array
        Infinite where an action has p(a) > 0 = q(a).

    Examples
    --------
    >>> kullback_leibler(np.array([[1.0, 0.0], [0.5, 0.5]]), np.array([[0.5, 0.5], [1.0, 0.0]]))
    array([0.69314718,        inf])
    """
    change = q - p
    near = np.abs(change) < p / 2
    u = np.divide(change, p, out=np.zeros(p.shape), where=near)
    return np.where(near, p * (u - np.log1p(u)), rel_entr(p, q) + change).sum(axis=1)


def ratio(p, q) -> np.ndarray:
    """p(a) / q(a), with 0 / 0 = 0 and x / 0 = inf.

    Parameters
    ----------
    p, q : (S, A) arrays

    Returns
    -------
    (S, A) array

    Examples
    --------
    >>> ratio(np.array([[0.0, 0.5, 0.5]]), np.array([[0.0, 1.0, 0.0]]))
    array([[0. , 0.5, inf]])
    """
    with np.errstate(divide="ignore", invalid="ignore", over="ignore"):
        return np.where(p > 0, p / q, 0.0)


def _nonnegative(number, name):
    number = check_number(number, name)
    if number < 0:
        raise ValueError(f"{name} is {number}, expected a nonnegative number")
    return number
