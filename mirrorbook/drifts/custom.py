"""`as_drift`: a drift made of the reader's own function."""

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass

import numpy as np

from ..arguments import check_flag, check_function
from .base import Parametrised

STEP = 1e-5
"""Of the differences: their error, of order STEP^2, then is about that of rounding."""


@dataclass(frozen=True)
class FunctionDrift(Parametrised):
    """What `as_drift` returns; its parameters are explained there."""

    function: Callable
    derivative: Callable | None = None
    _: KW_ONLY
    valid_inside: bool = True
    valid_on_boundary: bool = False
    positive: bool = False
    convex: bool = False
    separable: bool = False
    needs_adv: bool = False

    def __post_init__(self):
        super().__post_init__()
        for name in ("function", "derivative"):
            made = getattr(self, name)
            if not (name == "derivative" and made is None):
                check_function(made, {"derivative": "gradient"}.get(name, name))
        for name in CLAIMS:
            check_flag(getattr(self, name), name)
        if self.separable and self.derivative is None:
            raise ValueError("separable is True, which needs a gradient taken entry by entry")

    def _value(self, new, *rest):
        return _checked("function", self.function(new, *rest), new.shape[:1])

    def _gradient(self, new, *rest):
        if self.derivative is not None:
            return _checked("gradient", self.derivative(new, *rest), new.shape)
        return np.stack([self._slope(a, new, *rest) for a in range(new.shape[1])], axis=1)

    def _slope(self, a, new, *rest):
        """The derivative along e_a - new from one side, order two, (S,)."""
        towards = STEP * (np.eye(new.shape[1])[a] - new)
        at = [self._value(new + k * towards, *rest) for k in range(3)]
        ahead = np.isfinite(at[1]) & np.isfinite(at[2])
        with np.errstate(invalid="ignore"):
            slope = (4 * (at[1] - at[0]) - (at[2] - at[0])) / (2 * STEP)
        wall = np.where(ahead, -np.inf, 0.0)  # from an infinite value down, or along
        return np.where(np.isfinite(at[0]), np.where(ahead, slope, np.inf), wall)


CLAIMS = ("valid_inside", "valid_on_boundary", "positive", "convex", "separable", "needs_adv")


def as_drift(function, gradient=None, **claims) -> FunctionDrift:
    """A drift that charges what `function` says.

    Parameters
    ----------
    function : callable
        `(new, old) -> (S,)` of two (S, A) arrays, the cost of moving each row. With
        `needs_adv=True` it is `(new, old, adv) -> (S,)`.
    gradient : callable, optional
        Its derivative in each new(a|s), of the same arguments, (S, A). Without it derivatives are
        differences of `function` between three policies on the way from `new` towards each of its
        corners, 1e-5 and 2e-5 of the way, weighted to be exact for quadratic costs. No policy off
        the simplex is asked for. Where the cost has three bounded derivatives the error is about
        1e-10 times the size of the cost and of its third derivative; at a kink the slope is that
        on the corner's side, which need be no subgradient.
    **claims : bool
        `positive`, `convex`, `valid_on_boundary`, `separable` and `needs_adv`, all False unless
        said otherwise, and `valid_inside`, True unless said otherwise: see `Drift`. Nothing is
        checked here.

    Returns
    -------
    FunctionDrift

    Raises
    ------
    TypeError
        If `function` or `gradient` is no function, or a claim is unknown or not a bool; and when
        the drift is used, if the function returns anything but numbers.
    ValueError
        If `separable` is claimed without a gradient; and when the drift is used, if the function
        returns an array of another shape, or a NaN.

    Examples
    --------
    >>> quartic = as_drift(lambda new, old: ((new - old) ** 4).sum(axis=1), convex=True)
    >>> old, new = np.array([[0.5, 0.5]]), np.array([[0.8, 0.2]])
    >>> (10 * quartic).value(new, old).round(6)
    array([0.162])
    """
    unknown = sorted(set(claims) - set(CLAIMS))
    if unknown:
        raise TypeError(f"{unknown[0]!r} is no claim, expected one of {', '.join(CLAIMS)}")
    return FunctionDrift(function, gradient, **claims)


def _checked(name, result, shape):
    result = np.asarray(result)
    if result.dtype.kind not in "biuf":
        raise TypeError(f"{name} returned {result!r}, expected an array of real numbers")
    if result.shape != shape:
        raise ValueError(f"{name} returned an array of shape {result.shape}, expected {shape}")
    if np.isnan(result).any():
        where = tuple(int(i) for i in np.argwhere(np.isnan(result))[0])
        raise ValueError(f"{name} returned nan at {list(where)}")
    return result
