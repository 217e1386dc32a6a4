"""What the explorers on the simplex of three actions share: actions, policies, words."""

from functools import lru_cache

import numpy as np

from ...plots import short_number, simplex_grid
from ...simplex import check_distributions, check_finite, check_shape

ACTIONS = ("a", "b", "c")

VALUES = (1.0, 0.5, 0.0)
"""Q of the three actions: a is the best one, and advantages are A = Q - E_old Q."""

OLDS = {
    "uniform": (1 / 3, 1 / 3, 1 / 3),
    "inside": (0.2, 0.3, 0.5),
    "near a side": (0.05, 0.6, 0.35),
    "on a side": (0.0, 0.6, 0.4),
}
"""Old policies to choose from, by name."""


def checked_olds(olds) -> dict:
    """A mapping from name to policy of three actions, each checked.

    Raises
    ------
    ValueError
        If one is no policy of three actions.
    """
    for name, old in olds.items():
        check_shape(check_distributions(old, f"olds[{name!r}]"), (3,), f"olds[{name!r}]")
    return {name: tuple(map(float, old)) for name, old in olds.items()}


def advantages(values, old) -> np.ndarray:
    """A = Q - E_old Q, (3,)."""
    values = check_finite(values, "values")
    check_shape(values, (3,), "values")
    return values - values @ np.asarray(old)


@lru_cache(maxsize=64)
def grid_costs(drift, old, values) -> np.ndarray:
    """What a drift charges at the policies of `simplex_grid`, (K,)."""
    grid = simplex_grid()
    return costs(drift, grid, old, values)


def costs(drift, policies, old, values) -> np.ndarray:
    """D_old(p) at policies p, (n,).

    Parameters
    ----------
    drift : Drift
    policies : (n, 3) array
    old : three numbers
    values : three numbers
        Q, for drifts that see the advantages.
    """
    olds, advs = (
        np.tile(old, (len(policies), 1)),
        np.tile(advantages(values, old), (len(policies), 1)),
    )
    return drift.value(policies, olds, advs)


def said(number: float) -> str:
    """A number with two decimals, or the word for infinity."""
    return short_number(number, 2) if np.isfinite(number) else "infinite"


def row_said(policy) -> str:
    """The three probabilities of a policy.

    Examples
    --------
    >>> row_said([0.25, 0.75, 0])
    '(0.25, 0.75, 0.00)'
    """
    return f"({', '.join(map(said, policy))})"
