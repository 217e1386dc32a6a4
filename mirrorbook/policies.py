"""Policies: plain (S, A) arrays whose rows are probability vectors, pi[s, a] = pi(a|s)."""

import numpy as np

from .arguments import check_generator
from .linear import kernels
from .mdp import MDP, check_mdp
from .simplex import (
    SUM_TOLERANCE,
    check_finite,
    check_number,
    check_numbers,
    check_rectangular,
    check_shape,
    check_sums,
)


def check_policy(pi, mdp: MDP, name: str = "pi") -> np.ndarray:
    """Return `pi` as a float array, or raise unless it is a policy of `mdp`.

    Parameters
    ----------
    pi : array_like, shape (S, A)
    mdp : MDP
    name : str
        How error messages call it.

    Returns
    -------
    (S, A) array, always a copy

    Raises
    ------
    TypeError, ValueError
        If the shape is not (S, A) or a row is not a probability vector (named with its index).

    Examples
    --------
    >>> from mirrorbook import games
    >>> check_policy([[0.5, 0.5], [1.0, 0.0]], games.single_step((1.0, 2.0))).shape
    (2, 2)
    """
    check_mdp(mdp)
    array = check_numbers(pi, (mdp.n_states, mdp.n_actions), name)
    compiled = kernels()
    if compiled is not None and compiled.are_distributions(array, SUM_TOLERANCE):
        return array
    return check_sums(array, name)  # it says where and why


def uniform(mdp: MDP) -> np.ndarray:
    """The policy that plays every action equally often, pi(a|s) = 1 / A.

    Parameters
    ----------
    mdp : MDP

    Returns
    -------
    (S, A) array

    Examples
    --------
    >>> from mirrorbook import games
    >>> uniform(games.single_step((1.0, 2.0)))
    array([[0.5, 0.5],
           [0.5, 0.5]])
    """
    check_mdp(mdp)
    return np.full((mdp.n_states, mdp.n_actions), 1 / mdp.n_actions)


def deterministic(mdp: MDP, actions) -> np.ndarray:
    """The policy that always plays `actions[s]` in state s.

    Parameters
    ----------
    mdp : MDP
    actions : array_like of int, shape (S,)

    Returns
    -------
    (S, A) array of zeros and ones

    Raises
    ------
    TypeError, ValueError
        If `actions` are not integers, not one a state, or out of range.

    Examples
    --------
    >>> from mirrorbook import games
    >>> deterministic(games.single_step((1.0, 2.0)), [1, 0])
    array([[0., 1.],
           [1., 0.]])
    """
    check_mdp(mdp)
    actions = check_rectangular(actions, "actions")
    if actions.dtype.kind not in "iu":
        raise TypeError(f"actions must be integers, found dtype {actions.dtype}")
    check_shape(actions, (mdp.n_states,), "actions")
    for s, a in enumerate(actions):
        if not 0 <= a < mdp.n_actions:
            raise ValueError(f"actions[{s}] is {a}, expected 0 <= action < {mdp.n_actions}")
    return np.eye(mdp.n_actions)[actions]


def softmax(logits) -> np.ndarray:
    """pi(a|s) = exp(logits[s, a]) / sum_b exp(logits[s, b]), computed without overflow.

    Parameters
    ----------
    logits : array_like, shape (S, A)

    Returns
    -------
    (S, A) array

    Raises
    ------
    TypeError, ValueError
        If `logits` are not finite real numbers, or not of two dimensions.

    Examples
    --------
    >>> softmax([[0.0, 0.0], [1000.0, 0.0]])
    array([[0.5, 0.5],
           [1. , 0. ]])
    """
    logits = check_finite(logits, "logits")
    if logits.ndim != 2 or 0 in logits.shape:
        raise ValueError(f"logits has shape {logits.shape}, expected (states, actions)")
    with np.errstate(over="ignore"):  # a gap beyond all floats is one whose exponential is 0
        weights = np.exp(logits - logits.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


def random_policy(mdp: MDP, rng: np.random.Generator, concentration: float = 1.0) -> np.ndarray:
    """A policy whose rows are independent draws from the symmetric Dirichlet distribution.

    Parameters
    ----------
    mdp : MDP
    rng : numpy.random.Generator
    concentration : float > 0
        1 is uniform on the simplex; small values prefer its corners.

    Returns
    -------
    (S, A) array

    Raises
    ------
    TypeError, ValueError
        If `rng` is not a Generator, or `concentration` not one positive finite number.

    Examples
    --------
    >>> from mirrorbook import games
    >>> pi = random_policy(games.single_step((1.0, 2.0)), np.random.default_rng(0))
    >>> pi.shape, pi.sum(axis=1).round(12)
    ((2, 2), array([1., 1.]))
    """
    check_mdp(mdp)
    check_generator(rng)
    concentration = check_number(concentration, "concentration")
    if concentration <= 0:
        raise ValueError(f"concentration is {concentration}, expected a positive number")
    rows = rng.dirichlet(np.full(mdp.n_actions, concentration), size=mdp.n_states)
    if (rows.sum(axis=1) < 0.5).any():  # the draws of its gamma distribution overflow
        raise ValueError(f"concentration is {concentration}, too large to draw rows with")
    return rows
