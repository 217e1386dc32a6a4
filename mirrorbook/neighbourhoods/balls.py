"""No restriction, and balls: how far a row or the average row may go."""

from dataclasses import dataclass

from ..drifts import Drift
from ..simplex import check_number, check_rows, check_shape, check_weights


def check_move(new, old, weights):
    """Return `new`, `old` and `weights` as arrays, or raise unless they are rows and weights.

    Parameters
    ----------
    new, old : (S, A) arrays
    weights : (S,) array

    Returns
    -------
    new, old : (S, A) arrays
    weights : (S,) array

    Raises
    ------
    TypeError, ValueError
        If an array is not of its shape, or holds a negative number or one that is not finite.
    """
    new, old = check_rows(new, "new"), check_rows(old, "old")
    check_shape(old, new.shape, "old")
    weights = check_weights(weights, "weights")
    check_shape(weights, new.shape[:1], "weights")
    return new, old, weights


class Neighbourhood:
    """What every neighbourhood is: a set of policies around each policy, N(old).

    A kind of neighbourhood defines `contains(new, old, weights)`. `one & other` is their
    intersection.
    """

    def contains(self, new, old, weights, adv=None) -> bool:
        """Whether `new` lies in N(old).

        Parameters
        ----------
        new, old : (S, A) arrays
        weights : (S,) array
            The sampling distribution beta, which some neighbourhoods average with.
        adv : (S, A) array, optional
            Advantages of the old policy, for distances that depend on them.

        Returns
        -------
        bool
        """
        raise NotImplementedError(f"{type(self).__name__} does not say what it contains")

    def __and__(self, other):
        from .sets import Intersection  # which is made of neighbourhoods itself

        if not isinstance(other, Neighbourhood):
            return NotImplemented
        return Intersection((self, other))


@dataclass(frozen=True)
class AllPolicies(Neighbourhood):
    """N(old) = all policies, the trivial neighbourhood."""

    def measure(self, new, old, weights, adv=None) -> float:
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

    def contains(self, new, old, weights, adv=None) -> bool:
        """True: no policy is too far; see `Neighbourhood.contains`."""
        return True


@dataclass(frozen=True)
class Ball(Neighbourhood):
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

    def contains(self, new, old, weights, adv=None) -> bool:
        """Whether `new` lies in the ball around `old`: measure <= radius, to the last digit.

        Parameters
        ----------
        new, old : (S, A) arrays
        weights : (S,) array
            The sampling distribution beta.
        adv : (S, A) array, optional
            Advantages of the old policy, for distances that depend on them.

        Returns
        -------
        bool
            A policy on the boundary may be an ulp outside: compare `measure` where that matters.
        """
        return self.measure(new, old, weights, adv) <= self.radius


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

    def measure(self, new, old, weights, adv=None) -> float:
        """sum_s weights(s) distance(new, old)(s), over the states that have weight.

        Parameters
        ----------
        new, old : (S, A) arrays
        weights : (S,) array
            The sampling distribution beta.
        adv : (S, A) array, optional
            Advantages of the old policy, for distances that depend on them.

        Returns
        -------
        float
        """
        new, old, weights = check_move(new, old, weights)
        charged = weights > 0  # 0 times an infinite distance is 0 here, not NaN
        adv = None if adv is None else adv[charged]
        distance = self.distance.at(charged).value(new[charged], old[charged], adv)
        return float(weights[charged] @ distance)


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

    def measure(self, new, old, weights, adv=None) -> float:
        """max_s distance(new, old)(s).

        Parameters
        ----------
        new, old : (S, A) arrays
        weights : (S,) array
            They do not matter.
        adv : (S, A) array, optional
            Advantages of the old policy, for distances that depend on them.

        Returns
        -------
        float
        """
        new, old, _ = check_move(new, old, weights)
        return float(self.distance.value(new, old, adv).max())
