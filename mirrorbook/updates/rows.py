"""The rows of an update: what each is charged for a move, and which solver that calls for.

Ties: where several rows are optimal, mass that moves goes to the best actions in proportion to
their old probabilities, or in equal parts if none of them is used (always in equal parts in an L2
ball, where that is the shortest move).
"""

from dataclasses import dataclass

import numpy as np

from .penalties import Penalty
from .sensitivity import lone_transport_slope, separable_slope, transport_slope
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
        Kind of the drift and of the ball's distance: a field of `Penalty`, "tv", or None.
    weight : (n,) array
        Weight of the drift; that of the ball's distance, k, comes with `charged`.
    """

    gap: np.ndarray
    old: np.ndarray
    drift: str | None
    weight: np.ndarray
    ball: str | None

    def charged(self, k):
        """Yield the rows with k(s) >= 0 for the ball's distance, grouped by what they pay.

        Yields
        ------
        some : index of rows
        part : ChargedRows
        """
        drift, ball = self.weight > 0, k > 0
        if np.count_nonzero(drift) % len(k) == 0 and np.count_nonzero(ball) % len(k) == 0:
            yield slice(None), self._charged(slice(None), k)
        else:
            pattern = 2 * drift + ball
            for value in np.unique(pattern):
                some = np.flatnonzero(pattern == value)
                yield some, self._charged(some, k)

    def _charged(self, some, k):
        total = {}
        for kind, coefficient in ((self.drift, self.weight[some]), (self.ball, k[some])):
            if kind is not None and coefficient[0] > 0:
                total[kind] = total.get(kind, 0.0) + coefficient[:, None]
        tv = total.pop("tv", None)
        penalty = Penalty(self.old[some], **total) if total else None
        return ChargedRows(self.gap[some], self.old[some], tv, penalty, self.ball)


@dataclass(frozen=True, eq=False)
class ChargedRows:
    """Rows that all pay the same kinds of penalties.

    Parameters
    ----------
    gap, old : (n, A) arrays
    tv : (n, 1) array or None
        Coefficients of TV^2.
    penalty : Penalty or None
    ball : str or None
        Kind of the ball's distance.
    """

    gap: np.ndarray
    old: np.ndarray
    tv: np.ndarray | None
    penalty: Penalty | None
    ball: str | None

    def best(self, guess):
        """The best rows, (n, A), and their prices.

        Prices and their guess are (n, 2): z and w of `transport`, or z of `separable` and NaN; NaN
        where there are none.
        """
        no_price = np.full(guess.shape, np.nan)
        if self.tv is None and self.penalty is None:
            return best_unpunished(self.gap, self.old, self.ball), no_price
        if self.penalty is None:
            shares = receivers(self.gap, self.old, self.ball)
            return best_transport(self.gap, self.old, self.tv, shares), no_price
        if self.tv is None:
            pi, no_price[:, :1] = best_separable(self.gap, self.penalty, guess[:, :1])
            return pi, no_price
        return best_penalised_transport(self.gap, self.tv, self.penalty, guess)

    def slope(self, pi, derivative):
        """dE/dk of the best rows, E the ball's distance without scale, (n,), and of the prices.

        `derivative` is dE/dp up to a number a row, which must be the one that makes it the f of
        `penalties` for the prices' derivatives, (n, 2), to be right.
        """
        rates = np.zeros((len(pi), 2))
        if self.penalty is None:
            return lone_transport_slope(pi, self.old, self.tv[:, 0]), rates
        if self.tv is None:
            slope, rates[:, :1] = separable_slope(pi, self.penalty, derivative)
            return slope, rates
        own = None if self.ball == "tv" else derivative
        return transport_slope(pi, self.old, self.tv[:, 0], self.penalty, own)


def best_unpunished(gap, old, ball):
    """argmax over p of -g . p: all mass on the best actions (GPI, Eq. (1)), ties as stated."""
    kept = old * (gap == 0)
    rest = 1 - kept.sum(axis=1, keepdims=True)
    return kept + rest * receivers(gap, old, ball)


def receivers(gap, old, ball):
    """How the best actions share mass that comes to them, rows summing to one, (n, A)."""
    best, each = gap == 0, np.ones(gap.shape[1])
    weight = best * old
    total = weight.dot(each)
    if ball == "l2" or np.count_nonzero(total) < len(total):
        weight = np.where((total[:, None] == 0) | (ball == "l2"), best, weight)
        total = weight.dot(each)
    return weight / total[:, None]
