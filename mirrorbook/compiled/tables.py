r"""Policies of small games, checked and evaluated from the table of transitions, compiled by numba.

For a few states NumPy and LAPACK take longer to be called than to compute.  The system

    (I - gamma P_pi) V = r_pi

is solved by elimination without pivoting: its matrix is diagonally dominant by rows, and so is what
each step leaves, so that no entry grows to more than twice the largest (Higham, Accuracy and
Stability of Numerical Algorithms, 2nd ed., Thm. 9.9).  No sum is reordered and no product fused, so
that all processors find the same bits.
"""

from functools import partial

import numpy as np
from numba import boolean, float64, njit, types

_compile = partial(njit, cache=True, error_model="numpy")

ANY = types.Array(float64, 2, "A", readonly=True)
FOUND = types.Tuple((float64[::1], boolean))
TABLE = types.Array(float64, 3, "C", readonly=True)


@_compile(boolean(ANY, float64))
def are_distributions(rows, tolerance):
    """Whether the rows are probability vectors, whose sums may be off one by the tolerance.

    Parameters
    ----------
    rows : (S, A) array
    tolerance : float

    Returns
    -------
    bool
    """
    for s in range(rows.shape[0]):
        total = 0.0
        for a in range(rows.shape[1]):
            if not rows[s, a] >= 0:
                return False
            total += rows[s, a]
        if not abs(total - 1) <= tolerance:
            return False
    return True


@_compile(FOUND(ANY, TABLE, ANY, float64))
def values(pi, P, r, gamma):
    """V_pi, (S,), and whether the system could be solved in double precision.

    Parameters
    ----------
    pi, r : (S, A) arrays
    P : (S, A, S) array
    gamma : float

    Returns
    -------
    v : (S,) array
    regular : bool
    """
    S, A = pi.shape
    matrix, v = np.zeros((S, S)), np.zeros(S)
    for s in range(S):
        for a in range(A):
            v[s] += pi[s, a] * r[s, a]
            if pi[s, a] != 0:
                for t in range(S):
                    matrix[s, t] -= gamma * pi[s, a] * P[s, a, t]
        matrix[s, s] += 1
    for k in range(S):
        if not matrix[k, k] > 0:
            return v, False
        for i in range(k + 1, S):
            share = matrix[i, k] / matrix[k, k]
            if share != 0:
                for j in range(k + 1, S):
                    matrix[i, j] -= share * matrix[k, j]
                v[i] -= share * v[k]
    for k in range(S - 1, -1, -1):
        for j in range(k + 1, S):
            v[k] -= matrix[k, j] * v[j]
        v[k] /= matrix[k, k]
    return v, True
