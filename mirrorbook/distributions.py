r"""Sampling and drift distributions: how much each state counts in an update (Definition 3).

A distribution is a function `(mdp, pi, history) -> (S,)` of the policy at hand and of those before
it, oldest first.  The theory asks of beta that it gives every state in which there is something to
decide positive weight.

A drift distribution may also depend on the candidate for the next policy.  It then returns a *rule*
`(new, charge) -> (S,)` of the candidate and of its drift in every state; see `mirrorbook.mirror`.
That freedom is what breaks the paper's Lemma 2.
"""

from collections.abc import Callable

import numpy as np

from . import evaluation
from .mdp import MDP, check_mdp
from .policies import check_policy
from .simplex import check_distributions, check_shape, check_weights

Distribution = Callable[[MDP, np.ndarray, tuple], np.ndarray]
Rule = Callable[[np.ndarray, np.ndarray], np.ndarray]

TIE = 1e-9
"""Charges that differ by less, relative to the largest, are those of equally bad states."""


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
    check_mdp(mdp)
    playing = ~mdp.terminal
    if not playing.any():
        raise ValueError("mdp has only terminal states: there is nothing to weigh")
    return playing / np.count_nonzero(playing)


def occupancy(mdp: MDP, pi, history=()) -> np.ndarray:
    r"""rho-bar_pi, the discounted share of time that `pi` spends in each state.

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


def history_mixture(mdp: MDP, pi, history=()) -> np.ndarray:
    r"""1 / (n + 1) sum_{i <= n} rho-bar_{pi_i}: states from all policies so far (off-policy MDPO).

    Parameters
    ----------
    mdp : MDP
    pi : (S, A) array
        pi_n.
    history : sequence of (S, A) arrays
        pi_0, ..., pi_{n-1}.

    Returns
    -------
    (S,) array

    Raises
    ------
    TypeError, ValueError
        If one of them is not a policy of `mdp`.

    Examples
    --------
    >>> from mirrorbook import games, policies
    >>> mdp = games.tabular(n_states=1, gamma=0.5)
    >>> right, left = (policies.deterministic(mdp, [0, a, 0]) for a in (2, 0))
    >>> history_mixture(mdp, right, history=[left])
    array([0.25, 0.5 , 0.25])
    """
    if not isinstance(history, tuple | list):
        raise TypeError(f"history must be a sequence of policies, found {history!r}")
    before = [check_policy(each, mdp, f"history[{i}]") for i, each in enumerate(history)]
    return np.mean([evaluation.occupancy(mdp, each) for each in (*before, pi)], axis=0)


def worst_state(mdp: MDP, pi=None, history=()) -> Rule:
    """All weight on the state whose row is charged most: D^nu is then max_s D_old(new|s) (TRL).

    Parameters
    ----------
    mdp : MDP
    pi : (S, A) array, optional
    history : tuple of (S, A) arrays, optional
        None of them is looked at.

    Returns
    -------
    rule
        `point_mass_on_worst`.

    Examples
    --------
    >>> from mirrorbook import games
    >>> rule = worst_state(games.tabular(n_states=1))
    >>> rule(None, np.array([0.0, 0.3, 0.3]))
    array([0., 1., 0.])
    """
    return point_mass_on_worst


def point_mass_on_worst(new, charge) -> np.ndarray:
    """The point mass at the first of the states with the largest charge.

    Trust-region learning charges many states the same, so that rounding alone would decide: charges
    within 1e-9 of the largest, relative to it, count as ties.

    Parameters
    ----------
    new : (S, A) array
        Not looked at.
    charge : (S,) array
        D_old(new|s).

    Returns
    -------
    (S,) array

    Raises
    ------
    TypeError, ValueError
        If `charge` is empty, negative somewhere or NaN.

    Examples
    --------
    >>> point_mass_on_worst(new=None, charge=[0.1, 0.3, 0.3])
    array([0., 1., 0.])
    """
    charge = np.asarray(charge)
    if charge.ndim != 1 or charge.size == 0:
        raise ValueError(f"charge has shape {charge.shape}, expected (states,), at least one")
    check_weights(np.where(charge == np.inf, 0.0, charge), "charge")
    return np.eye(len(charge))[np.argmax(charge >= (1 - TIE) * charge.max())]
