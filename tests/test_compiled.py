"""The compiled preconditioner, its method, and elimination, against what they stand for."""

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from oracles import random_rows, values_exactly
from scipy.linalg import solve_triangular
from strategies import mdps_with_policies

from mirrorbook import MDP, compiled, evaluate, linear, policies
from mirrorbook.compiled.sweeps import _precondition
from mirrorbook.evaluation import TINY, values_of
from mirrorbook.mdp import induced_chain
from mirrorbook.random_mdps import FAMILIES, random_mdp
from mirrorbook.simplex import SUM_TOLERANCE


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


@given(mdps_with_policies())
def test_elimination_finds_the_values(drawn):
    mdp, pi = drawn
    v, regular = compiled.values(pi, mdp.table, mdp.r, mdp.gamma)
    truth = values_exactly(mdp, pi)
    assert regular
    assert np.abs(v - truth).max() <= 1e-14 * np.abs(truth).max() / (1 - mdp.gamma)


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize("gamma", [0.0, 0.99, 0.9999])
def test_elimination_is_what_small_games_are_solved_by(family, gamma, monkeypatch):
    rng = np.random.default_rng(23)
    mdp = random_mdp(rng, family, TINY, 3, gamma)
    pi = random_rows(rng, TINY, 3)
    values = evaluate(mdp, pi)
    monkeypatch.setattr(linear, "kernels", lambda: None)
    without = evaluate(mdp, pi)
    assert (values.solver, without.solver) == ("elimination", "dense LU")
    allowed = 1e-14 * np.abs(without.v).max() / (1 - gamma)
    np.testing.assert_allclose(values.v, without.v, rtol=0, atol=allowed)


def test_a_singular_system_is_left_to_others():
    stay = MDP([[[1.0]]], [[1.0]], np.nextafter(1, 0), [1.0])
    one = np.ones((1, 1))
    assert compiled.values(one, stay.table, stay.r, 1.0)[1] is False
    v, regular = compiled.values(one, stay.table, stay.r, stay.gamma)
    assert regular and v == 2.0**53


def test_how_arrays_lie_in_memory_changes_nothing():
    rng = np.random.default_rng(24)
    mdp, pi = random_mdp(rng, "dense", 7, 3, 0.9), random_rows(rng, 7, 3)
    turned = MDP(np.asfortranarray(mdp.P), np.asfortranarray(mdp.r), mdp.gamma, mdp.d0)
    frozen = np.repeat(pi, 2, axis=1)[:, ::2]
    frozen.flags.writeable = False
    v = evaluate(mdp, pi).v
    for other in (np.asfortranarray(pi), frozen):
        np.testing.assert_array_equal(evaluate(turned, other).v, v)
        np.testing.assert_array_equal(values_of(turned, other).v, v)


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ([0.5, 0.5], True),
        ([1.0, 0.0], True),
        ([1.0, 0.9e-9], True),
        ([1.0, 1.1e-9], False),
        ([1.0, -1e-300], False),
        ([np.nan, 1.0], False),
        ([np.inf, 0.0], False),
        ([0.0, 0.0], False),
    ],
)
def test_distributions_are_told_from_others(row, found):
    rows = np.array([[0.25, 0.75], row])
    assert compiled.are_distributions(rows, SUM_TOLERANCE) is found
    assert compiled.are_distributions(np.asfortranarray(rows[::-1]), SUM_TOLERANCE) is found
