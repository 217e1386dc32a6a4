"""How far a step went in each state: probability ratios, and KL(old, new)."""

from dataclasses import dataclass

import numpy as np

from .drifts import KLOldNew
from .drifts.divergences import ratio
from .mdp import MDP
from .policies import check_policy

DUST = 1e-12
"""A probability below this is what rounding left of a zero."""


@dataclass(frozen=True, eq=False)
class Moves:
    """How far a step went in the states in which there was something to decide.

    Attributes
    ----------
    kl : (s,) array
        KL(old, new); infinite where an action was dropped.
    ratios : (s, A) array
        new / old; infinite where an action was revived, 1 where it was and is unused.
    """

    kl: np.ndarray
    ratios: np.ndarray

    def outside(self, epsilon: float) -> np.ndarray:
        """Which ratios are outside [1 - epsilon, 1 + epsilon], rounding aside.

        Parameters
        ----------
        epsilon : float >= 0

        Returns
        -------
        (s, A) array of bool
        """
        return np.abs(self.ratios - 1) > epsilon + 1e-9


def moves(mdp: MDP, new, old) -> Moves:
    """How far a step went, state by state. Probabilities below `DUST` count as zero.

    Parameters
    ----------
    mdp : MDP
    new, old : array_like, shape (S, A)

    Returns
    -------
    Moves
        Of the states that are not terminal.

    Raises
    ------
    TypeError, ValueError
        If one of them is not a policy of `mdp`.

    Examples
    --------
    >>> from mirrorbook.games import single_step
    >>> way = moves(single_step((1.0, 0.0)), [[0.8, 0.2], [0.5, 0.5]], [[0.5, 0.5], [0.5, 0.5]])
    >>> way.ratios, way.kl.round(6)
    (array([[1.6, 0.4]]), array([0.223144]))
    """
    new, old = (
        np.where(pi < DUST, 0.0, pi)[~mdp.terminal]
        for pi in (check_policy(new, mdp, "new"), check_policy(old, mdp, "old"))
    )
    unused = (old == 0) & (new == 0)
    return Moves(KLOldNew().value(new, old), np.where(unused, 1.0, ratio(new, old)))
