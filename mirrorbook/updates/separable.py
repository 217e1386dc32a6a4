r"""The best row against separable penalties: one scalar equation a row, by Newton from the left.

With the responses p_a(x) of `penalties`, the row is p(a) = p_a(z + g(a)) where z solves

    F(z) = sum_a p_a(z + g(a)) - 1 = 0.

F is convex and decreasing, so Newton's method started where F >= 0 climbs to the root and never
passes it.  Two such starts are known, and the larger is taken: the Newton step from p = pi, and
the price at which the greediest action would take the whole row.  Against KL(old, new) alone
1 / (1 + F) is concave, and Newton's method for it climbs faster: its steps are longer by 1 + F; and
a row of two actions, one for the best and one for all others, has a price in closed form that is a
better start.  Against L2^2 alone the row is a projection, and no equation is left.
"""

import numpy as np

from .penalties import SMALLEST

SWEEPS = 100
ROUNDING = 1e-14
"""How far a row's sum may be from one before its rounding error is shared out."""

VISIBLE = 1e-8
"""Entries that change by less than this share of them are as good as the same."""


def best_separable(gap, penalty, guess):
    """argmax over p of  -g . p - penalty(p), for every row.

    Parameters
    ----------
    gap : (n, A) array
        g(a) = max A - A(a), nonnegative, possibly infinite; zero somewhere in every row.
    penalty : Penalty
    guess : (n, 1) array
        Of z; NaN where there is none.

    Returns
    -------
    p : (n, A) array
        If KL(old, new) is the only penalty, the mass that used actions leave goes to the best
        actions at no cost; unused ones share it equally.
    z : (n, 1) array
    """
    if penalty.only_l2:
        return best_projection(gap, penalty.old, 2 * penalty.l2)
    floor = highest_full_price(gap, penalty)
    z = start_price(gap, penalty, floor) if np.isnan(guess).any() else np.maximum(guess, floor)
    for _ in range(SWEEPS):
        p, give = penalty.response(z + gap)
        total = p.sum(axis=1, keepdims=True)
        excess = total - 1
        # a guess above the root steps down once, and Newton's method climbs from there
        moving = (np.abs(excess) > ROUNDING) & ((excess > 0) | (z > floor))
        if not np.count_nonzero(moving):  # faster than any()
            break
        step = excess / give.sum(axis=1, keepdims=True)
        if penalty.only_kl:
            step = step * total
        z = np.where(moving, np.maximum(z + step, floor), z)
    # what rounding has left goes where the common price stays common
    small = np.abs(excess) <= ROUNDING
    last = np.divide(excess, give.sum(axis=1, keepdims=True), out=np.zeros(z.shape), where=small)
    p = np.where(last * give < 0.5 * p, p - last * give, p)
    return assign_rest(p, gap, penalty), z


def best_projection(gap, old, stiffness):
    """Against L2^2 alone: the point of the simplex nearest to v = pi - g / stiffness, and z.

    p = (v - tau)_+ with sum p = 1.  Any j of the entries sum to (sum of them - j tau) or less, so
    tau is the largest of  (v_1 + ... + v_j - 1) / j,  v sorted from the largest.

    Parameters
    ----------
    gap, old : (n, A) arrays
    stiffness : (n, 1) array
        Twice the weight of L2^2.
    """
    v = old - gap / stiffness
    upto = np.sort(v, axis=1)[:, ::-1].cumsum(axis=1)
    tau = ((upto - 1) / np.arange(1, v.shape[1] + 1)).max(axis=1, keepdims=True)
    return np.maximum(v - tau, 0.0), stiffness * tau


def start_price(gap, penalty, floor):
    """A price z at which the responses sum to at least one, (n, 1).

    If KL(old, new) is the only penalty and no best action is used, no such price need exist;
    then z = 0, the floor.
    """
    if penalty.only_kl:
        return np.maximum(two_action_price(gap, penalty.old, penalty.kl), floor)
    home = penalty.home_price()
    _, give = penalty.response(np.broadcast_to(home, gap.shape))
    weighted = np.where(give > 0, give * gap, 0.0)
    step = weighted.sum(axis=1, keepdims=True) / give.sum(axis=1, keepdims=True)
    return np.maximum(home - step, floor)


def two_action_price(gap, old, kl):
    """z with  kl b / z + kl (1 - b) / (z + g) = 1,  b the best actions' mass, g the others' gap.

    With g their mean this is the root for two actions, and by convexity at or left of it for more.

    Parameters
    ----------
    gap, old : (n, A) arrays
        Where an action is not used its gap does not matter.
    kl : (n, 1) array

    Returns
    -------
    (n, 1) array
    """
    each = np.ones(gap.shape[1])
    best = (old * (gap == 0)).dot(each)[:, None]
    lacked = np.where(old > 0, old * gap, 0.0).dot(each)[:, None]
    other = lacked / np.maximum(1 - best, SMALLEST)
    half, product = 0.5 * (kl - other), kl * best * other
    sum_ = np.maximum(np.sqrt(half * half + product) + np.abs(half), SMALLEST)
    return np.where(half >= 0, sum_, product / sum_)  # the form of the root that does not cancel


def highest_full_price(gap, penalty):
    """The largest price z at which one action takes the whole row, (n, 1): no root lies below."""
    return (penalty.full_price() - gap).max(axis=1, keepdims=True)


def assign_rest(p, gap, penalty):
    """Against KL(old, new) alone unused best actions are free: they take what the others leave."""
    rest = 1 - p.sum(axis=1)
    if not penalty.only_kl or not np.count_nonzero(rest > ROUNDING):
        return p
    best = gap == 0
    free = (rest > ROUNDING) & ~(best & (penalty.old > 0)).any(axis=1)
    return np.where(free[:, None] & best, (rest / best.sum(axis=1))[:, None], p)


def absorb_rounding(p, old):
    """Let the largest entry that moved absorb the rounding error of the row's sum.

    An entry that stayed must not look as if it had moved, and one that is so small that it would
    change visibly does not absorb anything.
    """
    error = 1 - p.sum(axis=1)
    if not np.count_nonzero(error):
        return p
    moved = p * (p != old)
    largest = moved.argmax(axis=1) + p.shape[1] * np.arange(len(p))  # of all entries
    hidden = VISIBLE * moved.take(largest) >= np.abs(error)
    p = p.copy()
    p.put(largest, p.take(largest) + error * hidden)
    return p
