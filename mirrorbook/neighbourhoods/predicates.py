"""Neighbourhoods made of your own function."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from .balls import Neighbourhood, check_move


@dataclass(frozen=True)
class Predicate(Neighbourhood):
    """N(old) = {new : function(new, old, weights)}, what `as_neighbourhood` makes.

    Parameters
    ----------
    function : callable
        `(new, old, weights) -> bool`.
    name : str
        What the set is called.

    Raises
    ------
    TypeError
        If `function` cannot be called.
    """

    function: Callable
    name: str = ""

    def __post_init__(self):
        if not callable(self.function):
            found = type(self.function).__name__
            raise TypeError(f"function must be (new, old, weights) -> bool, found {found}")

    def contains(self, new, old, weights, adv=None) -> bool:
        """What the function says.

        Parameters
        ----------
        new, old : (S, A) arrays
        weights : (S,) array
            The sampling distribution beta.
        adv : (S, A) array, optional
            Not handed on.

        Returns
        -------
        bool

        Raises
        ------
        TypeError
            If the function's answer is not True or False, for example an array.
        """
        new, old, weights = check_move(new, old, weights)
        answer = self.function(new, old, weights)
        if not isinstance(answer, bool | np.bool_):
            raise TypeError(f"function must return True or False, found {answer!r}")
        return bool(answer)


def as_neighbourhood(function: Callable, name: str = "") -> Predicate:
    """A neighbourhood made of your own function.

    Nothing promises that Definition 2 holds for it: that is for the certifier to find out.

    Parameters
    ----------
    function : callable
        `(new, old, weights) -> bool` of two (S, A) arrays and the (S,) sampling distribution.
    name : str
        What the set is called. Default: the function's name.

    Returns
    -------
    Predicate

    Raises
    ------
    TypeError
        If `function` cannot be called.

    Examples
    --------
    >>> import numpy as np
    >>> def keeps_its_favourite(new, old, weights):
    ...     return (new.argmax(axis=1) == old.argmax(axis=1)).all()
    >>> loyal = as_neighbourhood(keeps_its_favourite)
    >>> loyal.name, loyal.contains(np.array([[0.6, 0.4]]), np.array([[0.9, 0.1]]), np.ones(1))
    ('keeps_its_favourite', True)
    """
    return Predicate(function, name or getattr(function, "__name__", ""))
