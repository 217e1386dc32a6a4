r"""A finite Markov decision process, <S, A, r, P, gamma, d> (Sec. 2.1).

Transitions are stored dense, `P[s, a, s']`, or sparse, one row a state-action pair,
`P[s * n_actions + a, s']`.  Only the two functions `expected_next` and `induced_chain` know which;
everything else in the package is written in terms of them:

    (P v)(s, a)  = sum_s' P(s'|s, a) v(s')            expected_next(mdp, v)
    P_pi(s, s')  = sum_a pi(a|s) P(s'|s, a)           induced_chain(mdp, pi)

Each has a twin that checks nothing, for callers in the package: `mean_next` and `chain_of`; and for
deterministic policies there is `chain_of_actions`.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import scipy.sparse as sp

from .layout import Layout
from .simplex import (
    SUM_TOLERANCE,
    check_distributions,
    check_finite,
    check_number,
    check_rectangular,
    check_shape,
)


@dataclass(frozen=True, eq=False)
class MDP:
    """A finite Markov decision process, validated, copied and write-protected.

    Parameters
    ----------
    P : array_like, shape (S, A, S), or scipy sparse array or matrix, shape (S * A, S)
        Transition probabilities. Row `s * A + a` of a sparse P belongs to the pair (s, a). Kept
        as a CSR array if sparse: 12 bytes a transition, and 4 a pair.
    r : array_like, shape (S, A)
        Expected reward of each action in each state.
    gamma : float in [0, 1)
        Discount factor.
    d0 : array_like, shape (S,)
        Start distribution (the paper's d).
    terminal : array_like of bool, shape (S,), optional
        States in which the game is over. They must be absorbing with zero reward: that is
        checked, not arranged. Default: none.
    state_names, action_names : sequences of str, optional
        Labels for tables and figures. Default: "0", "1", ...
    layout : Layout, optional
        Where the states stand when the game is drawn.

    Raises
    ------
    TypeError, ValueError
        Naming the argument, the index, the value found and the reason.

    Examples
    --------
    >>> mdp = MDP(P=[[[0.0, 1.0]], [[0.0, 1.0]]], r=[[3.0], [0.0]], gamma=0.9, d0=[1.0, 0.0],
    ...           terminal=[False, True])
    >>> mdp
    MDP(2 states, 1 action, gamma=0.9, dense)
    """

    P: Any
    r: np.ndarray
    gamma: float
    d0: np.ndarray
    terminal: np.ndarray = None
    state_names: tuple[str, ...] = None
    action_names: tuple[str, ...] = None
    layout: Layout | None = None

    def __post_init__(self):
        r = check_finite(self.r, "r")
        if r.ndim != 2 or 0 in r.shape:
            raise ValueError(f"r has shape {r.shape}, expected (states, actions), both at least 1")
        n_states, n_actions = r.shape
        P = _checked_transitions(self.P, n_states, n_actions)
        gamma = _checked_discount(self.gamma)
        _check_size(r, gamma)
        d0 = check_distributions(self.d0, "d0")
        check_shape(d0, (n_states,), "d0")
        terminal = _checked_terminal(self.terminal, P, r)
        for array in (r, d0, terminal):
            array.flags.writeable = False
        values = dict(P=P, r=r, gamma=gamma, d0=d0, terminal=terminal)
        values["state_names"] = _checked_names(self.state_names, n_states, "state_names")
        values["action_names"] = _checked_names(self.action_names, n_actions, "action_names")
        for name, value in values.items():
            object.__setattr__(self, name, value)
        _check_layout(self.layout, n_states, n_actions)

    @property
    def n_states(self) -> int:
        """Number of states S, terminal ones included."""
        return self.r.shape[0]

    @property
    def n_actions(self) -> int:
        """Number of actions A."""
        return self.r.shape[1]

    @property
    def is_sparse(self) -> bool:
        """Whether the transitions are stored sparse."""
        return sp.issparse(self.P)

    @cached_property
    def table(self) -> np.ndarray | None:
        """P as a dense (S, A, S) array where it is one, or small enough to be kept; else None."""
        if not self.is_sparse:
            return self.P
        if self.P.shape[0] * self.P.shape[1] > SMALL:
            return None
        table = self.P.toarray().reshape(*self.r.shape, self.n_states)
        table.flags.writeable = False
        return table

    def __repr__(self) -> str:
        def count(number, noun):
            return f"{number} {noun}" + ("" if number == 1 else "s")

        storage = "sparse" if self.is_sparse else "dense"
        states, actions = count(self.n_states, "state"), count(self.n_actions, "action")
        return f"MDP({states}, {actions}, gamma={self.gamma:g}, {storage})"


SMALL = 2**16
"""Up to so many entries, 512 KiB, sparse transitions are also kept dense: that is faster."""

LARGEST_VALUE = 1e305
"""Values beyond this are refused: sums of them would overflow."""


def check_mdp(mdp, name="mdp"):
    """Raise unless `mdp` is an MDP.

    Parameters
    ----------
    mdp : MDP
    name : str
        How error messages call it.

    Raises
    ------
    TypeError

    Examples
    --------
    >>> check_mdp([[0.5, 0.5]])
    Traceback (most recent call last):
    ...
    TypeError: mdp must be an MDP, found list
    """
    if not isinstance(mdp, MDP):
        raise TypeError(f"{name} must be an MDP, found {type(mdp).__name__}")


def check_board(mdp, name="mdp"):
    """Raise unless `mdp` is an MDP with a layout, which can be drawn as a board.

    Parameters
    ----------
    mdp : MDP
    name : str
        How error messages call it.

    Raises
    ------
    TypeError, ValueError

    Examples
    --------
    >>> check_board(MDP([[[1]]], [[2]], 0.5, [1]))
    Traceback (most recent call last):
    ...
    ValueError: mdp has no layout: nobody knows where its states stand
    """
    check_mdp(mdp, name)
    if mdp.layout is None:
        raise ValueError(f"{name} has no layout: nobody knows where its states stand")


def expected_next(mdp: MDP, v: np.ndarray) -> np.ndarray:
    """(P v)(s, a) = sum_s' P(s'|s, a) v(s').

    Parameters
    ----------
    mdp : MDP
    v : (S,) array
        A number for each state, such as its value.

    Returns
    -------
    (S, A) array

    Raises
    ------
    ValueError
        If `v` does not have one finite number a state.

    Examples
    --------
    >>> from mirrorbook import games
    >>> expected_next(games.tabular(n_states=2), np.array([-1.0, 0.0, 1.0, 2.0]))
    array([[-1., -1., -1.],
           [-1.,  0.,  1.],
           [ 0.,  1.,  2.],
           [ 2.,  2.,  2.]])
    """
    v = np.asarray(v)
    check_shape(v, (mdp.n_states,), "v")
    if np.count_nonzero(np.isfinite(v)) < len(v):  # faster than all()
        check_finite(v, "v")
    return mean_next(mdp, v)


def mean_next(mdp: MDP, v: np.ndarray) -> np.ndarray:
    """`expected_next` of a (S,) array of finite numbers: nothing is checked."""
    if mdp.table is not None:
        return mdp.table.dot(v)
    return (mdp.P @ v).reshape(mdp.r.shape)


def induced_chain(mdp: MDP, pi: np.ndarray):
    """P_pi(s, s') = sum_a pi(a|s) P(s'|s, a), the Markov chain that a policy walks.

    Parameters
    ----------
    mdp : MDP
    pi : (S, A) array
        Its rows are taken as they are: `check_policy` is the caller's.

    Returns
    -------
    (S, S) array, or CSR array if the MDP is sparse

    Raises
    ------
    ValueError
        If the shape of `pi` is not (S, A).

    Examples
    --------
    >>> from mirrorbook import games, policies
    >>> mdp = games.tabular(n_states=1)
    >>> induced_chain(mdp, policies.deterministic(mdp, [0, 2, 0]))
    array([[1., 0., 0.],
           [0., 0., 1.],
           [0., 0., 1.]])
    """
    check_shape(pi, mdp.r.shape, "pi")
    chain = chain_of(mdp, np.asarray(pi))
    return sp.csr_array(chain) if mdp.is_sparse else chain


def chain_of(mdp: MDP, pi: np.ndarray):
    """`induced_chain` of an array known to be a policy: unchecked; dense if there is a table."""
    if mdp.table is not None:
        return (pi[:, None] @ mdp.table)[:, 0]  # faster than einsum
    # row s holds pi(.|s) at the columns of the pairs (s, .); small integers give a chain of such
    pairs = np.arange(pi.size + 1, dtype=mdp.P.indices.dtype)
    mix = sp.csr_array(
        (pi.ravel(), pairs[:-1], pairs[:: mdp.n_actions]), shape=(mdp.n_states, pi.size)
    )
    return (mix @ mdp.P).tocsr()


def chain_of_actions(mdp: MDP, actions: np.ndarray):
    """P(s'|s, actions(s)), the chain of a deterministic policy; the actions are not checked."""
    states = np.arange(mdp.n_states)
    if mdp.table is not None:
        return mdp.table[states, actions]
    return mdp.P[states * mdp.n_actions + actions]


def _checked_transitions(P, n_states, n_actions):
    if not sp.issparse(P):
        # compiled code reads it row by row
        P = np.ascontiguousarray(check_distributions(P, "P"))
        check_shape(P, (n_states, n_actions, n_states), "P")
        P.flags.writeable = False
        return P
    check_shape(P, (n_states * n_actions, n_states), "sparse P")
    if P.dtype.kind not in "biuf":
        raise TypeError(f"P must hold real numbers, found dtype {P.dtype}")
    P = sp.csr_array(P, dtype=float, copy=True)
    P.sum_duplicates()
    if max(P.nnz, n_states) < 2**31:  # 12 bytes a transition instead of 16
        P.indices, P.indptr = P.indices.astype(np.int32), P.indptr.astype(np.int32)
    _check_sparse_rows(P, n_actions)
    for array in (P.data, P.indices, P.indptr):
        array.flags.writeable = False
    return P


def _check_sparse_rows(P, n_actions):
    bad = np.flatnonzero(~(np.isfinite(P.data) & (P.data >= 0)))
    if bad.size:
        row = int(np.searchsorted(P.indptr, bad[0], side="right") - 1)
        s, a = divmod(row, n_actions)
        raise ValueError(
            f"P[{s}, {a}] is not a probability vector: "
            f"entry {P.indices[bad[0]]} is {P.data[bad[0]]:.6g}"
        )
    sums = P.sum(axis=1)
    off = np.flatnonzero(np.abs(sums - 1) > SUM_TOLERANCE)
    if off.size:
        s, a = divmod(int(off[0]), n_actions)
        raise ValueError(f"P[{s}, {a}] is not a probability vector: it sums to {sums[off[0]]:.12g}")


def _checked_discount(gamma):
    gamma = check_number(gamma, "gamma")
    if not 0 <= gamma < 1:
        raise ValueError(f"gamma is {gamma}, expected 0 <= gamma < 1")
    return gamma


def _check_size(r, gamma):
    large = np.abs(r) > LARGEST_VALUE * (1 - gamma)
    if large.any():
        s, a = (int(i) for i in np.argwhere(large)[0])
        raise ValueError(
            f"r[{s}, {a}] is {r[s, a]:.6g}, too large: a value may be |r| / (1 - gamma), "
            f"expected at most {LARGEST_VALUE:g}"
        )


def _checked_terminal(terminal, P, r):
    n_states, n_actions = r.shape
    if terminal is None:
        return np.zeros(n_states, dtype=bool)
    terminal = check_rectangular(terminal, "terminal").copy()
    if terminal.dtype != bool:
        raise TypeError(f"terminal must be a boolean mask, found dtype {terminal.dtype}")
    check_shape(terminal, (n_states,), "terminal")
    ends = np.flatnonzero(terminal)
    stay = _staying(P, ends, n_actions)
    for i, a in np.argwhere((stay != 1) | (r[ends] != 0))[:1]:
        s = ends[i]
        if stay[i, a] != 1:
            raise ValueError(
                f"state {s} is terminal but P[{s}, {a}, {s}] is {float(stay[i, a])}: "
                "a terminal state must be absorbing"
            )
        raise ValueError(
            f"state {s} is terminal but r[{s}, {a}] is {float(r[s, a])}: "
            "a terminal state must pay nothing"
        )
    return terminal


def _staying(P, states, n_actions):
    """P(s|s, a) of some states, (len(states), A)."""
    if not sp.issparse(P):
        return P[states, :, states]
    pairs = (states[:, None] * n_actions + np.arange(n_actions)).ravel()
    rows, own = P[pairs].tocoo(), np.repeat(states, n_actions)
    kept = np.where(rows.col == own[rows.row], rows.data, 0.0)
    return np.bincount(rows.row, kept).reshape(-1, n_actions)


def _checked_names(names, count, argument):
    if names is None:
        return tuple(str(i) for i in range(count))
    if isinstance(names, str) or not isinstance(names, Iterable):
        raise TypeError(f"{argument} must be a sequence of strings, found {names!r}")
    names = tuple(names)
    for i, name in enumerate(names):
        if not isinstance(name, str):
            raise TypeError(f"{argument}[{i}] must be a string, found {name!r}")
    if len(names) != count:
        raise ValueError(f"{argument} has {len(names)} names, expected {count}")
    return names


def _check_layout(layout, n_states, n_actions):
    if layout is None:
        return
    if not isinstance(layout, Layout):
        raise TypeError(f"layout must be a Layout, found {type(layout).__name__}")
    check_shape(layout.positions, (n_states, 2), "layout.positions")
    check_shape(layout.moves, (n_actions, 2), "layout.moves")
