"""The rows of an update: what each is charged for a move, and which solver that calls for.

Ties: where several rows are optimal, mass that moves goes to the best actions in proportion to
their old probabilities, or in equal parts if none of them is used (always in equal parts in an L2
ball, where that is the shortest move).
"""

from dataclasses import dataclass, replace

import numpy as np

from .penalties import Penalty
from .sensitivity import separable_slope, transport_slope
from .separable import best_separable
from .transport import best_penalised_transport, best_transport


@dataclass(frozen=True, eq=False)
class Rows:
    """n rows of an update: how much each action lacks, and what a move is charged.

    Parameters
    ----------
    gap, old : (n, A) arrays
        max A - A(a), infinite where an action is out of reach, and the old rows.
    drift, ball : str or None
        Kind of the drift and of the ball's distance: a key of `Penalty`, "tv", or None.
    weight : (n,) array
        Weight of the drift; that of the ball's distance, k, is an argument of the methods.
    prices : (n, 1) array
        The last solution's prices, a head start for the next one; NaN where there is none.
    """

    gap: np.ndarray
    old: np.ndarray
    drift: str | None
    weight: np.ndarray
    ball: str | None
    prices: np.ndarray = None

    def __post_init__(self):
        if self.prices is None:
            object.__setattr__(self, "prices", np.full((len(self.old), 1), np.nan))

    def best(self, k):
        """The best rows when the ball's distance costs k(s) >= 0, (n, A)."""
        drifting, held = self.weight > 0, k > 0
        if all(some.all() or not some.any() for some in (drifting, held)):
            return self._best(k)
        pattern = 2 * drifting + held
        pi = np.empty(self.old.shape)
        for value in np.unique(pattern):
            some = pattern == value
            pi[some] = self.take(some)._best(k[some])
        return pi

    def take(self, some):
        """Some of the rows, with prices of their own."""
        return replace(
            self, gap=self.gap[some], old=self.old[some], weight=self.weight[some],
            prices=self.prices[some],
        )  # fmt: skip

    def _best(self, k):
        """`best` where each charge is positive in all rows or in none."""
        charges = self.charges(k)
        tv = charges.pop("tv", None)
        if tv is None and not charges:
            return best_unpunished(self.gap, self.old, self.ball)
        if not charges:
            return best_transport(self.gap, self.old, tv, receivers(self.gap, self.old, self.ball))
        penalty = Penalty(self.old, **charges)
        if tv is None:
            return best_separable(self.gap, penalty, self.prices)
        return best_penalised_transport(self.gap, tv, penalty, self.prices)

    def charges(self, k):
        """Coefficient of each kind of penalty, (n, 1), where positive."""
        total = {}
        for kind, coefficient in ((self.drift, self.weight), (self.ball, k)):
            if kind is not None and (coefficient > 0).any():
                total[kind] = total.get(kind, 0.0) + coefficient[:, None]
        return total

    def slope(self, pi, k, derivative):
        """dE/dk of the best rows, E the ball's distance without scale, (n,)."""
        charges = self.charges(k)
        tv = charges.pop("tv", None)
        penalty = Penalty(self.old, **charges) if charges else None
        if tv is None:
            return separable_slope(pi, penalty, derivative)
        own = None if self.ball == "tv" else derivative
        return transport_slope(pi, self.old, tv[:, 0], penalty, own)


def best_unpunished(gap, old, ball):
    """argmax over p of -g . p: all mass on the best actions (GPI, Eq. (1)), ties as stated."""
    kept = np.where(gap == 0, old, 0.0)
    rest = 1 - kept.sum(axis=1, keepdims=True)
    return kept + rest * receivers(gap, old, ball)


def receivers(gap, old, ball):
    """How the best actions share mass that comes to them, rows summing to one, (n, A)."""
    best = gap == 0
    weight = np.where(best, old, 0.0)
    equal = (weight.sum(axis=1, keepdims=True) == 0) | (ball == "l2")
    weight = np.where(equal, best, weight)
    return weight / weight.sum(axis=1, keepdims=True)
