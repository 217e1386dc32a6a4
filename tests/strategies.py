"""What hypothesis draws: MDPs and policies with zeros, ties, corners and unreachable states."""

import numpy as np
import scipy.sparse as sp
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from mirrorbook import MDP

GAMMAS = (0.0, 0.5, 0.9, 0.99, 0.9999)


def rows(shape, weights=(0, 0, 1, 2, 7, 1e-6)):
    """Arrays whose last axis holds probability vectors, made of few weights: zeros, ties."""
    return hnp.arrays(float, shape, elements=st.sampled_from(weights)).map(_normalised)


def _normalised(weights):
    empty = weights.sum(axis=-1) == 0
    weights[empty, 0] = 1  # a row without weight becomes a corner
    return weights / weights.sum(axis=-1, keepdims=True)


@st.composite
def mdps(draw, gammas=GAMMAS, sizes=(1,), max_states=4, max_actions=3, full_start=False):
    """MDPs of few states, dense or sparse, some of them with terminal states."""
    n_states = draw(st.integers(1, max_states))
    n_actions = draw(st.integers(1, max_actions))
    P = draw(rows((n_states, n_actions, n_states), weights=(0, 0, 0, 1, 2)))
    r = draw(hnp.arrays(float, (n_states, n_actions), elements=st.sampled_from(range(-3, 4))))
    r *= draw(st.sampled_from(sizes))
    terminal = np.arange(n_states) >= n_states - draw(st.integers(0, n_states - 1))
    P[terminal] = np.eye(n_states)[terminal][:, None, :]
    r[terminal] = 0
    start = (1, 2) if full_start else (0, 0, 1, 2)
    d0 = draw(rows((1, n_states), weights=start))[0]
    if draw(st.booleans()):
        P = sp.csr_array(P.reshape(-1, n_states))
    return MDP(P, r, draw(st.sampled_from(gammas)), d0, terminal)


@st.composite
def mdps_with_policies(draw, n_policies=1, interior=False, **options):
    """An MDP and some of its policies."""
    mdp = draw(mdps(**options))
    weights = (1, 2, 7, 0.01) if interior else (0, 0, 1, 2, 7, 1e-6)
    shape = (mdp.n_states, mdp.n_actions)
    return (mdp, *(draw(rows(shape, weights)) for _ in range(n_policies)))


@st.composite
def row_pairs(draw, interior=False, max_rows=3, max_actions=4):
    """Two arrays of rows of one shape, (S, A)."""
    shape = (draw(st.integers(1, max_rows)), draw(st.integers(1, max_actions)))
    weights = (1, 2, 7, 0.01) if interior else (0, 0, 1, 2, 7, 1e-6)
    return draw(rows(shape, weights)), draw(rows(shape, weights))
