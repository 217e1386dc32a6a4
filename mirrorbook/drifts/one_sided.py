r"""One-sided divergences: they charge the actions that lose probability, and only those.

A divergence sum_a old(a) f(new(a) / old(a)) is a drift on the whole closed simplex if and only if
f(0) is finite, f'(1) = 0 and f = 0 on [1, inf): probability that returns to an unused action has
the slope f'(inf), which must be zero.
"""

import numpy as np

from .base import Separable
from .divergences import kullback_leibler_terms, ratio


class OneSidedKL(Separable):
    """sum of new(a) log(new(a) / old(a)) - new(a) + old(a) over the a with new(a) < old(a).

    What actions that lose probability are charged by KL(new, old); gains are free. So it is finite
    and flat at home on the whole closed simplex. Not in the paper.

    Examples
    --------
    >>> old, new = np.array([[0.5, 0.5]]), np.array([[0.8, 0.2]])
    >>> OneSidedKL().value(new, old).round(6)
    array([0.116742])
    """

    def _terms(self, new, old):
        return np.where(new < old, kullback_leibler_terms(new, old), 0.0)

    def _gradient(self, new, old):
        with np.errstate(divide="ignore"):  # log(0) = -inf is the slope at an action dropped
            return np.log(ratio(np.minimum(new, old), old), out=np.zeros(new.shape), where=old > 0)


class OneSidedChiSquared(Separable):
    """sum of (old(a) - new(a))^2 / old(a) over the a with new(a) < old(a).

    What actions that lose probability are charged by chi^2(new, old); gains are free. Not in the
    paper.

    Examples
    --------
    >>> old, new = np.array([[0.5, 0.5]]), np.array([[0.8, 0.2]])
    >>> OneSidedChiSquared().value(new, old).round(6)
    array([0.18])
    """

    def _terms(self, new, old):
        lost = np.maximum(old - new, 0.0)
        return lost * ratio(lost, old)

    def _gradient(self, new, old):
        return -2 * ratio(np.maximum(old - new, 0.0), old)
