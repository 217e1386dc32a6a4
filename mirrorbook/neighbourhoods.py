r"""Neighbourhoods: how far one step may go (Definition 2).

    AllPolicies()                      every policy: no restriction
    AverageBall(distance, radius)      sum_s beta(s) D_old(new|s) <= radius      (TRPO's kind)
    StatewiseBall(distance, radius)    D_old(new|s) <= radius in every state

`distance` is any drift object of `mirrorbook.drifts`.
"""

from dataclasses import dataclass

from .drifts import Drift
from .simplex import check_number


@dataclass(frozen=True)
class AllPolicies:
    """N(old) = all policies, the trivial neighbourhood."""

    def measure(self, new, old, weights) -> float:
        """0: every policy is equally admissible.

        Parameters
        ----------
        new, old : (S, A) arrays
        weights : (S,) array
            The sampling distribution beta.

        Returns
        -------
        float
        """
        return 0.0

    def contains(self, new, old, weights) -> bool:
        """True: no policy is too far.

        Parameters
        ----------
        new, old : (S, A) arrays
        weights : (S,) array
            The sampling distribution beta.

        Returns
        -------
        bool
        """
        return True


@dataclass(frozen=True)
class Ball:
    """Base of the two balls.

    Parameters
    ----------
    distance : Drift
        What is measured in each state.
    radius : float > 0
        In the units of `distance`.

    Raises
    ------
    TypeError, ValueError
        If `distance` is no drift, or `radius` not one positive finite number.
    """

    distance: Drift
    radius: float

    def __post_init__(self):
        if not isinstance(self.distance, Drift):
            raise TypeError(f"distance must be a drift, found {type(self.distance).__name__}")
        radius = check_number(self.radius, "radius")
        if radius <= 0:
            raise ValueError(f"radius is {radius}, expected a positive number")
        object.__setattr__(self, "radius", radius)

    def contains(self, new, old, weights) -> bool:
        """Whether `new` lies in the ball around `old`: measure <= radius, to the last digit.

        Parameters
        ----------
        new, old : (S, A) arrays
        weights : (S,) array
            The sampling distribution beta.

        Returns
        -------
        bool
            A policy on the boundary may be an ulp outside: compare `measure` where that matters.
        """
        return self.measure(new, old, weights) <= self.radius


class AverageBall(Ball):
    """N(old) = {new : sum_s beta(s) distance(new, old)(s) <= radius}.

    Examples
    --------
    >>> import numpy as np
    >>> from mirrorbook.drifts import TVSquared
    >>> old, new = np.array([[0.5, 0.5], [1, 0]]), np.array([[0.8, 0.2], [1, 0]])
    >>> ball = AverageBall(TVSquared(), 0.05)
    >>> round(ball.measure(new, old, np.array([0.5, 0.5])), 6)
    0.045
    """

    def measure(self, new, old, weights) -> float:
        """sum_s weights(s) distance(new, old)(s), over the states that have weight.

        Parameters
        ----------
        new, old : (S, A) arrays
        weights : (S,) array
            The sampling distribution beta.

        Returns
        -------
        float
        """
        charged = weights > 0  # 0 times an infinite distance is 0 here, not NaN
        return float(weights[charged] @ self.distance.value(new[charged], old[charged]))


class StatewiseBall(Ball):
    """N(old) = {new : distance(new, old)(s) <= radius for every s}.

    Examples
    --------
    >>> import numpy as np
    >>> from mirrorbook.drifts import TVSquared
    >>> old, new = np.array([[0.5, 0.5], [1, 0]]), np.array([[0.8, 0.2], [1, 0]])
    >>> StatewiseBall(TVSquared(), 0.05).contains(new, old, np.array([0.5, 0.5]))
    False
    """

    def measure(self, new, old, weights) -> float:
        """max_s distance(new, old)(s).

        Parameters
        ----------
        new, old : (S, A) arrays
        weights : (S,) array
            They do not matter.

        Returns
        -------
        float
        """
        return float(self.distance.value(new, old).max())
