r"""Drifts whose weight is found anew at every step: `(mdp, pi, evaluation, history) -> Drift`.

TrustRegionPenalty    C(pi) KL(old, new), the penalty that makes TRL's bound hold
AdaptiveKL            tau_n KL(old, new), tau_n set by the steps before: PPO-KL as it is used

The first is a function of the policy at hand, as Definition 1 allows.  The second depends on the
history and jumps: it is no drift, although every single step is an update with one.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from .arguments import check_flag
from .drifts import Drift, KLOldNew
from .evaluation import occupancy
from .simplex import check_number

LARGEST = 1e150
"""Penalties beyond this are refused: their squares would overflow."""


@dataclass(frozen=True)
class TrustRegionPenalty:
    r"""The penalty of trust-region learning (Sec. 2.3, Eq. (2); App. D).

    Equation (2) charges C max_s KL(old, new)(s) in units of the improper occupancy rho, with

        C = 4 gamma max |A| / (1 - gamma)^2.

    Divided by 1 / (1 - gamma), the sum of rho, it reads (1 - gamma) C for beta = rho-bar.

    Parameters
    ----------
    normalised : bool
        True: (1 - gamma) C, which belongs to beta = rho-bar (App. D). False: C itself, which with
        the same beta is more careful than the bound requires, by the factor 1 / (1 - gamma).

    Raises
    ------
    TypeError, ValueError
        If `normalised` is not True or False; later, if the penalty at hand is beyond 1e150.

    Examples
    --------
    >>> from mirrorbook import evaluate, games, policies
    >>> mdp = games.tabular(n_states=1, gamma=0.5)
    >>> pi = policies.uniform(mdp)
    >>> values = evaluate(mdp, pi)
    >>> round(float(np.abs(values.adv).max()), 6)
    10.0
    >>> TrustRegionPenalty()(mdp, pi, values)
    KLOldNew(scale=40.0)
    """

    normalised: bool = True

    def __post_init__(self):
        check_flag(self.normalised, "normalised")

    def __call__(self, mdp, pi, evaluation, history=()) -> Drift:
        """The penalty at the policy `pi`."""
        gamma = mdp.gamma
        constant = 4 * gamma * float(np.abs(evaluation.adv).max()) / (1 - gamma) ** 2
        if constant > LARGEST:
            raise ValueError(
                f"the penalty of trust-region learning is {constant:.6g}, too large: "
                f"expected at most {LARGEST:g}"
            )
        return (1 - gamma) * constant * KLOldNew() if self.normalised else constant * KLOldNew()


@dataclass(frozen=True)
class AdaptiveKL:
    """The drift tau_n KL(old, new) of PPO-KL with an adaptive penalty (Schulman et al., 2017).

    Parameters
    ----------
    target : float > 0
        What the average KL of a step, under the old policy's occupancy, should be.
    tau0 : float > 0
        tau of the first step.
    tolerance, factor : float > 1
        tau is multiplied by `factor` if the KL of the last step exceeds tolerance * target, and
        divided by it if the KL falls below target / tolerance.

    Raises
    ------
    TypeError, ValueError
        If a parameter is not a number in its range.

    Examples
    --------
    >>> from mirrorbook import games
    >>> mdp = games.single_step()
    >>> one, other = np.full((2, 5), 0.2), np.tile([0.6, 0.1, 0.1, 0.1, 0.1], (2, 1))
    >>> AdaptiveKL(target=0.01)(mdp, other, None, history=(one,))
    KLOldNew(scale=2.0)
    """

    target: float
    tau0: float = 1.0
    tolerance: float = 1.5
    factor: float = 2.0

    def __post_init__(self):
        for name, least in (("target", 0), ("tau0", 0), ("tolerance", 1), ("factor", 1)):
            value = check_number(getattr(self, name), name)
            if value <= least:
                raise ValueError(f"{name} is {value}, expected more than {least}")
            object.__setattr__(self, name, value)

    def __call__(self, mdp, pi, evaluation, history=()) -> Drift:
        """tau_n KL(old, new), from the KL of all steps so far."""
        tau = self.tau0
        for old, new in pairwise((*history, pi)):
            covered = occupancy(mdp, old) @ KLOldNew().value(new, old)
            if covered > self.tolerance * self.target:
                tau *= self.factor
            elif covered < self.target / self.tolerance:
                tau /= self.factor
        return tau * KLOldNew()
