r"""The paper's own solver: gradient ascent on softmax parameters (Sec. 7), approximate by design.

Every row of the new policy has n - 1 free parameters, the logit of the last action being fixed:

    p(a|s) = exp(x(s, a)) / sum_b exp(x(s, b)),        x(s, n) = 0.

With G(s, a) = beta(s) A(s, a) - nu(s) dD(p|s) / dp(a), the derivative of F is

    dF / dx(s, a) = p(a|s) (G(s, a) - sum_b p(b|s) G(s, b)),        a < n,

and the ascent starts at the old policy and repeats

    x <- x + t rate dF / dx,        t the first of 1, shrink, shrink^2, ... to stay in N(old).

Where the neighbourhood stops it, it does not slide along the boundary: the steps shrink to nothing
at the first point of the boundary that they meet, which is in general not the best one.
"""

from dataclasses import dataclass, replace

import numpy as np

from ..neighbourhoods import StatewiseBall
from ..simplex import check_count, check_finite
from .problem import Solution, UpdateProblem

STUCK = 1e-9
"""A step that fits only if shrunk below this has met the boundary, and so will all later ones."""


@dataclass(frozen=True)
class SoftmaxGradient:
    """The solver of the paper's experiments, a callable `UpdateProblem -> Solution`.

    Parameters
    ----------
    steps : int >= 1
        Gradient steps of one update.
    rate : float > 0
        Size of a gradient step.
    shrink : float in (0, 1)
        By what a step that leaves the neighbourhood is multiplied until it does not.

    Examples
    --------
    >>> from mirrorbook import ALGORITHMS, games, mirror_step, policies
    >>> mdp = games.single_step()
    >>> solver = SoftmaxGradient(steps=200)
    >>> mirror_step(mdp, policies.uniform(mdp), ALGORITHMS["GPI"], solver=solver).pi[0].round(3)
    array([0.893, 0.019, 0.021, 0.019, 0.048])
    """

    steps: int = 1000
    rate: float = 0.01
    shrink: float = 0.9

    def __post_init__(self):
        check_count(self.steps, "steps")
        for name, bound in (("rate", np.inf), ("shrink", 1.0)):
            number = check_finite(getattr(self, name), name)
            if number.ndim != 0 or not 0 < number < bound:
                raise ValueError(f"{name} is {number}, expected a number in (0, {bound:g})")

    def __call__(self, problem: UpdateProblem) -> Solution:
        """Climb F from the old policy.

        Parameters
        ----------
        problem : UpdateProblem
            With any drift that has a gradient, and any neighbourhood.

        Returns
        -------
        Solution
            Inside the neighbourhood; approximate, as its `.method` says. The ascent knows no
            multiplier: it is given as 0, so that `.certificate.gap` bounds how much more any
            policy could gain, on either side of the neighbourhood's boundary.

        Raises
        ------
        ValueError
            If a row that is to be updated has a zero: it has no softmax parameters.
        ArithmeticError
            If the ascent overflows: `rate` is too large for the problem.
        """
        states = np.flatnonzero(problem.beta > 0)
        _check_interior(problem.old, states)
        sampled = replace(
            problem, adv=problem.adv[states], old=problem.old[states],
            beta=problem.beta[states], nu=problem.nu[states],
        )  # fmt: skip
        pi = problem.old.copy()
        with np.errstate(over="ignore", invalid="ignore"):
            pi[states] = self._ascend(sampled)
        method = f"approximate: {self.steps} softmax gradient steps of {self.rate:g}"
        statewise = isinstance(problem.neighbourhood, StatewiseBall)
        return Solution(pi, np.zeros(len(pi)) if statewise else 0.0, method, problem)

    def _ascend(self, problem):
        old, beta, inside = problem.old, problem.beta, problem.neighbourhood.contains
        x, p = np.log(old / old[:, -1:]), old
        for _ in range(self.steps):
            step, t = self.rate * parameter_gradient(problem, p), 1.0
            candidate = _softmax(x + step)
            while not inside(candidate, old, beta):
                t *= self.shrink
                if t < STUCK:
                    return p
                candidate = _softmax(x + t * step)
            x, p = x + t * step, candidate
        return p


def parameter_gradient(problem: UpdateProblem, p) -> np.ndarray:
    """dF/dx(s, a) = p(a|s) (G(s, a) - sum_b p(b|s) G(s, b)), and 0 for the last action.

    Parameters
    ----------
    problem : UpdateProblem
    p : (S, A) array
        Where on the simplex, rows positive.

    Returns
    -------
    (S, A) array
    """
    pull = problem.nu[:, None] * problem.drift.gradient(p, problem.old, problem.adv)
    slope = problem.beta[:, None] * problem.adv - pull
    gradient = p * (slope - (p * slope).sum(axis=1, keepdims=True))
    gradient[:, -1] = 0.0
    return gradient


def _softmax(x):
    # policies.softmax without its checks, which would cost more than the step itself
    _check_no_overflow(x)
    weights = np.exp(x - x.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


def _check_interior(old, states):
    zeros = np.argwhere(old[states] == 0)
    if zeros.size:
        s, a = states[zeros[0, 0]], zeros[0, 1]
        raise ValueError(
            f"old[{s}, {a}] is 0: a policy with a zero probability has no softmax parameters"
        )


def _check_no_overflow(array):
    if not np.isfinite(array).all():
        s, a = np.argwhere(~np.isfinite(array))[0]
        raise ArithmeticError(
            f"the ascent overflowed at updated row {s}, action {a}: choose a smaller rate"
        )
