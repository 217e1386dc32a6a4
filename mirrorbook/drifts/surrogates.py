"""Drifts of later algorithms: penalties on the ratio r = new / old, weighted by the advantage."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from scipy.special import hyp0f1

from .base import Parametrised, Separable, between
from .divergences import log_ratio, ratio


@dataclass(frozen=True)
class SPO(Parametrised, Separable):
    """E_{a~old} |A(a)| (r(a) - 1)^2 / (2 epsilon), the drift of simple policy optimisation.

    Its terms are |A(a)| (new(a) - old(a))^2 / (2 epsilon old(a)): infinite once an unused action
    of nonzero advantage is revived, and nothing where the advantage is zero.

    Parameters
    ----------
    epsilon : float > 0
        Without other actions, r - 1 = +-epsilon would be optimal.
    scale : float >= 0

    Raises
    ------
    TypeError, ValueError
        If a parameter is none of these.

    References
    ----------
    Xie et al. (2024), Simple policy optimization, arXiv:2401.16025.

    Examples
    --------
    >>> old, new = np.array([[0.5, 0.5]]), np.array([[0.8, 0.2]])
    >>> SPO(0.2).value(new, old, np.array([[1.0, -1.0]])).round(6)
    array([0.9])
    """

    epsilon: float = 0.2

    valid_on_boundary: ClassVar[bool] = False
    positive: ClassVar[bool] = False
    needs_adv: ClassVar[bool] = True

    def __post_init__(self):
        super().__post_init__()
        object.__setattr__(self, "epsilon", between(self.epsilon, 0, np.inf, "epsilon"))

    def _terms(self, new, old, adv):
        move = np.abs(new - old)
        return _weighted(np.abs(adv) / (2 * self.epsilon), move * ratio(move, old))

    def _gradient(self, new, old, adv):
        change = new - old
        slope = np.where(old > 0, np.sign(change) * ratio(np.abs(change), old), np.inf)
        return _weighted(np.abs(adv) / self.epsilon, slope)


@dataclass(frozen=True)
class DPO(Parametrised, Separable):
    """E_{a~old} f(r(a), A(a)), the drift of discovered policy optimisation, in closed form.

    With g(x, c) = x - c tanh(x / c) for x > 0, otherwise 0,

        f(r, A) = g((r - 1) A, alpha)    where A >= 0,
        f(r, A) = g(log(r) A, beta)      where A < 0:

    only moves that raise E_new A are charged. Dropping an action of negative advantage costs
    infinitely much. At unused actions the continuous limit is taken, new(a) max(A(a), 0).

    Parameters
    ----------
    alpha, beta : float > 0
    scale : float >= 0

    Raises
    ------
    TypeError, ValueError
        If a parameter is none of these.

    References
    ----------
    Lu et al. (2022), Discovered policy optimisation, NeurIPS.

    Examples
    --------
    >>> old, new = np.array([[0.5, 0.5]]), np.array([[0.8, 0.2]])
    >>> DPO().value(new, old, np.array([[1.0, -1.0]])).round(6)
    array([0.193852])
    """

    alpha: float = 2.0
    beta: float = 0.6

    valid_on_boundary: ClassVar[bool] = False
    positive: ClassVar[bool] = False
    needs_adv: ClassVar[bool] = True

    def __post_init__(self):
        super().__post_init__()
        for name in ("alpha", "beta"):
            object.__setattr__(self, name, between(getattr(self, name), 0, np.inf, name))

    def _rise(self, new, old, adv):
        """x / alpha of an action that rises with A > 0, and (r - 1) A old."""
        gained = np.maximum(new - old, 0.0) * np.maximum(adv, 0.0)
        return ratio(gained, self.alpha * old), gained

    def _fall(self, new, old, adv):
        """x / beta of an action that falls with A < 0."""
        falls = (new < old) & (adv < 0)
        return _weighted(np.where(falls, adv / self.beta, 0.0), log_ratio(new, old))

    def _terms(self, new, old, adv):
        y, gained = self._rise(new, old, adv)
        far = gained - self.alpha * old * np.tanh(y)  # as it stands where old = 0 and y = inf
        rise = np.where(y < 1, self.alpha * old * _above_tanh(np.minimum(y, 1.0)), far)
        return rise + _weighted(self.beta * old, _above_tanh(self._fall(new, old, adv)))

    def _gradient(self, new, old, adv):
        y, _ = self._rise(new, old, adv)
        rise = np.maximum(adv, 0.0) * np.where(old > 0, np.tanh(y) ** 2, 1.0)
        fall = np.tanh(self._fall(new, old, adv)) ** 2
        return rise + _weighted(fall, -ratio(np.maximum(-adv, 0.0) * old, new))


def _weighted(weight, cost):
    """weight * cost, with 0 times infinity = 0."""
    with np.errstate(over="ignore"):
        return np.multiply(weight, cost, out=np.zeros(cost.shape), where=weight != 0)


def _above_tanh(y):
    """y - tanh(y) = y^3 0F1(; 5/2; y^2 / 4) / (3 cosh(y)), which near 0 does not cancel."""
    small = np.minimum(y, 1.0)
    series = small**3 / 3 * hyp0f1(2.5, small**2 / 4) / np.cosh(small)
    return np.where(y < 1, series, y - np.tanh(y))
