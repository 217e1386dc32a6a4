"""SPO and DPO: where they are free, and where they are walls."""

import numpy as np
import pytest

from mirrorbook.drifts import DPO, SPO


def test_spo_alone_would_stop_at_its_epsilon():
    """r A - |A| (r - 1)^2 / 2 epsilon is largest at r = 1 + epsilon sign A."""
    old, adv = np.array([[0.5, 0.5]]), np.array([[1.5, -0.5]])
    new = old * [1.2, 0.8]
    np.testing.assert_allclose(SPO(0.2).gradient(new, old, adv), adv, rtol=1e-14)


def test_spo_at_unused_actions():
    old, new = np.array([[1.0, 0.0]]), np.array([[0.9, 0.1]])
    assert SPO().value(new, old, np.array([[0.0, -1.0]])) == [np.inf]
    assert SPO().gradient(old, old, np.array([[0.0, -1.0]])).tolist() == [[0, np.inf]]
    assert SPO().value(new, old, np.array([[0.0, 0.0]])) == [0]
    assert SPO().gradient(new, old, np.array([[0.0, 0.0]])).tolist() == [[0, 0]]


def test_dpo_charges_no_move_that_is_worse():
    old, new = np.array([[0.5, 0.5]]), np.array([[0.2, 0.8]])
    adv = np.array([[1.0, -1.0]])
    assert DPO().value(new, old, adv) == [0]
    assert DPO().gradient(new, old, adv).tolist() == [[0, 0]]


def test_dpo_is_a_wall_before_dropping_a_bad_action_and_none_before_a_good_one():
    old, corner = np.array([[0.5, 0.5]]), np.array([[1.0, 0.0]])
    assert DPO().value(corner, old, np.array([[1.0, -1e-3]])) == [np.inf]
    assert DPO().gradient(corner, old, np.array([[1.0, -1e-3]]))[0, 1] == -np.inf
    assert DPO().value(corner, old, np.array([[0.0, 1.0]])) == [0]


def test_dpo_takes_the_limit_at_unused_actions():
    adv, new = np.array([[-1.0, 0.7]]), np.array([[0.5, 0.5]])
    at_zero = DPO().value(new, np.array([[1.0, 0.0]]), adv)
    # the action of negative advantage lost half: 0.6 (y - tanh y), y = log(2) / 0.6
    y = np.log(2) / 0.6
    assert at_zero == pytest.approx([0.5 * 0.7 + 0.6 * (y - np.tanh(y))], rel=1e-14)
    for tiny in (1e-9, 1e-300, 5e-324):
        near = DPO().value(new, np.array([[1 - tiny, tiny]]), adv)
        assert near == pytest.approx(at_zero, rel=1e-7)
    assert DPO().gradient(new, np.array([[1.0, 0.0]]), adv)[0, 1] == 0.7
