r"""Exact values, occupancies and optima of a policy: linear solves, no sampling (Sec. 2.1).

With r_pi(s) = sum_a pi(a|s) r(s, a) and the induced chain P_pi, the Bellman equation is linear:

    V_pi   = r_pi + gamma P_pi V_pi          so   V_pi   = (I - gamma P_pi)^{-1} r_pi
    Q_pi   = r + gamma P V_pi,               A_pi = Q_pi - V_pi
    rho_pi = d + gamma P_pi^T rho_pi         so   rho_pi = (I - gamma P_pi^T)^{-1} d
    eta    = sum_s d(s) V_pi(s) = sum_s rho_pi(s) r_pi(s)
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from scipy.sparse.linalg import splu

from .arguments import check_flag
from .mdp import MDP, check_mdp, expected_next, induced_chain
from .policies import check_policy


@dataclass(frozen=True, eq=False)
class Evaluation:
    """The values of one policy.

    Attributes
    ----------
    v : (S,) array
        V_pi(s), expected discounted reward from s on.
    q : (S, A) array
        Q_pi(s, a), the same with the first action fixed.
    adv : (S, A) array
        A_pi(s, a) = Q_pi(s, a) - V_pi(s).
    """

    v: np.ndarray
    q: np.ndarray

    @cached_property
    def adv(self) -> np.ndarray:
        """A_pi(s, a) = Q_pi(s, a) - V_pi(s), (S, A)."""
        return self.q - self.v[:, None]


@dataclass(frozen=True, eq=False)
class Optimum(Evaluation):
    """The values of an optimal policy, that policy, and the number of improvements it took.

    Attributes
    ----------
    pi : (S, A) array
        A deterministic optimal policy.
    iterations : int
        Policies evaluated on the way.
    """

    pi: np.ndarray
    iterations: int


def evaluate(mdp: MDP, pi) -> Evaluation:
    """V_pi, Q_pi and A_pi, from V_pi = r_pi + gamma P_pi V_pi (Sec. 2.1).

    Parameters
    ----------
    mdp : MDP
    pi : array_like, shape (S, A)

    Returns
    -------
    Evaluation
        With `.v` (S,), `.q` (S, A) and `.adv` (S, A), in units of reward.

    Raises
    ------
    TypeError, ValueError
        If `pi` is not a policy of `mdp`.

    Examples
    --------
    >>> from mirrorbook import games, policies
    >>> mdp = games.single_step()
    >>> evaluate(mdp, policies.uniform(mdp)).v
    array([3.2, 0. ])
    """
    pi = check_policy(pi, mdp)
    v = _solve(mdp, induced_chain(mdp, pi), (pi * mdp.r).sum(axis=1))
    return Evaluation(v, mdp.r + mdp.gamma * expected_next(mdp, v))


def occupancy(mdp: MDP, pi, normalised: bool = True) -> np.ndarray:
    r"""rho_pi(s) = sum_t gamma^t Pr(s_t = s | pi), times 1 - gamma if normalised.

    Parameters
    ----------
    mdp : MDP
    pi : array_like, shape (S, A)
    normalised : bool
        True: \bar rho, which sums to one. False: the improper rho, which sums to 1 / (1 - gamma).

    Returns
    -------
    (S,) array
        Terminal states are counted like any other: play that has ended stays there.

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
    pi = check_policy(pi, mdp)
    # the start distribution is scaled first, so that the sum is one to rounding
    start = mdp.d0 * (1 - mdp.gamma) if check_flag(normalised, "normalised") else mdp.d0
    return _solve(mdp, induced_chain(mdp, pi).T, start)


def expected_return(mdp: MDP, pi) -> float:
    """eta(pi) = sum_s d(s) V_pi(s).

    Parameters
    ----------
    mdp : MDP
    pi : array_like, shape (S, A)

    Returns
    -------
    float
        In units of reward.

    Raises
    ------
    TypeError, ValueError
        If `pi` is not a policy of `mdp`.

    Examples
    --------
    >>> from mirrorbook import games, policies
    >>> mdp = games.single_step()
    >>> round(expected_return(mdp, policies.uniform(mdp)), 6)
    3.2
    """
    v = evaluate(mdp, pi).v
    return float(mdp.d0 @ v)


def solve_optimal(mdp: MDP) -> Optimum:
    """An optimal policy and its values, by Howard's policy iteration (GPI, Eq. (1)).

    Starting from the action of largest reward, every state switches to its action of largest
    Q-value until no state gains more than the rounding error of the evaluation, or, with gamma
    next to 1, until a policy comes back.

    Parameters
    ----------
    mdp : MDP

    Returns
    -------
    Optimum
        With `.pi`, `.v`, `.q`, `.adv`, `.iterations`.

    Examples
    --------
    >>> from mirrorbook import games
    >>> solve_optimal(games.single_step()).v
    array([10.,  0.])
    """
    check_mdp(mdp)
    states = np.arange(mdp.n_states)
    actions = mdp.r.argmax(axis=1)
    seen = set()
    while True:
        seen.add(actions.tobytes())
        pi = np.eye(mdp.n_actions)[actions]
        values = evaluate(mdp, pi)
        gain = values.q.max(axis=1) - values.q[states, actions]
        better = gain > rounding_error(values.q)
        actions = np.where(better, values.q.argmax(axis=1), actions)
        # no state switches; or, as values rise at every switch, rounding has brought a policy back
        if actions.tobytes() in seen:
            return Optimum(values.v, values.q, pi=pi, iterations=len(seen))


def rounding_error(q: np.ndarray) -> float:
    """Differences of Q-values below this are noise of the linear solve: 1e-12 max |Q|.

    Parameters
    ----------
    q : (S, A) array

    Returns
    -------
    float
        In units of reward.

    Examples
    --------
    >>> rounding_error(np.array([[-2.0, 1.0]]))
    2e-12
    """
    return 1e-12 * float(np.abs(q).max())


def _solve(mdp, chain, right):
    """x = right + gamma chain x."""
    if not sp.issparse(chain):
        return np.linalg.solve(np.eye(mdp.n_states) - mdp.gamma * chain, right)
    # I - gamma chain is an M-matrix: pivots from the diagonal are stable, keep its sparsity, and
    # turn a nonnegative right side into a nonnegative solution even after rounding
    matrix = (sp.eye_array(mdp.n_states) - mdp.gamma * chain).tocsc()
    options = dict(SymmetricMode=True)
    return splu(matrix, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options=options).solve(
        right
    )
