"""The closed-form responses against the equations that define them."""

import numpy as np
import pytest

from mirrorbook.updates.penalties import Penalty


@pytest.fixture(autouse=True)
def infinities_are_answers():
    """As `maximise` does: an infinite price or slope is an answer, not an accident."""
    with np.errstate(divide="ignore", over="ignore", invalid="ignore"):
        yield


KINDS = ["kl", "rkl", "l2"]
COMBINATIONS = [("kl",), ("rkl",), ("l2",), ("kl", "rkl"), ("kl", "l2"), ("rkl", "l2")]
COEFFICIENTS = [1e-6, 0.3, 1.0, 40.0, 1e6]


def derivative(kind, c, p, pi):
    """f(p), the derivative in p of c times one penalty."""
    return {"kl": lambda: -c * pi / p, "rkl": lambda: c * np.log(p / pi)}.get(
        kind, lambda: 2 * c * (p - pi)
    )()


def cases():
    for kinds in COMBINATIONS:
        for first in COEFFICIENTS:
            for second in COEFFICIENTS if len(kinds) == 2 else [None]:
                yield dict(zip(kinds, (first, second), strict=False))


@pytest.mark.parametrize("charges", list(cases()), ids=str)
def test_response_solves_its_equation(charges):
    rng = np.random.default_rng(0)
    pi = rng.dirichlet(np.ones(4), size=50)
    p = pi * np.exp(rng.uniform(-3, 3, size=pi.shape))  # any p has a price: go there and back
    f = sum(derivative(kind, c, p, pi) for kind, c in charges.items())
    penalty = Penalty(pi, **{kind: np.full((50, 1), c) for kind, c in charges.items()})
    answer, give = penalty.response(-f)
    size = sum(np.abs(derivative(kind, c, p, pi)) for kind, c in charges.items())
    # an error of 1e-15 of the price moves the answer by that times 1 / f'
    np.testing.assert_array_less(np.abs(answer - p), 1e-14 * (p + size * give) + 1e-300)
    np.testing.assert_allclose(give, penalty.give(p), rtol=1e-6)


@pytest.mark.parametrize("kinds", COMBINATIONS, ids="+".join)
def test_home_and_full_price(kinds):
    rng = np.random.default_rng(1)
    pi = rng.dirichlet(np.ones(3), size=20)
    penalty = Penalty(pi, **{kind: rng.uniform(0.1, 9, size=(20, 1)) for kind in kinds})
    home, _ = penalty.response(np.broadcast_to(penalty.home_price(), pi.shape))
    np.testing.assert_allclose(home, pi, rtol=1e-13)
    full, _ = penalty.response(penalty.full_price())
    np.testing.assert_allclose(full, 1, rtol=1e-12)


@pytest.mark.parametrize("kinds", COMBINATIONS, ids="+".join)
def test_unused_actions(kinds):
    pi = np.array([[0.0, 1.0]])
    penalty = Penalty(pi, **{kind: np.ones((1, 1)) for kind in kinds})
    with np.errstate(divide="ignore", invalid="ignore"):
        answer, give = penalty.response(np.full((1, 2), -0.5))
        dear, _ = penalty.response(np.full((1, 2), 0.5))
    revived = "l2" in kinds and "rkl" not in kinds  # only the pull of L2 starts from nothing
    assert (answer[0, 0] > 0) == revived and dear[0, 0] == 0
    assert (give[0, 0] > 0) == revived


@pytest.mark.parametrize("kind", ["kl", "rkl"])
def test_a_kl_never_kills_a_used_action(kind):
    pi = np.array([[1e-300, 1.0]])
    answer, _ = Penalty(pi, **{kind: np.full((1, 1), 1e-3)}).response(np.full((1, 2), 1e6))
    assert (answer > 0).all()
