"""What looks like a drift and is none, for teaching: each breaks one condition of Definition 1."""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from .base import Drift, Separable, between
from .clipped import Clipped
from .norms import stayed, total_variation


class TotalVariation(Separable):
    """TV(old, new) = 1/2 sum_a |new(a) - old(a)|. No drift: its slope at home is not zero.

    Examples
    --------
    >>> old, new = np.array([[0.5, 0.5]]), np.array([[0.8, 0.2]])
    >>> TotalVariation().value(new, old).round(6)
    array([0.3])
    """

    valid_inside: ClassVar[bool] = False
    valid_on_boundary: ClassVar[bool] = False

    def _terms(self, new, old):
        return 0.5 * np.abs(new - old)

    def _gradient(self, new, old):
        return 0.5 * np.sign(new - old) * ~stayed(new, old)

    def _slack(self, new, old):
        return 0.5 * stayed(new, old)


class L1(Separable):
    """sum_a |new(a) - old(a)| = 2 TV(old, new). No drift: its slope at home is not zero.

    Examples
    --------
    >>> old, new = np.array([[0.5, 0.5]]), np.array([[0.8, 0.2]])
    >>> L1().value(new, old).round(6)
    array([0.6])
    """

    valid_inside: ClassVar[bool] = False
    valid_on_boundary: ClassVar[bool] = False

    def _terms(self, new, old):
        return np.abs(new - old)

    def _gradient(self, new, old):
        return np.sign(new - old) * ~stayed(new, old)

    def _slack(self, new, old):
        return 1.0 * stayed(new, old)


class NegativeTVSquared(Drift):
    """-TV(old, new)^2. No drift: it starts flat, but it rewards moving.

    It is concave between the actions' kinks: `slack` is half the width of each, turned over.

    Examples
    --------
    >>> old, new = np.array([[0.5, 0.5]]), np.array([[0.8, 0.2]])
    >>> NegativeTVSquared().value(new, old).round(6)
    array([-0.09])
    """

    valid_inside: ClassVar[bool] = False
    valid_on_boundary: ClassVar[bool] = False
    positive: ClassVar[bool] = False
    convex: ClassVar[bool] = False

    def _value(self, new, old):
        return -(total_variation(new, old) ** 2)

    def _gradient(self, new, old):
        return -total_variation(new, old)[:, None] * np.sign(new - old) * ~stayed(new, old)

    def _slack(self, new, old):
        return total_variation(new, old)[:, None] * stayed(new, old)


@dataclass(frozen=True)
class DualClip(Clipped):
    """What dual-clip PPO takes away from E_new A. It may be negative: no drift.

    Where A(a) < 0 the objective of PPO is replaced by max(min(r A, clip(r) A), cap A), bounded
    below. An action that grows beyond cap times its old probability is then charged

        A(a) (new(a) - cap old(a))_+ <= 0.

    Parameters
    ----------
    epsilon : float in (0, 1)
        Half-width of the clipping range.
    cap : float > 1 + epsilon
        The largest ratio that counts.
    scale : float >= 0

    Raises
    ------
    TypeError, ValueError
        If a parameter is none of these.

    Notes
    -----
    Neither convex nor nonnegative, also between policies that play every action; flat at home.

    References
    ----------
    Ye et al. (2020), Mastering complex control in MOBA games with deep reinforcement learning.

    Examples
    --------
    >>> old, new = np.array([[0.1, 0.9]]), np.array([[0.8, 0.2]])
    >>> DualClip(0.2, 3).value(new, old, np.array([[-0.9, 0.1]])).round(6)
    array([-0.45])
    """

    cap: float = 3.0

    valid_inside: ClassVar[bool] = False
    convex: ClassVar[bool] = False

    def __post_init__(self):
        super().__post_init__()
        object.__setattr__(self, "cap", between(self.cap, 1 + self.epsilon, np.inf, "cap"))

    def _beyond(self, new, old, adv):
        return np.where(adv < 0, np.maximum(new - self.cap * old, 0.0), 0.0)

    def _terms(self, new, old, adv):
        return super()._terms(new, old, adv) + adv * self._beyond(new, old, adv)

    def _gradient(self, new, old, adv):
        return super()._gradient(new, old, adv) + adv * (self._beyond(new, old, adv) > 0)
