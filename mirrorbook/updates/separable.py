r"""The best row against separable penalties: one scalar equation a row, by Newton from the left.

With the responses p_a(x) of `penalties`, the row is p(a) = p_a(z + g(a)) where z solves

    F(z) = sum_a p_a(z + g(a)) - 1 = 0.

F is convex and decreasing, so Newton's method started where F >= 0 climbs to the root and never
passes it.  Two such starts are known, and the larger is taken: the Newton step from p = pi, and
the price at which the greediest action would take the whole row.  Against KL(old, new) alone
1 / (1 + F) is concave, and Newton's method for it climbs faster: its steps are longer by 1 + F.
"""

import numpy as np

SWEEPS = 100
ROUNDING = 1e-14
"""How far a row's sum may be from one before its rounding error is shared out."""


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


def start_price(gap, penalty, floor):
    """A price z at which the responses sum to at least one, (n, 1).

    If KL(old, new) is the only penalty and no best action is used, no such price need exist;
    then z = 0, the floor.
    """
    home = penalty.home_price()
    _, give = penalty.response(np.broadcast_to(home, gap.shape))
    weighted = np.where(give > 0, give * gap, 0.0)
    step = weighted.sum(axis=1, keepdims=True) / give.sum(axis=1, keepdims=True)
    return np.maximum(home - step, floor)


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

    An entry that stayed must not look as if it had moved.
    """
    error = 1 - p.sum(axis=1, keepdims=True)
    moved = np.where(p != old, p, -1.0)
    largest = moved.argmax(axis=1)[:, None] == np.arange(p.shape[1])
    return np.where(largest & (moved >= 0), p + error, p)
