"""Rows solved from a gradient alone: prices, argmax boxes, kinks."""

import numpy as np
import pytest

from mirrorbook.drifts import HellingerSquared, L2Squared, PPOClip, TotalVariation
from mirrorbook.updates.marginal import MarginalRows, settled


def rows(adv, old, drift, floor=0.0, weight=1.0):
    adv, old = np.array(adv, dtype=float), np.array(old, dtype=float)
    floor = np.full(old.shape, floor)
    return MarginalRows(adv, old, floor, [(np.full(len(old), weight), drift)])


def test_the_price_is_the_marginal_value_of_every_action_that_is_played():
    rng = np.random.default_rng(0)
    old = rng.dirichlet(np.ones(4), size=5)
    update = rows(rng.normal(size=(5, 4)), old, HellingerSquared())
    p, price, pinned = update.best()
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=0, atol=1e-15)
    np.testing.assert_allclose(update.marginal(p), price[:, None] * np.ones(4), atol=1e-13)
    assert not pinned.any()


def test_give_is_the_slope_of_the_response():
    update = rows([[1.0, -1.0]], [[0.5, 0.5]], L2Squared(), weight=3.0)
    np.testing.assert_allclose(update.give(np.array([[0.4, 0.6]])), 1 / 6, rtol=1e-6)


def test_a_flat_piece_pins_the_price_and_leaves_a_choice():
    # the plateau of PPO: price 0, both actions past their clip
    update = rows([[1.0, -1.0]], [[0.5, 0.5]], PPOClip(0.2))
    p, price, _ = update.best()
    np.testing.assert_allclose(p, [[0.6, 0.4]], rtol=0, atol=1e-15)
    roomy = rows([[1.0, -1.0, 0.0]], [[0.3, 0.3, 0.4]], PPOClip(0.2))
    p, price, pinned = roomy.best("worst")
    assert pinned[0] and abs(price[0]) <= 2e-14  # twice what prices are told apart by
    np.testing.assert_allclose(p[0].sum(), 1, rtol=0, atol=1e-15)


def test_the_floor_is_kept():
    p, _, _ = rows([[1.0, 0.0, -1.0]], [[0.2, 0.3, 0.5]], L2Squared(), floor=0.1, weight=0.1).best()
    np.testing.assert_allclose(p, [[0.8, 0.1, 0.1]], rtol=0, atol=1e-15)


def test_barred_actions_get_nothing():
    update = rows([[5.0, 1.0, 0.0]], [[0.0, 0.5, 0.5]], L2Squared())
    barred = MarginalRows(
        update.adv, update.old, update.floor, update.charges, np.array([[True, False, False]])
    )
    assert update.best()[0][0, 0] > 0
    np.testing.assert_allclose(barred.best()[0], [[0, 0.75, 0.25]], rtol=0, atol=1e-14)


def test_settled_moves_onto_kinks_and_keeps_the_sum():
    update = rows([[1.0, 0.0, -1.0]], [[0.25, 0.25, 0.5]], TotalVariation())
    p = settled(update, np.array([[0.5, 0.25 + 2e-15, 0.25 - 2e-15]]))
    assert p[0, 1] == pytest.approx(0.25, abs=5e-16)
    assert p.sum() == 1
