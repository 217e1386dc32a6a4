"""What the calls of the tables are made of: a small valid world, and ways to spoil it."""

import numpy as np
import scipy.sparse as sp

from mirrorbook import ALGORITHMS, MDP, games, policies

NAN, INF = np.nan, np.inf
RNG = np.random.default_rng(0)
GAME = games.tabular(n_states=2, gamma=0.9)  # four states, three actions
TWO = MDP([[[0.5, 0.5], [0, 1]], [[1, 0], [0, 1]]], [[1, 2], [3, 4]], 0.9, [0.5, 0.5])
PI = policies.uniform(GAME)
HALF = np.full((2, 2), 0.5)
ONE = np.ones(2) / 2
GPI = ALGORITHMS["GPI"]

P = TWO.P.tolist()
SPARSE = sp.csr_array(TWO.P.reshape(4, 2))


def mdp(**changes):
    """The valid MDP of two states and two actions, spoilt."""
    parts = dict(P=P, r=[[1, 2], [3, 4]], gamma=0.9, d0=[0.5, 0.5])
    return MDP(**(parts | changes))


def put(array, where, value):
    """A copy of an array with one entry changed."""
    array = np.array(array, dtype=float)
    array[where] = value
    return array
