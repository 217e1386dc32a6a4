"""What every drift is: a small frozen object with a value, a gradient and declared traits."""

from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np

from ..simplex import check_number, check_numbers, check_rows, check_shape


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
    valid_inside : bool
        Claim: between policies that play every action the cost is nonnegative and continuous, and
        it starts flat. Without this it is no drift (Definition 1).
    valid_on_boundary : bool
        Claim: it is all that, and finite, on the whole closed simplex.
    positive : bool
        Claim: the cost is zero only if the row does not move.
    convex : bool
        Claim: the cost is convex in the new row.
    separable : bool
        The cost is a sum over actions of terms in new(a), old(a) and adv(a) alone, so that the
        gradient is taken entry by entry, also in rows that do not sum to one.
    needs_adv : bool
        The cost depends on the advantages of the old policy.

    Raises
    ------
    TypeError, ValueError
        If `scale` is not one nonnegative finite number.

    Notes
    -----
    The claims are about the cost: they are made for scale > 0.

    A kind of drift defines `_value`, `_gradient` and, if it has kinks, `_slack`: functions of
    (new, old), or of (new, old, adv) if it needs the advantages. For one of your own `as_drift`
    does the same without a class.

    Examples
    --------
    >>> @dataclass(frozen=True)
    ... class FourthPowers(Drift):
    ...     def _value(self, new, old):
    ...         return ((new - old) ** 4).sum(axis=1)
    ...     def _gradient(self, new, old):
    ...         return 4 * (new - old) ** 3
    >>> drift = 8 * FourthPowers()
    >>> drift.value([[1.0, 0.0]], np.array([[0.5, 0.5]]))
    array([1.])
    """

    scale: float = 1.0

    valid_inside: ClassVar[bool] = True
    valid_on_boundary: ClassVar[bool] = True
    positive: ClassVar[bool] = True
    convex: ClassVar[bool] = True
    separable: ClassVar[bool] = False
    needs_adv: ClassVar[bool] = False

    __array_ufunc__ = None  # numpy hands `c * drift` over instead of looking for elements

    def __post_init__(self):
        object.__setattr__(self, "scale", nonnegative(self.scale, "scale"))

    def __rmul__(self, factor):
        return replace(self, scale=nonnegative(factor, "factor of a drift") * self.scale)

    def __add__(self, other):
        from .sums import Sum  # which is a drift itself

        return Sum((self, other)) if isinstance(other, Drift) else NotImplemented

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
            Nonnegative for every drift; infinite where the drift is.

        Raises
        ------
        TypeError, ValueError
            If an array is not of its shape, holds a negative probability or a number that is not
            finite; or if the drift depends on the advantages and gets none.
        """
        return self.value_of(*self._given(new, old, adv))

    def value_of(self, *given) -> np.ndarray:
        """`value` of arrays that are known to be what it expects: nothing is checked, (S,)."""
        return self.scale * self._value(*given) if self.scale else np.zeros(len(given[0]))

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
            so is the entry. A number added to all entries of a row changes no slope within the
            simplex: each drift has its own convention for it.

        Raises
        ------
        TypeError, ValueError
            If an array is not of its shape, holds a negative probability or a number that is not
            finite; or if the drift depends on the advantages and gets none.
        """
        given = self._given(new, old, adv)
        return self.scale * self._gradient(*given) if self.scale else np.zeros(np.shape(new))

    def slack(self, new, old, adv=None) -> np.ndarray:
        """Half the width of the kink of `value` in each new(a|s).

        Parameters
        ----------
        new, old : (S, A) arrays
        adv : (S, A) array, optional

        Returns
        -------
        (S, A) array
            0 where smooth. Any numbers within `slack` of `gradient`, entry by entry, are a
            subgradient. (At a kink that is not of this form, as for `LInfSquared`, slack is 0 and
            `gradient` is one subgradient.)

        Raises
        ------
        TypeError, ValueError
            If an array is not of its shape, holds a negative probability or a number that is not
            finite; or if the drift depends on the advantages and gets none.
        """
        given = self._given(new, old, adv)
        return self.scale * self._slack(*given) if self.scale else np.zeros(np.shape(new))

    def at(self, states) -> "Drift":
        """The same drift for some of the states only.

        Parameters
        ----------
        states : index of rows
            What picks these states' rows of an (S, A) array.

        Returns
        -------
        Drift
            Itself, unless it has parameters of every state.
        """
        return self

    def _given(self, new, old, adv):
        """The arguments of `_value`, `_gradient` and `_slack`."""
        new, old = check_rows(new, "new"), check_rows(old, "old")
        check_shape(old, new.shape, "old")
        if not self.needs_adv:
            return new, old
        if adv is None:
            name = type(self).__name__
            raise ValueError(f"adv is None, but {name} needs the advantages of the old policy")
        return new, old, check_numbers(adv, new.shape, "adv")

    def _slack(self, new, *rest):
        return np.zeros(np.shape(new))


@dataclass(frozen=True)
class Parametrised(Drift):
    """Base of the drifts with parameters of their own: these come first, `scale` is a keyword.

    (First among several bases, lest another one make `scale` the first parameter again.)
    """

    scale: float = field(default=1.0, kw_only=True)


class Separable(Drift):
    """Base of the drifts that are sums over actions: defines `_terms` in place of `_value`."""

    separable: ClassVar[bool] = True

    def _value(self, *given):
        return self._terms(*given).sum(axis=1)


class Zero(Separable):
    """The trivial drift: D = 0. Moving is free (GPI, TRPO)."""

    positive: ClassVar[bool] = False

    def _terms(self, new, old):
        return np.zeros(np.shape(new))

    def _gradient(self, new, old):
        return np.zeros(np.shape(new))


def nonnegative(number, name) -> float:
    """Return `number` as a float, or raise unless it is one finite real number >= 0.

    Parameters
    ----------
    number : real number
    name : str
        How error messages call it.

    Returns
    -------
    float

    Raises
    ------
    TypeError, ValueError
        If it is none.
    """
    number = check_number(number, name)
    if number < 0:
        raise ValueError(f"{name} is {number}, expected a nonnegative number")
    return number


def between(number, least, most, name) -> float:
    """Return `number` as a float, or raise unless least < number < most.

    Parameters
    ----------
    number : real number
    least, most : float
        Bounds, both excluded.
    name : str
        How error messages call it.

    Returns
    -------
    float

    Raises
    ------
    TypeError, ValueError
        If it is no such number.
    """
    number = check_number(number, name)
    if not least < number < most:
        raise ValueError(f"{name} is {number}, expected a number between {least} and {most}")
    return number
