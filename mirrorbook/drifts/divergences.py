"""Divergences between the old and the new row: sums over actions of old(a) f(new(a) / old(a)).

They start flat between policies that play every action. On the boundary each of them is infinite,
discontinuous or steep somewhere; `one_sided` has two that are not.
"""

from typing import ClassVar

import numpy as np
from scipy.special import rel_entr

from ..simplex import check_shape
from .base import Separable


class KLOldNew(Separable):
    """KL(old, new) = sum_a old(a) log(old(a) / new(a)): infinite once a used action is dropped.

    Examples
    --------
    >>> old, new = np.array([[0.5, 0.5]]), np.array([[0.8, 0.2]])
    >>> KLOldNew().value(new, old).round(6)
    array([0.223144])
    """

    valid_on_boundary: ClassVar[bool] = False

    def _terms(self, new, old):
        return kullback_leibler_terms(old, new)

    def _gradient(self, new, old):
        return -ratio(old, new)


class KLNewOld(Separable):
    """KL(new, old) = sum_a new(a) log(new(a) / old(a)): infinite once an unused action is revived.

    Examples
    --------
    >>> old, new = np.array([[0.5, 0.5]]), np.array([[0.8, 0.2]])
    >>> KLNewOld().value(new, old).round(6)
    array([0.192745])
    """

    valid_on_boundary: ClassVar[bool] = False

    def _terms(self, new, old):
        return kullback_leibler_terms(new, old)

    def _gradient(self, new, old):
        with np.errstate(divide="ignore"):  # log(0) = -inf is the slope at an action not played
            return np.where(old > 0, 1 + np.log(ratio(new, old)), np.inf)


class HellingerSquared(Separable):
    """1/2 sum_a (sqrt(new(a)) - sqrt(old(a)))^2, between 0 and 1.

    Finite and continuous everywhere, but a revived action has the slope 1/2.

    Examples
    --------
    >>> old, new = np.array([[0.5, 0.5]]), np.array([[0.8, 0.2]])
    >>> HellingerSquared().value(new, old).round(6)
    array([0.051317])
    """

    valid_on_boundary: ClassVar[bool] = False

    def _terms(self, new, old):
        # the difference of the roots as that of the probabilities over the sum of the roots
        return 0.5 * ratio(np.abs(new - old), np.sqrt(new) + np.sqrt(old)) ** 2

    def _gradient(self, new, old):
        return 0.5 * (1 - np.sqrt(ratio(old, new)))


class JensenShannon(Separable):
    """1/2 KL(new, m) + 1/2 KL(old, m) with m = (new + old) / 2, between 0 and log 2.

    With t = (new - old) / (new + old) its terms are m (t artanh t + 1/2 log(1 - t^2)), which does
    not cancel near home. Finite and continuous everywhere, but a revived action has the slope
    log(2) / 2.

    Examples
    --------
    >>> old, new = np.array([[0.5, 0.5]]), np.array([[0.8, 0.2]])
    >>> JensenShannon().value(new, old).round(6)
    array([0.050672])
    """

    valid_on_boundary: ClassVar[bool] = False

    def _terms(self, new, old):
        m, t = (new + old) / 2, ratio(np.abs(new - old), new + old)
        near = np.where(t < 0.5, t, 0.0)
        close = m * (near * np.arctanh(near) + 0.5 * np.log1p(-(near**2)))
        return np.where(t < 0.5, close, 0.5 * (rel_entr(new, m) + rel_entr(old, m)))

    def _gradient(self, new, old):
        with np.errstate(divide="ignore"):  # log(0) = -inf is the slope at an action dropped
            return np.where(old > 0, 0.5 * np.log(ratio(2 * new, new + old)), 0.5 * np.log(2))


class Jeffreys(Separable):
    """KL(old, new) + KL(new, old) = sum_a (new(a) - old(a)) log(new(a) / old(a)).

    Infinite where either is: once an action is dropped or revived.

    Examples
    --------
    >>> old, new = np.array([[0.5, 0.5]]), np.array([[0.8, 0.2]])
    >>> Jeffreys().value(new, old).round(6)
    array([0.415888])
    """

    valid_on_boundary: ClassVar[bool] = False

    def _terms(self, new, old):
        change = new - old
        log = log_ratio(new, old)
        return np.multiply(change, log, out=np.zeros(change.shape), where=change != 0)

    def _gradient(self, new, old):
        return np.where(old > 0, log_ratio(new, old) + (1 - ratio(old, new)), np.inf)


class ChiSquaredOldNew(Separable):
    """chi^2(old, new) = sum_a (old(a) - new(a))^2 / new(a) (Neyman's).

    Infinite once a used action is dropped.

    Examples
    --------
    >>> old, new = np.array([[0.5, 0.5]]), np.array([[0.8, 0.2]])
    >>> ChiSquaredOldNew().value(new, old).round(6)
    array([0.5625])
    """

    valid_on_boundary: ClassVar[bool] = False

    def _terms(self, new, old):
        move = np.abs(new - old)
        return move * ratio(move, new)

    def _gradient(self, new, old):
        back = ratio(old, new)
        with np.errstate(over="ignore"):
            return (1 - back) * (1 + back)


class ChiSquaredNewOld(Separable):
    """chi^2(new, old) = sum_a (new(a) - old(a))^2 / old(a) (Pearson's).

    Infinite once an unused action is revived.

    Examples
    --------
    >>> old, new = np.array([[0.5, 0.5]]), np.array([[0.8, 0.2]])
    >>> ChiSquaredNewOld().value(new, old).round(6)
    array([0.36])
    """

    valid_on_boundary: ClassVar[bool] = False

    def _terms(self, new, old):
        move = np.abs(new - old)
        return move * ratio(move, old)

    def _gradient(self, new, old):
        change = new - old
        return np.where(old > 0, 2 * np.sign(change) * ratio(np.abs(change), old), np.inf)


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

    Raises
    ------
    ValueError
        If the shapes differ.

    Examples
    --------
    >>> kullback_leibler(np.array([[1.0, 0.0], [0.5, 0.5]]), np.array([[0.5, 0.5], [1.0, 0.0]]))
    array([0.69314718,        inf])
    """
    check_shape(q, np.shape(p), "q")
    return kullback_leibler_terms(p, q).sum(axis=1)


def kullback_leibler_terms(p, q) -> np.ndarray:
    """p(a) log(p(a) / q(a)) - p(a) + q(a) >= 0, the terms of `kullback_leibler`.

    Parameters
    ----------
    p, q : (S, A) arrays

    Returns
    -------
    (S, A) array
    """
    change = q - p
    near = np.abs(change) < p / 2
    u = np.divide(change, p, out=np.zeros(p.shape), where=near)
    return np.where(near, p * (u - np.log1p(u)), rel_entr(p, q) + change)


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


def log_ratio(p, q) -> np.ndarray:
    """log(p(a) / q(a)), accurate where the two are close; minus infinity where p(a) = 0.

    Parameters
    ----------
    p, q : (S, A) arrays

    Returns
    -------
    (S, A) array
    """
    change = p - q
    near = np.abs(change) < q / 2
    u = np.divide(change, q, out=np.zeros(change.shape), where=near)
    with np.errstate(divide="ignore"):
        return np.where(near, np.log1p(u), np.log(ratio(p, q)))
