"""What actions answer to a price: closed forms, ends, kinks that are remembered."""

import numpy as np

from mirrorbook.drifts import HellingerSquared, KLNewOld, KLOldNew, TotalVariation
from mirrorbook.updates.marginal import MarginalRows
from mirrorbook.updates.responses import TINY, Responses


def responses(drift, adv, old, weight=1.0):
    adv, old = np.array([adv], dtype=float), np.array([old], dtype=float)
    rows = MarginalRows(adv, old, np.zeros(old.shape), [(np.array([weight]), drift)])
    return rows, Responses(rows, old)


def test_closed_forms():
    adv, old = np.array([0.3, -0.2]), np.array([0.4, 0.6])
    price = np.array([0.9])
    p, give = responses(HellingerSquared(), adv, old, 2.0)[1].to(price)
    np.testing.assert_allclose(p[0], old / (1 + price - adv) ** 2, rtol=1e-14)
    np.testing.assert_allclose(give[0], 2 * old / (1 + price - adv) ** 3, rtol=1e-5)
    p, give = responses(KLOldNew(), adv, old)[1].to(price)
    np.testing.assert_allclose(p[0], old / (price - adv), rtol=1e-14)
    p, give = responses(KLNewOld(), adv, old)[1].to(price)
    np.testing.assert_allclose(p[0], old * np.exp(adv - price - 1), rtol=1e-14)


def test_the_ends_of_the_range():
    _, answers = responses(KLNewOld(), [0.0, 0.0], [0.5, 0.5])
    np.testing.assert_array_equal(answers.to(np.array([-10.0]))[0], [[1, 1]])
    # underflow must not kill an action whose first bit is worth more than any price
    np.testing.assert_array_equal(answers.to(np.array([1e4]))[0], [[TINY, TINY]])
    _, answers = responses(KLNewOld(), [5.0, 0.0], [0.0, 1.0])
    assert answers.to(np.array([-10.0]))[0][0, 0] == 0


def test_a_kink_holds_the_response_while_the_price_passes():
    rows, answers = responses(TotalVariation(), [0.2, 0.0], [0.3, 0.7])
    for price in (0.3, 0.1, -0.2):
        p, _ = answers.to(np.array([price]))
        np.testing.assert_allclose(p[0, 0], 0.3, rtol=0, atol=2e-15)
    np.testing.assert_allclose(rows.knees[0, 0], 0.3, rtol=0, atol=2e-15)


def test_the_bracket_tightens():
    _, answers = responses(KLOldNew(), [0.3, -0.2], [0.4, 0.6])
    for price in (5.0, 0.5, 2.0, 0.9, 1.1):
        answers.to(np.array([price]))
    assert (answers.least <= answers.most).all()
    assert answers.least.sum() <= 1 <= answers.most.sum()
