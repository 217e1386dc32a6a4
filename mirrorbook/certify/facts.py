r"""What one step did, in numbers: the terms of Lemmas 1 and 2 and of the inequalities after them.

With gain(s) = E_new A_old(s), cost(s) = nu(s) / beta(s) D_old(new|s) and rise = V_new - V_old,

    (4)                     gain >= cost
    performance difference  rise  = (I - gamma P_new)^{-1} gain
    Lemma 1, sharpened      rise >= (I - gamma P_new)^{-1} cost        under (4)
    (14)                    rise >= cost
    property 1              E_d rise >= E_d cost
    (8)                     E_d rise >= u D^nu_old(new),   u = min d / beta
"""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
import scipy.sparse as sp
from scipy.sparse.linalg import spsolve

from ..evaluation import evaluate, rounding_error
from ..mdp import MDP, induced_chain
from ..mirror import total_drift
from ..updates import UpdateProblem
from .evidence import ROUNDING


@dataclass(frozen=True, eq=False)
class Facts:
    """A step as taken: its problem, its new policy, and the values of both.

    Parameters
    ----------
    problem : UpdateProblem
    pi : (S, A) array
        The new policy.
    v_old, v_new : (S,) arrays
        V of both.
    q : (S, A) array
        Q of the old policy, for the size of rounding errors.
    mdp : MDP
    gap : float
        By how much the step may fall short of the maximum, as far as that is rounding.
    """

    problem: UpdateProblem
    pi: np.ndarray
    v_old: np.ndarray
    v_new: np.ndarray
    q: np.ndarray
    mdp: MDP
    gap: float = 0.0

    def at(self, pi_old, pi) -> "Facts":
        """The same, computed anew from two policies."""
        values, v_new = evaluate(self.mdp, pi_old), evaluate(self.mdp, pi).v
        problem = replace(self.problem, adv=values.adv, old=pi_old)
        return replace(self, problem=problem, pi=pi, v_old=values.v, v_new=v_new, q=values.q)

    @cached_property
    def noise(self) -> float:
        """Rounding error of a value: that of the linear solve.

        The rows of P_pi sum to one but for a unit in the last place, which moves V by
        1 / (1 - gamma) such units.
        """
        scale = float(np.abs(self.q).max())
        solve = 8 * np.finfo(float).eps / (1 - self.mdp.gamma)
        return max(rounding_error(self.q), solve * scale)

    @cached_property
    def tolerance(self) -> np.ndarray:
        """What rounding explains in a state: of the values, of the charge, of the maximiser, (S,).

        A step that falls short of the maximum by `gap` violates (4) by at most gap / beta(s).
        """
        beta = self.problem.beta
        short = np.divide(self.gap, beta, out=np.zeros(len(beta)), where=beta > 0)
        finite = np.where(np.isfinite(self.cost), self.cost, 0.0)
        return 4 * self.noise + short + ROUNDING * finite

    @cached_property
    def charge(self) -> np.ndarray:
        """D_old(new|s), (S,)."""
        problem = self.problem
        return problem.drift.value(self.pi, problem.old, problem.adv)

    @cached_property
    def nu(self) -> np.ndarray:
        """The drift distribution at the new policy, (S,)."""
        return self.problem.nu_at(self.pi)

    @cached_property
    def gain(self) -> np.ndarray:
        """E_new A_old(s), (S,)."""
        return (self.pi * self.problem.adv).sum(axis=1)

    @cached_property
    def cost(self) -> np.ndarray:
        """nu(s) / beta(s) D_old(new|s), (S,); infinite where nu charges what beta never samples."""
        with np.errstate(divide="ignore"):
            weight = np.divide(self.nu, self.problem.beta, out=np.zeros(len(self.nu)),
                               where=self.nu > 0)  # fmt: skip
        paid = (weight > 0) & (self.charge != 0)
        return np.multiply(weight, self.charge, out=np.zeros(len(weight)), where=paid)

    @cached_property
    def rise(self) -> np.ndarray:
        """V_new - V_old, (S,)."""
        return self.v_new - self.v_old

    def discounted(self, x) -> np.ndarray:
        """(I - gamma P_new)^{-1} x: the sum of x along a run of the new policy, (S,)."""
        chain = induced_chain(self.mdp, self.pi)
        if sp.issparse(chain):
            return spsolve((sp.eye_array(len(x)) - self.mdp.gamma * chain).tocsc(), x)
        return np.linalg.solve(np.eye(len(x)) - self.mdp.gamma * chain, x)

    @property
    def eta_rise(self) -> float:
        """eta(new) - eta(old)."""
        return float(self.mdp.d0 @ self.rise)

    @property
    def total(self) -> float:
        """D^nu_old(new)."""
        problem = self.problem
        return total_drift(self.pi, problem.old, problem.drift, problem.nu, problem.adv)

    @property
    def u(self) -> float:
        """The largest u with d(s) / beta(s) >= u in every state that beta samples."""
        sampled = self.problem.beta > 0
        return float((self.mdp.d0[sampled] / self.problem.beta[sampled]).min())


def lemma_2(facts):
    """(4): cost - gain, which is to be <= 0 in every state."""
    return facts.cost - facts.gain


def loses_advantage(facts):
    """-gain."""
    return -facts.gain


def loses_value(facts):
    """-rise."""
    return -facts.rise


def sharpened_lemma_1(facts):
    """(I - gamma P_new)^{-1} cost - rise."""
    return facts.discounted(facts.cost) - facts.rise


def performance_difference(facts):
    """|rise - (I - gamma P_new)^{-1} gain|."""
    return np.abs(facts.rise - facts.discounted(facts.gain))


def inequality_14(facts):
    """(14): cost - rise."""
    return facts.cost - facts.rise


def property_1(facts):
    """E_d cost - E_d rise, (1,)."""
    return np.array([facts.mdp.d0 @ facts.cost - facts.eta_rise])


def inequality_8(facts):
    """(8): u D^nu - E_d rise, (1,)."""
    return np.array([facts.u * facts.total - facts.eta_rise])
