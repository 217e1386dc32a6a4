r"""Divergences with an order: the alpha family and Rényi's.

The generator of the alpha family has the derivative f'(r) = (1 - r^-a) / a, with f(1) = 0:

    f(r) = (r f'(r) - (r - 1)) / (1 - a)  =  ((r - 1) - (r^(1-a) - 1) / (1 - a)) / a,

the first form for a < 1/2, the second for the others.  Near r = 1, where both cancel,

    f(1 + u) = u^2 / 2  2F1(a + 1, 1; 3; -u).
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.special import boxcox, boxcox1p, hyp2f1, logsumexp

from ..simplex import check_number
from .base import Parametrised, Separable, between
from .divergences import log_ratio, ratio

TINY = np.finfo(float).tiny
"""Below this an action counts as unused: ratios to it overflow."""


@dataclass(frozen=True)
class Alpha(Parametrised, Separable):
    """sum_a old(a) f(new(a) / old(a)) with f'(r) = (1 - r^-a) / a and f(1) = 0.

    a = 0 is KL(new, old), a = 1/2 four times `HellingerSquared`, a = 1 KL(old, new); a = -1 and
    a = 2 are half of chi^2(new, old) and of chi^2(old, new).

    Parameters
    ----------
    a : float
        Dropping an action costs infinitely much if a >= 1, reviving one if a <= 0; for a > 0 a
        revived action has the slope 1 / a.
    scale : float >= 0

    Raises
    ------
    TypeError, ValueError
        If a parameter is no finite number.

    Examples
    --------
    >>> old, new = np.array([[0.5, 0.5]]), np.array([[0.8, 0.2]])
    >>> Alpha(0.5).value(new, old).round(6)
    array([0.205267])
    """

    a: float = 0.5

    valid_on_boundary: ClassVar[bool] = False

    def __post_init__(self):
        super().__post_init__()
        object.__setattr__(self, "a", check_number(self.a, "a"))

    def _terms(self, new, old):
        near, u, r = _change(new, old)
        close = old * (u**2 / 2 * hyp2f1(self.a + 1, 1, 3, -u))
        out = np.multiply(new, self._price, out=np.zeros(new.shape), where=new > 0)
        return np.select([near, old >= TINY], [close, self._far(new, old, r)], out)

    def _far(self, new, old, r):
        """old f(r) away from r = 1."""
        with np.errstate(over="ignore"):
            if self.a >= 0.5:
                return (new - old - old * boxcox(r, 1 - self.a)) / self.a
            slope = boxcox(r, -self.a)
            rise = np.multiply(new, slope, out=np.zeros(r.shape), where=new > 0)
            return (rise - (new - old)) / (1 - self.a)

    def _gradient(self, new, old):
        near, u, r = _change(new, old)
        slope = np.where(near, boxcox1p(u, -self.a), boxcox(r, -self.a))
        return np.where(old >= TINY, slope, self._price)

    @property
    def _price(self):
        """f'(inf): what probability at an unused action costs."""
        return 1 / self.a if self.a > 0 else np.inf


@dataclass(frozen=True)
class Renyi(Parametrised):
    """log(S) / (order - 1) with S = sum_a new(a)^order old(a)^(1 - order).

    Rényi's divergence of the new row from the old one; its limit at order 1 is KL(new, old).
    Below order 1 it is infinite where no action is shared, above where an action is revived.
    Only up to order 1 is it convex.

    Parameters
    ----------
    order : float > 0, not 1
    scale : float >= 0

    Raises
    ------
    TypeError, ValueError
        If a parameter is none of these.

    Notes
    -----
    S - 1 = order (order - 1) D with D the divergence `Alpha(1 - order)`: near home this form does
    not cancel.

    Examples
    --------
    >>> old, new = np.array([[0.5, 0.5]]), np.array([[0.8, 0.2]])
    >>> Renyi(2).value(new, old).round(6)
    array([0.307485])
    """

    order: float = 0.5

    valid_on_boundary: ClassVar[bool] = False

    def __post_init__(self):
        super().__post_init__()
        order = between(self.order, 0, np.inf, "order")
        if order == 1:
            raise ValueError("order is 1.0, where the divergence is KLNewOld()")
        object.__setattr__(self, "order", order)

    @property
    def convex(self):
        """Whether the order is below 1."""
        return self.order < 1

    def _value(self, new, old):
        return self._log_sum(new, old) / (self.order - 1)

    def _gradient(self, new, old):
        power = self.order - 1
        log = np.where(old >= TINY, log_ratio(new, old), 0.0)
        with np.errstate(over="ignore"):
            share = np.exp(power * log - self._log_sum(new, old)[:, None])
        return np.where(old >= TINY, self.order / power * share, 0.0 if power < 0 else np.inf)

    def _log_sum(self, new, old):
        """log(S), (S,): by S - 1 where S is near 1, by logarithms elsewhere."""
        excess = self.order * (self.order - 1) * Alpha(1 - self.order).value(new, old)
        with np.errstate(divide="ignore"):  # 0 to a power is 0 or infinite
            terms = self.order * np.log(np.where(new > 0, new, 1.0)) + (1 - self.order) * np.log(
                old
            )
        far = logsumexp(np.where(new > 0, terms, -np.inf), axis=1)
        near = np.abs(excess) < 0.5
        return np.where(near, np.log1p(np.where(near, excess, 0.0)), far)


def _change(new, old):
    """Where r = new / old is near 1, u = r - 1 there (else 0), and r."""
    change = new - old
    near = np.abs(change) < old / 2
    u = np.divide(change, old, out=np.zeros(change.shape), where=near)
    return near, u, np.where(old >= TINY, ratio(new, old), 1.0)
