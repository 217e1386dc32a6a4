r"""Drifts: what it costs to move a policy's row (Definition 1).

A drift D_pi(p|s) >= D_pi(pi|s) = 0 charges the move from the old row pi(.|s) to a new row p, and
starts flat: its one-sided derivatives at p = pi vanish.  A drift is a small frozen object with a
`value` and a `gradient`; `c * drift` scales it, `drift + drift` adds, and `as_drift` makes one of
your own function.  The same objects measure distance in the balls of `mirrorbook.neighbourhoods`.
In the gallery, with r = p / pi and A the advantages:

    on the whole closed simplex
        Zero                        0
        L2Squared  LInfSquared      sum_a (p - pi)^2,  max_a (p - pi)^2
        TVSquared                   TV^2,  TV = 1/2 sum_a |p - pi|
        OneSidedKL                  sum_{p < pi} p log r - p + pi
        OneSidedChiSquared          sum_{p < pi} pi (r - 1)^2
        PPOFloored                  PPOClip with the cap (1 + epsilon) max(pi, mu)
        Risk                        (E_p cost - E_pi cost)_+^2
        Memory                      1/2 sum_a log2(1 + ((p - pi) / resolution)^2)
    between policies that play every action
        KLOldNew  KLNewOld          sum_a pi log(pi / p),  sum_a p log r
        Jeffreys                    their sum
        ChiSquaredOldNew  ..NewOld  sum_a (p - pi)^2 / p,  sum_a (p - pi)^2 / pi
        HellingerSquared            1/2 sum_a (sqrt(p) - sqrt(pi))^2
        JensenShannon               1/2 KL(p, m) + 1/2 KL(pi, m),  m = (p + pi) / 2
        Renyi                       log(sum_a p^order pi^(1 - order)) / (order - 1)
        Alpha                       sum_a pi f(r),  f'(r) = (1 - r^-a) / a
        PPOClip                     sum_a pi ReLU([r - clip(r, 1 -/+ epsilon)] A), three readings
        Rollback                    1 + slope times that
        SPO                         sum_a pi |A| (r - 1)^2 / (2 epsilon)
        DPO                         sum_a pi f(r, A), smooth and free for moves that are worse
    no drifts
        TotalVariation  L1          TV,  2 TV: steep at home
        NegativeTVSquared           -TV^2: negative
        DualClip                    PPOClip, minus what grows beyond a cap: negative

What a drift claims to be (`positive`, `convex`, `valid_on_boundary`, ...) is declared by its class
and explained in `Drift`.
"""

from .base import Drift, Zero
from .clipped import PPOClip, PPOFloored, Rollback
from .costs import Memory, Risk
from .custom import as_drift
from .divergences import (
    ChiSquaredNewOld,
    ChiSquaredOldNew,
    HellingerSquared,
    Jeffreys,
    JensenShannon,
    KLNewOld,
    KLOldNew,
    kullback_leibler,
    ratio,
)
from .families import Alpha, Renyi
from .nondrifts import L1, DualClip, NegativeTVSquared, TotalVariation
from .norms import L2Squared, LInfSquared, TVSquared, total_variation
from .one_sided import OneSidedChiSquared, OneSidedKL
from .sums import Sum
from .surrogates import DPO, SPO

__all__ = [
    "DPO",
    "L1",
    "SPO",
    "Alpha",
    "ChiSquaredNewOld",
    "ChiSquaredOldNew",
    "Drift",
    "DualClip",
    "HellingerSquared",
    "Jeffreys",
    "JensenShannon",
    "KLNewOld",
    "KLOldNew",
    "L2Squared",
    "LInfSquared",
    "Memory",
    "NegativeTVSquared",
    "OneSidedChiSquared",
    "OneSidedKL",
    "PPOClip",
    "PPOFloored",
    "Renyi",
    "Risk",
    "Rollback",
    "Sum",
    "TVSquared",
    "TotalVariation",
    "Zero",
    "as_drift",
    "kullback_leibler",
    "ratio",
    "total_variation",
]
