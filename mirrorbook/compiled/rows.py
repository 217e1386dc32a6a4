r"""The best rows in an average ball of KL(old, new), compiled by numba.

The update of `updates.newton`, row after row.  An action that is asked the price y answers the p
with

    2 l2 (p - pi) + kappa (1 - pi / p) = -y,

kappa = k + the weight of a KL drift.  A row asks all its actions one price z, y(a) = z + g(a); but
if it pays TV^2, z those that gain and w those that lose, z - w = 2 tv t, where t is the mass that
moves.  Every equation is solved by Newton's method from a side on which it cannot pass the root:

    z(t)    mass gained = t, from the price at which one action alone would gain it
    w       z(t(w)) - w - 2 tv t(w) = 0, decreasing and convex between two gaps, from the left;
            measured from the gap of the last action that loses, v = w + g, as kappa may be tiny
    k       log(distance / radius) = 0 on the scale of log(own + k), within brackets

(All in one file: numba recompiles a function if its file has changed, not if another one has.)
"""

import numpy as np
from numba import njit

_compile = njit(cache=True, error_model="numpy")

SWEEPS, ROUNDING, SMALLEST = 100, 1e-15, np.finfo(np.float64).tiny
LAST = 1e-8
"""Share of a price that a step changes at most if it is the last: Newton's method squares it."""
LEAST = 1e-16
"""Multipliers this much smaller than the largest gap are not told apart from zero."""
VISIBLE = 1e-13
"""Rows that are off their sum by more than this are not right."""


@_compile
def answer(y, base, old, kappa, l2):
    """The p that an action answers to the price base + y, its move, and -dp/dy."""
    x = (kappa + base) + y  # in this order: from -kappa on it is y
    if l2 == 0:
        share = old / x
        p = kappa * share
        return p, -(base + y) * share, p / x
    b, well = 2 * l2 * old - x, 2 * kappa * old
    root = np.sqrt(b * b + 4 * l2 * well)
    p = well / (root - b) if b < 0 else (root + b) / (4 * l2)
    return p, p - old, p / root if root > 0 else 0.0


@_compile
def price(gap, old, kappa, l2, t, gaining, z):
    """z - base, base and -dt/dz, z the price at which all moves sum to t, or those of who gains.

    base is 0, or -kappa where p = kappa pi / (kappa + z) would be large by cancellation.
    """
    floor = -np.inf  # above -kappa
    for a in range(len(gap)):
        if (old[a] > 0 or l2 > 0) and not (gaining and gap[a] >= kappa):
            p = old[a] + t if gaining else 1.0
            floor = max(floor, kappa * (old[a] / p) - 2 * l2 * (p - old[a]) - gap[a])
    base = -kappa if floor < kappa / (4 * len(gap)) else 0.0
    if base == 0:
        floor -= kappa
    z = max(z - base, floor)
    for _ in range(SWEEPS):
        excess, give, before = -t, 0.0, 0.0
        for a in range(len(gap)):
            if not gaining or base + (z + gap[a]) <= 0:
                _, move, each = answer(z + gap[a], base, old[a], kappa, l2)
                excess, give, before = excess + move, give + each, before + old[a]
        noise = ROUNDING * (before + t) + 2e-16 * abs(z) * give
        if abs(excess) <= noise or (excess < 0 and z <= floor):
            break
        step = excess / give
        if l2 == 0:  # Newton's method for 1 / sum p
            step *= (before + t + excess) / (before + t)
        z = max(z + step, floor)
        if gaining:  # somebody does
            z = min(z, -base)
        if l2 == 0 and abs(step) <= LAST * (kappa + base + z):  # what is left is its square
            break
    return z, base, give


@_compile
def lost(gap, old, kappa, v, margin):
    """Mass that the price w = v - margin takes away, and its derivative in v."""
    mass, rate = 0.0, 0.0
    for a in range(len(gap)):
        y = v + (gap[a] - margin)  # in this order: gap and margin cancel
        if y > 0 or gap[a] == margin:
            share = old[a] / (kappa + y)
            mass, rate = mass + y * share, rate + kappa * share / (kappa + y)
    return mass, rate


@_compile
def transport(gap, old, order, kappa, tv):
    """z and its base, v, and the gap of the last action that loses; `order`: largest gap first."""
    margin = 0.0
    for i in range(len(order)):  # which action loses last
        if old[order[i]] == 0 or gap[order[i]] == margin:
            continue
        margin, follower = gap[order[i]], 0.0
        for j in range(i + 1, len(order)):
            if old[order[j]] > 0 and gap[order[j]] < margin:
                follower = gap[order[j]]
                break
        high = margin - follower
        mass, _ = lost(gap, old, kappa, high, margin)
        if follower <= 2 * tv * mass:
            break
        z, base, _ = price(gap, old, kappa, 0.0, mass, True, -kappa)
        if base + z + follower <= 2 * tv * mass:
            break
    z, base, _ = price(gap, old, kappa, 0.0, mass, True, -kappa)
    own = 0.0
    for a in range(len(gap)):
        own += old[a] * (gap[a] == margin)
    # z and what others lose are bounded by what they are at `high`: with these fixed the root is
    # that of a quadratic, and on the left of the true one
    most = base + z + margin - 2 * tv * (mass - own * high / (kappa + high))
    half = 0.5 * (most - kappa - 2 * tv * own)
    root = np.sqrt(half * half + max(most, 0.0) * kappa)
    v = min(root + half if half > 0 else max(most, 0.0) * kappa / (root - half), high)
    for _ in range(SWEEPS):
        mass, rate = lost(gap, old, kappa, v, margin)
        z, base, give = price(gap, old, kappa, 0.0, mass, True, base + z)
        excess, slope = base + z - (v - margin) - 2 * tv * mass, 1 + rate * (2 * tv + 1 / give)
        if abs(excess) <= 4e-16 * max(margin, v * slope):
            break
        step = excess / slope
        v, rise = min(max(v + step, 0.0), high), -rate * step / give
        if abs(step) <= LAST * (kappa + v) and abs(rise) <= LAST * (kappa + base + z):
            z += rise
            break
    return z, base, v, margin


@_compile
def best_row(gap, old, order, kappa, l2, tv, z, p):
    """The best row into p; its distance and its derivative in k; z and its derivative.

    Without L2^2 an unused best action is free, and no price exists: the distance is then a NaN.
    """
    gains, used = False, l2 > 0
    for a in range(len(gap)):
        p[a] = old[a]
        gains, used = gains or (old[a] > 0 and gap[a] > 0), used or (old[a] > 0 and gap[a] == 0)
    if not (gains and used):
        return 0.0 if used else np.nan, 0.0, z, 0.0
    if tv > 0:
        z, base, v, margin = transport(gap, old, order, kappa, tv)
    else:
        z, base, _ = price(gap, old, kappa, l2, 0.0, False, z)
    distance, rate = 0.0, 0.0
    give, mean = np.zeros(2), np.zeros(2)  # of those that ask z, and of those that ask w
    for a in range(len(gap)):
        side, y, start = 0, z + gap[a], base
        if tv > 0 and base + y > 0:
            side, y, start = 1, v + (gap[a] - margin), 0.0
            if y < 0 or old[a] == 0:
                continue
        new, move, each = answer(y, start, old[a], kappa, l2)
        p[a] = old[a] if move == 0 else max(new, SMALLEST if old[a] > 0 else 0.0)
        distance += move
        if old[a] > 0:
            near = abs(move) < old[a] / 2
            distance -= old[a] * (np.log1p(move / old[a]) if near else np.log(p[a] / old[a]))
        if p[a] > 0:
            slope = move / p[a]  # of KL(old, new) in p, less that at home
            rate -= each * slope * slope
            give[side], mean[side] = give[side] + each, mean[side] + each * slope
    if tv == 0:
        rise = -mean[0] / give[0]
        return distance, rate - mean[0] * rise, base + z, rise
    more = (mean[1] / give[1] - mean[0] / give[0]) / (2 * tv + 1 / give[0] + 1 / give[1])
    rate += mean[0] * (more + mean[0]) / give[0] - mean[1] * (more - mean[1]) / give[1]
    return distance, rate, base + z, 0.0


@_compile
def best_rows(gap, old, order, kappa, l2, tv, beta, p, z, rise, dk):
    """All best rows into p; their mean distance and its derivative in k; z follows k."""
    distance, rate = 0.0, 0.0
    for s in range(len(old)):
        moved, slope, z[s], rise[s] = best_row(
            gap[s], old[s], order[s], kappa[s], l2[s], tv[s], z[s] + rise[s] * dk, p[s]
        )
        distance, rate = distance + beta[s] * moved, rate + beta[s] * slope
    return distance, rate


@_compile
def adds_up(p, old):
    """Whether no row has made or lost any mass."""
    return (np.abs((p - old).sum(axis=1)) <= VISIBLE).all()


@_compile
def best_in_ball(gap, old, order, kl, l2, tv, own, beta, radius, tolerance):
    """The best rows, (n, A), k, and whether they are right: not where a price does not exist.

    Where the ball does not hold the rows back, what they drop keeps a share that is worth no more
    than rounding: KL(old, new) is then finite.

    Parameters
    ----------
    gap, old, order : (n, A) arrays
        The last one, needed where tv > 0: the actions of each row, largest gap first.
    kl, l2, tv, beta : (n,) arrays
        What the drift charges a row, and what a row counts.
    own : float
        The least of kl.
    radius : float
        Of the ball, in the units of KL(old, new).
    tolerance : float
        By what share of the radius the distance may miss it.

    Returns
    -------
    rows : (n, A) array
    k : float
        The multiplier of the ball.
    right : bool
    """
    p, z, rise = old.copy(), np.full(len(old), -np.inf), np.zeros(len(old))
    reach, spread = (gap * (old > 0)).max(), 0.0
    for s in range(len(old)):
        mean = 0.0
        for a in range(old.shape[1]):
            mean += old[s, a] * gap[s, a]
        for a in range(old.shape[1]):
            spread += beta[s] * old[s, a] * (gap[s, a] - mean) ** 2
    if reach == 0:
        return p, 0.0, False
    low, high = 0.0 if own > 0 else LEAST * reach, np.inf
    free, _ = best_rows(gap, old, order, kl + low, l2, tv, beta, p, z, rise, 0.0)
    if not free > radius:  # nor if it is a NaN
        return p, 0.0, free <= radius and adds_up(p, old)
    z[:], rise[:] = -np.inf, 0.0
    # between `free` at k = 0 and  spread / 2 k^2,  what rows cover to second order for large k
    k, dk = np.sqrt(spread / 2) * (1 / np.sqrt(radius) - 1 / np.sqrt(free)), 0.0
    k = max(k, 2 * low)
    for _ in range(SWEEPS):
        distance, rate = best_rows(gap, old, order, kl + k, l2, tv, beta, p, z, rise, dk)
        if abs(distance / radius - 1) <= tolerance:
            return p, k, adds_up(p, old)
        if distance > radius:
            low = k
        else:
            high = k
        last, pace = k, -(own + k) * rate / distance
        k = (own + k) * (distance / radius) ** (1 / pace) - own
        if not low < k < high:  # nor is a NaN
            most = 1e4 * (own + last) if high == np.inf else own + high
            k = np.sqrt((own + low) * most) - own
        if not low < k < high:
            break
        dk = k - last
    return p, k, False
