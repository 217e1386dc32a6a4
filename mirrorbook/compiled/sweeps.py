"""Sweeps over sparse transitions, compiled by numba.

Each function reads every transition it needs once, so that its time is that of the memory.  A
matrix comes as `(indptr, indices, data)` with unsigned indices, see `parts`: numba then leaves out
the test for indices that count from the end, which costs more than the arithmetic.
"""

import numpy as np
from numba import njit

_compile = njit(cache=True, error_model="numpy", fastmath={"contract", "reassoc"})


def parts(matrix):
    """`(indptr, indices, data)` of a CSR array, the indices seen as unsigned: nothing is copied.

    Parameters
    ----------
    matrix : scipy CSR array

    Returns
    -------
    tuple of three arrays
    """
    unsigned = np.dtype(f"u{matrix.indices.dtype.itemsize}")
    return matrix.indptr.view(unsigned), matrix.indices.view(unsigned), matrix.data


@_compile
def look_ahead(indptr, indices, data, r, gamma, v, ahead, actions):
    """ahead(s) = max_a r(s, a) + gamma E v(s'), actions(s) the first maximiser; both in place.

    Parameters
    ----------
    indptr, indices, data : arrays
        The transitions, (S A, S), as `parts` gives them.
    r : (S, A) array
    gamma : float
    v : (S,) array
    ahead, actions : (S,) arrays
        What is found is written there.

    Returns
    -------
    low, high : float
        The least and the largest change, min and max of ahead - v.
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
def relaxations(indptr, indices, data, gamma, n_actions, scale):
    """scale[s A + a] = 1 / (1 - gamma P(s|s, a)), in place: what staying multiplies a gain by.

    Parameters
    ----------
    indptr, indices, data : arrays
        The transitions, (S A, S), as `parts` gives them.
    gamma : float
    n_actions : int
    scale : (S A,) array
        What is found is written there.
    """
    for row in range(len(scale)):
        s, stay = row // n_actions, 0.0
        for j in range(indptr[row], indptr[row + 1]):
            if np.int64(indices[j]) == s:
                stay += data[j]
        scale[row] = 1 / (1 - gamma * stay)


@_compile
def relax(indptr, indices, data, r, gamma, scale, v, backward):
    """v(s) <- max_a of the v(s) that solves v(s) = r(s, a) + gamma E v(s'), state after state.

    Gauss-Seidel: what a state has learned, the states after it already use, so that in a good
    order one sweep carries a reward along a whole path.

    Parameters
    ----------
    indptr, indices, data : arrays
        The transitions, (S A, S), as `parts` gives them.
    r : (S, A) array
    gamma : float
    scale : (S A,) array
        Of `relaxations`.
    v : (S,) array
        Changed in place.
    backward : bool
        Whether the sweep begins with the last state.
    """
    n_states, n_actions = r.shape
    for k in range(n_states):
        s = n_states - 1 - k if backward else k
        most = -np.inf
        for a in range(n_actions):
            row, mean = s * n_actions + a, 0.0
            for j in range(indptr[row], indptr[row + 1]):
                mean += data[j] * v[indices[j]]
            most = max(most, (r[s, a] + gamma * mean - v[s]) * scale[row])
        v[s] += most


@_compile
def bicgstab(indptr, indices, data, gamma, scale, right, reduction, iterations):
    """x with ||right - (I - gamma chain) x|| <= reduction ||right||, or what was found till then.

    The method of `scipy.sparse.linalg.bicgstab` from x = 0, in which all work of an iteration is
    compiled.

    Parameters
    ----------
    indptr, indices, data : arrays
        The chain, (S, S), as `parts` gives them.
    gamma : float
    scale : (S,) array
        The inverse of the diagonal of I - gamma chain.
    right : (S,) array
    reduction : float
        Share of the residual at which the iteration ends.
    iterations : int
        How many there are at most.

    Returns
    -------
    (S,) array
    """
    n = len(right)
    residual, shadow, x = right.copy(), right, np.zeros(n)
    direction, moved, turned = np.zeros(n), np.zeros(n), np.empty(n)
    step, turn = np.empty(n), np.empty(n)
    rho, alpha, omega = 1.0, 1.0, 1.0
    enough = reduction**2 * np.dot(right, right)
    for _ in range(iterations):
        last, rho = rho, np.dot(shadow, residual)
        if rho == 0 or np.dot(residual, residual) <= enough:
            break
        beta = rho / last * alpha / omega
        for s in range(n):
            direction[s] = residual[s] + beta * (direction[s] - omega * moved[s])
        _precondition(indptr, indices, data, gamma, scale, direction, step)
        _apply(indptr, indices, data, gamma, step, moved)
        alpha = rho / np.dot(shadow, moved)
        for s in range(n):
            residual[s] -= alpha * moved[s]
        _precondition(indptr, indices, data, gamma, scale, residual, turn)
        _apply(indptr, indices, data, gamma, turn, turned)
        size = np.dot(turned, turned)
        omega = np.dot(turned, residual) / size if size > 0 else 0.0
        for s in range(n):
            x[s] += alpha * step[s] + omega * turn[s]
            residual[s] -= omega * turned[s]
    return x


@_compile
def _apply(indptr, indices, data, gamma, x, result):
    """result = (I - gamma chain) x."""
    for s in range(len(x)):
        mean = 0.0
        for j in range(indptr[s], indptr[s + 1]):
            mean += data[j] * x[indices[j]]
        result[s] = x[s] - gamma * mean


@_compile
def _precondition(indptr, indices, data, gamma, scale, y, x):
    """x = (D - U)^{-1} D (D - L)^{-1} y, in place, where D - L - U = I - gamma chain.

    `scale` is 1 / D, L and U what lies below and above it: from x = 0 one sweep of Gauss-Seidel
    forward, which still meets zeros above the diagonal, and one backward.
    """
    n_states = len(y)
    x[:] = 0
    for k in range(2 * n_states):
        s, mean = k if k < n_states else 2 * n_states - 1 - k, 0.0
        for j in range(indptr[s], indptr[s + 1]):
            mean += data[j] * x[indices[j]]
        x[s] += (y[s] + gamma * mean - x[s]) * scale[s]
