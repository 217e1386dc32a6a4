"""Updates whose rows do not know of each other: each is an update of its own.

So it is in a product of neighbourhoods of single rows, whose parts may call for different solvers;
and among all policies, mu-soft ones and in statewise balls for drifts that no exact solver knows.
"""

import numpy as np

from ..neighbourhoods import Product
from .problem import Solution
from .sampled import row_problem


def maximise_rows(problem, solver):
    """argmax of F, row by row.

    Parameters
    ----------
    problem : UpdateProblem
        With weights for nu.
    solver : callable
        `UpdateProblem -> Solution`, called with one row after the other.

    Returns
    -------
    Solution
        Its multiplier is (S,); exact if every row's method is.
    """
    neighbourhood, n_states = problem.neighbourhood, len(problem.old)
    product = isinstance(neighbourhood, Product)
    parts = neighbourhood.rows(n_states) if product else (neighbourhood,) * n_states
    pi, multiplier, methods = problem.old.copy(), np.zeros(n_states), {}
    for s in np.flatnonzero(problem.beta > 0):
        row = solver(row_problem(problem, s, parts[s]))
        pi[s] = row.pi[0]
        multiplier[s] = problem.beta[s] * np.sum(row.multiplier)
        methods[row.method] = None
    # "approximate" comes first in the alphabet, and one such row is enough
    return Solution(pi, multiplier, min(methods, default="exact"), problem)
