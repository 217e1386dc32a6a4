"""The multiplier of a ball, on functions with a known answer."""

import numpy as np
import pytest

from mirrorbook.updates.ball import multiplier


def inverse_square(size, c):
    """distance = size / (c + lam)^2."""
    return lambda lam: (size / (c + lam) ** 2, -2 * size / (c + lam) ** 3)


@pytest.mark.parametrize("radius", [1e-6, 0.1, 0.9])
@pytest.mark.parametrize("own", [0.0, 1.0])
def test_binding(radius, own):
    size = np.array([1.0, 4.0])
    lam = multiplier(inverse_square(size, 1.0), radius, 10 * size, size, np.full(2, own))
    np.testing.assert_allclose(lam, np.sqrt(size / radius) - 1, rtol=1e-9, atol=1e-9)


def test_idle():
    size = np.array([1.0, 4.0])
    lam = multiplier(inverse_square(size, 1.0), 2.0, 10 * size, size, np.zeros(2))
    np.testing.assert_allclose(lam, [0, np.sqrt(2) - 1], rtol=1e-9)
    assert lam[0] == 0


def test_nothing_to_gain():
    lam = multiplier(lambda lam: (0 * lam, 0 * lam), 1.0, np.zeros(3), np.zeros(3), np.zeros(3))
    np.testing.assert_array_equal(lam, 0)


def test_the_answer_is_inside_and_the_last_measured():
    seen = []

    def measure(lam):
        seen.append(lam.copy())
        return inverse_square(np.ones(1), 0.3)(lam)

    lam = multiplier(measure, 0.37, np.full(1, 5.0), np.ones(1), np.zeros(1))
    np.testing.assert_array_equal(lam, seen[-1])
    assert 0 <= 0.37 - measure(lam)[0][0] <= 1e-10


def test_a_row_that_jumps_out_when_it_is_free_stays_bound():
    """Its distance is the same for every lam > 0 and larger at 0, as where two maximisers tie."""
    size, seen = np.array([1.0, 4.0]), []

    def measure(lam):
        seen.append(lam.copy())
        distance, slope = inverse_square(size, 1.0)(lam)
        jumping = np.array([True, False])
        return np.where(jumping, np.where(lam > 0, 0.5, 5.0), distance), np.where(jumping, 0, slope)

    lam = multiplier(measure, 2.0, 10 * size, size, np.zeros(2))
    assert lam[0] > 0 and lam[1] == pytest.approx(np.sqrt(2) - 1)
    np.testing.assert_array_equal(seen[-1], lam)
    assert (measure(lam)[0] <= 2.0).all()
