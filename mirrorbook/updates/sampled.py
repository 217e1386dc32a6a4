"""An update restricted to the states that beta samples, and its answer put back in place."""

from dataclasses import replace

import numpy as np

from ..neighbourhoods import Soft, StatewiseBall


def sampled_part(problem):
    """The update of the states with beta(s) > 0 alone; the others keep their rows.

    Parameters
    ----------
    problem : UpdateProblem

    Returns
    -------
    UpdateProblem
        With n of the S rows. A rule for nu stays as it is.
    """
    states = np.flatnonzero(problem.beta > 0)
    nu = problem.nu if callable(problem.nu) else problem.nu[states]
    return replace(
        problem, adv=problem.adv[states], old=problem.old[states], beta=problem.beta[states],
        nu=nu, drift=problem.drift.at(states),
    )  # fmt: skip


def spread_out(rows, problem):
    """The policy with the given rows in the states that beta samples, and the old ones elsewhere.

    Parameters
    ----------
    rows : (n, A) array
    problem : UpdateProblem

    Returns
    -------
    (S, A) array
    """
    pi = problem.old.copy()
    pi[problem.beta > 0] = rows
    return pi


def radius_multiplier(k, problem):
    """The multiplier of the neighbourhood's radius in the Lagrangian of F.

    Parameters
    ----------
    k : (n,) or (1,) array
        Divided by beta: one a sampled state in a statewise ball, otherwise a single one.
    problem : UpdateProblem

    Returns
    -------
    (S,) array in a statewise ball, otherwise float
    """
    if not isinstance(problem.neighbourhood, StatewiseBall):
        return float(k[0])
    sampled, multipliers = problem.beta > 0, np.zeros(len(problem.beta))
    multipliers[sampled] = problem.beta[sampled] * k
    return multipliers


def lower_bound(neighbourhood, shape):
    """The least probability of every action: mu among mu-soft policies, otherwise 0.

    Parameters
    ----------
    neighbourhood : Soft or any other
    shape : tuple of int

    Returns
    -------
    array of that shape
    """
    return np.full(shape, neighbourhood.mu if isinstance(neighbourhood, Soft) else 0.0)


def row_problem(problem, s, neighbourhood):
    """The update of one row, divided by beta(s), in a neighbourhood of its own.

    Parameters
    ----------
    problem : UpdateProblem
        With beta(s) > 0 and weights for nu.
    s : int
        State.
    neighbourhood : Neighbourhood

    Returns
    -------
    UpdateProblem
        With one state, of weight one.
    """
    return replace(
        problem, adv=problem.adv[[s]], old=problem.old[[s]], beta=np.ones(1),
        nu=problem.nu[[s]] / problem.beta[s], drift=problem.drift.at([s]),
        neighbourhood=neighbourhood,
    )  # fmt: skip
