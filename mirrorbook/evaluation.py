r"""Exact values and occupancies of a policy: linear solves, no sampling (Sec. 2.1).

With r_pi(s) = sum_a pi(a|s) r(s, a) and the induced chain P_pi, the Bellman equation is linear:

    V_pi   = r_pi + gamma P_pi V_pi          so   V_pi   = (I - gamma P_pi)^{-1} r_pi
    Q_pi   = r + gamma P V_pi,               A_pi = Q_pi - V_pi
    rho_pi = d + gamma P_pi^T rho_pi         so   rho_pi = (I - gamma P_pi^T)^{-1} d
    eta    = sum_s d(s) V_pi(s) = sum_s rho_pi(s) r_pi(s)
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from . import linear
from .arguments import check_flag
from .mdp import MDP, chain_of, mean_next
from .policies import check_policy

TINY = 48
"""Up to so many states compiled elimination is over before NumPy and LAPACK have been called."""


@dataclass(frozen=True, eq=False)
class Evaluation:
    """The values of one policy.

    Attributes
    ----------
    v : (S,) array
        V_pi(s), expected discounted reward from s on.
    pi : (S, A) array
        The policy.
    mdp : MDP
    solver : str
        What found the values.
    """

    v: np.ndarray
    pi: np.ndarray
    mdp: MDP
    solver: str

    @cached_property
    def q(self) -> np.ndarray:
        """Q_pi(s, a) = r(s, a) + gamma E_{s'~P(.|s, a)} V_pi(s'), (S, A)."""
        return self.mdp.r + self.mdp.gamma * mean_next(self.mdp, self.v)

    @cached_property
    def adv(self) -> np.ndarray:
        """A_pi(s, a) = Q_pi(s, a) - V_pi(s), (S, A)."""
        return self.q - self.v[:, None]

    @cached_property
    def residual(self) -> float:
        """max_s |r_pi + gamma P_pi v - v|, whatever the solver says of itself."""
        return float(np.abs(_expected(self.pi, self.q) - self.v).max())

    @property
    def bound(self) -> float:
        """max_s |v - V_pi| <= residual / (1 - gamma), but for the rounding of one sweep."""
        return self.residual / (1 - self.mdp.gamma)


def evaluate(mdp: MDP, pi) -> Evaluation:
    """V_pi, Q_pi and A_pi, from V_pi = r_pi + gamma P_pi V_pi (Sec. 2.1).

    Parameters
    ----------
    mdp : MDP
    pi : array_like, shape (S, A)

    Returns
    -------
    Evaluation
        With `.v` (S,), `.q` (S, A) and `.adv` (S, A), in units of reward, the `.solver` that found
        them, and a certified `.bound` of their error.

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
    return values_of(mdp, check_policy(pi, mdp))


def values_of(mdp: MDP, pi: np.ndarray) -> Evaluation:
    """`evaluate` of an array that is known to be a policy: nothing is checked, nothing copied."""
    v, solver = _eliminated(mdp, pi) or linear.solve(
        chain_of(mdp, pi), mdp.gamma, _expected(pi, mdp.r)
    )
    return Evaluation(v, pi, mdp, solver)


def occupancy(mdp: MDP, pi, normalised: bool = True) -> np.ndarray:
    r"""rho_pi(s) = sum_t gamma^t Pr(s_t = s | pi), times 1 - gamma if normalised.

    Parameters
    ----------
    mdp : MDP
    pi : array_like, shape (S, A)
    normalised : bool
        True: rho-bar, which sums to one. False: the improper rho, which sums to 1 / (1 - gamma).

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
    return linear.solve(chain_of(mdp, pi).T, mdp.gamma, start, norm=1)[0]


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


def _eliminated(mdp, pi):
    """The same values for few states, where numba is installed; else None."""
    compiled = linear.kernels() if mdp.n_states <= TINY and mdp.table is not None else None
    if compiled is None:
        return None
    v, regular = compiled.values(pi, mdp.table, mdp.r, mdp.gamma)
    return (v, "elimination") if regular else None


def _expected(pi, values):
    """E_{a~pi} of a number for each pair, (S,)."""
    return (pi * values).sum(axis=1)
