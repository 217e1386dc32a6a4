r"""An average ball of KL(old, new): its multiplier and the prices of all rows at once, by Newton.

With k for lam times the distance's scale, row s pays  kappa KL(pi, p) + l2 |p - pi|^2 + tv TV^2,
kappa = k + the weight of a KL drift.  Prices are measured from home: an action answers the price
y by the p that solves

    2 l2 (p - pi) + kappa (1 - pi / p) = -y,        y = 0 where it does not move.

Without TV^2 all actions of a row ask one price z, y(a) = z + g(a); with it those that gain ask z,
those that lose ask w, and the others stay:

    y(a) = min(z + g(a), 0) + max(w + g(a), 0),        z - w = 2 tv t,

t the mass that moves (`transport`).  What has to vanish: the sum of each row's moves, this
difference of its prices, and distance - radius.  Every sweep evaluates all responses once and then
takes the Newton step for all unknowns together, k's on the scale of `ball.multiplier`.  Steps are
as safe as they are cheap to make, and no safer: whoever calls gets rows that meet the equations to
rounding, or None, and then `ball` brackets what is left.
"""

import numpy as np

from .separable import two_action_price

SWEEPS = 25
CLOSE = 0.1
"""Rows that are off by more than this say nothing about k yet."""
MOST = 3.0
"""The largest step of log(own + k)."""
SIGN = np.array([[1.0], [-1.0]])
"""Of z and w: which side of home is their own."""
MASS, PRICE = 1e-15, 1e-13
"""What counts as zero: of a row's moves, and of its prices relative to its largest gap."""


def best_in_ball(rows, radius, beta, k, tolerance):
    """The best rows in the ball, (n, A), and k; or None.

    Parameters
    ----------
    rows : Rows
        Their ball is that of KL(old, new), their drift the same, L2^2, TV^2 or none.
    radius : float
        In the units of the distance without scale.
    beta : (n,) array
    k : float
        First guess.
    tolerance : float
        By what share of the radius the distance may miss it.
    """
    old, weight = rows.old, rows.weight[:, None]
    own = weight.min() if rows.drift == "kl" else 0.0
    kappa = k + weight if rows.drift == "kl" else np.full(weight.shape, k)
    l2 = weight if rows.drift == "l2" else None
    prices = TwoPrices(rows) if rows.drift == "tv" else OnePrice(rows, kappa, l2)
    for _ in range(SWEEPS):
        p, move, give, slope, log = answers(prices.asked(), old, kappa, l2)
        distance = (beta @ (move + old * log)).sum()
        lacks, exact, change, rate = prices.compared(move, give, slope)
        if exact and abs(distance / radius - 1) <= tolerance:
            return np.where(move == 0, old, p), k  # what stays must not look as if it had moved
        corrected, fall, dk = distance + beta @ change, -(beta @ rate), 0.0
        if lacks <= CLOSE and corrected > 0 and fall > 0:
            pace = (own + k) * fall / corrected  # minus d log(distance) / d log(own + k)
            dk = (own + k) * np.expm1(min(np.log(corrected / radius) / pace, MOST))
            dk = max(dk, -0.95 * k)
        if not np.isfinite(dk):
            break
        k, kappa = k + dk, kappa + dk
        prices.follow(dk, kappa)
    return None


def best_compiled(compiled, rows, radius, beta, tolerance):
    """As `best_in_ball`, by the module `compiled`, also for a ball that holds nothing back."""
    nothing, charged = np.zeros(len(rows.old)), {"kl": None, "l2": None, "tv": None}
    for kind in charged:
        charged[kind] = rows.weight if rows.drift == kind else nothing
    order = np.argsort(-rows.gap, axis=1) if rows.drift == "tv" else np.zeros((len(beta), 0), int)
    p, k, found = compiled.best_in_ball(
        rows.gap, rows.old, order, **charged, own=charged["kl"].min(), beta=beta,
        radius=radius, tolerance=tolerance,
    )  # fmt: skip
    return (p, k) if found else None


def answers(y, old, kappa, l2):
    """p, its move, -dp/dy, the slope of KL(old, new) in p less that at home, and log(old / p)."""
    if l2 is None:
        y = y / kappa
        p = old / (1 + y)
        return p, -y * p, p / (1 + y) / kappa, -y, np.log1p(y)
    b = 2 * l2 * old - kappa - y
    well = 2 * kappa * old
    root = np.sqrt(b * b + 4 * l2 * well)
    sum_ = root + np.abs(b)  # of the two forms of the root the one that does not cancel
    p = np.where(b < 0, well / sum_, sum_ / (4 * l2))
    move = p - old
    return p, move, p / root, move / p, -np.log(p / old)


class OnePrice:
    """Rows that ask one price z, (n,)."""

    def __init__(self, rows, kappa, l2):
        self.gap, self.old, self.each = rows.gap, rows.old, np.ones(rows.old.shape[1])
        self.alone = l2 is None  # with KL(old, new)
        if self.alone:
            self.z = (two_action_price(rows.gap, rows.old, kappa) - kappa)[:, 0]
        else:  # Newton's step from home
            give = rows.old / (kappa + 2 * l2 * rows.old)
            self.z = -(give * rows.gap).dot(self.each) / give.dot(self.each)

    def asked(self):
        """y, (n, A)."""
        return self.z[:, None] + self.gap

    def compared(self, move, give, slope):
        """How far the rows are from right, and what the distance has yet to change.

        Returns
        -------
        lacks : float
            Mass that is missing or moves too much, the most of all rows.
        exact : bool
            Whether that is rounding.
        change, rate : (n,) arrays
            How the distance of the best rows differs from that of these, and its derivative in k.
        """
        first, excess = slope * give, move.dot(self.each)
        total = give.dot(self.each)
        self.mean = first.dot(self.each) / total
        lacks = np.abs(excess).max()
        if self.alone:  # Newton's method for 1 / sum p, see `separable`
            excess = excess * (1 + excess)
        self.step = excess / total
        rate = total * self.mean * self.mean - (first * slope).dot(self.each)
        return lacks, lacks <= MASS, -self.mean * excess, rate

    def follow(self, dk, kappa):
        """Newton's step, k growing by dk."""
        self.z = self.z + self.step - self.mean * dk
        if self.alone:
            self.z = np.maximum(self.z, full_price(self.gap, self.old, kappa))


class TwoPrices:
    """Rows that pay TV^2: z for what gains and w for what loses, (2, n)."""

    def __init__(self, rows):
        self.gap, self.old, self.tv = rows.gap, rows.old, rows.weight
        self.used = np.where(rows.old > 0, rows.gap, 0.0)
        self.reach = self.next = self.used.max(axis=1)
        # nothing moves, and the worst action is about to
        self.prices = np.array([np.zeros(len(rows.old)), -self.reach])

    def asked(self):
        """y, (n, A)."""
        offers = self.prices[:, :, None] + self.gap
        self.sides = SIGN[:, :, None] * offers <= 0  # those that gain, and those that lose
        return (offers * self.sides).sum(axis=0)

    def compared(self, move, give, slope):
        """As for one price."""
        first = slope * give
        terms = np.array([give, first, move, self.old])
        give, mean, moved, had = np.einsum("tsa,psa->tps", terms, self.sides)
        mean = mean / give
        wedge = SIGN[:, 0] @ self.prices - self.tv * (SIGN[:, 0] @ moved)
        stiff = (1 / give).sum(axis=0) + 2 * self.tv
        t = (SIGN[:, 0] @ (self.prices + moved / give)) / stiff
        dt = -(SIGN[:, 0] @ mean) / stiff
        self.step = (moved - SIGN * t) / give
        self.rate = -mean - SIGN * dt / give
        # against KL alone: Newton's method for 1 / sum p over those that gain, or lose
        now = had + moved
        self.step *= now / np.maximum(had + SIGN * t, 0.05 * now)
        self.next = np.where(self.sides[1], 0.0, self.used).max(axis=1)
        mass = mean * give
        lacks = np.abs(moved[0] + moved[1]).max()
        apart = np.abs(wedge)
        exact = lacks <= 10 * MASS and (apart <= PRICE * self.reach).all()
        change = -(mass * self.step).sum(axis=0)
        rate = -(first * slope).sum(axis=1) - (mass * self.rate).sum(axis=0)
        return max(lacks, (apart / stiff).max()), exact, change, rate

    def follow(self, dk, kappa):
        """Newton's step: no action starts to lose before those before it are on their way."""
        z, w = self.prices + self.step + self.rate * dk
        z = np.minimum(np.maximum(z, full_price(self.gap, self.old, kappa)), 0.0)
        w = np.minimum(np.maximum(w, -self.reach), -self.next)
        self.prices = np.array([z, w])


def full_price(gap, old, kappa):
    """The price at which some action takes the whole row against KL(old, new) alone, (n,)."""
    return (kappa * (old - 1) - gap).max(axis=1)
