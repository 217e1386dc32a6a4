r"""What every action answers to a price: the largest p at which its marginal value is that price.

Roots in log p, all actions of all rows at once, by Newton's method with a curvature that is a
difference of marginal values.  Where the cost has a kink, responses stay at it while the price
passes through the jump of the marginal value; kinks once found are remembered.
"""

import numpy as np

from .roots import decreasing_root

TINY = 1e-300
"""The least that an action keeps whose first bit is worth more than any price."""
WIDE = 4.0
"""Brackets of log p are halved until they are narrower than this."""
NEXT = 1e-14
"""Relative step to the next p that is told apart from this one."""
EXACT = 1e-21
"""Relative tolerance of the roots, far below that of the prices: kinks have a right side."""
KINK_WIDTH = 4e-15
"""A kink's two sides are this far away."""


class Responses:
    """Responses to one price after the other, bracketed by the earlier ones.

    Attributes
    ----------
    least, most : (n, A) arrays
        Responses to the last price at which they summed to at most one, and to at least one.
    last : (n, A) array
        Responses to the last price.
    """

    def __init__(self, rows, start):
        self.rows, self.top = rows, rows.top
        self.least, self.most, self.last = rows.floor, self.top, start
        self.bottom = np.maximum(rows.floor, TINY)
        self.near_bottom, self.at_top = rows.marginal(self.bottom), rows.marginal(self.top)
        first = rows.marginal(rows.floor)
        self.lowest = lambda price: np.where(first <= price, rows.floor, self.bottom)
        self._look_around_knees()

    def to(self, price):
        """Responses and how much each gives up as the price rises, (n, A) each."""
        price = np.broadcast_to(price[:, None], self.top.shape)
        inner = (self.near_bottom >= price) & (self.at_top < price)
        stuck = inner & (self.before_knee >= price) & (self.after_knee < price)
        p = np.where(self.near_bottom >= price, self.top, self.lowest(price))
        p = np.where(stuck, self.rows.knees, p)
        give, free = np.zeros(p.shape), inner & ~stuck
        if free.any():
            p = np.where(free, self._inside(price, free), p)
            give = np.where(free, self.rows.give(p), 0.0)
            self._remember_knees(p, price, free)
        total = p.sum(axis=1, keepdims=True)
        self.most = np.where(total >= 1, p, self.most)
        self.least = np.where(total <= 1, p, self.least)
        self.last = p
        return p, give

    def halfway(self):
        """The marginal value between `least` and `most` of the action that differs most, (n,)."""
        widest = np.argmax(self.most - self.least, axis=1)[:, None]
        value = self.rows.marginal(0.5 * (self.least + self.most))
        return np.take_along_axis(value, widest, axis=1)[:, 0]

    def box(self):
        """Lower and upper bounds of the maximisers of every row, (n, A) each."""
        exact = np.abs(self.last.sum(axis=1, keepdims=True) - 1) <= 1e-15
        lower = np.where(exact, self.last, np.minimum(self.least, self.most))
        return lower, np.where(exact, self.last, np.maximum(self.least, self.most))

    def _inside(self, price, free):
        """The roots of marginal(p) = price."""
        rows, shape = self.rows, price.shape

        def surplus(y):
            p = np.exp(y).reshape(shape)
            value, give = rows.marginal(p) - price, rows.give(p)
            if (value == 0).any():  # the largest p is wanted: go on where it stays zero
                flat = (value == 0) & (rows.marginal(p * (1 + NEXT)) == price)
                value, give = np.where(flat, 1e-15 * size, value), np.where(flat, 0.0, give)
            value = np.where(free, value, 0.0)
            slope = np.divide(-p, give, out=np.zeros(shape), where=free & (give > 0))
            return value.ravel(), slope.ravel()

        size = np.where(free, np.abs(rows.adv) + np.abs(price), 1.0)
        low = np.log(np.maximum(self.least, self.bottom)).ravel()
        high = np.log(np.maximum(self.most, self.bottom)).ravel()
        start = np.clip(np.log(np.maximum(self.last, self.bottom)).ravel(), low, high)
        while (wide := free.ravel() & (high - low > WIDE)).any():  # too far for Newton's method
            above = surplus(start)[0] > 0
            low, high = np.where(wide & above, start, low), np.where(wide & ~above, start, high)
            start = np.where(wide, 0.5 * (low + high), start)
        y = decreasing_root(surplus, low, high, start, EXACT * size.ravel())
        return np.exp(y).reshape(shape)

    def _remember_knees(self, p, price, free):
        """A response that does not reach the price is stuck at a kink."""
        missing = np.abs(self.rows.marginal(p) - price)
        found = free & (missing > 1e-9 * (np.abs(self.rows.adv) + np.abs(price))) & (p > 1e-9)
        if found.any():
            self.rows.knees[found] = p[found]
            self._look_around_knees()

    def _look_around_knees(self):
        knees = np.where(np.isnan(self.rows.knees), 1.0, self.rows.knees)
        known = ~np.isnan(self.rows.knees)
        self.before_knee = np.where(known, self.rows.marginal(knees - KINK_WIDTH), -np.inf)
        self.after_knee = np.where(known, self.rows.marginal(knees + KINK_WIDTH), np.inf)
