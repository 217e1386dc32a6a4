"""An algorithm of mirror learning is a product of parts: drift x neighbourhood x distributions.

GPI     = Zero                x AllPolicies                    x any beta
TRPO    = Zero                x AverageBall(KL(old, new))      x occupancy
MDPO    = KL(new, old) / t    x AllPolicies                    x occupancy, nu = beta
PPO-KL  = tau KL(old, new)    x AllPolicies                    x occupancy, nu = beta
"""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from . import distributions
from .distributions import Distribution
from .drifts import Drift, KLNewOld, KLOldNew, L2Squared, TVSquared, Zero
from .neighbourhoods import AllPolicies, AverageBall


@dataclass(frozen=True)
class Algorithm:
    """One instance of mirror learning (Definition 3).

    Parameters
    ----------
    drift : Drift
        Cost of moving a row.
    neighbourhood : AllPolicies, AverageBall or StatewiseBall
        How far a step may go.
    beta : callable
        Sampling distribution, `(mdp, pi, history) -> (S,)`; see `mirrorbook.distributions`.
    nu : callable, optional
        Drift distribution, likewise. Default: equal to beta.
    name, source : str
        What the algorithm is called and where it was published.

    Raises
    ------
    TypeError
        If a part is not of its kind.

    Examples
    --------
    >>> Algorithm(50 * KLOldNew(), AverageBall(KLOldNew(), 0.05), distributions.uniform).drift
    KLOldNew(scale=50.0)
    """

    drift: Drift
    neighbourhood: Any
    beta: Distribution
    nu: Distribution | None = None
    name: str = ""
    source: str = ""

    def __post_init__(self):
        if not isinstance(self.drift, Drift):
            raise TypeError(f"drift must be a Drift, found {type(self.drift).__name__}")
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
        Zero(), AllPolicies(), distributions.uniform, name="GPI", source="Howard (1960); Eq. (1)"
    ),
    Algorithm(
        Zero(), AverageBall(KLOldNew(), 0.01), distributions.occupancy, name="TRPO",
        source="Schulman et al. (2015); Sec. 4",
    ),
    Algorithm(
        KLOldNew(), AllPolicies(), distributions.occupancy, name="PPO-KL",
        source="Schulman et al. (2017); Sec. 4",
    ),
    Algorithm(
        KLNewOld(), AllPolicies(), distributions.occupancy, name="MDPO",
        source="Tomar et al. (2020); Sec. 4",
    ),
    Algorithm(L2Squared(), AllPolicies(), distributions.uniform, name="L2²", source="Sec. 7"),
    Algorithm(TVSquared(), AllPolicies(), distributions.uniform, name="TV²", source="Sec. 7"),
)  # fmt: skip

ALGORITHMS = MappingProxyType({algorithm.name: algorithm for algorithm in _TABLE})
"""Named instances, read-only: name -> Algorithm."""
