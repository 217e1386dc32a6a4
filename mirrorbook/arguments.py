"""Checks of arguments that are no arrays; those of arrays are in `simplex`."""

import numpy as np


def check_flag(value, name):
    """Return `value` as a bool, or raise unless it is True or False.

    Parameters
    ----------
    value : bool
    name : str
        How error messages call it.

    Returns
    -------
    bool

    Raises
    ------
    TypeError

    Examples
    --------
    >>> check_flag("no", "wrap")
    Traceback (most recent call last):
    ...
    TypeError: wrap must be True or False, found 'no'
    """
    if not isinstance(value, bool | np.bool_):
        raise TypeError(f"{name} must be True or False, found {value!r}")
    return bool(value)


def check_function(value, name):
    """Raise unless `value` can be called.

    Parameters
    ----------
    value : callable
    name : str
        How error messages call it.

    Raises
    ------
    TypeError

    Examples
    --------
    >>> check_function(3, "solver")
    Traceback (most recent call last):
    ...
    TypeError: solver must be a function, found int
    """
    if not callable(value):
        raise TypeError(f"{name} must be a function, found {type(value).__name__}")


def check_generator(rng, name="rng"):
    """Raise unless `rng` is a numpy Generator.

    Parameters
    ----------
    rng : numpy.random.Generator
    name : str
        How error messages call it.

    Raises
    ------
    TypeError

    Examples
    --------
    >>> check_generator(0)
    Traceback (most recent call last):
    ...
    TypeError: rng must be a numpy.random.Generator, found int
    """
    if not isinstance(rng, np.random.Generator):
        raise TypeError(f"{name} must be a numpy.random.Generator, found {type(rng).__name__}")
