r"""PPO and its relatives: free inside a clipping range, dear outside.

PPO maximises a clipped objective. What the clipping takes away from E_new A is a drift: per action

    |A(a)| (new(a) - upper(a))_+   where A(a) > 0,       upper(a) = (1 + epsilon) old(a),
    |A(a)| (lower(a) - new(a))_+   where A(a) < 0,       lower(a) = (1 - epsilon) old(a),

which is Eq. (7): E_{a~old} ReLU([r(a) - clip(r(a), 1 -/+ epsilon)] A(a)) with r = new / old.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from .base import Parametrised, Separable, between, nonnegative
from .norms import SAME

READINGS = ("extended", "original", "dropped")


@dataclass(frozen=True)
class Clipped(Parametrised, Separable):
    """Base of the clipped drifts: the cost above, with the clipping range of PPO."""

    epsilon: float = 0.2

    valid_on_boundary: ClassVar[bool] = False
    positive: ClassVar[bool] = False
    needs_adv: ClassVar[bool] = True

    def __post_init__(self):
        super().__post_init__()
        object.__setattr__(self, "epsilon", between(self.epsilon, 0, 1, "epsilon"))

    def _cap(self, old):
        """What the upper clip is 1 + epsilon times of."""
        return old

    def clip_range(self, old):
        """Between what an action of negative and one of positive advantage move for nothing.

        Parameters
        ----------
        old : (S, A) array

        Returns
        -------
        lower, upper : (S, A) arrays
        """
        return (1 - self.epsilon) * old, (1 + self.epsilon) * self._cap(old)

    def _excess(self, new, old, adv):
        """By how much an action is outside its clip, (S, A): negative inside."""
        lower, upper = self.clip_range(old)
        return np.where(adv > 0, new - upper, lower - new)

    def _at_clip(self, new, old, adv):
        """Where an action has moved to its clip within rounding, which no action has at home."""
        way = self.epsilon * np.where(adv > 0, self._cap(old), old)
        return np.abs(self._excess(new, old, adv)) < np.minimum(SAME, way / 2)

    def _terms(self, new, old, adv):
        return np.abs(adv) * np.maximum(self._excess(new, old, adv), 0.0)

    def _gradient(self, new, old, adv):
        excess = self._excess(new, old, adv)
        # an unused action is at its upper clip, 0, from where it can only go up
        outside = (excess > 0) | ((excess == 0) & (adv > 0))
        return adv * np.where(self._at_clip(new, old, adv), 0.5, outside)

    def _slack(self, new, old, adv):
        return 0.5 * np.abs(adv) * self._at_clip(new, old, adv)


@dataclass(frozen=True)
class PPOClip(Clipped):
    r"""The drift of PPO, in one of its three readings at unused actions.

    With `clip(p) = clip(p, (1 - epsilon) old, (1 + epsilon) old)` and E_new A = sum_a new(a) A(a),
    each reading makes E_new A - value one objective (the sums agree where all actions are used):

        extended    sum_a            min(new A, clip(new) A)      continuous
        original    sum_{a: old > 0} min(new A, clip(new) A)      Eq. (3), E_{a~old} min(..)
        dropped     E_new A - E_{a~old} ReLU([r - clip(r)] A)     Definition 3, Eq. (7)

    An unused action that gets probability new(a) is charged new(a) max(A(a), 0) by the extended
    reading, new(a) A(a) by the original, which may be negative there, and 0 by the dropped one.

    Parameters
    ----------
    epsilon : float in (0, 1)
        Half-width of the clipping range.
    reading : str
        "extended", "original" or "dropped".
    scale : float >= 0

    Raises
    ------
    TypeError, ValueError
        If a parameter is none of these.

    Notes
    -----
    A drift between policies that play every action. At an unused action the extended reading is
    continuous but not flat, the dropped one flat but not continuous, and the original one not
    even nonnegative.

    References
    ----------
    Schulman et al. (2017), Proximal policy optimization algorithms; Sec. 4, Eqs (3) and (7).

    Examples
    --------
    >>> old, new = np.array([[0.5, 0.5]]), np.array([[0.8, 0.2]])
    >>> PPOClip(0.2).value(new, old, np.array([[1.0, -1.0]])).round(6)
    array([0.4])
    """

    reading: str = "extended"

    def __post_init__(self):
        super().__post_init__()
        if not (isinstance(self.reading, str) and self.reading in READINGS):
            names = ", ".join(READINGS)
            raise ValueError(f"reading is {self.reading!r}, expected one of {names}")

    def _terms(self, new, old, adv):
        return np.where(old > 0, super()._terms(new, old, adv), self._price(adv) * new)

    def _gradient(self, new, old, adv):
        return np.where(old > 0, super()._gradient(new, old, adv), self._price(adv))

    def _price(self, adv):
        """What probability at an unused action costs."""
        return {"extended": np.maximum(adv, 0.0), "original": adv, "dropped": 0.0}[self.reading]


@dataclass(frozen=True)
class PPOFloored(Clipped):
    """PPO with a floor under its cap: upper(a) = (1 + epsilon) max(old(a), mu).

    Every action, used or not, may gain epsilon mu for nothing. So it starts flat on the whole
    closed simplex, and it is continuous there.

    Parameters
    ----------
    epsilon, mu : float in (0, 1)
        Half-width of the clipping range; the probability from which the cap is proportional.
    scale : float >= 0

    Raises
    ------
    TypeError, ValueError
        If a parameter is none of these.

    Examples
    --------
    >>> old, new = np.array([[1.0, 0.0]]), np.array([[0.9, 0.1]])
    >>> PPOFloored(0.2, 0.05).value(new, old, np.array([[-1.0, 1.0]])).round(6)
    array([0.04])
    """

    mu: float = 0.05

    valid_on_boundary: ClassVar[bool] = True

    def __post_init__(self):
        super().__post_init__()
        object.__setattr__(self, "mu", between(self.mu, 0, 1, "mu"))

    def _cap(self, old):
        return np.maximum(old, self.mu)


@dataclass(frozen=True)
class Rollback(Clipped):
    """1 + slope times the drift of PPO: outside the clip the objective falls with that slope.

    The rollback function replaces clip(r) outside [1 - epsilon, 1 + epsilon] by the line

        -slope r + (1 + slope) (1 -/+ epsilon)

    through the same edge, so that r A - min(r A, rollback(r) A) is 1 + slope times what it is for
    PPO. At unused actions it is read like PPO's extended form.

    Parameters
    ----------
    epsilon : float in (0, 1)
        Half-width of the clipping range.
    slope : float >= 0
        0 is PPO.
    scale : float >= 0

    Raises
    ------
    TypeError, ValueError
        If a parameter is none of these.

    References
    ----------
    Wang, He and Tan (2019), Truly proximal policy optimization, UAI.

    Examples
    --------
    >>> old, new = np.array([[0.5, 0.5]]), np.array([[0.8, 0.2]])
    >>> Rollback(0.2, 0.5).value(new, old, np.array([[1.0, -1.0]])).round(6)
    array([0.6])
    """

    slope: float = 0.3

    def __post_init__(self):
        super().__post_init__()
        object.__setattr__(self, "slope", nonnegative(self.slope, "slope"))

    def _terms(self, *given):
        return (1 + self.slope) * super()._terms(*given)

    def _gradient(self, *given):
        return (1 + self.slope) * super()._gradient(*given)

    def _slack(self, *given):
        return (1 + self.slope) * super()._slack(*given)
