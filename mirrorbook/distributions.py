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
    """Equal weight on every state that is not terminal.

    Parameters
    ----------
    mdp : MDP
    pi : (S, A) array, optional
    history : tuple of (S, A) arrays, optional
        Neither is looked at.

    Returns
    -------
    (S,) array

    Raises
    ------
    ValueError
        If every state is terminal.

    Examples
    --------
    >>> from mirrorbook import games
    >>> uniform(games.tabular(n_states=2))
    array([0. , 0.5, 0.5, 0. ])
    """
    playing = ~mdp.terminal
    if not playing.any():
        raise ValueError("mdp has only terminal states: there is nothing to weigh")
    return playing / np.count_nonzero(playing)


def occupancy(mdp: MDP, pi, history=()) -> np.ndarray:
    r"""\bar rho_pi, the discounted share of time that `pi` spends in each state.

    Parameters
    ----------
    mdp : MDP
    pi : (S, A) array
    history : tuple of (S, A) arrays, optional
        Not looked at.

    Returns
    -------
    (S,) array

    Raises
    ------
    TypeError, ValueError
        If `pi` is not a policy of `mdp`.

    Examples
    --------
    >>> from mirrorbook import games, policies
    >>> mdp = games.tabular(n_states=1, gamma=0.5)
    >>> occupancy(mdp, policies.deterministic(mdp, [0, 2, 0]))
    array([0. , 0.5, 0.5])
    """
    return evaluation.occupancy(mdp, pi)


def fixed(weights) -> Distribution:
    """The same weights at every step.

    Parameters
    ----------
    weights : array_like, shape (S,)
        A probability vector. It is copied.

    Returns
    -------
    callable
        `(mdp, pi, history) -> (S,)`, the write-protected weights. It raises a ValueError for an
        MDP with another number of states.

    Raises
    ------
    TypeError, ValueError
        If `weights` are not one probability vector.

    Examples
    --------
    >>> from mirrorbook import games
    >>> beta = fixed([0.0, 0.25, 0.75, 0.0])
    >>> beta(games.tabular(n_states=2))
    array([0.  , 0.25, 0.75, 0.  ])
    """
    weights = check_distributions(weights, "weights")
    if weights.ndim != 1:
        raise ValueError(f"weights has shape {weights.shape}, expected (states,)")
    weights.flags.writeable = False

    def fixed_weights(mdp, pi=None, history=()):
        check_shape(weights, (mdp.n_states,), "weights")
        return weights

    return fixed_weights
