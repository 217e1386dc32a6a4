"""Ties among the rows of an update."""

import numpy as np

from mirrorbook.updates.rows import Rows, evened, has_ties

ONE = np.ones(1)


def test_ties_of_bad_actions():
    assert has_ties(np.array([[0.0, 1.0, 2.0], [3.0, 0.0, 3.0]]))
    assert not has_ties(np.array([[0.0, 0.0, 2.0], [3.0, 0.0, 2.0]]))


def test_equally_bad_actions_share_a_loss():
    old = np.array([[0.1, 0.3, 0.2, 0.4], [0.1, 0.3, 0.2, 0.4], [0.0, 0.3, 0.2, 0.5]])
    gap = np.array([[7.0, 5.0, 5.0, 0.0], [7.0, 5.0, 4.0, 0.0], [5.0, 5.0, 4.0, 0.0]])
    pi = np.array([[0.0, 0.05, 0.2, 0.75], [0.0, 0.05, 0.2, 0.75], [0.0, 0.05, 0.2, 0.75]])
    shared = evened(pi, Rows(gap, old, "tv", np.ones(3), "kl"))
    np.testing.assert_allclose(shared[0], [0, 0.15, 0.1, 0.75])
    np.testing.assert_array_equal(shared[1:], pi[1:])  # a tie only with an action that is not used
    still = np.array([[0.1, 0.3, 0.2, 0.4]])
    np.testing.assert_array_equal(evened(still, Rows(gap[:1], still, "tv", ONE, "kl")), still)
