r"""Which maximiser to take where several are optimal: the argmax set of a row, and a point of it.

The rows that maximise a separable concave objective are a box cut by the simplex,

    { p : lower(a) <= p(a) <= upper(a),  sum_a p(a) = 1 },

since each action answers the common price mu with an interval.  The paper's update takes any point
of the set (Definition 3); what happens afterwards may depend on which one:

    "min-kl"   the nearest in KL(old, new): p(a) = theta old(a) as far as the box allows; an unused
               action is revived only where the used ones cannot take the whole row
    "greedy"   spare mass goes to the action of largest advantage, what it cannot take to the next
    "worst"    to the action of smallest advantage
    Generator  a random point: spare mass is shared in proportion to random weights
"""

import numpy as np

from .separable import ROUNDING


def choose(lower, upper, old, adv, selection):
    """A point of every row's argmax set.

    Parameters
    ----------
    lower, upper : (n, A) arrays
        The box; sum lower <= 1 <= sum upper up to rounding.
    old, adv : (n, A) arrays
    selection : "min-kl", "greedy", "worst" or numpy Generator

    Returns
    -------
    (n, A) array
    """
    spare = 1 - lower.sum(axis=1, keepdims=True)
    if (spare <= ROUNDING).all():
        return lower
    width = np.maximum(upper - lower, 0.0)
    if isinstance(selection, np.random.Generator):
        shares = selection.exponential(size=old.shape)
        return lower + in_proportion(shares, np.zeros(old.shape), width, spare)
    if selection == "min-kl":
        used = old > 0
        near = in_proportion(old, lower, upper, 1 - np.where(used, 0.0, lower).sum(axis=1)[:, None])
        near = np.where(used, near, lower)
        rest = np.maximum(1 - near.sum(axis=1, keepdims=True), 0.0)
        rest[rest <= ROUNDING] = 0.0
        return near + in_proportion(~used, np.zeros(old.shape), width, rest)
    order = np.argsort(-adv if selection == "greedy" else adv, axis=1, kind="stable")
    room = np.take_along_axis(width, order, axis=1)
    before = np.cumsum(room, axis=1) - room
    taken = np.empty(old.shape)
    np.put_along_axis(taken, order, np.clip(spare - before, 0.0, room), axis=1)
    return lower + taken


def in_proportion(weight, lower, upper, total):
    """p(a) = theta weight(a), clipped to the box, over the actions with weight, with sum `total`.

    Where the box does not allow that total it is the nearest possible one. Actions without weight
    get nothing and do not count.

    Parameters
    ----------
    weight, lower, upper : (n, A) arrays
    total : (n, 1) array

    Returns
    -------
    (n, A) array
    """
    counts = weight > 0
    weight = np.where(counts, weight, 1.0)
    lower, upper = np.where(counts, lower, 0.0), np.where(counts, upper, 0.0)
    knots = np.sort(np.concatenate([lower / weight, upper / weight], axis=1), axis=1)
    at = np.clip(knots[:, :, None] * weight[:, None, :], lower[:, None, :], upper[:, None, :])
    reached = at.sum(axis=2) <= total
    last = np.maximum(np.count_nonzero(reached, axis=1) - 1, 0)
    after = np.minimum(last + 1, knots.shape[1] - 1)
    rows = np.arange(len(knots))
    theta = 0.5 * (knots[rows, last] + knots[rows, after])[:, None]  # which entries are free
    fixed = np.clip(theta * weight, lower, upper)
    free = counts & (lower < theta * weight) & (theta * weight < upper)
    mass = np.where(free, weight, 0.0).sum(axis=1, keepdims=True)
    rest = total - np.where(free, 0.0, fixed).sum(axis=1, keepdims=True)
    theta = np.divide(rest, mass, out=theta, where=mass > 0)
    return np.where(free, np.clip(theta * weight, lower, upper), fixed)
