"""The points of an argmax set: all of them in the box, each with the property it is named for."""

import numpy as np
import pytest

from mirrorbook.drifts import kullback_leibler
from mirrorbook.updates.selection import choose, in_proportion


def random_boxes(rng, n_rows=20, n_actions=4):
    """Boxes that some row of the simplex lies in, some of them degenerate, and old rows."""
    inside = rng.dirichlet(np.ones(n_actions), size=n_rows)
    lower = inside * rng.integers(0, 2, inside.shape) * rng.choice([1, 0.5], size=inside.shape)
    upper = np.minimum(inside + rng.choice([0, 0.1, 1], size=inside.shape), 1)
    old = rng.dirichlet(np.ones(n_actions), size=n_rows)
    old = np.where(rng.random(old.shape) < 0.3, 0, old)
    old[old.sum(axis=1) == 0] = 1
    return lower, upper, old / old.sum(axis=1, keepdims=True)


@pytest.mark.parametrize("selection", ["min-kl", "greedy", "worst", np.random.default_rng(1)])
def test_every_selection_stays_in_the_box(selection):
    rng = np.random.default_rng(0)
    for _ in range(50):
        lower, upper, old = random_boxes(rng)
        p = choose(lower, upper, old, rng.normal(size=old.shape), selection)
        np.testing.assert_allclose(p.sum(axis=1), 1, rtol=0, atol=1e-14)
        assert (p >= lower - 1e-15).all() and (p <= upper + 1e-15).all()


def test_min_kl_is_the_nearest():
    rng = np.random.default_rng(2)
    lower, upper, old = random_boxes(rng, n_rows=200)
    adv = rng.normal(size=old.shape)
    nearest = kullback_leibler(old, choose(lower, upper, old, adv, "min-kl"))
    for _ in range(50):
        other = kullback_leibler(old, choose(lower, upper, old, adv, rng))
        assert (nearest <= other + 1e-14).all()


def test_greedy_and_worst_are_the_extremes():
    rng = np.random.default_rng(3)
    lower, upper, old = random_boxes(rng, n_rows=200)
    adv = rng.normal(size=old.shape)
    gains = {s: (choose(lower, upper, old, adv, s) * adv).sum(axis=1) for s in ("greedy", "worst")}
    for _ in range(50):
        gain = (choose(lower, upper, old, adv, rng) * adv).sum(axis=1)
        assert (gain <= gains["greedy"] + 1e-14).all()
        assert (gain >= gains["worst"] - 1e-14).all()


def test_min_kl_revives_an_unused_action_only_if_it_must():
    old, adv = np.array([[0.5, 0.5, 0.0]]), np.array([[1.0, -1.0, 5.0]])
    lower = np.array([[0.6, 0.0, 0.0]])
    roomy, tight = np.array([[1.0, 0.4, 1.0]]), np.array([[0.7, 0.1, 1.0]])
    np.testing.assert_allclose(choose(lower, roomy, old, adv, "min-kl"), [[0.6, 0.4, 0]])
    np.testing.assert_allclose(choose(lower, roomy, old, adv, "greedy"), [[0.6, 0, 0.4]])
    np.testing.assert_allclose(choose(lower, tight, old, adv, "min-kl"), [[0.7, 0.1, 0.2]])


def test_random_points_reach_every_corner_of_the_set():
    rng = np.random.default_rng(4)
    shape = (4000, 3)
    p = choose(np.zeros(shape), np.ones(shape), np.ones(shape) / 3, np.zeros(shape), rng)
    assert (p.max(axis=0) > 0.95).all() and (p.min(axis=0) < 0.01).all()


def test_in_proportion_by_hand():
    weight, lower = np.array([[1.0, 2.0, 0.0]]), np.array([[0.0, 0.0, 0.3]])
    upper = np.array([[1.0, 0.4, 1.0]])
    # proportional until the second is full; what has no weight does not count
    for total, expected in ((0.3, [0.1, 0.2, 0]), (0.9, [0.5, 0.4, 0]), (9.0, [1, 0.4, 0])):
        p = in_proportion(weight, lower, upper, np.array([[total]]))
        np.testing.assert_allclose(p, [expected], rtol=0, atol=1e-15)
