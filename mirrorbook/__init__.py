"""mirrorbook: mirror learning, computed exactly.

The package behind the book *Mirror Learning: an executable, critical edition*. Its modules stand
on floors and import only downwards:

    widgets  plots                                      what a person sees
    audit                                               every statement of the paper, judged
    experiments  certify  counterexamples  sweeps       what one does with it
    policy_dag  sampling  derivation
    trust_regions  step_sizes
    algorithms = drift x neighbourhood x distributions  learning = the update and its iteration
    updates                                             exact maximisers
    drifts  neighbourhoods  distributions  mirror       the parts of an algorithm
    games  evaluation  policies  mdp  layout  simplex   what everything stands on
    arguments
"""

from . import distributions, drifts, games, neighbourhoods, policies
from .algorithms import ALGORITHMS, Algorithm
from .certify import (
    check_distribution,
    check_drift,
    check_neighbourhood,
    check_run,
    check_step,
)
from .distributions import fixed
from .drifts import KLNewOld, KLOldNew, L2Squared, TVSquared, Zero, as_drift
from .evaluation import evaluate, expected_return, occupancy
from .learning import MirrorStep, mirror_learning, mirror_step, q_iteration
from .mdp import MDP
from .neighbourhoods import AllPolicies, AverageBall, StatewiseBall, as_neighbourhood
from .planning import solve_optimal

__version__ = "0.1.0"

__all__ = [
    "ALGORITHMS",
    "MDP",
    "Algorithm",
    "AllPolicies",
    "AverageBall",
    "KLNewOld",
    "KLOldNew",
    "L2Squared",
    "MirrorStep",
    "PolicyDAG",
    "StatewiseBall",
    "TVSquared",
    "Zero",
    "as_drift",
    "as_neighbourhood",
    "check_distribution",
    "check_drift",
    "check_neighbourhood",
    "check_run",
    "check_step",
    "distributions",
    "drifts",
    "evaluate",
    "expected_return",
    "fixed",
    "games",
    "mirror_learning",
    "mirror_step",
    "neighbourhoods",
    "occupancy",
    "policies",
    "q_iteration",
    "solve_optimal",
]


def __getattr__(name):
    if name == "PolicyDAG":  # imported when it is asked for: loading networkx takes long
        from .policy_dag import PolicyDAG

        return PolicyDAG
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
