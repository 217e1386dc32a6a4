"""Squared norms of the move: drifts on the whole closed simplex."""

import numpy as np

from ..simplex import check_shape
from .base import Drift, Separable

SAME = 1e-15
"""Two probabilities that differ by no more are equal: the rounding of a row's sum."""


class L2Squared(Separable):
    """sum_a (new(a) - old(a))^2.

    Examples
    --------
    >>> old, new = np.array([[0.5, 0.5]]), np.array([[0.8, 0.2]])
    >>> L2Squared().value(new, old).round(6)
    array([0.18])
    """

    def _terms(self, new, old):
        return (new - old) ** 2

    def _gradient(self, new, old):
        return 2 * (new - old)


class TVSquared(Drift):
    """TV(old, new)^2 with TV = 1/2 sum_a |new(a) - old(a)|.

    Unsquared TV is no drift: it does not start flat. The square does, and keeps a kink of
    half-width TV at every action whose probability has not moved while others have.

    Examples
    --------
    >>> old, new = np.array([[0.5, 0.5]]), np.array([[0.8, 0.2]])
    >>> TVSquared().value(new, old).round(6)
    array([0.09])
    """

    def _value(self, new, old):
        return total_variation(new, old) ** 2

    def _gradient(self, new, old):
        return total_variation(new, old)[:, None] * np.sign(new - old) * ~stayed(new, old)

    def _slack(self, new, old):
        return total_variation(new, old)[:, None] * stayed(new, old)


class LInfSquared(Drift):
    """max_a (new(a) - old(a))^2.

    The slope along v is 2 max_a |new(a) - old(a)| times the largest of sign(new(a) - old(a)) v(a)
    over the actions that have moved most. Where several have, the gradient is the mean of theirs.

    Examples
    --------
    >>> old, new = np.array([[0.5, 0.5]]), np.array([[0.8, 0.2]])
    >>> LInfSquared().value(new, old).round(6)
    array([0.09])
    """

    def _value(self, new, old):
        return np.abs(new - old).max(axis=1) ** 2

    def _gradient(self, new, old):
        move = new - old
        farthest = np.abs(move).max(axis=1, keepdims=True)
        tied = np.abs(move) >= farthest - SAME
        return 2 * farthest * np.sign(move) * tied / tied.sum(axis=1, keepdims=True)


def total_variation(p, q) -> np.ndarray:
    """TV(p, q) = 1/2 sum_a |p(a) - q(a)| for every row.

    Parameters
    ----------
    p, q : (S, A) arrays

    Returns
    -------
    (S,) array

    Raises
    ------
    ValueError
        If the shapes differ.

    Examples
    --------
    >>> total_variation(np.array([[1.0, 0.0]]), np.array([[0.25, 0.75]]))
    array([0.75])
    """
    check_shape(q, np.shape(p), "q")
    return 0.5 * np.abs(p - q).sum(axis=1)


def stayed(new, old) -> np.ndarray:
    """Where a probability has moved by no more than the rounding of a row's sum.

    Parameters
    ----------
    new, old : (S, A) arrays

    Returns
    -------
    (S, A) bool array
    """
    return np.abs(new - old) <= SAME
