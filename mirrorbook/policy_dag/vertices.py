"""Finite sets of policies that can be enumerated: grids on the simplex, and its corners."""

import math
from itertools import combinations, product

import numpy as np

from ..mdp import MDP, check_mdp
from ..policies import uniform
from ..simplex import check_count

MAX_VERTICES = 10_000
"""More policies than this are refused: a graph of N of them may have N^2 / 2 edges."""


def grid_policies(mdp: MDP, resolution: int) -> np.ndarray:
    """All policies whose rows are multiples of 1 / resolution.

    Parameters
    ----------
    mdp : MDP
    resolution : int >= 1
        In how many parts the mass of a row is cut.

    Returns
    -------
    (N, S, A) array
        In lexicographic order, the first action first. The rows of terminal states, in which
        nothing is decided, are uniform in all of them.

    Raises
    ------
    TypeError, ValueError
        If `resolution` is not a positive integer, or these are more than `MAX_VERTICES` policies.

    Examples
    --------
    >>> from mirrorbook import games
    >>> grid_policies(games.single_step((1.0, 2.0)), 2)[:, 0]
    array([[1. , 0. ],
           [0.5, 0.5],
           [0. , 1. ]])
    """
    check_mdp(mdp)
    resolution = check_count(resolution, "resolution")
    playing = np.flatnonzero(~mdp.terminal)
    n_rows = math.comb(resolution + mdp.n_actions - 1, mdp.n_actions - 1)
    check_vertices(n_rows ** len(playing), f"the grid of resolution {resolution}")
    choices = list(product(range(n_rows), repeat=len(playing)))
    grid = np.tile(uniform(mdp), (len(choices), 1, 1))
    grid[:, playing] = _grid_rows(mdp.n_actions, resolution)[np.array(choices, dtype=int)]
    return grid


def deterministic_policies(mdp: MDP) -> np.ndarray:
    """All deterministic policies: the grid of resolution 1.

    Parameters
    ----------
    mdp : MDP

    Returns
    -------
    (N, S, A) array

    Raises
    ------
    ValueError
        If these are more than `MAX_VERTICES` policies.

    Examples
    --------
    >>> from mirrorbook import games
    >>> deterministic_policies(games.tabular(n_states=2)).shape
    (9, 4, 3)
    """
    return grid_policies(mdp, resolution=1)


def check_vertices(count, what):
    """Raise if `count` policies are too many for a graph.

    Parameters
    ----------
    count : int
    what : str
        How the error message calls them.

    Raises
    ------
    ValueError

    Examples
    --------
    >>> check_vertices(10**6, "the grid")
    Traceback (most recent call last):
    ...
    ValueError: the grid has 1000000 policies, expected at most 10000 for a graph of their pairs
    """
    if count > MAX_VERTICES:
        raise ValueError(
            f"{what} has {count} policies, expected at most {MAX_VERTICES} for a graph of "
            "their pairs"
        )


def _grid_rows(n_actions, resolution):
    """Stars and bars: where the bars stand cuts `resolution` stars into `n_actions` parts."""
    n_slots = resolution + n_actions - 1
    bars = np.array(list(combinations(range(n_slots), n_actions - 1)), dtype=int)
    parts = np.diff(bars, axis=1, prepend=-1, append=n_slots) - 1
    return parts[::-1] / resolution
