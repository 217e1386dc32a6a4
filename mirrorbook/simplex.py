r"""The probability simplex: what a policy's rows, start distributions and transitions live on.

The simplex over n outcomes is  { p in R^n : p_i >= 0, sum_i p_i = 1 }.  Nothing here repairs a
vector that is off it: `check_distributions` says where and why, and stops.
"""

import numpy as np

SUM_TOLERANCE = 1e-9
"""How far from one a row may sum and still be called a distribution (rounding, nothing more)."""


def check_finite(values, name):
    """Return `values` as a float array, or raise where it holds a NaN, an infinity or a non-number.

    Parameters
    ----------
    values : array_like of any shape
    name : str
        How error messages call it.

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
    try:
        raw = np.asarray(values)
    except ValueError as error:
        raise ValueError(f"{name} is not a rectangular array: {error}") from None
    if raw.dtype.kind not in "biuf":
        raise TypeError(f"{name} must hold real numbers, found dtype {raw.dtype}")
    array = raw.astype(float)
    if not np.isfinite(array).all():
        where = tuple(int(i) for i in np.argwhere(~np.isfinite(array))[0])
        raise ValueError(f"{name}{_index(where)} is {array[where]}, not a finite number")
    return array


def check_shape(array, shape, name):
    """Raise a ValueError unless `array.shape == shape`."""
    if array.shape != tuple(shape):
        raise ValueError(f"{name} has shape {array.shape}, expected {tuple(shape)}")


def check_distributions(values, name):
    """Return `values` as a float array whose last axis holds probability vectors, or raise.

    Parameters
    ----------
    values : array_like, shape (..., n)
    name : str
        How error messages call it.

    Raises
    ------
    TypeError, ValueError
        Naming the first vector at fault: an entry that is not finite or negative, or a sum that
        is off one by more than `SUM_TOLERANCE`. Nothing is clipped or renormalised.

    Examples
    --------
    >>> check_distributions([0.25, 0.75], "d0")
    array([0.25, 0.75])
    >>> check_distributions([[1.0, 0.0], [0.2, 0.3]], "pi")
    Traceback (most recent call last):
    ...
    ValueError: pi[1] is not a probability vector: it sums to 0.5
    """
    array = check_finite(values, name)
    if array.ndim == 0 or array.shape[-1] == 0:
        raise ValueError(f"{name} has shape {array.shape}, expected at least one outcome")
    if (array < 0).any():
        where = tuple(int(i) for i in np.argwhere(array < 0)[0])
        raise ValueError(
            f"{name}{_index(where[:-1])} is not a probability vector: "
            f"entry {where[-1]} is negative, {array[where]:.6g}"
        )
    sums = array.sum(axis=-1)
    off = np.abs(sums - 1) > SUM_TOLERANCE
    if off.any():
        where = tuple(int(i) for i in np.argwhere(off)[0])
        raise ValueError(
            f"{name}{_index(where)} is not a probability vector: it sums to {sums[where]:.12g}"
        )
    return array


def _index(where):
    return f"[{', '.join(map(str, where))}]" if where else ""
