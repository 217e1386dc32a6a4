r"""The best row against squared total variation, alone or with one separable penalty.

A move with TV(pi, p) = t takes mass t from some actions and gives it to others; a bit more costs
2 tv t.  Against TV^2 alone the worst actions lose and the best gain, so the last bit moved gains
the gap of the action it came from:

    t = max_j min(m_j, g_j / 2 tv),      g_1 >= g_2 >= ... the gaps,  m_j = pi_1 + ... + pi_j.

With a separable penalty besides, actions that gain answer the price z + g(a), actions that lose
answer the price w + g(a), and the others stay; the two prices differ by the slope of the transport
cost.  With U(z) the mass gained and D(w) the mass lost,

    U(z) = D(w) = t,        z - w = 2 tv t.

So w is the root of the decreasing function  z(D(w)) - w - 2 tv D(w),  with z(t) the inverse of U.
If the penalty is weak, D is nearly a step function: an action loses all or nothing while w changes
by as little as the penalty's coefficient.  Hence w is measured from the gap of the action at the
margin, v = w + g(margin), on a scale that is logarithmic beyond that coefficient.
"""

import numpy as np

from .roots import decreasing_root
from .separable import ROUNDING, SWEEPS, assign_rest, highest_full_price


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
    order += old.shape[1] * np.arange(len(old))[:, None]  # of all entries
    taken_first = old.take(order)
    upto = taken_first.cumsum(axis=1)
    before = np.zeros(old.shape)
    before[:, 1:] = upto[:, :-1]
    t = np.minimum(upto, gap.take(order) / (2 * tv)).max(axis=1, keepdims=True)
    part = np.minimum(np.maximum(t - before, 0.0), taken_first)
    lost = np.where(t >= upto, taken_first, part)
    p = np.empty(old.shape)
    p.put(order, taken_first - lost)
    return p + lost.sum(axis=1, keepdims=True) * receivers


def best_penalised_transport(gap, tv, penalty, guess):
    """argmax over p of  -g . p - tv TV(pi, p)^2 - penalty(p), for every row.

    Parameters
    ----------
    gap : (n, A) array
        Infinite where the penalty forbids an action.
    tv : (n, 1) array, positive
    penalty : Penalty
        Exactly one of its three coefficients.
    guess : (n, 2) array
        Of z and w; NaN where there is none.

    Returns
    -------
    p : (n, A) array
    prices : (n, 2) array
        z and w.
    """
    old, width = penalty.old, penalty.width()
    reach = np.where(np.isfinite(gap), gap, 0.0).max(axis=1, keepdims=True)
    margin, t = transport_margin(gap, old, tv)
    beyond = gap - margin
    floor = highest_full_price(gap, penalty)
    z = np.fmax(guess[:, :1], floor)  # which ignores a NaN
    best = _sum(np.where(gap == 0, old, 0.0))
    second = np.where((gap > 0) & (old > 0), gap, np.inf).min(axis=1, keepdims=True)

    def mismatch(u):
        """z(D(w)) - w - 2 tv D(w) at v = width sinh(u), and its derivative."""
        nonlocal z, gaining, losing
        v = width * np.sinh(u[:, None])
        losing, give = penalty.response(v + beyond)
        mass = _sum(np.maximum(old - losing, 0.0))
        if penalty.only_kl:  # where the best actions alone gain this is exact, else too low
            alone = penalty.kl * best / (best + mass)
            z = np.where(alone + second >= penalty.kl, alone, np.fmax(z, alone))  # 0 / 0: z
        z, gaining, gain = gain_price(gap, penalty, mass, z, floor)
        rate = _sum(np.where(losing < old, give, 0.0))
        slope = -1 - rate * (2 * tv + np.where(gain > 0, 1 / gain, 0.0))
        value = z - (v - margin) - 2 * tv * mass
        return value[:, 0], (slope * np.hypot(width, v))[:, 0]

    def scaled(v):
        return np.arcsinh(v / width)[:, 0]

    low = penalty.home_price() - (reach - margin)  # in this order: margin and reach cancel
    high = penalty.home_price() + margin
    start = np.where(np.isnan(guess[:, 1:]), width - 2 * tv * t, guess[:, 1:]) + margin
    tolerance = 2e-15 * (reach + high)[:, 0]
    gaining = losing = None
    u = decreasing_root(mismatch, scaled(low), scaled(high), scaled(start), tolerance)
    p = np.where(gaining > old, gaining, np.minimum(losing, old))
    w = width * np.sinh(u[:, None]) - margin
    return assign_rest(p, gap, penalty), np.hstack([z, w])


def transport_margin(gap, old, tv):
    """The gap of the last action to lose mass to TV^2 alone, and the mass moved, each (n, 1)."""
    worse = np.where(gap[:, None, :] > gap[:, :, None], old[:, None, :], 0.0).sum(axis=2)
    pays = np.where(np.isfinite(gap), gap / (2 * tv), 0.0)
    t = np.minimum(worse + old, pays).max(axis=1, keepdims=True)
    losing = (pays >= worse) & (old > 0)
    return np.where(losing & np.isfinite(gap), gap, np.inf).min(axis=1, keepdims=True), t


def gain_price(gap, penalty, mass, z, floor):
    """The price z at which actions gain `mass` in all, their answers, and how fast they gain.

    U is convex and decreasing: Newton's method climbs to the root from the left, and a guess `z`
    on the right of it steps to the left once. Where even the floor is not low enough, unused best
    actions take the rest.
    """
    for _ in range(SWEEPS):
        gaining, give = penalty.response(z + gap)
        up = gaining > penalty.old * (1 - ROUNDING)  # home's own price may be the answer
        before, after = _sum(penalty.old * up), _sum(np.where(up, gaining, 0.0))
        excess = after - before - mass
        gain = _sum(give * up)
        # relative, as a tiny move is no less exact; but no finer than floats resolve the price
        noise = ROUNDING * (before + mass) + 4e-16 * np.abs(z) * gain
        moving = (np.abs(excess) > noise) & ((excess > 0) | (z > floor))
        if not np.count_nonzero(moving):
            break
        step = excess / gain
        if penalty.only_kl:  # Newton's method for 1 / after, exact if one action gains
            step = step * after / (before + mass)
        z = np.where(moving, np.fmax(z + step, floor), z)
    return z, gaining, np.where(z > floor, gain, 0.0)


def _sum(values):
    return values.sum(axis=1, keepdims=True)
