"""An algorithm of mirror learning is a product of parts: drift x neighbourhood x distributions.

GPI     = Zero                x AllPolicies                    x any beta
TRPO    = Zero                x AverageBall(KL(old, new))      x occupancy
MDPO    = KL(new, old) / t    x AllPolicies                    x occupancy, nu = beta
PPO-KL  = tau KL(old, new)    x AllPolicies                    x occupancy, nu = beta
"""

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from . import distributions
from .distributions import Distribution
from .drift_rules import AdaptiveKL, TrustRegionPenalty
from .drifts import (
    Drift,
    KLNewOld,
    KLOldNew,
    L2Squared,
    OneSidedKL,
    PPOClip,
    TVSquared,
    Zero,
)
from .evaluation import Evaluation
from .mdp import MDP
from .neighbourhoods import AllPolicies, AverageBall

SELECTIONS = ("min-kl", "greedy", "worst")
"""Named ways to choose between several maximisers; `UpdateProblem` says what they do."""

DriftRule = Callable[[MDP, np.ndarray, Evaluation, tuple], Drift]


@dataclass(frozen=True)
class Algorithm:
    """One instance of mirror learning (Definition 3).

    Parameters
    ----------
    drift : Drift or drift rule
        Cost of moving a row. A rule `(mdp, pi, evaluation, history) -> Drift` finds it anew at
        every step: the constant of trust-region learning, or a schedule.
    neighbourhood : AllPolicies, AverageBall or StatewiseBall
        How far a step may go.
    beta : callable
        Sampling distribution, `(mdp, pi, history) -> (S,)`; see `mirrorbook.distributions`.
    nu : callable, optional
        Drift distribution, likewise; instead of weights it may return a rule
        `(new, charge) -> (S,)` for weights that depend on the candidate. Default: equal to beta.
    name, source : str
        What the algorithm is called and where it was published.
    selection : str, numpy Generator or None
        Which of several maximisers is taken: None (the solver's stated rule for ties), "min-kl",
        "greedy", "worst", or a Generator (at random); see `UpdateProblem`.
    note : str
        What the reader of the table must know, for example that a row is no instance.

    Raises
    ------
    TypeError
        If a part is not of its kind.

    Examples
    --------
    >>> Algorithm(50 * KLOldNew(), AverageBall(KLOldNew(), 0.05), distributions.uniform).drift
    KLOldNew(scale=50.0)
    """

    drift: Drift | DriftRule
    neighbourhood: Any
    beta: Distribution
    nu: Distribution | None = None
    name: str = ""
    source: str = ""
    selection: Any = None
    note: str = ""

    def __post_init__(self):
        if isinstance(self.drift, type) or not (
            isinstance(self.drift, Drift) or callable(self.drift)
        ):
            found = type(self.drift).__name__
            raise TypeError(f"drift must be a Drift or a function that gives one, found {found}")
        if not (self.selection is None or isinstance(self.selection, np.random.Generator)):
            if self.selection not in SELECTIONS:
                raise ValueError(
                    f"selection is {self.selection!r}, expected None, a numpy Generator or one of "
                    f"{', '.join(SELECTIONS)}"
                )
        if isinstance(self.neighbourhood, type) or not hasattr(self.neighbourhood, "contains"):
            raise TypeError(
                "neighbourhood must have a `contains` method, "
                f"found {type(self.neighbourhood).__name__}"
            )
        for name in ("beta", "nu"):
            function = getattr(self, name)
            if not (callable(function) or (name == "nu" and function is None)):
                raise TypeError(f"{name} must be a function, found {type(function).__name__}")


_TABLE = (
    Algorithm(
        Zero(), AllPolicies(), distributions.uniform,
        name="GPI", source="Howard (1960); Eq. (1)",
        note="Q-iteration, its twin on values, is `learning.q_iteration`",
    ),
    Algorithm(
        TrustRegionPenalty(), AllPolicies(), distributions.occupancy, nu=distributions.worst_state,
        name="TRL", source="Schulman et al. (2015); Eq. (2), App. D",
        note="beta is normalised, hence the penalty (1 - gamma) C; nu depends on the candidate",
    ),
    Algorithm(
        TrustRegionPenalty(normalised=False), AllPolicies(), distributions.occupancy,
        nu=distributions.worst_state,
        name="TRL, C unscaled", source="Schulman et al. (2015); Eq. (2)",
        note="the constant of Eq. (2), made for the improper occupancy: more careful than needed",
    ),
    Algorithm(
        Zero(), AverageBall(KLOldNew(), 0.01), distributions.occupancy,
        name="TRPO", source="Schulman et al. (2015); Sec. 4",
    ),
    Algorithm(
        PPOClip(0.2), AllPolicies(), distributions.occupancy, selection="min-kl",
        name="PPO, min-KL", source="Schulman et al. (2017); Eq. (7)",
        note="never revives an unused action, and may end at a policy that is not optimal",
    ),
    Algorithm(
        PPOClip(0.2), AllPolicies(), distributions.occupancy, selection="greedy",
        name="PPO, greedy", source="Schulman et al. (2017); Eq. (7)",
        note="spare mass goes to the largest advantage: converges from every start",
    ),
    Algorithm(
        KLOldNew(), AllPolicies(), distributions.occupancy,
        name="PPO-KL", source="Schulman et al. (2017); Sec. 4",
    ),
    Algorithm(
        KLNewOld(), AllPolicies(), distributions.occupancy,
        name="PPO-KL, backward", source="Schulman et al. (2017); Sec. 4",
        note="the same update as on-policy MDPO with step size 1",
    ),
    Algorithm(
        AdaptiveKL(target=0.01), AllPolicies(), distributions.occupancy,
        name="PPO-KL, adaptive", source="Schulman et al. (2017); Sec. 4",
        note="no instance: its weight depends on the history and jumps",
    ),
    Algorithm(
        KLNewOld(), AllPolicies(), distributions.occupancy,
        name="MDPO", source="Tomar et al. (2020); Sec. 4",
    ),
    Algorithm(
        KLNewOld(), AllPolicies(), distributions.history_mixture,
        name="MDPO, off-policy", source="Tomar et al. (2020); Sec. 4",
        note="beta depends on the history; over all policies with nu = beta it cancels",
    ),
    Algorithm(
        L2Squared(), AllPolicies(), distributions.uniform,
        name="L2²", source="Sec. 7",
    ),
    Algorithm(
        TVSquared(), AllPolicies(), distributions.uniform,
        name="TV²", source="Sec. 7",
    ),
    Algorithm(
        OneSidedKL(), AllPolicies(), distributions.uniform,
        name="one-sided KL", source="not in the paper",
        note="a drift on the whole closed simplex",
    ),
)  # fmt: skip

ALGORITHMS = MappingProxyType({algorithm.name: algorithm for algorithm in _TABLE})
"""Named instances, read-only: name -> Algorithm."""
