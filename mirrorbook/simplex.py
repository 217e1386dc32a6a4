r"""The probability simplex: what a policy's rows, start distributions and transitions live on.

The simplex over n outcomes is  { p in R^n : p_i >= 0, sum_i p_i = 1 }.  Nothing here repairs a
vector that is off it: `check_distributions` says where and why, and stops.
"""

import numpy as np

SUM_TOLERANCE = 1e-9
"""How far from one a row may sum and still be called a distribution (rounding, nothing more)."""


def check_rectangular(values, name):
    """Return `values` as an array, or raise where their nesting is ragged.

    Parameters
    ----------
    values : array_like of any shape
    name : str
        How error messages call it.

    Returns
    -------
    array of the same shape, not a copy if `values` are one already

    Raises
    ------
    ValueError
        If the nesting is ragged.

    Examples
    --------
    >>> check_rectangular([[1, 2], [3]], "r")
    Traceback (most recent call last):
    ...
    ValueError: r is not rectangular: its rows differ in length
    """
    try:
        return np.asarray(values)
    except ValueError:
        raise ValueError(f"{name} is not rectangular: its rows differ in length") from None


def check_finite(values, name):
    """Return `values` as a float array, or raise where it holds a NaN, an infinity or a non-number.

    Parameters
    ----------
    values : array_like of any shape
    name : str
        How error messages call it.

    Returns
    -------
    float array of the same shape, always a copy

    Raises
    ------
    TypeError
        If `values` are not real numbers.
    ValueError
        If an entry is not finite, or the nesting is ragged.

    Examples
    --------
    >>> check_finite([1, 2], "r")
    array([1., 2.])
    """
    raw = check_rectangular(values, name)
    if raw.dtype.kind not in "biuf":
        raise TypeError(f"{name} must hold real numbers, found dtype {raw.dtype}")
    array = raw.astype(float)
    if not _all(np.isfinite(array)):
        where = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        raise ValueError(f"{name}{_index(where)} is {array[where]}, not a finite number")
    return array


def check_number(value, name):
    """Return `value` as a float, or raise unless it is one finite real number.

    Parameters
    ----------
    value : real number, or array of shape ()
    name : str
        How error messages call it.

    Returns
    -------
    float

    Raises
    ------
    TypeError
        If `value` is a bool, or not one real number.
    ValueError
        If it is not finite.

    Examples
    --------
    >>> check_number("0.9", "gamma")
    Traceback (most recent call last):
    ...
    TypeError: gamma must be one real number, found '0.9'
    """
    array = check_rectangular(value, name)
    if array.ndim != 0 or array.dtype.kind not in "iuf":
        raise TypeError(f"{name} must be one real number, found {value!r}")
    if not np.isfinite(array):
        raise ValueError(f"{name} is {float(array)}, not a finite number")
    return float(array)


def check_count(value, name):
    """Return `value` as an int, or raise unless it is a positive integer.

    Parameters
    ----------
    value : int >= 1
    name : str
        How error messages call it.

    Returns
    -------
    int

    Raises
    ------
    TypeError
        If `value` is a bool, or not an integer.
    ValueError
        If it is below 1.

    Examples
    --------
    >>> check_count(0, "steps")
    Traceback (most recent call last):
    ...
    ValueError: steps is 0, expected at least 1
    """
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise TypeError(f"{name} must be an integer, found {value!r}")
    if value < 1:
        raise ValueError(f"{name} is {value}, expected at least 1")
    return int(value)


def check_shape(array, shape, name):
    """Raise unless `array.shape == shape`.

    Parameters
    ----------
    array : array_like
    shape : sequence of int
        What is expected.
    name : str
        How error messages call it.

    Raises
    ------
    ValueError
        Naming both shapes.

    Examples
    --------
    >>> check_shape(np.zeros(3), (2,), "d0")
    Traceback (most recent call last):
    ...
    ValueError: d0 has shape (3,), expected (2,)
    """
    if np.shape(array) != tuple(shape):
        raise ValueError(f"{name} has shape {np.shape(array)}, expected {tuple(shape)}")


def check_numbers(values, shape, name):
    """Return `values` as a float array of a shape, or raise; see `check_finite`, `check_shape`.

    Parameters
    ----------
    values : array_like
    shape : sequence of int
    name : str
        How error messages call it.

    Returns
    -------
    float array, always a copy

    Raises
    ------
    TypeError, ValueError
    """
    array = check_finite(values, name)
    check_shape(array, shape, name)
    return array


def check_interval(values, name, ends="(low, high)"):
    """Return `values` as two floats, or raise unless they are the ends of an interval, in order.

    Parameters
    ----------
    values : array_like, shape (2,)
    name : str
        How error messages call them.
    ends : str
        How error messages call the two.

    Returns
    -------
    low, high : float

    Raises
    ------
    TypeError, ValueError

    Examples
    --------
    >>> check_interval([1.2, 0.8], "edges")
    Traceback (most recent call last):
    ...
    ValueError: edges are (1.2, 0.8), expected (low, high)
    """
    low, high = check_numbers(values, (2,), name).tolist()
    if low > high:
        raise ValueError(f"{name} are {(low, high)}, expected {ends}")
    return low, high


def check_rows(values, name):
    """Return `values` as an (S, A) array of finite numbers >= 0 (to rounding), or raise.

    Whether rows sum to one is not asked: this is for what is evaluated many times, on policies and
    on the way between them, where a solver's rounding may lead a hair below zero.

    Parameters
    ----------
    values : array_like, shape (S, A)
    name : str
        How error messages call it.

    Returns
    -------
    (S, A) array, not a copy if `values` are one already

    Raises
    ------
    TypeError, ValueError
        Naming the first entry at fault.

    Examples
    --------
    >>> check_rows([[1.0, 0.0], [1.1, -0.1]], "new")
    Traceback (most recent call last):
    ...
    ValueError: new[1, 1] is -0.1, negative
    """
    return _nonnegative(values, name, 2, "(states, actions)")


def check_weights(values, name):
    """Return `values` as an (S,) array of finite numbers >= 0, or raise; see `check_rows`.

    Parameters
    ----------
    values : array_like, shape (S,)
    name : str
        How error messages call it.

    Returns
    -------
    (S,) array, not a copy if `values` are one already

    Raises
    ------
    TypeError, ValueError
        Naming the first entry at fault.

    Examples
    --------
    >>> check_weights([0.5, np.nan], "beta")
    Traceback (most recent call last):
    ...
    ValueError: beta[1] is nan, not a finite number
    """
    return _nonnegative(values, name, 1, "(states,)")


def _nonnegative(values, name, ndim, wanted):
    array = check_rectangular(values, name)
    if array.dtype.kind not in "biuf":
        raise TypeError(f"{name} must hold real numbers, found dtype {array.dtype}")
    if array.ndim != ndim:
        raise ValueError(f"{name} has shape {array.shape}, expected {wanted}")
    # a NaN is neither above the one nor below the other
    if not _all((array >= -SUM_TOLERANCE) & (array < np.inf)):
        check_finite(array, name)
        where = tuple(int(i) for i in np.argwhere(array < -SUM_TOLERANCE)[0])
        raise ValueError(f"{name}{_index(where)} is {array[where]}, negative")
    return array


def check_distributions(values, name, tolerance=SUM_TOLERANCE):
    """Return `values` as a float array whose last axis holds probability vectors, or raise.

    Parameters
    ----------
    values : array_like, shape (..., n)
    name : str
        How error messages call it.
    tolerance : float
        How far from one a sum may be.

    Returns
    -------
    float array of the same shape, always a copy

    Raises
    ------
    TypeError, ValueError
        Naming the first vector at fault: an entry that is not finite or negative, or a sum that
        is off one by more than `tolerance`. Nothing is clipped or renormalised.

    Examples
    --------
    >>> check_distributions([0.25, 0.75], "d0")
    array([0.25, 0.75])
    >>> check_distributions([[1.0, 0.0], [0.2, 0.3]], "pi")
    Traceback (most recent call last):
    ...
    ValueError: pi[1] is not a probability vector: it sums to 0.5
    """
    return check_sums(check_finite(values, name), name, tolerance)


def check_sums(array, name, tolerance=SUM_TOLERANCE):
    """Return the finite `array`, or raise unless its last axis holds probability vectors.

    Parameters
    ----------
    array : float array, shape (..., n)
        Known to be finite.
    name : str
        How error messages call it.
    tolerance : float
        How far from one a sum may be.

    Returns
    -------
    the same array

    Raises
    ------
    ValueError
        As `check_distributions` does.
    """
    if array.ndim == 0 or array.shape[-1] == 0:
        raise ValueError(f"{name} has shape {array.shape}, expected at least one outcome")
    if np.count_nonzero(array < 0):
        where = tuple(int(i) for i in np.argwhere(array < 0)[0])
        raise ValueError(
            f"{name}{_index(where[:-1])} is not a probability vector: "
            f"entry {where[-1]} is negative, {array[where]:.6g}"
        )
    with np.errstate(over="ignore"):  # a sum that overflows is off one, and named below
        sums = array.sum(axis=-1)
    off = np.abs(sums - 1) > tolerance
    if np.count_nonzero(off):
        where = tuple(int(i) for i in np.argwhere(off)[0])
        raise ValueError(
            f"{name}{_index(where)} is not a probability vector: it sums to {sums[where]:.12g}"
        )
    return array


def _all(flags):
    """`flags.all()`, faster where there are few."""
    return np.count_nonzero(flags) == flags.size


def _index(where):
    return f"[{', '.join(map(str, where))}]" if where else ""
