"""Which pairs of policies are edges, and what they weigh (Definition 4), one vertex at a time.

On a grid many policies share their rows. For each vertex the drift is therefore computed once for
every distinct row of every state, and looked up for the rows of all the policies at once.
"""

from functools import partial

import numpy as np
import scipy.sparse as sp

from ..neighbourhoods import AllPolicies, AverageBall, Intersection, StatewiseBall

ROUNDING = 1e-12
"""By this share of its radius a candidate may leave a ball and still be counted in."""


def edges(policies, eta, problems, tolerance, moving):
    """The weights of all edges among some policies.

    Parameters
    ----------
    policies : (N, S, A) array
    eta : (N,) array
        Their returns.
    problems : sequence of N UpdateProblem
        The update at each of them: drift, neighbourhood, beta and nu.
    tolerance : float
        By how much eta must rise at least.
    moving : (S,) bool array
        The states whose row differs between the policies, the terminal ones apart.

    Returns
    -------
    weights : CSR array, shape (N, N)
    infinite : int
        Number of pairs left out because their drift is infinite.

    Raises
    ------
    ValueError
        If the drift is not positive.
    """
    table = RowTable(policies)
    columns, values, infinite = [], [], 0
    for i, problem in enumerate(problems):
        _check_positive(problem, i, moving)
        targets = np.flatnonzero(eta > eta[i] + tolerance)
        charges = partial(table.charges, problem=problem, targets=targets)
        inside = _inside(problem.neighbourhood, problem, policies[targets], charges)
        targets = targets[inside]
        weight = _total(problem, policies[targets], charges(problem.drift)[inside])
        finite = np.isfinite(weight)
        columns.append(targets[finite])
        values.append(weight[finite])
        infinite += np.count_nonzero(~finite)
        _check_weights(problem, i, columns[-1], values[-1])
    ends = np.cumsum([0, *map(len, columns)])
    shape = (len(policies), len(policies))
    return sp.csr_array((_joined(values), _joined(columns).astype(int), ends), shape), infinite


class RowTable:
    """The distinct rows of every state, and which of them each policy has.

    Parameters
    ----------
    policies : (N, S, A) array
    """

    def __init__(self, policies):
        rows, places, states, count = [], [], [], 0
        for s in range(policies.shape[1]):
            distinct, place = np.unique(policies[:, s], axis=0, return_inverse=True)
            rows.append(distinct)
            places.append(count + place.ravel())
            states.append(np.full(len(distinct), s))
            count += len(distinct)
        self.rows, self.states = np.concatenate(rows), np.concatenate(states)
        self.places = np.stack(places, axis=1)

    def charges(self, distance, problem, targets) -> np.ndarray:
        """distance_old(p|s) for many candidates p.

        Parameters
        ----------
        distance : Drift
        problem : UpdateProblem
            The old policy and its advantages.
        targets : (K,) array of int
            Which of the policies the candidates are.

        Returns
        -------
        (K, S) array
        """
        old, adv = problem.old[self.states], problem.adv[self.states]
        return distance.at(self.states).value(self.rows, old, adv)[self.places[targets]]


def _inside(neighbourhood, problem, candidates, charges):
    """Which candidates lie in N(old), (K,) bool."""
    if isinstance(neighbourhood, AllPolicies):
        return np.ones(len(candidates), dtype=bool)
    if isinstance(neighbourhood, Intersection):
        parts = [_inside(part, problem, candidates, charges) for part in neighbourhood.parts]
        return np.all(parts, axis=0)
    if isinstance(neighbourhood, AverageBall):
        measure = _weighted(charges(neighbourhood.distance), problem.beta)
    elif isinstance(neighbourhood, StatewiseBall):
        measure = charges(neighbourhood.distance).max(axis=1)
    else:
        around = (problem.old, problem.beta, problem.adv)
        return np.array([neighbourhood.contains(new, *around) for new in candidates], dtype=bool)
    return measure <= neighbourhood.radius * (1 + ROUNDING)


def _total(problem, candidates, charges):
    """D^nu_old of every candidate, (K,)."""
    if not callable(problem.nu):
        return _weighted(charges, problem.nu)
    pairs = zip(candidates, charges, strict=True)
    return np.array([_weighted(charge, problem.nu(new, charge)) for new, charge in pairs])


def _weighted(charges, weights):
    charged = weights > 0  # 0 times an infinite charge is 0 here, not NaN
    return charges[..., charged] @ weights[charged]


def _check_positive(problem, i, moving):
    drift, nu = problem.drift, problem.nu
    if not drift.positive or drift.scale == 0:
        raise ValueError(
            f"the drift {drift!r} is not positive: policies could move for free, along edges of "
            "weight 0, and Definition 4 asks for D^nu_pi(p) = 0 only at p = pi"
        )
    free = np.flatnonzero(moving & (nu == 0)) if not callable(nu) else []
    if len(free):
        raise ValueError(
            f"the drift is not positive: nu[{free[0]}] is 0 at vertex {i}, so a policy could "
            f"change in state {free[0]} for free, and Definition 4 asks for D^nu_pi(p) = 0 only "
            "at p = pi"
        )


def _check_weights(problem, i, targets, weights):
    bad = np.flatnonzero(~(weights > 0))
    if bad.size:
        raise ValueError(
            f"the drift {problem.drift!r} is not positive: the edge from vertex {i} to vertex "
            f"{targets[bad[0]]} weighs {weights[bad[0]]:.6g}"
        )


def _joined(arrays):
    return np.concatenate([np.zeros(0), *arrays])
