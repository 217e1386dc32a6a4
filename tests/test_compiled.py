"""The compiled preconditioner against the triangular factors that it stands for, and its method."""

import numpy as np
import pytest
import scipy.sparse as sp
from scipy.linalg import solve_triangular

from mirrorbook import compiled, policies
from mirrorbook.compiled.sweeps import _precondition
from mirrorbook.mdp import induced_chain
from mirrorbook.random_mdps import random_mdp


@pytest.mark.parametrize("integers", [np.int32, np.int64])
def test_parts_are_views(integers):
    matrix = sp.csr_array(np.eye(3))
    matrix.indices, matrix.indptr = matrix.indices.astype(integers), matrix.indptr.astype(integers)
    indptr, indices, data = compiled.parts(matrix)
    assert indices.dtype.kind == indptr.dtype.kind == "u"
    assert np.shares_memory(indices, matrix.indices) and np.shares_memory(indptr, matrix.indptr)
    assert data is matrix.data


@pytest.mark.parametrize("gamma", [0.0, 0.9, 0.9999])
@pytest.mark.parametrize("transposed", [False, True])
def test_precondition_is_a_product_of_triangles(gamma, transposed):
    rng = np.random.default_rng(21)
    mdp = random_mdp(rng, "sparse", 40, 3, gamma)
    chain = induced_chain(mdp, policies.uniform(mdp))
    chain = chain.T.tocsr() if transposed else chain
    matrix, y = np.eye(40) - gamma * chain.toarray(), rng.normal(size=40)
    x = np.ones(40)
    _precondition(*compiled.parts(chain), gamma, 1 / np.diag(matrix), y, x)
    forward = np.diag(matrix) * solve_triangular(matrix, y, lower=True)
    np.testing.assert_allclose(x, solve_triangular(matrix, forward), rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("reduction", [1e-2, 1e-8])
def test_bicgstab_leaves_the_share_of_the_residual_that_it_is_told(reduction):
    rng = np.random.default_rng(22)
    mdp = random_mdp(rng, "sparse", 60, 3, 0.99)
    chain, right = induced_chain(mdp, policies.uniform(mdp)), rng.normal(size=60)
    system = *compiled.parts(chain), 0.99, 1 / (1 - 0.99 * chain.diagonal()), right
    x = compiled.bicgstab(*system, reduction, 250)
    residual = right + 0.99 * (chain @ x) - x
    assert 0 < np.linalg.norm(residual) <= reduction * np.linalg.norm(right)
    early = compiled.bicgstab(*system, reduction, 1)
    assert np.linalg.norm(right + 0.99 * (chain @ early) - early) > np.linalg.norm(residual)


def test_bicgstab_ends_where_nothing_is_left():
    """Without a chain the first half of a step is the solution, and nothing is left to turn."""
    nothing, right = sp.csr_array((3, 3)), np.array([1.0, -2.0, 0.5])
    system = *compiled.parts(nothing), 0.9, np.ones(3)
    np.testing.assert_array_equal(compiled.bicgstab(*system, right, 1e-8, 9), right)
    np.testing.assert_array_equal(compiled.bicgstab(*system, 0 * right, 1e-8, 9), 0 * right)
