r"""The best row against squared total variation, alone or with one separable penalty.

A move with TV(pi, p) = t takes mass t from some actions and gives it to others; a bit more costs
2 tv t.  Against TV^2 alone the worst actions lose and the best gain, so the last bit moved gains
the gap of the action it came from:

    t = max_j min(m_j, g_j / 2 tv),      g_1 >= g_2 >= ... the gaps,  m_j = pi_1 + ... + pi_j.

With a separable penalty besides, actions that gain answer the price z + g(a), actions that lose
answer the price w + g(a), and the others stay; the two prices differ by the slope of the transport
cost.  With U(z) the mass gained and D(w) the mass lost,

    z = w + 2 tv D(w),        U(z) = D(w) = t,

one decreasing scalar equation  U(w + 2 tv D(w)) - D(w) = 0  in w.
"""

import numpy as np

from .roots import decreasing_root
from .rows import absorb_rounding, assign_rest, highest_full_price

ROUNDING = 4e-16


def best_transport(gap, old, tv, receivers):
    """argmax over p of  -g . p - tv TV(pi, p)^2, for every row.

    Parameters
    ----------
    gap, old : (n, A) arrays
    tv : (n, 1) array, positive
    receivers : (n, A) array
        How the best actions share what they gain: rows sum to one, zero where gap > 0.

    Returns
    -------
    (n, A) array
    """
    order = np.argsort(-gap, axis=1, kind="stable")
    taken_first = np.take_along_axis(old, order, axis=1)
    upto = np.cumsum(taken_first, axis=1)
    before = np.hstack([np.zeros((len(old), 1)), upto[:, :-1]])
    pays = np.take_along_axis(gap, order, axis=1) / (2 * tv)
    t = np.minimum(upto, pays).max(axis=1, keepdims=True)
    lost = np.where(t >= upto, taken_first, np.clip(t - before, 0.0, taken_first))
    p = old.copy()
    np.put_along_axis(p, order, taken_first - lost, axis=1)
    p += lost.sum(axis=1, keepdims=True) * receivers
    return absorb_rounding(p, old)


def best_penalised_transport(gap, tv, penalty, prices=None):
    """argmax over p of  -g . p - tv TV(pi, p)^2 - penalty(p), for every row.

    Parameters
    ----------
    gap : (n, A) array
        Infinite where the penalty forbids an action.
    tv : (n, 1) array, positive
    penalty : Penalty
    prices : (n, 1) array, optional
        A guess of w, NaN where there is none; overwritten with the solution.

    Returns
    -------
    (n, A) array
    """
    old = penalty.old
    floor = highest_full_price(gap, penalty)

    def gained(z):
        """U(z) and its derivative; below the floor some action would take more than the row."""
        gaining, give = penalty.response(np.maximum(z, floor) + gap)
        rise = np.where(z > floor, _sum(give * (gaining > old)), 0.0)
        return _sum(np.maximum(gaining - old, 0.0)), -rise

    def lost(w):
        """D(w) and its derivative."""
        losing, give = penalty.response(w + gap)
        return _sum(np.maximum(old - losing, 0.0)), _sum(np.where(losing < old, give, 0.0))

    def balance(w):
        """U(w + 2 tv D(w)) - D(w)."""
        mass, steepness = lost(w[:, None])
        gain, slope = gained(w[:, None] + 2 * tv * mass)
        return (gain - mass)[:, 0], (slope * (1 + 2 * tv * steepness) - steepness)[:, 0]

    def room(w):
        """How far the price of the gaining actions is below its floor."""
        mass, steepness = lost(w[:, None])
        return (floor - w[:, None] - 2 * tv * mass)[:, 0], (-1 - 2 * tv * steepness)[:, 0]

    def surplus(z):
        """U(z) - t with t = (z - w) / 2 tv: the same balance, for z once w is known."""
        gain, slope = gained(z[:, None])
        return (gain - (z[:, None] - w) / (2 * tv))[:, 0], (slope - 1 / (2 * tv))[:, 0]

    home = np.broadcast_to(penalty.home_price(), tv.shape)[:, 0]
    low = home - np.where(np.isfinite(gap), gap, 0.0).max(axis=1)
    if penalty.only_kl and not ((gap == 0) & (old > 0)).any(axis=1).all():
        # unused best actions take any surplus at z = 0, so w lies where z >= 0
        low = np.maximum(low, decreasing_root(room, np.minimum(low, 0.0), home))
    guess = low if prices is None else np.fmax(prices[:, 0], low)
    w = decreasing_root(balance, low, home, guess, tolerance=ROUNDING)[:, None]
    if prices is not None:
        prices[:] = w
    mass = lost(w)[0]
    z = np.maximum(w + 2 * tv * mass, floor)
    if np.abs(gained(z)[0] - mass).max() > 1e-13:  # some row's w is not known well enough
        z = decreasing_root(surplus, np.maximum(floor, w)[:, 0], np.maximum(home, w[:, 0]))[:, None]
        mass = (z - w) / (2 * tv)
    gaining, _ = penalty.response(z + gap)
    losing = _losing(penalty, gap, w, mass)
    p = np.where(gaining > old, gaining, np.minimum(losing, old))
    return assign_rest(p, gap, penalty)


def _losing(penalty, gap, w, t):
    """What losing actions keep at the price w, so that they lose t in all.

    If the penalty is weak, the action at the margin may lose all or nothing within the rounding
    of w. The two sides of w are mixed: every mixture answers the same price to rounding.
    """
    width = 8e-16 * (np.abs(w) + np.where(np.isfinite(gap), gap, 0.0).max(axis=1, keepdims=True))
    less, more = (np.minimum(penalty.response(w + d + gap)[0], penalty.old) for d in (-width, width))
    least, most = _sum(penalty.old - less), _sum(penalty.old - more)
    share = np.divide(t - least, most - least, out=np.zeros(t.shape), where=most > least)
    return less + np.clip(share, 0.0, 1.0) * (more - less)


def _sum(values):
    return values.sum(axis=1, keepdims=True)
