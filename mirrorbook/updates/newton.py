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

SWEEPS = 25
CLOSE = 0.05
"""Rows that are off by more than this say nothing about k yet."""
MOST = 3.0
"""The largest step of log(own + k)."""
MASS, PRICE = 1e-14, 1e-13
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
        distance = beta @ (move + old * log).sum(axis=1)
        lacks, there, change, rate = prices.look(move, give, slope)
        if there and abs(distance / radius - 1) <= tolerance:
            return p, k
        corrected, dk = distance + beta @ change, 0.0
        if lacks <= CLOSE and corrected > 0:
            pace = -(own + k) * (beta @ rate) / corrected  # d log(distance) / d log(own + k)
            u = np.log(corrected / radius) / pace
            dk = max((own + k) * np.expm1(min(u, MOST)), -0.95 * k)
        k, kappa = k + dk, kappa + dk
        prices.follow(dk, kappa)
        if not np.isfinite(k):
            break
    return None


def answers(y, old, kappa, l2):
    """p, its move, -dp/dy, the slope of KL(old, new) in p less that at home, and log(old / p)."""
    if l2 is None:
        share = old / (kappa + y)
        p = kappa * share
        return p, -y * share, p / (kappa + y), -y / kappa, np.log1p(y / kappa)
    b = 2 * l2 * old - kappa - y
    well = 2 * kappa * old
    root = np.sqrt(b * b + 4 * l2 * well)
    sum_ = root + np.abs(b)  # of the two forms of the root the one that does not cancel
    p = np.where(b < 0, well / sum_, sum_ / (4 * l2))
    move = p - old
    return p, move, p / root, move / p, -np.log(p / old)


class OnePrice:
    """Rows that ask one price z, (n, 1)."""

    def __init__(self, rows, kappa, l2):
        self.gap, self.old, self.alone = rows.gap, rows.old, l2 is None
        give = rows.old if self.alone else rows.old / (kappa + 2 * l2 * rows.old)
        z = -(give * rows.gap).sum(axis=1) / give.sum(axis=1)  # Newton's step from home
        self.z = self._within(z[:, None], kappa)

    def asked(self):
        """y, (n, A)."""
        return self.z + self.gap

    def look(self, move, give, slope):
        """How far rows are off, whether that is rounding, and what the distance will change by.

        The last two, (n,) each: as soon as the rows are right, and then for each bit of k.
        """
        self.excess, self.total = move.sum(axis=1), give.sum(axis=1)
        weighted = slope * give
        self.mean = weighted.sum(axis=1) / self.total
        rate = self.total * self.mean**2 - (weighted * slope).sum(axis=1)
        lacks = np.abs(self.excess).max()
        if self.alone:  # Newton's method for 1 / sum p, see `separable`
            self.excess *= 1 + self.excess
        return lacks, lacks <= MASS, -self.mean * self.excess, rate

    def follow(self, dk, kappa):
        """Newton's step of the prices."""
        z = self.z + (self.excess / self.total - self.mean * dk)[:, None]
        self.z = self._within(z, kappa)

    def _within(self, z, kappa):
        return np.maximum(z, lowest(self.gap, self.old, kappa)) if self.alone else z


class TwoPrices:
    """Rows that pay TV^2 too: z for what gains and w for what loses, (n, 1) each."""

    def __init__(self, rows):
        self.gap, self.old, self.tv = rows.gap, rows.old, rows.weight
        self.used = np.where(rows.old > 0, rows.gap, 0.0)
        self.reach = self.used.max(axis=1, keepdims=True)
        self.z, self.w = np.zeros(self.reach.shape), -self.reach  # home: the worst is about to lose

    def asked(self):
        """y, (n, A)."""
        self.gains, self.loses = self.z + self.gap, self.w + self.gap
        return np.minimum(self.gains, 0.0) + np.maximum(self.loses, 0.0)

    def look(self, move, give, slope):
        """As for `OnePrice`."""
        up, down = self.gains <= 0, self.loses >= 0
        weighted = slope * give
        gained, lost = (move * up).sum(axis=1), -(move * down).sum(axis=1)
        give_up, give_down = (give * up).sum(axis=1), (give * down).sum(axis=1)
        first_up, first_down = (weighted * up).sum(axis=1), (weighted * down).sum(axis=1)
        wedge = (self.z - self.w)[:, 0]
        stiff = 1 / give_up + 1 / give_down + 2 * self.tv
        t = (wedge + gained / give_up + lost / give_down) / stiff
        dt = (first_down / give_down - first_up / give_up) / stiff
        self.dz, self.dw = (gained - t) / give_up, (t - lost) / give_down
        self.dz_dk, self.dw_dk = -(dt + first_up) / give_up, (dt - first_down) / give_down
        # as against KL alone: Newton's method for 1 / sum p over those that gain, or lose
        have, had = (self.old * up).sum(axis=1), (self.old * down).sum(axis=1)
        self.longer_z = (have + gained) / (have + np.maximum(t, 0.0))
        self.longer_w = (had - lost) / np.maximum(had - t, 0.05 * (had - lost))
        self.next = np.where(down, 0.0, self.used).max(axis=1, keepdims=True)
        lacks = np.abs(gained - lost).max()
        apart = (np.abs(wedge - self.tv * (gained + lost)) - PRICE * self.reach[:, 0]).max()
        change = -(first_up * self.dz + first_down * self.dw)
        spread = (weighted * slope).sum(axis=1)
        rate = -(spread + first_up * self.dz_dk + first_down * self.dw_dk)
        self.z_lacks = apart
        return max(lacks, (np.abs(wedge - self.tv * (gained + lost)) / stiff).max()), (
            lacks <= MASS and apart <= 0
        ), change, rate

    def follow(self, dk, kappa):
        """Newton's step of the prices: no action joins those that lose before it is their turn."""
        z = self.z + (self.dz * self.longer_z + self.dz_dk * dk)[:, None]
        w = self.w + (self.dw * self.longer_w + self.dw_dk * dk)[:, None]
        self.z = np.clip(z, lowest(self.gap, self.old, kappa), 0.0)
        self.w = np.clip(w, -self.reach, -self.next)


def lowest(gap, old, kappa):
    """The price at which one action takes the whole row against KL alone, (n, 1)."""
    return (kappa * old - gap).max(axis=1, keepdims=True) - kappa
