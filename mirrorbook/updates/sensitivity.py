r"""How the best row and its prices move as the multiplier of its ball grows.

Let H(a) = f'(p(a)) be the curvature of all that a row pays and e(a) the derivative of the ball's
distance E.  Differentiating  A(a) - f(p(a)) - k e(a) = mu,  sum_a p(a) = 1, gives

    dE/dk = - [ sum_a e^2 / H  -  (sum_a e / H)^2 / sum_a 1 / H ],

a variance of e under the weights 1 / H, and  dmu/dk = - sum_a e / H / sum_a 1 / H,  their mean:
the sums run over actions that are played.  With squared total variation among the penalties the
actions that gain and those that lose have a price each, tied by  z - w = 2 tv t.
"""

import numpy as np

from ..drifts import total_variation


def separable_slope(p, penalty, e):
    """dE/dk of rows that answer one price z, (n,), and dz/dk, (n, 1).

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
    mean = _ratio(first, total)
    return first * mean - second, -mean[:, None]


def transport_slope(p, old, tv, penalty, e):
    """dE/dk of rows that pay TV^2 and one separable penalty, (n,), and of z and w, (n, 2).

    Parameters
    ----------
    p, old : (n, A) arrays
    tv : (n,) array
    penalty : Penalty
    e : (n, A) array or None
        dE/dp of the ball's distance, or None if the ball measures TV^2 itself.
    """
    t = total_variation(p, old)
    give = penalty.give(p)
    zero = np.zeros(p.shape)
    up, up_first, up_second = _moments(give, zero if e is None else e, p > old)
    down, down_first, down_second = _moments(give, zero if e is None else e, p < old)
    # actions that cannot give or take more hold the mass that moves, t, where it is
    flexible = (up > 0) & (down > 0)
    up_mean, down_mean = _ratio(up_first, up), _ratio(down_first, down)
    stiffness = 2 * tv + _ratio(1.0, up) + _ratio(1.0, down)
    wedge = 2 * t if e is None else np.zeros(len(t))  # what z - w gains while t stays
    drop = wedge + up_mean - down_mean
    dt = np.where(flexible, -drop / stiffness, 0.0)
    spread = up_second - up_first * up_mean + down_second - down_first * down_mean
    dz, dw = -up_mean - _ratio(dt, up), -down_mean + _ratio(dt, down)
    dw = np.where(down > 0, dw, dz - wedge)
    dz = np.where(up > 0, dz, dw + wedge)
    return dt * drop - spread, np.stack([dz, dw], axis=1)


def lone_transport_slope(p, old, tv):
    """dE/dk of rows that pay nothing but TV^2, (n,).

    Parameters
    ----------
    p, old : (n, A) arrays
    tv : (n,) array
    """
    t = total_variation(p, old)  # follows tv only while some action gives up a part of its mass
    return np.where(((p > 0) & (p < old)).any(axis=1), -2 * t * t / tv, 0.0)


def _ratio(top, bottom):
    return np.where(bottom > 0, top / bottom, 0.0)


def _moments(give, e, where):
    """sum 1/H, sum e/H, sum e^2/H over some actions."""
    weight = np.where(where, give, 0.0)
    e = np.where(where, e, 0.0)
    first = np.where(e != 0, e * weight, 0.0)
    return weight.sum(axis=1), first.sum(axis=1), (first * e).sum(axis=1)
