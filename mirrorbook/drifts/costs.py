"""Drifts that price an update (Sec. 6): what the inequality (9) then bounds is the total bill."""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import ClassVar

import numpy as np

from ..simplex import check_finite
from .base import Parametrised, Separable, between


@dataclass(frozen=True)
class Risk(Parametrised):
    """(E_{a~new} cost(a) - E_{a~old} cost(a))_+^2: the squared increase of the immediate risk.

    A drift on the whole closed simplex: a square is nonnegative, continuous, and flat where its
    root is zero, which it is at home. It is convex, and free for moves that do not raise the risk.

    Parameters
    ----------
    cost : (A,) or (S, A) array_like
        Risk of playing each action, the same in all states or not; in any unit, which the drift
        has squared.
    scale : float >= 0

    Raises
    ------
    TypeError, ValueError
        If `cost` is no such array of finite numbers, or fits no policy it is used with.

    Examples
    --------
    >>> old, new = np.array([[0.5, 0.5]]), np.array([[0.8, 0.2]])
    >>> Risk([10.0, 0.0]).value(new, old)
    array([9.])
    >>> Risk([10.0, 0.0]).value(old, new)
    array([0.])
    """

    cost: tuple

    positive: ClassVar[bool] = False

    def __post_init__(self):
        super().__post_init__()
        cost = check_finite(self.cost, "cost")
        if cost.ndim not in (1, 2):
            raise ValueError(f"cost has shape {cost.shape}, expected (A,) or (S, A)")
        frozen = tuple(map(tuple, cost.tolist())) if cost.ndim == 2 else tuple(cost.tolist())
        object.__setattr__(self, "cost", frozen)

    def at(self, states) -> "Risk":
        """The same drift for some of the states only; see `Drift.at`."""
        return replace(self, cost=self._cost[states]) if self._cost.ndim == 2 else self

    @cached_property
    def _cost(self):
        return np.array(self.cost)

    def _increase(self, new, old):
        if self._cost.shape not in (new.shape, new.shape[1:]):
            raise ValueError(f"cost has shape {self._cost.shape}, the policy {new.shape}")
        return np.maximum(((new - old) * self._cost).sum(axis=1), 0.0)

    def _value(self, new, old):
        return self._increase(new, old) ** 2

    def _gradient(self, new, old):
        return 2 * self._increase(new, old)[:, None] * self._cost


@dataclass(frozen=True)
class Memory(Parametrised, Separable):
    """1/2 sum_a log2(1 + ((new(a) - old(a)) / resolution)^2): bits that it takes to store a move.

    A change of 1000 resolutions costs log2(1000), about 10 bits, and one of a small part of a
    resolution next to none. A drift on the whole closed simplex: nonnegative, continuous, and flat
    at home since it depends on squares. It is not convex: bits grow as the logarithm of the change.

    Parameters
    ----------
    resolution : float between 1e-16 and 1
        Changes of probability below this are not told apart.
    scale : float >= 0

    Raises
    ------
    TypeError, ValueError
        If a parameter is none of these.

    Examples
    --------
    >>> old, new = np.array([[0.5, 0.5]]), np.array([[0.8, 0.2]])
    >>> Memory(0.01).value(new, old).round(6)
    array([9.815383])
    """

    resolution: float = 0.01

    convex: ClassVar[bool] = False

    def __post_init__(self):
        super().__post_init__()
        resolution = between(self.resolution, 1e-16, 1, "resolution")
        object.__setattr__(self, "resolution", resolution)

    def _terms(self, new, old):
        return 0.5 * np.log1p(((new - old) / self.resolution) ** 2) / np.log(2)

    def _gradient(self, new, old):
        change = new - old
        return change / (self.resolution**2 + change**2) / np.log(2)
