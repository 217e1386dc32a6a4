"""Sweeps over sparse transitions, compiled by numba: the optional extra `mirrorbook[compiled]`.

Each function reads every transition it needs once, so that its time is that of the memory.  A
matrix comes as `(indptr, indices, data)` with unsigned indices, see `parts`: numba then leaves out
the test for indices that count from the end, which costs more than the arithmetic.
"""

import numpy as np
from numba import njit

_compile = njit(cache=True, error_model="numpy", fastmath={"contract", "reassoc"})


def parts(matrix):
    """`(indptr, indices, data)` of a CSR array, the indices seen as unsigned: nothing is copied."""
    unsigned = np.dtype(f"u{matrix.indices.dtype.itemsize}")
    return matrix.indptr.view(unsigned), matrix.indices.view(unsigned), matrix.data


@_compile
def look_ahead(indptr, indices, data, r, gamma, v, ahead, actions):
    """ahead(s) = max_a r(s, a) + gamma E v(s'), actions(s) the first maximiser; both in place.

    Returns the least and the largest change, min and max of ahead - v.
    """
    n_states, n_actions = r.shape
    low, high = np.inf, -np.inf
    for s in range(n_states):
        best, chosen = -np.inf, 0
        for a in range(n_actions):
            row, mean = s * n_actions + a, 0.0
            for j in range(indptr[row], indptr[row + 1]):
                mean += data[j] * v[indices[j]]
            q = r[s, a] + gamma * mean
            if q > best:
                best, chosen = q, a
        ahead[s], actions[s] = best, chosen
        low, high = min(low, best - v[s]), max(high, best - v[s])
    return low, high


@_compile
def relax(indptr, indices, data, r, gamma, v, backward):
    """v(s) <- max_a of the v(s) that solves v(s) = r(s, a) + gamma E v(s'), state after state.

    Gauss-Seidel: what a state has learned, the states after it already use, so that in a good
    order one sweep carries a reward along a whole path.
    """
    n_states, n_actions = r.shape
    for k in range(n_states):
        s = n_states - 1 - k if backward else k
        best = -np.inf
        for a in range(n_actions):
            row, mean, stay = s * n_actions + a, 0.0, 0.0
            for j in range(indptr[row], indptr[row + 1]):
                if np.int64(indices[j]) == s:
                    stay += data[j]
                else:
                    mean += data[j] * v[indices[j]]
            best = max(best, (r[s, a] + gamma * mean) / (1 - gamma * stay))
        v[s] = best


@_compile
def precondition(indptr, indices, data, gamma, own, y, x):
    """x = (D - U)^{-1} D (D - L)^{-1} y, in place, where D - L - U = I - gamma chain.

    `own` is the diagonal D, L and U what lies below and above it: from x = 0 one sweep of
    Gauss-Seidel forward, which still meets zeros above the diagonal, and one backward.
    """
    n_states = len(y)
    for k in range(2 * n_states):
        s = k if k < n_states else 2 * n_states - 1 - k
        known = y[s] - (1 - own[s]) * x[s]
        for j in range(indptr[s], indptr[s + 1]):
            known += gamma * data[j] * x[indices[j]]
        x[s] = known / own[s]
