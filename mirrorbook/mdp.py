r"""A finite Markov decision process, <S, A, r, P, gamma, d> (Sec. 2.1).

Transitions are stored dense, `P[s, a, s']`, or sparse, one row a state-action pair,
`P[s * n_actions + a, s']`.  Only the two functions `expected_next` and `induced_chain` know which;
everything else in the package is written in terms of them:

    (P v)(s, a)  = sum_s' P(s'|s, a) v(s')            expected_next(mdp, v)
    P_pi(s, s')  = sum_a pi(a|s) P(s'|s, a)           induced_chain(mdp, pi)
"""

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import scipy.sparse as sp

from .simplex import check_distributions, check_finite, check_shape


@dataclass(frozen=True, eq=False)
class Layout:
    """Where a game's states stand, for drawing only.

    Parameters
    ----------
    positions : array_like, shape (S, 2)
        Centre of each state: x to the right, y upwards, one unit a cell.
    moves : array_like, shape (A, 2)
        The direction in which each action is drawn; (0, 0) for an action that stays.
    shape : tuple of two ints
        Columns and rows of the board.
    walls : array_like, shape (K, 2)
        Centres of the cells that nobody can enter.
    """

    positions: np.ndarray
    moves: np.ndarray
    shape: tuple[int, int]
    walls: np.ndarray = field(default_factory=lambda: np.empty((0, 2)))

    def __post_init__(self):
        for name in ("positions", "moves", "walls"):
            array = check_finite(getattr(self, name), f"layout.{name}")
            array = array.reshape(-1, 2) if array.size == 0 else array
            if array.ndim != 2 or array.shape[1] != 2:
                raise ValueError(f"layout.{name} has shape {array.shape}, expected (n, 2)")
            array.flags.writeable = False
            object.__setattr__(self, name, array)


@dataclass(frozen=True, eq=False)
class MDP:
    """A finite Markov decision process, validated, copied and write-protected.

    Parameters
    ----------
    P : array_like, shape (S, A, S), or scipy sparse array or matrix, shape (S * A, S)
        Transition probabilities. Row `s * A + a` of a sparse P belongs to the pair (s, a).
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

    def __repr__(self):
        def count(number, noun):
            return f"{number} {noun}" + ("" if number == 1 else "s")

        storage = "sparse" if self.is_sparse else "dense"
        states, actions = count(self.n_states, "state"), count(self.n_actions, "action")
        return f"MDP({states}, {actions}, gamma={self.gamma:g}, {storage})"


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
    """
    return (mdp.P @ v).reshape(mdp.n_states, mdp.n_actions)


def induced_chain(mdp: MDP, pi: np.ndarray):
    """P_pi(s, s') = sum_a pi(a|s) P(s'|s, a), the Markov chain that a policy walks.

    Parameters
    ----------
    mdp : MDP
    pi : (S, A) array

    Returns
    -------
    (S, S) array, or CSR array if the MDP is sparse
    """
    if not mdp.is_sparse:
        return np.einsum("sa,sat->st", pi, mdp.P)
    n_pairs = pi.size
    # row s holds pi(.|s) at the columns of the pairs (s, .)
    mix = sp.csr_array(
        (pi.ravel(), np.arange(n_pairs), np.arange(0, n_pairs + 1, mdp.n_actions)),
        shape=(mdp.n_states, n_pairs),
    )
    return (mix @ mdp.P).tocsr()


def _checked_transitions(P, n_states, n_actions):
    if not sp.issparse(P):
        P = check_distributions(P, "P")
        check_shape(P, (n_states, n_actions, n_states), "P")
        P.flags.writeable = False
        return P
    check_shape(P, (n_states * n_actions, n_states), "sparse P")
    if P.dtype.kind not in "biuf":
        raise TypeError(f"P must hold real numbers, found dtype {P.dtype}")
    P = sp.csr_array(P, dtype=float, copy=True)
    P.sum_duplicates()
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
    off = np.flatnonzero(np.abs(sums - 1) > 1e-9)
    if off.size:
        s, a = divmod(int(off[0]), n_actions)
        raise ValueError(
            f"P[{s}, {a}] is not a probability vector: it sums to {sums[off[0]]:.12g}"
        )


def _checked_discount(gamma):
    if isinstance(gamma, bool) or not np.isscalar(gamma) or not np.isreal(gamma):
        raise TypeError(f"gamma must be a real number, found {gamma!r}")
    if not 0 <= gamma < 1:
        raise ValueError(f"gamma is {gamma!r}, expected 0 <= gamma < 1")
    return float(gamma)


def _checked_terminal(terminal, P, r):
    n_states, n_actions = r.shape
    if terminal is None:
        return np.zeros(n_states, dtype=bool)
    terminal = np.array(terminal)
    if terminal.dtype != bool:
        raise TypeError(f"terminal must be a boolean mask, found dtype {terminal.dtype}")
    check_shape(terminal, (n_states,), "terminal")
    for s in np.flatnonzero(terminal):
        for a in range(n_actions):
            stay = P[s * n_actions + a, s] if sp.issparse(P) else P[s, a, s]
            if stay != 1:
                raise ValueError(
                    f"state {s} is terminal but P[{s}, {a}, {s}] is {stay:.6g}: "
                    "a terminal state must be absorbing"
                )
            if r[s, a] != 0:
                raise ValueError(
                    f"state {s} is terminal but r[{s}, {a}] is {r[s, a]:.6g}: "
                    "a terminal state must pay nothing"
                )
    return terminal


def _checked_names(names, count, argument):
    if names is None:
        return tuple(str(i) for i in range(count))
    if isinstance(names, str) or not all(isinstance(name, str) for name in names):
        raise TypeError(f"{argument} must be a sequence of strings, found {names!r}")
    if len(names) != count:
        raise ValueError(f"{argument} has {len(names)} names, expected {count}")
    return tuple(names)


def _check_layout(layout, n_states, n_actions):
    if layout is None:
        return
    if not isinstance(layout, Layout):
        raise TypeError(f"layout must be a Layout, found {type(layout).__name__}")
    check_shape(layout.positions, (n_states, 2), "layout.positions")
    check_shape(layout.moves, (n_actions, 2), "layout.moves")
