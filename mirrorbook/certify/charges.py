"""The charge of a drift on many rows at once, and what is measured of it.

Every measurement returns violations and tolerances, (n,) each, of n rows: a hypothesis fails where
a violation exceeds its tolerance.  Advantages come from action values, A = Q - E_old Q, so that
they follow the old row continuously and average to zero under it.
"""

from dataclasses import dataclass

import numpy as np

from ..drifts import Drift, total_variation
from .evidence import ROUNDING
from .limits import STEPS, change, steepest, unexplained

SLOW = 2.0 ** -np.array([10.0, 14.0, 18.0])
FAST = np.array(
    [1 / 4, 1 / 10, 1 / 25]
)  # beyond 1/27, exp(-1/h^2) is no number of double precision
NEAR = 2.0**-14 * FAST  # so that only what the fast row does can make a difference
SPEEDS = np.array(
    [
        [SLOW, SLOW], [SLOW, 0 * SLOW], [0 * SLOW, SLOW], [SLOW, SLOW**2], [SLOW**2, SLOW],
        [NEAR, np.exp(-1 / FAST**2)], [np.exp(-1 / FAST**2), NEAR],
    ]
)  # fmt: skip
"""(k, 2, 3): how fast the old and the new row approach their limits, three terms of each."""


@dataclass(frozen=True, eq=False)
class Charge:
    """A drift as a function of rows.

    Parameters
    ----------
    drift : Drift
    n_states : int or None
        Rows are handed over as policies of that many states, or all at once.
    unit : float
        Size of the charge between moderate rows, on which rounding errors are based.
    """

    drift: Drift
    n_states: int | None
    unit: float = 0.0

    def __call__(self, new, old, q):
        """D_old(new), (n,) for rows (n, A); NaN counts as infinite."""
        adv = q - (old * q).sum(axis=1, keepdims=True)
        size = self.n_states or max(len(new), 1)
        with np.errstate(all="ignore"):
            parts = [
                self.drift.value(new[i : i + size], old[i : i + size], adv[i : i + size])
                for i in range(0, len(new), size)
            ]
        value = np.concatenate(parts) if parts else np.empty(0)
        return np.where(np.isnan(value), np.inf, value)

    def noise(self, *values):
        """Rounding error of a difference of charges, (n,)."""
        size = self.unit
        for value in values:
            size = size + np.where(np.isfinite(value), np.abs(value), 0.0)
        return ROUNDING * size


def between(one, other, share):
    """(1 - share) one + share other: `share` is a number or one a row."""
    share = np.asarray(share)
    share = share[:, None] if share.ndim == 1 else share
    return (1 - share) * one + share * other


def infinite(charge, new, old, q):
    """|D_old(new)|, which must not be infinite."""
    value = np.abs(charge(new, old, q))
    return value, np.full(value.shape, np.finfo(float).max)


def negative(charge, new, old, q):
    """-D_old(new)."""
    value = charge(new, old, q)
    return -value, charge.noise(value)


def at_home(charge, old, q):
    """|D_old(old)|."""
    value = np.abs(charge(old, old, q))
    return value, charge.noise()


def free(charge, new, old, q, floor):
    """How far one moves, TV(old, new), for a charge of at most `floor`."""
    moved = total_variation(new, old)
    return np.where(charge(new, old, q) <= floor, moved, 0.0), np.zeros(len(new))


def slope(charge, old, target, q):
    """|D_old(old + t (target - old))| / t for t -> 0."""
    with np.errstate(over="ignore"):
        quotients = [charge(between(old, target, t), old, q) / t for t in STEPS]
    return unexplained(np.array(quotients), charge.noise() / STEPS[-1])


def bent(charge, left, right, old, q):
    """D((left + right) / 2) - (D(left) + D(right)) / 2, which convexity keeps from being > 0."""
    middle = charge(0.5 * (left + right), old, q)
    ends = charge(left, old, q), charge(right, old, q)
    chord = 0.5 * (ends[0] + ends[1])
    excess = np.subtract(middle, chord, out=np.zeros(len(old)), where=np.isfinite(chord))
    return excess, charge.noise(middle, *ends)


def jumps(charge, new, new_end, old, old_end, q):
    """The largest jump of D on the way from one pair of rows to another."""

    def along(position):
        return charge(between(new, new_end, position), between(old, old_end, position), q)

    increments, low, ends = steepest(along, len(old))
    value, tolerance = unexplained(increments, charge.noise(along(low)))
    return value, np.where(np.isfinite(ends).all(axis=0), tolerance, np.inf)


def gaps(charge, new, old, new_from, old_from, q, speed):
    """|D_old(new) - lim D| as both rows are approached, at speeds (n, 2, 3)."""
    limit = charge(new, old, q)
    terms = [
        charge(between(new, new_from, g), between(old, old_from, h), q)
        for h, g in np.moveaxis(speed, 2, 0).transpose(0, 2, 1)
    ]
    finite = np.isfinite(limit)
    left = np.subtract(terms, limit, out=np.zeros((3, len(old))), where=finite)
    value, tolerance = unexplained(left, charge.noise(limit))
    return value, np.where(finite, tolerance, np.inf)


def elsewhere(charge, new, old, q):
    """max_s |D_old(new|s) - D_old(new'|s)|, new' = new in s and old elsewhere; (n, S, A) arrays."""
    value = np.array([charge(*policy) for policy in zip(new, old, q, strict=True)])
    other = np.empty(value.shape)
    for s in range(new.shape[1]):
        moved = np.where(np.arange(new.shape[1])[:, None] == s, new, old)
        other[:, s] = [charge(*policy)[s] for policy in zip(moved, old, q, strict=True)]
    return change(value, other).max(axis=1), charge.noise(value.max(axis=1))
