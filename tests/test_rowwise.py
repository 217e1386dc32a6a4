"""Updates row by row: the weights of the states come back, and so does the weakest method."""

from dataclasses import replace

import numpy as np
from convex import random_update

from mirrorbook import AllPolicies, KLOldNew, L2Squared, StatewiseBall
from mirrorbook.updates import Solution, maximise
from mirrorbook.updates.rowwise import maximise_rows


def test_agrees_with_the_update_as_a_whole():
    rng = np.random.default_rng(0)
    for neighbourhood in (AllPolicies(), StatewiseBall(KLOldNew(), 0.1)):
        problem = random_update(rng, L2Squared(), neighbourhood)
        whole, rows = maximise(problem), maximise_rows(problem, maximise)
        np.testing.assert_allclose(rows.pi, whole.pi, rtol=0, atol=1e-12)
        expected = np.broadcast_to(whole.multiplier, len(rows.pi))
        np.testing.assert_allclose(rows.multiplier, expected, rtol=1e-8, atol=1e-14)
        assert rows.method == "exact"


def test_one_approximate_row_is_enough():
    problem = random_update(np.random.default_rng(1), L2Squared(), AllPolicies())
    methods = iter(["exact", "approximate: for the test", "exact"])

    def solver(row):
        return Solution(row.old, 0.0, next(methods), row)

    assert maximise_rows(problem, solver).method.startswith("approximate")


def test_unsampled_rows_are_not_touched():
    problem = random_update(np.random.default_rng(2), L2Squared(), AllPolicies())
    problem = replace(problem, beta=np.array([0.5, 0.0, 0.5]))
    np.testing.assert_array_equal(maximise_rows(problem, maximise).pi[1], problem.old[1])
