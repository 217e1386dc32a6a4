"""What a solver is given, what it returns, and the evidence that what it returned is optimal."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from ..drifts import Drift
from ..mirror import objective
from ..neighbourhoods import AllPolicies, AverageBall, StatewiseBall


@dataclass(frozen=True, eq=False)
class UpdateProblem:
    """Maximise F(p) = E_beta E_p A - D^nu_old(p) over the policies p in N(old) (Definition 3).

    Parameters
    ----------
    adv, old : (S, A) arrays
        Advantages of the old policy, and that policy.
    drift : Drift
    neighbourhood : AllPolicies, AverageBall or StatewiseBall
    beta, nu : (S,) arrays
        Sampling and drift distribution. A state that beta does not sample keeps its row.
    noise : float
        Rounding error of the advantages: gaps up to this are ties.
    """

    adv: np.ndarray
    old: np.ndarray
    drift: Drift
    neighbourhood: Any
    beta: np.ndarray
    nu: np.ndarray
    noise: float = 0.0

    def objective(self, new) -> float:
        """F(new); zero at the old policy."""
        return objective(new, self.old, self.adv, self.drift, self.beta, self.nu)


@dataclass(frozen=True, eq=False)
class Certificate:
    """Evidence of optimality, computed from the policy and its multipliers alone.

    Attributes
    ----------
    gap : float
        No policy in the neighbourhood has an objective larger than that of the solution by more
        than this: stationarity + complementarity.
    stationarity : float
        sum_s (max_a G(s, a) - E_{a~p} G(s, a)) with G the derivative of the Lagrangian: what
        moving along the best direction could gain to first order. For a concave Lagrangian that
        bounds all that can be gained (the KKT residual).
    complementarity : float
        Multiplier times what is left of the radius.
    infeasibility : float
        By how much the neighbourhood's radius is exceeded, 0 if it is not.
    """

    stationarity: float
    complementarity: float
    infeasibility: float

    @property
    def gap(self) -> float:
        """Bound on what any other policy of the neighbourhood could gain."""
        return self.stationarity + self.complementarity


@dataclass(frozen=True, eq=False)
class Solution:
    """A maximiser and how it was found.

    Attributes
    ----------
    pi : (S, A) array
    multiplier : float or (S,) array
        Of the neighbourhood's radius in the Lagrangian of F; 0 where the radius does not bind.
    method : str
        Which solver, and whether its answer is exact.
    problem : UpdateProblem
    """

    pi: np.ndarray
    multiplier: Any
    method: str
    problem: UpdateProblem = field(repr=False)

    @cached_property
    def certificate(self) -> Certificate:
        """Evidence of optimality."""
        return certify(self.problem, self.pi, self.multiplier)


def certify(problem, pi, multiplier) -> Certificate:
    """The optimality certificate of a policy and the multipliers of its neighbourhood.

    Parameters
    ----------
    problem : UpdateProblem
    pi : (S, A) array
    multiplier : float or (S,) array
        One number for an average ball, one a state for a statewise ball, 0 without a ball.

    Returns
    -------
    Certificate
    """
    slope, kink = _lagrangian_slope(problem, pi, multiplier)
    smooth = (pi > 0) & (kink == 0)
    mass = np.where(smooth, pi, 0.0).sum(axis=1, keepdims=True)
    price = np.divide(_expected(smooth, pi, slope), mass, out=np.zeros(mass.shape), where=mass > 0)
    # at a kink any subgradient will do: take the one nearest to the row's price
    slope = np.where(kink > 0, np.clip(price, slope - kink, slope + kink), slope)
    played = _expected(pi > 0, pi, slope)[:, 0]
    stationarity = float((slope.max(axis=1) - played).sum())
    complementarity, infeasibility = _radius_residuals(problem, pi, multiplier)
    return Certificate(max(stationarity, 0.0), complementarity, infeasibility)


def _expected(where, pi, slope):
    """sum_a pi(a) slope(a) over some actions, (S, 1): 0 times an infinite slope is left out."""
    return np.multiply(pi, slope, out=np.zeros(pi.shape), where=where).sum(axis=1, keepdims=True)


def _lagrangian_slope(problem, pi, multiplier):
    """Derivative of F - multiplier * distance in every p(a|s), and half the width of its kinks."""
    old, drift, neighbourhood = problem.old, problem.drift, problem.neighbourhood
    slope = problem.beta[:, None] * problem.adv
    kink = np.zeros(pi.shape)
    charges = [(problem.nu, drift)]
    if isinstance(neighbourhood, AverageBall):
        charges.append((multiplier * problem.beta, neighbourhood.distance))
    elif isinstance(neighbourhood, StatewiseBall):
        charges.append((np.broadcast_to(multiplier, len(pi)), neighbourhood.distance))
    for weight, distance in charges:
        charged = weight > 0  # 0 times an infinite slope is 0 here, not NaN
        rows = weight[charged, None]
        adv = problem.adv[charged]
        slope[charged] -= rows * distance.gradient(pi[charged], old[charged], adv)
        kink[charged] += rows * distance.slack(pi[charged], old[charged])
    if isinstance(neighbourhood, AverageBall | StatewiseBall):
        # where the distance is infinite no policy of the ball goes, whatever the multiplier
        slope[neighbourhood.distance.gradient(pi, old, problem.adv) == np.inf] = -np.inf
    return slope, kink


def _radius_residuals(problem, pi, multiplier):
    neighbourhood = problem.neighbourhood
    if isinstance(neighbourhood, AllPolicies):
        return 0.0, 0.0
    if isinstance(neighbourhood, AverageBall):
        covered = neighbourhood.measure(pi, problem.old, problem.beta)
    else:
        covered = neighbourhood.distance.value(pi, problem.old)
    room = neighbourhood.radius - covered
    # 0 times an infinite distance is 0 here, not NaN
    slack = np.where(np.asarray(multiplier) > 0, multiplier * np.maximum(room, 0.0), 0.0)
    return float(np.sum(slack)), float(max(np.max(-room), 0.0))
