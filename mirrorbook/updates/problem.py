"""What a solver is given, what it returns, and the evidence that what it returned is optimal."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from ..distributions import point_mass_on_worst
from ..drifts import Drift
from ..mirror import objective, weights_at
from ..neighbourhoods import AverageBall, Product, StatewiseBall
from .sampled import lower_bound, row_problem


@dataclass(frozen=True, eq=False)
class UpdateProblem:
    """Maximise F(p) = E_beta E_p A - D^nu_old(p) over the policies p in N(old) (Definition 3).

    Parameters
    ----------
    adv, old : (S, A) arrays
        Advantages of the old policy, and that policy.
    drift : Drift
    neighbourhood : Neighbourhood
    beta : (S,) array
        Sampling distribution. A state that it does not sample keeps its row.
    nu : (S,) array or rule
        Drift distribution; a rule `(new, charge) -> (S,)` depends on the candidate (see `mirror`).
    noise : float
        Rounding error of the advantages: gaps up to this are ties.
    selection : str, numpy Generator or None
        Which of several maximisers to take: None (the solver's own rule), "min-kl" (the nearest),
        "greedy" (spare mass to the largest advantage), "worst" (spare mass to the smallest), or a
        Generator (at random).
    """

    adv: np.ndarray
    old: np.ndarray
    drift: Drift
    neighbourhood: Any
    beta: np.ndarray
    nu: Any
    noise: float = 0.0
    selection: Any = None

    def objective(self, new) -> float:
        """F(new); zero at the old policy."""
        return objective(new, self.old, self.adv, self.drift, self.beta, self.nu)

    def nu_at(self, new) -> np.ndarray:
        """The drift distribution at a candidate, (S,)."""
        return weights_at(self.nu, new, self.drift.value(new, self.old, self.adv))


@dataclass(frozen=True, eq=False)
class Certificate:
    """Evidence of optimality, computed from the policy and its multipliers alone.

    Attributes
    ----------
    objective : float
        F, the primal value.
    stationarity : float
        sum_s (max_q E_q G(s) - E_p G(s)) with G the derivative of the Lagrangian: what moving
        along the best direction could gain to first order (the KKT residual). For a concave
        Lagrangian that bounds all that can be gained.
    complementarity : float
        Multiplier times what is left of the radius.
    infeasibility : float
        By how much the neighbourhood's radius is exceeded, 0 if it is not; infinite for a policy
        outside a neighbourhood that has no radius.
    active : (S,) bool array
        The states whose constraint binds: positive multiplier.
    concave : bool
        Whether drift and distance claim to be convex, so that the Lagrangian is concave.
    """

    objective: float
    stationarity: float
    complementarity: float
    infeasibility: float
    active: np.ndarray
    concave: bool

    @property
    def gap(self) -> float:
        """No policy of the neighbourhood has an objective larger by more than this.

        stationarity + complementarity for a concave Lagrangian; otherwise nothing is known, and
        it is infinite. In a neighbourhood without a radius it bounds the gain of all policies.
        """
        return self.stationarity + self.complementarity if self.concave else np.inf

    @property
    def bound(self) -> float:
        """objective + gap, the dual bound on the objective of any policy of the neighbourhood."""
        return self.objective + self.gap


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
        One number for an average ball, one a state for a statewise ball, 0 without a ball. If nu
        is the point mass at the worst state: the weights, (S,), summing to one, whose sum replaces
        the maximum.

    Returns
    -------
    Certificate
    """
    if isinstance(problem.neighbourhood, Product) and not callable(problem.nu):
        return _certify_rows(problem, pi, multiplier)
    charges = _charges(problem, pi, multiplier)
    slope, kink = _lagrangian_slope(problem, pi, charges)
    missed = _missed(
        slope, kink, np.maximum(pi - lower_bound(problem.neighbourhood, pi.shape), 0.0)
    )
    complementarity, infeasibility = _radius_residuals(problem, pi, multiplier)
    return Certificate(
        problem.objective(pi), float(missed.sum()), complementarity, infeasibility,
        np.broadcast_to((np.asarray(multiplier) > 0) & (problem.beta > 0), len(pi)),
        all(cost.convex or cost.scale == 0 for _, cost in charges) and _has_bound(problem),
    )  # fmt: skip


def _certify_rows(problem, pi, multiplier):
    """The certificate of a product of rows: theirs, added up."""
    parts = problem.neighbourhood.rows(len(pi))
    states = np.flatnonzero(problem.beta > 0)
    rows = [
        certify(row_problem(problem, s, parts[s]), pi[[s]], multiplier[s] / problem.beta[s])
        for s in states
    ]
    weights = problem.beta[states]
    return Certificate(
        problem.objective(pi),
        float(weights @ [row.stationarity for row in rows]),
        float(weights @ [row.complementarity for row in rows]),
        max((row.infeasibility for row in rows), default=0.0),
        multiplier > 0,
        all(row.concave for row in rows),
    )


def _missed(slope, kink, mass):
    """What moving the mass to the best action of its row would gain to first order, (S,).

    At a kink any subgradient will do, so every row has a choice: all its kinks take the one next
    to a common price. The best of a few prices is taken.
    """
    prices = np.hstack([slope, slope - kink, slope + kink])[:, :, None]
    prices = np.where(np.isfinite(prices), prices, 0.0)
    slope, kink = slope[:, None], kink[:, None]
    slopes = np.where(kink > 0, np.clip(prices, slope - kink, slope + kink), slope)
    lacking = slopes.max(axis=2, keepdims=True) - slopes
    mass = np.broadcast_to(mass[:, None], lacking.shape)
    # 0 times an infinite slope is left out
    missed = np.multiply(mass, lacking, out=np.zeros(lacking.shape), where=mass > 0)
    return missed.sum(axis=2).min(axis=1)


def _charges(problem, pi, multiplier):
    """What the Lagrangian charges: pairs of weights, (S,), and a drift or distance."""
    neighbourhood = problem.neighbourhood
    if _charges_the_worst(problem):
        return [(np.broadcast_to(multiplier, len(pi)), problem.drift)]
    charges = [(problem.nu_at(pi), problem.drift)]
    if isinstance(neighbourhood, AverageBall):
        charges.append((multiplier * problem.beta, neighbourhood.distance))
    elif isinstance(neighbourhood, StatewiseBall):
        charges.append((np.broadcast_to(multiplier, len(pi)), neighbourhood.distance))
    return charges


def _has_bound(problem):
    """Whether nu is fixed, or such that a sum of convex charges bounds the total drift."""
    return not callable(problem.nu) or is_worst_state(problem.nu)


def is_worst_state(nu) -> bool:
    """Whether nu is the point mass at the state that is charged most (TRL)."""
    return nu is point_mass_on_worst


def _charges_the_worst(problem):
    return problem.drift.scale > 0 and is_worst_state(problem.nu)


def _lagrangian_slope(problem, pi, charges):
    """Derivative of the Lagrangian in every p(a|s), and half the width of its kinks."""
    slope = problem.beta[:, None] * problem.adv
    kink = np.zeros(pi.shape)
    for weight, cost in charges:
        charged = weight > 0  # 0 times an infinite slope is 0 here, not NaN
        rows, cost = weight[charged, None], cost.at(np.flatnonzero(charged))
        given = pi[charged], problem.old[charged], problem.adv[charged]
        slope[charged] -= rows * cost.gradient(*given)
        kink[charged] += rows * cost.slack(*given)
    everywhere = [problem.neighbourhood.distance] if _is_ball(problem.neighbourhood) else []
    everywhere += [problem.drift] if _charges_the_worst(problem) else []
    for cost in everywhere:
        # where the cost is infinite no policy goes, whatever the multiplier
        slope[cost.gradient(pi, problem.old, problem.adv) == np.inf] = -np.inf
    return slope, kink


def _is_ball(neighbourhood):
    return isinstance(neighbourhood, AverageBall | StatewiseBall)


def _radius_residuals(problem, pi, multiplier):
    neighbourhood = problem.neighbourhood
    if _charges_the_worst(problem):
        charge = problem.drift.value(pi, problem.old, problem.adv)
        return float(charge.max() - np.sum(multiplier * charge)), 0.0
    if isinstance(neighbourhood, AverageBall):
        covered = neighbourhood.measure(pi, problem.old, problem.beta, problem.adv)
    elif isinstance(neighbourhood, StatewiseBall):
        covered = neighbourhood.distance.value(pi, problem.old, problem.adv)
    else:
        inside = neighbourhood.contains(pi, problem.old, problem.beta, problem.adv)
        return 0.0, 0.0 if inside else np.inf
    room = neighbourhood.radius - covered
    # 0 times an infinite distance is 0 here, not NaN
    slack = np.where(np.asarray(multiplier) > 0, multiplier * np.maximum(room, 0.0), 0.0)
    return float(np.sum(slack)), float(max(np.max(-room), 0.0))
