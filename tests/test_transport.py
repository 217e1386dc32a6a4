"""The best row against squared total variation, by a search over the mass that moves."""

import numpy as np
import pytest
from scipy.optimize import minimize_scalar

from mirrorbook.drifts import total_variation
from mirrorbook.updates.penalties import Penalty
from mirrorbook.updates.transport import best_penalised_transport, best_transport


@pytest.fixture(autouse=True)
def infinities_are_answers():
    """As `maximise` does: an infinite price or slope is an answer, not an accident."""
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        yield


def moved(gap, old, t):
    """The best row at total variation t: the worst actions lose, the best gains."""
    p, left = old.copy(), t
    for a in np.argsort(-gap, kind="stable"):
        loss = min(left, p[a])
        p[a] -= loss
        left -= loss
    p[np.argmin(gap)] += t - left
    return p


def random_rows(rng, n=40, actions=5):
    old = rng.dirichlet(np.full(actions, 0.5), size=n)
    gap = rng.exponential(size=(n, actions))
    return gap - gap.min(axis=1, keepdims=True), old


def test_alone():
    rng = np.random.default_rng(4)
    gap, old = random_rows(rng)
    tv = 10 ** rng.uniform(-1, 2, size=(len(gap), 1))
    receivers = (gap == 0).astype(float)
    found = best_transport(gap, old, tv, receivers)
    for s in range(len(gap)):

        def loss(t, s=s):
            return gap[s] @ moved(gap[s], old[s], t) + tv[s, 0] * t * t

        t = minimize_scalar(loss, bounds=(0, 1), method="bounded", options={"xatol": 1e-12}).x
        assert loss(total_variation(found[[s]], old[[s]])[0]) <= loss(t) + 1e-12
        np.testing.assert_allclose(found[s], moved(gap[s], old[s], t), atol=1e-5)


def test_nothing_is_left_over_when_all_mass_moves():
    old = np.array([[0.1, 0.2, 0.7], [0.3, 0.3, 0.4]])
    gap = np.array([[0.0, 1.0, 2.0], [3.0, 0.0, 1.0]])
    p = best_transport(gap, old, np.full((2, 1), 1e-9), (gap == 0).astype(float))
    np.testing.assert_allclose(p, [[1, 0, 0], [0, 1, 0]], rtol=0, atol=2e-16)


@pytest.mark.parametrize("kind", ["kl", "rkl", "l2"])
@pytest.mark.parametrize("size", [1e-13, 1e-6, 1e-2, 1.0, 1e3])
def test_with_a_penalty_the_prices_balance(kind, size):
    """KKT: gaining actions answer one price, losing ones another, and they differ by 2 tv t."""
    rng = np.random.default_rng(5)
    gap, old = random_rows(rng)
    tv = 10 ** rng.uniform(-1, 2, size=(len(gap), 1))
    c = np.full((len(gap), 1), size)
    guess = np.full((len(gap), 2), np.nan)
    p, _ = best_penalised_transport(gap, tv, Penalty(old, **{kind: c}), guess)
    np.testing.assert_allclose(p.sum(axis=1), 1, rtol=0, atol=1e-14)
    slope = {
        "kl": lambda: -c * old / p,
        "rkl": lambda: c * np.log(p / old),
        "l2": lambda: 2 * c * (p - old),
    }[kind]()
    price = -gap - slope  # what an action is worth at the margin, transport apart
    transport = 2 * tv * total_variation(p, old)[:, None]
    # rows sum to one within 1e-14, which at the stiffest action is worth 1e-14 times its curvature
    scale = 1 + size + transport[:, 0] + 0.01 * size / old.min(axis=1)
    up, down, stay = p > old + 1e-15, p < old - 1e-15, np.abs(p - old) <= 1e-15
    top = np.where(up, price, -np.inf).max(axis=1)
    assert (np.where(up, top[:, None] - price, 0).max(axis=1) <= 1e-12 * scale).all()
    level = top[:, None] - transport
    partly = down & (p > 1e-300)  # a KL keeps what is worth nothing at the smallest float
    assert (np.abs(np.where(partly, price - level, 0)).max(axis=1) <= 1e-12 * scale).all()
    outside = np.maximum(level - price, price - top[:, None])
    assert (np.where(stay, outside, 0).max(axis=1) <= 1e-12 * scale).all()
    assert (np.where(down & ~partly, price - level, 0).max(axis=1) <= 1e-12 * scale).all()


def test_an_unused_best_action_next_to_a_kl():
    old, gap = np.array([[0.0, 1.0]]), np.array([[0.0, 2.0]])
    p, _ = best_penalised_transport(
        gap, np.full((1, 1), 0.5), Penalty(old, kl=np.ones((1, 1))), np.full((1, 2), np.nan)
    )
    # gain 2 = slope of the transport t plus that of the KL 1 / (1 - t)
    t = p[0, 0]
    np.testing.assert_allclose(t + 1 / (1 - t), 2, rtol=1e-13)
