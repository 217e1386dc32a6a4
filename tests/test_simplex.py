"""The checks that everything else stands on: what they accept, and what they say otherwise."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from strategies import rows

from mirrorbook.simplex import (
    SUM_TOLERANCE,
    check_count,
    check_distributions,
    check_finite,
    check_number,
    check_rectangular,
    check_shape,
    check_weights,
)

MALFORMED = [
    (check_rectangular, [[1, 2], [3]], ValueError, r"^x is not rectangular"),
    (check_rectangular, [1, [2, 3]], ValueError, r"^x is not rectangular"),
    (check_finite, None, TypeError, r"^x must hold real numbers, found dtype object"),
    (check_finite, "abc", TypeError, r"^x must hold real numbers, found dtype <U3"),
    (check_finite, [1, 2j], TypeError, r"^x must hold real numbers, found dtype complex128"),
    (check_finite, [[1.0], [2.0, 3.0]], ValueError, r"^x is not rectangular"),
    (check_finite, np.nan, ValueError, r"^x is nan, not a finite number"),
    (check_finite, [0, np.nan], ValueError, r"^x\[1\] is nan, not a finite number"),
    (check_finite, [[0, 1], [-np.inf, 0]], ValueError, r"^x\[1, 0\] is -inf, not a finite number"),
    (check_number, "0.9", TypeError, r"^x must be one real number, found '0\.9'"),
    (check_number, None, TypeError, r"^x must be one real number, found None"),
    (check_number, True, TypeError, r"^x must be one real number, found True"),
    (check_number, np.bool_(True), TypeError, r"^x must be one real number, found np\.True_"),
    (check_number, 1j, TypeError, r"^x must be one real number, found 1j"),
    (check_number, [0.5], TypeError, r"^x must be one real number, found \[0\.5\]"),
    (check_number, np.nan, ValueError, r"^x is nan, not a finite number"),
    (check_number, -np.inf, ValueError, r"^x is -inf, not a finite number"),
    (check_count, 2.0, TypeError, r"^x must be an integer, found 2\.0"),
    (check_count, "2", TypeError, r"^x must be an integer, found '2'"),
    (check_count, None, TypeError, r"^x must be an integer, found None"),
    (check_count, True, TypeError, r"^x must be an integer, found True"),
    (check_count, np.bool_(True), TypeError, r"^x must be an integer, found np\.True_"),
    (check_count, np.array(2), TypeError, r"^x must be an integer, found array\(2\)"),
    (check_count, [2], TypeError, r"^x must be an integer, found \[2\]"),
    (check_count, 0, ValueError, r"^x is 0, expected at least 1"),
    (check_count, np.int8(-3), ValueError, r"^x is -3, expected at least 1"),
    (check_distributions, 1.0, ValueError, r"^x has shape \(\), expected at least one outcome"),
    (check_distributions, [], ValueError, r"^x has shape \(0,\), expected at least one outcome"),
    (check_distributions, [0.5, 0.6], ValueError, r"^x is not .*: it sums to 1\.1$"),
    (check_distributions, [1.5, -0.5], ValueError, r"^x is not .*: entry 1 is negative, -0\.5$"),
    (check_distributions, [[1, 0], [0, 0]], ValueError, r"^x\[1\] is not .*: it sums to 0$"),
    (check_distributions, [[[1, 0], [2, 0]]], ValueError, r"^x\[0, 1\] is not .*: it sums to 2$"),
    (check_distributions, [[1, 0], [2, -1]], ValueError, r"^x\[1\] .*: entry 1 is negative, -1$"),
    (check_distributions, [1e308, 1e308], ValueError, r"^x is not .*: it sums to inf$"),
    (check_distributions, [0.5, np.nan], ValueError, r"^x\[1\] is nan, not a finite number"),
    (check_distributions, ["1", "0"], TypeError, r"^x must hold real numbers, found dtype <U1"),
    (check_weights, [0.5, np.inf], ValueError, r"^x\[1\] is inf, not a finite number"),
    (check_weights, [0.0, 1.5, -0.5], ValueError, r"^x\[2\] is -0\.5, negative"),
    (check_weights, [[0.5, 0.5]], ValueError, r"^x has shape \(1, 2\), expected \(states,\)"),
]


@pytest.mark.parametrize("check, value, error, message", MALFORMED)
def test_malformed(check, value, error, message):
    with pytest.raises(error, match=message) as info:
        check(value, "x")
    assert info.type is error


def test_shape_is_compared_whole():
    check_shape(np.zeros((2, 3)), [2, 3], "x")
    for shape in [(3, 2), (6,), (2, 3, 1), ()]:
        with pytest.raises(ValueError, match=r"^x has shape \(2, 3\), expected "):
            check_shape(np.zeros((2, 3)), shape, "x")


@given(hnp.arrays(st.sampled_from([float, np.float32, int, bool]), hnp.array_shapes()))
def test_arrays_come_back_as_float_copies_if_they_are_finite(values):
    if not np.isfinite(values).all():
        with pytest.raises(ValueError, match=r"^x\[.*\] is (nan|-?inf), not a finite number"):
            check_finite(values, "x")
        return
    array = check_finite(values, "x")
    assert array.dtype == float
    np.testing.assert_array_equal(array, values)
    assert not np.shares_memory(array, values)


@pytest.mark.parametrize("value", [3, 3.0, np.float32(3), np.int8(3), np.array(3.0)])
def test_one_number_of_any_real_type_becomes_a_float(value):
    number = check_number(value, "x")
    assert type(number) is float
    assert number == 3.0


@pytest.mark.parametrize("value", [3, np.int8(3), np.uint64(3)])
def test_a_count_of_any_integer_type_becomes_an_int(value):
    count = check_count(value, "x")
    assert type(count) is int
    assert count == 3


@given(rows((3, 2, 4)))
def test_distributions_come_back_unchanged(values):
    array = check_distributions(values, "x")
    np.testing.assert_array_equal(array, values)
    assert not np.shares_memory(array, values)


@pytest.mark.parametrize("sign", [-1, 1])
def test_sums_are_judged_by_the_tolerance_and_never_repaired(sign):
    near = np.array([0.25, 0.75 + sign * 0.9 * SUM_TOLERANCE])
    np.testing.assert_array_equal(check_distributions(near, "x"), near)
    far = np.array([0.25, 0.75 + sign * 1.1 * SUM_TOLERANCE])
    with pytest.raises(ValueError, match="it sums to"):
        check_distributions(far, "x")
    np.testing.assert_array_equal(check_distributions(far, "x", tolerance=1e-8), far)


def test_the_smallest_negative_entry_is_not_forgiven():
    with pytest.raises(ValueError, match=r"^x is not .*: entry 0 is negative, -4\.94066e-324"):
        check_distributions([-5e-324, 1.0], "x")
