r"""What a row pays for moving, and how it answers a price: the closed forms of the exact updates.

Every row of an update with the drifts and balls of this package is one problem on the simplex,

    maximise over p    A . p  -  kl KL(pi, p) - rkl KL(p, pi) - l2 |p - pi|^2  -  tv TV(p, pi)^2

with at most two of the four coefficients positive.  The first three penalties are separable.
With f their derivative in p(a), optimality says  A(a) - f(p(a)) = mu  wherever p(a) > 0.  In terms
of the gap g(a) = max A - A(a) >= 0 and of z = mu - max A, the *response* of an action to the price
x = z + g(a) is the p that solves  f(p) = -x:

    kl         p = kl pi / x                           (x > 0)
    rkl        p = pi exp(-x / rkl)
    l2         p = (pi - x / 2 l2)_+
    kl, l2     2 l2 p^2 - (2 l2 pi - x) p - kl pi = 0, its nonnegative root
    rkl, l2    p = t W(pi / t exp((pi - x / 2 l2) / t)),   t = rkl / 2 l2
    kl, rkl    pi / p = (rkl / kl) W(kl / rkl exp(x / rkl))

with W Lambert's function, computed as Wright's omega function W(exp(y)) = omega(y).  All responses
are convex and decreasing in x, which is what makes Newton's method safe in `separable`.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.special import wrightomega

SMALLEST = np.finfo(float).tiny


@dataclass(frozen=True)
class Penalty:
    """Separable penalties on n rows: coefficients of shape (n, 1), or None where absent.

    Parameters
    ----------
    old : (n, A) array
        The rows one moves from.
    kl, rkl, l2 : (n, 1) arrays or None
        Coefficients of KL(old, new), KL(new, old) and |new - old|^2, positive.
    """

    old: np.ndarray
    kl: np.ndarray | None = None
    rkl: np.ndarray | None = None
    l2: np.ndarray | None = None

    @property
    def only_kl(self):
        """Whether KL(old, new) is the only penalty: then an unused action costs nothing."""
        return self.rkl is None and self.l2 is None

    @property
    def only_l2(self):
        """Whether L2^2 is the only penalty: then the best row is a projection."""
        return self.kl is None and self.rkl is None

    @cached_property
    def pull(self):
        """kl pi, (n, A): what keeps a used action alive."""
        return self.kl * self.old

    @cached_property
    def quadratic(self):
        """2 a, a pi, 2 c, 4 a c of the quadratic a p^2 - b p - c = 0, a = 2 l2, c = kl pi."""
        a = 2 * self.l2
        return 2 * a, a * self.old, 2 * self.pull, 4 * a * self.pull

    @cached_property
    def least(self):
        """The least that a KL leaves of each action, (n, A): underflow must not kill it."""
        return np.where(self.old > 0, SMALLEST, 0.0)

    @cached_property
    def most(self):
        """What a KL gives an action at no price at all, (n, A): nothing if it is not used."""
        return np.where(self.old > 0, np.inf, 0.0)

    def home_price(self):
        """The price x at which an action does not move, (n, 1) or 0: f(pi) = -kl."""
        return 0.0 if self.kl is None else self.kl

    def width(self):
        """The range of prices over which a single penalty lets an action answer, (n, 1)."""
        if self.l2 is not None:
            return 2 * self.l2
        return self.rkl if self.kl is None else self.kl

    def full_price(self):
        """The price x at which an action takes the whole row, (n, A): x = -f(1)."""
        price = np.zeros(self.old.shape)
        if self.kl is not None:
            price += self.pull
        if self.rkl is not None:
            price += self.rkl * np.log(self.old)  # -inf: an unused action never takes anything
        if self.l2 is not None:
            price -= 2 * self.l2 * (1 - self.old)
        return price

    def response(self, x):
        """p with f(p) = -x, infinite where x is below all that any p answers, and -dp/dx.

        Parameters
        ----------
        x : (n, A) array
            The price of each action.

        Returns
        -------
        p, give : (n, A) arrays
            The answer, and how much of it the action gives up as its price rises.
        """
        old, kl, rkl, l2 = self.old, self.kl, self.rkl, self.l2
        match (kl is not None, rkl is not None, l2 is not None):
            case (True, False, False):
                p = np.maximum(np.where(x > 0, self.pull / x, self.most), self.least)
                give = p / x
            case (False, True, False):
                p = np.maximum(old * np.exp(-x / rkl), self.least)
                give = p / rkl
            case (False, False, True):
                p = np.maximum(old - x / (2 * l2), 0.0)
                give = 1 / (2 * l2)
            case (True, False, True):
                twice_a, anchor, twice_c, well = self.quadratic
                b = anchor - x
                root = np.sqrt(b * b + well)
                # of the two forms of the root take the one that does not cancel
                sum_ = root + np.abs(b)
                p = np.maximum(np.where(b < 0, twice_c / sum_, sum_ / twice_a), self.least)
                return p, p / np.maximum(root, SMALLEST)
            case (False, True, True):
                t = rkl / (2 * l2)
                w = wrightomega(np.log(old / t) + (old - x / (2 * l2)) / t)
                p = np.maximum(t * w, self.least)
                give = w / (1 + w) / (2 * l2)
            case (True, True, False):
                w = wrightomega(x / rkl + np.log(kl / rkl))
                p = np.where(old > 0, np.maximum(old * (kl / rkl) / w, SMALLEST), 0.0)
                give = p / rkl / (1 + w)
        return p, np.where(p > 0, give, 0.0)

    def give(self, p):
        """-dp/dx = 1 / f'(p) at a given p, (n, A); 0 where p = 0."""
        curvature = 0.0 if self.l2 is None else 2 * self.l2
        if self.kl is not None:
            curvature = curvature + self.pull / p / p
        if self.rkl is not None:
            curvature = curvature + self.rkl / p
        return np.where(p > 0, 1 / curvature, 0.0)
