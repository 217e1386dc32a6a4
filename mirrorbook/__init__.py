"""mirrorbook: mirror learning, computed exactly.

The package behind the book *Mirror Learning: an executable, critical edition*. Its modules stand
on three floors and import only downwards:

    widgets  plots                                      what a person sees
    learning = algorithms x updates                     the update and its iteration
    drifts  neighbourhoods  distributions  mirror       the parts of an algorithm
    games  evaluation  policies  mdp  layout  simplex   what everything stands on
"""

from . import distributions, drifts, games, neighbourhoods, policies
from .algorithms import ALGORITHMS, Algorithm
from .distributions import fixed
from .drifts import KLNewOld, KLOldNew, L2Squared, TVSquared, Zero
from .evaluation import evaluate, expected_return, occupancy, solve_optimal
from .learning import MirrorStep, mirror_learning, mirror_step
from .mdp import MDP
from .neighbourhoods import AllPolicies, AverageBall, StatewiseBall

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
    "StatewiseBall",
    "TVSquared",
    "Zero",
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
    "solve_optimal",
]
