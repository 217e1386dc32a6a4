"""Mirror learning on a graph: the update of Definition 3, with a finite set of candidates."""

from collections.abc import Callable

import numpy as np

from ..simplex import check_distributions
from ..updates import Solution, UpdateProblem

TIES = 9
"""Objectives are compared after rounding to this many digits: the first of equals is taken."""


def best_among(policies) -> Callable[[UpdateProblem], Solution]:
    """A solver that looks at these policies only, and at staying.

    Parameters
    ----------
    policies : (N, S, A) array
        The vertices of a graph, say.

    Returns
    -------
    callable
        `UpdateProblem -> Solution`, for `mirror_step` and `mirror_learning`. Of the policies that
        lie in the neighbourhood it takes the first whose objective is largest; the old one stays
        unless another gains more than `UpdateProblem.noise`.

    Raises
    ------
    TypeError, ValueError
        If they are no policies.

    Examples
    --------
    Among the corners of the simplex there is no small step:

    >>> from mirrorbook import ALGORITHMS, games, mirror_step
    >>> from mirrorbook.policy_dag import deterministic_policies
    >>> mdp = games.single_step((1.0, 0.0))
    >>> corners = deterministic_policies(mdp)
    >>> mirror_step(mdp, corners[1], ALGORITHMS["L2²"], solver=best_among(corners)).pi[0]
    array([0., 1.])
    """
    policies = check_distributions(policies, "policies")
    if policies.ndim != 3:
        raise ValueError(f"policies has shape {policies.shape}, expected (policies, S, A)")

    def solver(problem):
        around = (problem.old, problem.beta, problem.adv)
        inside = [p for p in policies if problem.neighbourhood.contains(p, *around)]
        gains = np.round([problem.objective(p) for p in inside], TIES)
        if len(gains) and gains.max() > max(problem.noise, 10.0**-TIES):
            new = inside[int(gains.argmax())]
        else:
            new = problem.old
        return Solution(new.copy(), 0.0, f"exact: the best of {len(policies)} policies", problem)

    return solver
