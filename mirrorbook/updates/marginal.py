r"""Rows of any separable convex cost, from its gradient alone: each action answers a price.

The objective of a row is a sum of concave functions of one p(a) each,

    A . p  -  c D(p)  -  k E(p),        D, E separable and convex.

The *response* of an action to a price mu is the largest p in [floor, top] at which its marginal
value A(a) - c D'(p) - k E'(p) is still mu or more.  Responses fall as mu grows, and mu is found so
that they sum to one: `MarginalRows` looks for the price, `responses` for the answers to it.

Where an action is indifferent (a flat piece of its marginal value) the responses jump as the price
passes: what lies between the responses just below and just above is the argmax set, from which
`selection` takes a point.
"""

from dataclasses import dataclass, field

import numpy as np

from ..drifts.norms import SAME
from .responses import Responses
from .selection import choose
from .separable import ROUNDING

SWEEPS = 200
RESOLUTION = 1e-14
"""Prices are told apart down to this share of their size."""
STEP = 1e-6
"""Relative step of the difference that estimates a curvature."""


@dataclass(frozen=True, eq=False)
class MarginalRows:
    """n rows, divided by beta, and what they are charged.

    Parameters
    ----------
    adv, old, floor : (n, A) arrays
        Advantages, old rows, and the least that each action gets.
    charges : list of ((n,) array, Drift)
        Weights and separable convex costs; the advantages they depend on are `adv`.
    barred : (n, A) bool array or False
        Actions that are out of reach, whatever the prices.
    knees : (n, A) array
        Where each response was stuck at a kink last time; kept for the next time.
    """

    adv: np.ndarray
    old: np.ndarray
    floor: np.ndarray
    charges: list
    barred: np.ndarray | bool = False
    knees: np.ndarray = field(default=None)

    def __post_init__(self):
        if self.knees is None:
            object.__setattr__(self, "knees", np.full(self.old.shape, np.nan))

    @property
    def top(self):
        """The most that each action can get, (n, A)."""
        return self.floor + 1 - self.floor.sum(axis=1, keepdims=True)

    def marginal(self, p):
        """A(a) - sum of weight * cost'(p(a)), (n, A): nonincreasing in p."""
        value = self.adv
        for weight, cost in self.charges:
            slope = cost.gradient(p, self.old, self.adv)
            weight = weight[:, None]
            value = value - np.multiply(weight, slope, out=np.zeros(p.shape), where=weight > 0)
        return np.where(self.barred, -np.inf, value)

    def give(self, p):
        """-1 / (slope of `marginal`), what an action gives up for a higher price, (n, A)."""
        with np.errstate(invalid="ignore"):  # what is out of reach gives nothing
            drop = self.marginal(p * (1 - STEP)) - self.marginal(p)
        return np.divide(STEP * p, drop, out=np.zeros(p.shape), where=drop > 0)

    def best(self, selection="min-kl", guess=None):
        """The best rows.

        Parameters
        ----------
        selection : as in `selection.choose`
        guess : (n,) array, optional
            Of the prices.

        Returns
        -------
        p : (n, A) array
        price : (n,) array
        pinned : (n,) bool array
            Whether some action is indifferent at that price: then it does not move with the rest.
        """
        feasible = self.floor + (self.top - self.floor) * self.old
        at = self.marginal(feasible)
        low, high = np.where(np.isfinite(at), at, np.inf).min(axis=1), at.max(axis=1)
        answers = Responses(self, feasible)
        price = find_prices(answers, low, high, high if guess is None else guess)
        lower, upper = answers.box()
        p = settled(self, choose(lower, upper, self.old, self.adv, selection))
        return p, price, (upper - lower).max(axis=1) > 1e-9

    def kinks(self, p):
        """Where some cost has a kink, (n, A)."""
        slack = [w[:, None] * cost.slack(p, self.old, self.adv) for w, cost in self.charges]
        return sum(slack) > 0


def find_prices(answers, low, high, price):
    """The prices at which the responses sum to one, (n,).

    By Newton's method within a bracket. Where that is of little use, the bracket is halved, or the
    next price is the marginal value half way between the bracket's responses, of the action for
    which they differ most: if it is indifferent there, that is the price.

    Parameters
    ----------
    answers : Responses
    low, high : (n,) arrays
        Ends of the bracket.
    price : (n,) array
        First guess.
    """
    least = RESOLUTION * np.maximum(np.abs(answers.rows.adv).max(axis=1), np.abs(low))
    low, high = low - 4 * least, high + 4 * least  # so that both sides of a price are inside
    price, last = np.clip(price, low, high), np.full(len(low), np.inf)
    ends = low.copy(), high.copy()
    for sweep in range(SWEEPS):
        p, give = answers.to(price)
        excess = p.sum(axis=1) - 1
        low, high = np.where(excess >= 0, price, low), np.where(excess <= 0, price, high)
        size = np.abs(excess)
        done = (size <= 0.1 * ROUNDING) | (high - low <= 1.5 * least)
        if done.all():
            break
        slope = give.sum(axis=1)  # zero where nobody moves until the price jumps
        newton = price + np.divide(excess, slope, out=np.full(len(low), np.nan), where=slope > 0)
        useful = (newton > low) & (newton < high) & (size <= 0.5 * last)
        other = 0.5 * (low + high) if sweep % 2 else answers.halfway()
        target = np.where(useful, newton, other)
        target = np.clip(target, low + least, high - least)
        price = np.where(done | np.isnan(target), price, target)
        last = size
    for end, now in zip(ends, (low, high), strict=True):
        untried = (now == end) & (size > ROUNDING)
        if untried.any():  # the argmax set needs the responses on both sides
            answers.to(np.where(untried, end, price))
    return price


def settled(rows, p):
    """The rows with entries that stopped next to a kink moved onto it, summing to one."""
    steps = 0.5 * SAME * np.arange(-8, 9)
    at_kink = np.array([rows.kinks(p + step) for step in steps])
    hits = at_kink.sum(axis=0)
    shift = np.tensordot(steps, at_kink, axes=1) / np.maximum(hits, 1)
    p = np.maximum(p + shift, rows.floor)
    free = np.where(hits == 0, p, -1.0)
    largest = np.where(free.max(axis=1) > 0, free.argmax(axis=1), p.argmax(axis=1))
    p[np.arange(len(p)), largest] += 1 - p.sum(axis=1)
    return p
