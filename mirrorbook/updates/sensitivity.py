r"""How far the best row moves as the multiplier of its ball grows.

Let H(a) = f'(p(a)) be the curvature of all that a row pays and e(a) the derivative of the ball's
distance E.  Differentiating  A(a) - f(p(a)) - k e(a) = mu,  sum_a p(a) = 1, gives

    dE/dk = - [ sum_a e^2 / H  -  (sum_a e / H)^2 / sum_a 1 / H ],

a variance of e under the weights 1 / H: the sums run over actions that are played.  With squared
total variation among the penalties the actions that gain and those that lose have a price each,
tied by  z - w = 2 tv t.
"""

import numpy as np


def separable_slope(p, penalty, e):
    """dE/dk of rows that answer one price, (n,).

    Parameters
    ----------
    p : (n, A) array
        The best rows.
    penalty : Penalty
        All that the rows pay.
    e : (n, A) array
        dE/dp.
    """
    give = penalty.give(p)
    total, first, second = _moments(give, e, p > 0)
    return -(second - first * _ratio(first, total))


def transport_slope(p, old, tv, penalty, e):
    """dE/dk of rows that pay TV^2 and one separable penalty, or TV^2 alone (penalty None), (n,).

    Parameters
    ----------
    p, old : (n, A) arrays
    tv : (n,) array
    penalty : Penalty or None
    e : (n, A) array or None
        dE/dp of the ball's distance, or None if the ball measures TV^2 itself.
    """
    t = 0.5 * np.abs(p - old).sum(axis=1)
    if penalty is None:  # t follows tv only while some action gives up a part of its mass
        return np.where(((p > 0) & (p < old)).any(axis=1), -2 * t * t / tv, 0.0)
    give = penalty.give(p)
    zero = np.zeros(p.shape)
    up, up_first, up_second = _moments(give, zero if e is None else e, p > old)
    down, down_first, down_second = _moments(give, zero if e is None else e, p < old)
    # actions that cannot give or take more hold the mass that moves, t, where it is
    flexible = (up > 0) & (down > 0)
    up_mean, down_mean = _ratio(up_first, up), _ratio(down_first, down)
    stiffness = 2 * tv + _ratio(1.0, up) + _ratio(1.0, down)
    if e is None:
        return np.where(flexible, -4 * t * t / stiffness, 0.0)
    dt = np.where(flexible, -(up_mean - down_mean) / stiffness, 0.0)
    spread = up_second - up_first * up_mean + down_second - down_first * down_mean
    return dt * (up_mean - down_mean) - spread


def _ratio(top, bottom):
    return np.where(bottom > 0, top / bottom, 0.0)


def _moments(give, e, where):
    """sum 1/H, sum e/H, sum e^2/H over some actions."""
    weight = np.where(where, give, 0.0)
    e = np.where(where, e, 0.0)
    first = np.where(e != 0, e * weight, 0.0)
    return weight.sum(axis=1), first.sum(axis=1), (first * e).sum(axis=1)
