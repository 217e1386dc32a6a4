r"""Sampling and drift distributions: how much each state counts in an update (Definition 3).

A distribution is a function `(mdp, pi, history) -> (S,)` of the policy at hand and of those before
it.  The theory asks of beta that it gives every state in which there is something to decide
positive weight.
"""

from collections.abc import Callable

import numpy as np

from . import evaluation
from .mdp import MDP
from .simplex import check_distributions, check_shape

Distribution = Callable[[MDP, np.ndarray, tuple], np.ndarray]


def uniform(mdp: MDP, pi=None, history=()) -> np.ndarray:
    """Equal weight on every state that is not terminal, shape (S,).

    Raises
    ------
    ValueError
        If every state is terminal.
    """
    playing = ~mdp.terminal
    if not playing.any():
        raise ValueError("mdp has only terminal states: there is nothing to weigh")
    return playing / np.count_nonzero(playing)


def occupancy(mdp: MDP, pi, history=()) -> np.ndarray:
    r"""\bar rho_pi, the discounted share of time that `pi` spends in each state, shape (S,)."""
    return evaluation.occupancy(mdp, pi)


def fixed(weights) -> Distribution:
    """The same weights at every step.

    Parameters
    ----------
    weights : array_like, shape (S,)
        A probability vector.
    """
    weights = check_distributions(weights, "weights")
    weights.flags.writeable = False

    def fixed_weights(mdp, pi=None, history=()):
        check_shape(weights, (mdp.n_states,), "weights")
        return weights

    return fixed_weights
