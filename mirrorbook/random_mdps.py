"""Random MDPs of several families, and random policies to start from, for trials of a claim.

dense               every successor possible, P(.|s, a) from Dirichlet(1, ..., 1)
sparse              two successors a pair, stored sparse
chain               a random walk; each action has its own chance to go right
grid                a board with a goal and a bomb, both terminal, and moves that slip
near-deterministic  one successor, but for a share between 1e-12 and 0.1
ties                few different rewards, certain moves, and a last action that copies the first

A claim that holds for all MDPs is to be tried on kinds that differ.  Rewards are of size one, but
the near-deterministic family spreads their sizes over six orders of magnitude.
"""

from types import MappingProxyType

import numpy as np
import scipy.sparse as sp

from . import games, policies
from .arguments import check_generator
from .mdp import MDP
from .simplex import check_count


def _dense(rng, n_states, n_actions):
    P = rng.dirichlet(np.ones(n_states), size=(n_states, n_actions))
    return P, rng.normal(size=(n_states, n_actions))


def _sparse(rng, n_states, n_actions):
    pairs = n_states * n_actions
    successors = rng.integers(n_states, size=(pairs, 2))
    share = rng.uniform(0.05, 0.95, size=pairs)
    rows = np.repeat(np.arange(pairs), 2)
    entries = np.stack([share, 1 - share], axis=1).ravel()
    P = sp.coo_array((entries, (rows, successors.ravel())), shape=(pairs, n_states))
    return P.tocsr(), rng.normal(size=(n_states, n_actions))


def _chain(rng, n_states, n_actions):
    states = np.arange(n_states)
    right = np.eye(n_states)[np.minimum(states + 1, n_states - 1)]
    left = np.eye(n_states)[np.maximum(states - 1, 0)]
    chance = rng.random((n_states, n_actions, 1))
    P = chance * right[:, None] + (1 - chance) * left[:, None]
    return P, rng.normal(size=(n_states, n_actions))


def _grid(rng, n_states, n_actions):
    columns = (n_states + 1) // 2
    barrier = [(columns - 1, 1)] if n_states % 2 else []
    free = [(x, y) for y in (0, 1) for x in range(columns) if (x, y) not in barrier]
    goal, bomb = (free[i] for i in rng.choice(len(free), size=2, replace=False))
    board = games.gridworld((columns, 2), goal, bomb, barrier)
    slip = rng.uniform(0, 0.5)
    P = (1 - slip) * board.P + slip * board.P.mean(axis=1, keepdims=True)
    r = np.where(board.terminal[:, None], 0.0, rng.normal(size=(n_states, 4)))
    return P[:, np.arange(n_actions) % 4], r[:, np.arange(n_actions) % 4], board.terminal


def _near_deterministic(rng, n_states, n_actions):
    share = 10 ** rng.uniform(-12, -1, size=(n_states, n_actions, 1))
    certain = np.eye(n_states)[rng.integers(n_states, size=(n_states, n_actions))]
    P = (1 - share) * certain + share * _dense(rng, n_states, n_actions)[0]
    return P, 10 ** rng.uniform(-3, 3) * rng.normal(size=(n_states, n_actions))


def _ties(rng, n_states, n_actions):
    successors = rng.integers(n_states, size=(n_states, n_actions))
    r = rng.integers(-1, 2, size=(n_states, n_actions)).astype(float)
    successors[:, -1], r[:, -1] = successors[:, 0], r[:, 0]
    return np.eye(n_states)[successors], r


_MAKERS = {
    "dense": _dense,
    "sparse": _sparse,
    "chain": _chain,
    "grid": _grid,
    "near-deterministic": _near_deterministic,
    "ties": _ties,
}

FAMILIES = tuple(_MAKERS)
"""Names of the families."""


def random_mdp(
    rng: np.random.Generator,
    family: str = "dense",
    n_states: int = 4,
    n_actions: int = 3,
    gamma: float = 0.9,
) -> MDP:
    """A random MDP of one of the families.

    Parameters
    ----------
    rng : numpy.random.Generator
    family : str
        One of `FAMILIES`; this module says what they are.
    n_states : int
        At least 3 for a grid, whose goal and bomb are among them.
    n_actions : int
    gamma : float in [0, 1)

    Returns
    -------
    MDP
        Its start distribution charges every state that is not terminal.

    Raises
    ------
    TypeError, ValueError
        If `rng` is no Generator, `family` is unknown, or a number is out of its range.

    Examples
    --------
    >>> random_mdp(np.random.default_rng(0), "sparse", n_states=5)
    MDP(5 states, 3 actions, gamma=0.9, sparse)
    """
    check_generator(rng)
    if family not in FAMILIES:
        raise ValueError(f"family is {family!r}, expected one of {', '.join(FAMILIES)}")
    check_count(n_states, "n_states")
    check_count(n_actions, "n_actions")
    if family == "grid" and n_states < 3:
        raise ValueError(f"n_states is {n_states}, expected at least 3 for a grid")
    P, r, *ends = _MAKERS[family](rng, n_states, n_actions)
    terminal = ends[0] if ends else np.zeros(n_states, bool)
    d0 = np.zeros(n_states)
    d0[~terminal] = rng.dirichlet(np.full(np.count_nonzero(~terminal), 5.0))
    return MDP(P, r, gamma, d0, terminal)


def _uniform(mdp, rng):
    return policies.uniform(mdp)


def _interior(mdp, rng):
    return policies.random_policy(mdp, rng)


def _spiky(mdp, rng):
    return policies.random_policy(mdp, rng, concentration=0.3)


def _boundary(mdp, rng):
    pi = policies.random_policy(mdp, rng)
    used = rng.random(pi.shape) < 0.5
    used[np.arange(len(pi)), rng.integers(mdp.n_actions, size=len(pi))] = True
    pi = np.where(used, pi, 0.0)
    return pi / pi.sum(axis=1, keepdims=True)


def _deterministic(mdp, rng):
    return policies.deterministic(mdp, rng.integers(mdp.n_actions, size=mdp.n_states))


STARTS = MappingProxyType(
    {
        "uniform": _uniform,
        "interior": _interior,
        "spiky": _spiky,
        "boundary": _boundary,
        "deterministic": _deterministic,
    }
)
"""Policies to start from, read-only: name -> function `(mdp, rng) -> (S, A) array`.

Every action equally often; rows from Dirichlet(1, ..., 1); from Dirichlet(0.3, ..., 0.3), next to
the corners; about half of the actions unused; one action a state.
"""
