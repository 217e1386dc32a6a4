r"""The linear systems of evaluation,  x = b + gamma C x,  for chains of any size.

C is the chain of a policy (x its values) or the transpose of one (x its occupancy).  Up to
`DIRECT` states the system is solved directly, and exactly but for rounding.  Beyond, the answer is
improved until its residual is small in the norm in which gamma C is a contraction,

    ||b + gamma C x - x||  <=  accuracy ||x||        so    ||x - x*||  <=  residual / (1 - gamma),

the largest entry for values, the sum of all entries for occupancies.  Each round solves for what
the last round left over, by BiCGSTAB (van der Vorst, 1992), preconditioned by one sweep of
Gauss-Seidel forward and one backward where numba is installed.  Where that stalls, as it may on
deterministic cycles or with gamma next to 1, a `SolverWarning` says so and the direct solver takes
over.
"""

import warnings
from functools import cache
from importlib.util import find_spec

import numpy as np
import scipy.sparse as sp
from scipy.linalg.lapack import dgesv
from scipy.sparse.linalg import LinearOperator, bicgstab, splu

DIRECT = 512
"""Up to so many states systems are solved directly and policies improved exactly."""

ROUNDS = 12
"""Rounds of BiCGSTAB at most; each solves for what the last one left over."""

ITERATIONS = 250
"""Iterations of BiCGSTAB in a round at most."""

REDUCTION = 1e-8
"""The least share of its residual that a round is asked to leave."""


class SolverWarning(UserWarning):
    """The method at hand did not reach its accuracy; another one took over."""


@cache
def kernels():
    """What `mirrorbook.compiled` has, or None where numba is not installed.

    Returns
    -------
    module or None

    Raises
    ------
    ImportError
        If numba is there but cannot be imported.

    Examples
    --------
    >>> found = kernels()
    >>> found is None or hasattr(found, "bicgstab")
    True
    """
    if find_spec("numba") is None:
        return None
    from . import compiled  # here, as importing numba takes longer than importing the package

    return compiled


def solve(chain, gamma: float, right: np.ndarray, norm=np.inf) -> tuple[np.ndarray, str]:
    """x = right + gamma chain x, and the name of the solver that found it.

    Parameters
    ----------
    chain : (S, S) array, or sparse array
        Its rows sum to one, or its columns.
    gamma : float in [0, 1)
    right : (S,) array
    norm : np.inf or 1
        np.inf for values, where the rows sum to one; 1 for occupancies, where the columns do.

    Returns
    -------
    x : (S,) array
    solver : str

    Warns
    -----
    SolverWarning
        If the iteration stalled and the direct solver took over.

    Examples
    --------
    >>> solve(np.array([[0.0, 1.0], [0.0, 1.0]]), 0.5, np.array([1.0, 0.0]))
    (array([1., 0.]), 'dense LU')
    """
    if len(right) <= DIRECT:
        return _direct(chain, gamma, right)
    x, name, reached = _iterated(chain, gamma, right, norm)
    if reached:
        return x, name
    warnings.warn(
        f"{name} stalled on {len(right)} states with gamma = {gamma:g}: solving directly",
        SolverWarning,
        stacklevel=3,
    )
    return _direct(chain, gamma, right)


def accuracy(gamma: float) -> float:
    """Residual, as a share of the solution, at which an iteration ends.

    1e-12 (1 - gamma), so that the solution is right to 1e-12 of its size; but no less than the
    rounding of a sweep.

    Parameters
    ----------
    gamma : float in [0, 1)

    Returns
    -------
    float

    Examples
    --------
    >>> accuracy(0.5)
    5e-13
    """
    return max(1e-12 * (1 - gamma), 8 * np.finfo(float).eps)


def _direct(chain, gamma, right):
    if not sp.issparse(chain):
        matrix = -gamma * chain
        matrix.ravel("K")[:: len(right) + 1] += 1  # in whatever order it lies, its diagonal
        *_, x, singular = dgesv(matrix, right)
        if singular:
            raise np.linalg.LinAlgError("I - gamma P_pi is singular in double precision")
        return x, "dense LU"
    # I - gamma chain is an M-matrix: pivots from the diagonal are stable, keep its sparsity, and
    # turn a nonnegative right side into a nonnegative solution even after rounding
    matrix = (sp.eye_array(len(right)) - gamma * chain).tocsc()
    options = dict(SymmetricMode=True)
    factors = splu(matrix, permc_spec="MMD_AT_PLUS_A", diag_pivot_thresh=0.0, options=options)
    return factors.solve(right), "sparse LU"


def _iterated(chain, gamma, right, norm):
    """Solution, name of the method, and whether the residual is as small as `accuracy` asks."""
    if sp.issparse(chain):
        chain = chain.tocsr()
    method, name = _krylov(chain, gamma)
    # the value of the mean reward; but an occupancy is zero where nobody comes, and stays so
    x = np.full(len(right), right.mean() / (1 - gamma)) if norm == np.inf else right.copy()
    last = np.inf
    for _ in range(ROUNDS):
        residual = right + gamma * (chain @ x) - x
        size, enough = np.linalg.norm(residual, norm), accuracy(gamma) * np.linalg.norm(x, norm)
        if size <= enough:
            return x, name, True
        if not size < last / 2:
            break
        last, scale = size, np.abs(residual).max()  # scaled, so that no square overflows
        step = method(residual / scale, max(REDUCTION, enough / size / 4))
        # an occupancy is nonnegative: raising what fell below zero only brings it nearer
        x = x + scale * step if norm == np.inf else np.maximum(x + scale * step, 0)
    return x, name, False


def _krylov(chain, gamma):
    """What finds x = right + gamma chain x but for a share of the right side, and its name."""
    compiled = kernels() if sp.issparse(chain) else None
    if compiled is None:
        matrix = LinearOperator(chain.shape, lambda x: x - gamma * (chain @ x), dtype=float)
        options = dict(atol=0, maxiter=ITERATIONS)
        return lambda right, share: bicgstab(matrix, right, rtol=share, **options)[0], "BiCGSTAB"
    system = *compiled.parts(chain), gamma, 1 / (1 - gamma * chain.diagonal())
    return (
        lambda right, share: compiled.bicgstab(*system, right, share, ITERATIONS)
    ), "BiCGSTAB with Gauss-Seidel"
