"""The vectorised root finder, against scipy's scalar one and on functions that hurt."""

import numpy as np
import pytest
from scipy.optimize import brentq

from mirrorbook.updates.roots import decreasing_root


def with_slope(function, derivative):
    return lambda x: (function(x), derivative(x))


SMOOTH = {
    "line": (lambda x: 1 - x, lambda x: -np.ones_like(x), 0, 10),
    "exponential": (lambda x: np.exp(-x) - 0.1, lambda x: -np.exp(-x), -50, 50),
    "steep then flat": (lambda x: 1 / x - 1e-3, lambda x: -1 / x**2, 1e-9, 1e9),
    "logarithm": (lambda x: -np.log(x), lambda x: -1 / x, 1e-12, 1e12),
    "wrong derivative": (lambda x: 2 - x**3, lambda x: -0.01 * np.ones_like(x), 0, 4),
    "no derivative": (lambda x: 2 - x**3, lambda x: np.zeros_like(x), 0, 4),
    "kink": (lambda x: np.where(x < 1, 10 * (1 - x), 1e-6 * (1 - x)), lambda x: -1.0 + 0 * x, 0, 3),
}


@pytest.mark.parametrize("case", SMOOTH)
@pytest.mark.parametrize("where", [0.0, 0.1, 0.5, 1.0])
def test_agrees_with_brentq(case, where):
    function, derivative, low, high = SMOOTH[case]
    start = np.array([low + where * (high - low)])
    found = decreasing_root(
        with_slope(function, derivative), np.array([low]), np.array([high]), start
    )
    expected = brentq(lambda x: float(function(np.float64(x))), low, high, xtol=1e-300, rtol=1e-14)
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_elements_do_not_disturb_each_other():
    targets = np.array([1e-8, 1.0, 3.0, 1e8])
    found = decreasing_root(
        with_slope(lambda x: targets - x**3, lambda x: -3 * x**2), np.zeros(4), np.full(4, 1e3)
    )
    np.testing.assert_allclose(found, np.cbrt(targets), rtol=1e-14)


def test_a_step_is_bracketed_to_neighbouring_floats():
    edge = 0.7123
    found = decreasing_root(
        with_slope(lambda x: np.where(x < edge, 1.0, -1.0), np.zeros_like),
        np.array([0.0]),
        np.array([1.0]),
    )
    assert abs(found[0] - edge) <= 4e-16


def test_no_root_above_low_gives_low():
    function = with_slope(lambda x: -1 - x, lambda x: -np.ones_like(x))
    assert decreasing_root(function, np.array([2.0]), np.array([5.0]))[0] == 2.0
    middle = decreasing_root(function, np.array([2.0]), np.array([5.0]), np.array([4.0]))
    assert middle[0] == 2.0


def test_the_last_call_is_at_the_answer():
    calls = []

    def function(x):
        calls.append(x.copy())
        return 2 - x**2, -2 * x

    found = decreasing_root(function, np.array([0.0]), np.array([2.0]))
    np.testing.assert_array_equal(found, calls[-1])
    assert len(calls) < 12


def test_nan_is_refused():
    with pytest.raises(ArithmeticError, match="NaN"):
        decreasing_root(lambda x: (x * np.nan, x), np.array([0.0]), np.array([1.0]))


@pytest.mark.parametrize("case", SMOOTH)
@pytest.mark.parametrize("start", [-1e3, 1e30, None])
def test_the_function_is_called_in_the_bracket_only(case, start):
    function, derivative, low, high = SMOOTH[case]

    def watched(x):
        assert low <= x[0] <= high
        return function(x), derivative(x)

    start = None if start is None else np.array([start])
    decreasing_root(watched, np.array([low]), np.array([high]), start)


def test_a_first_guess_at_the_root_saves_the_search():
    def calls(start):
        points = []

        def function(x):
            points.append(x)
            return 2 - x**2, -2 * x

        decreasing_root(function, np.array([0.0]), np.array([1e6]), start, tolerance=1e-9)
        return len(points)

    assert calls(np.array([np.sqrt(2)])) == 1 < calls(None)
