"""MDPs to plan in, of any size: four actions, gamma 0.99, never an array of S x S unless dense.

dense      every successor possible, P(.|s, a) from Dirichlet(1, ..., 1)
random     five random successors a pair, with random shares
grid       a board with a goal, a bomb and a barrier; moves are certain
slippery   the same; one move in five goes in a random direction
"""

from math import isqrt

import numpy as np
import scipy.sparse as sp

from mirrorbook import MDP, games

ACTIONS, GAMMA, SUCCESSORS, SLIP = 4, 0.99, 5, 0.2
DENSE_LIMIT = 2_000
"""A dense MDP of 10^4 states fills 3.2 GB, one of 10^5 more than most machines have."""


def dense(n_states, rng):
    P = rng.exponential(size=(n_states, ACTIONS, n_states))
    P /= P.sum(axis=-1, keepdims=True)
    return MDP(P, rng.normal(size=(n_states, ACTIONS)), GAMMA, np.full(n_states, 1 / n_states))


def random(n_states, rng):
    pairs = n_states * ACTIONS
    successors = rng.integers(n_states, size=(pairs, SUCCESSORS), dtype=np.int32)
    shares = rng.exponential(size=(pairs, SUCCESSORS))
    shares /= shares.sum(axis=1, keepdims=True)
    rows = np.arange(0, pairs * SUCCESSORS + 1, SUCCESSORS)
    P = sp.csr_array((shares.ravel(), successors.ravel(), rows), shape=(pairs, n_states))
    return MDP(P, rng.normal(size=(n_states, ACTIONS)), GAMMA, np.full(n_states, 1 / n_states))


def grid(n_states, rng):
    side = isqrt(n_states)
    return games.gridworld((side, side), gamma=GAMMA)


def slippery(n_states, rng):
    board = grid(n_states, rng)
    mixed = np.full((ACTIONS, ACTIONS), 1 / ACTIONS)
    if board.is_sparse:
        anywhere = sp.kron(sp.eye_array(board.n_states), mixed).tocsr() @ board.P
    else:
        anywhere = np.einsum("ab,sbt->sat", mixed, board.P)
    P = (1 - SLIP) * board.P + SLIP * anywhere
    return MDP(P, (1 - SLIP) * board.r + SLIP * board.r @ mixed, GAMMA, board.d0, board.terminal)


KINDS = {"dense": dense, "random": random, "grid": grid, "slippery": slippery}


def made(kind, n_states):
    """The instance of a kind and size that every topic times."""
    return KINDS[kind](n_states, np.random.default_rng([n_states, list(KINDS).index(kind)]))


def transitions(mdp):
    """How many transitions are stored, and the bytes they take."""
    if not mdp.is_sparse:
        return mdp.P.size, mdp.P.nbytes
    return mdp.P.nnz, mdp.P.data.nbytes + mdp.P.indices.nbytes + mdp.P.indptr.nbytes
