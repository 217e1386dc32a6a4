"""The compiled preconditioner against the triangular factors that it stands for."""

import numpy as np
import pytest
import scipy.sparse as sp
from scipy.linalg import solve_triangular

from mirrorbook import compiled, policies
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
    x = np.zeros(40)
    compiled.precondition(*compiled.parts(chain), gamma, np.diag(matrix).copy(), y, x)
    forward = np.diag(matrix) * solve_triangular(matrix, y, lower=True)
    np.testing.assert_allclose(x, solve_triangular(matrix, forward), rtol=1e-9, atol=1e-12)
