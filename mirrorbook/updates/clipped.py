r"""Rows whose objective bends once an action: PPO and its relatives, and no drift at all.

Divided by beta(s), the objective of row s is a sum of concave functions of one p(a) each, which
rise with slope left(a) up to a knee and with slope right(a) <= left(a) beyond it.  With the drift
of PPO and c = nu / beta,

    A(a) > 0:  A(a) up to (1 + epsilon) old(a), then (1 - c) A(a)
    A(a) < 0:  (1 - c) A(a) up to (1 - epsilon) old(a), then A(a)

(at an unused action the three readings differ).  Such a row is a knapsack: fill the pieces in the
order of their slopes until the row is full.  The slope at which that happens is the row's price;
pieces steeper than it are full, flatter ones empty, and those with just that slope are free.  For
c = 1 that price may be 0, the plateau of PPO: every action with A(a) > 0 has reached its clip.
"""

import numpy as np

from ..drifts import DualClip, PPOClip, Zero
from .problem import Solution
from .sampled import lower_bound, sampled_part, spread_out
from .selection import choose
from .separable import ROUNDING, absorb_rounding

BEYOND = 3.0
"""A number beyond every knee."""


def maximise_clipped(problem):
    """argmax of F for a drift of PPO's kind or none, and all policies or mu-soft ones.

    Parameters
    ----------
    problem : UpdateProblem
        The drift among `Zero`, `PPOClip`, `PPOFloored`, `Rollback`, and `DualClip` with
        nu / beta * scale <= 1; the neighbourhood `AllPolicies` or `Soft`.

    Returns
    -------
    Solution
        The selection from the argmax set is `problem.selection`, "min-kl" unless stated.
    """
    part = sampled_part(problem)
    floor = lower_bound(problem.neighbourhood, part.old.shape)
    lower, upper = argmax_box(*pieces(part), floor, problem.noise)
    pi = choose(lower, upper, part.old, part.adv, problem.selection or "min-kl")
    return Solution(spread_out(absorb_rounding(pi, part.old), problem), 0.0, "exact", problem)


def pieces(part):
    """Slope up to the knee, the knee, and slope beyond it, each (n, A)."""
    drift, old, adv = part.drift, part.old, part.adv
    if isinstance(drift, Zero):
        return adv, np.ones(old.shape), adv
    bottom, cap = drift.clip_range(old)
    if isinstance(drift, DualClip):  # its maximisers are those of PPO, read like Eq. (3)
        drift = PPOClip(drift.epsilon, "original", scale=drift.scale)
    weight = (part.nu / part.beta)[:, None]
    left = adv - weight * drift.gradient(np.zeros(old.shape), old, adv)
    right = adv - weight * drift.gradient(np.full(old.shape, BEYOND), old, adv)
    return left, np.where(adv > 0, cap, bottom), right


def argmax_box(left, knee, right, floor, noise):
    """The box of `selection`: between which bounds the maximisers of a row lie.

    Parameters
    ----------
    left, knee, right : (n, A) arrays
        Each action's slope up to its knee, the knee, and its slope beyond it, not larger.
    floor : (n, A) array
        The least that each action gets.
    noise : float
        Slopes that differ by no more are equal.

    Returns
    -------
    lower, upper : (n, A) arrays
    """
    room = 1 - floor.sum(axis=1, keepdims=True)
    top = floor + room
    knee = np.clip(knee, floor, top)
    slopes = np.hstack([left, right])
    lengths = np.hstack([knee - floor, top - knee])
    order = np.argsort(-slopes, axis=1, kind="stable")
    full = np.cumsum(np.take_along_axis(lengths, order, axis=1), axis=1) >= room - ROUNDING
    last = np.take_along_axis(order, full.argmax(axis=1)[:, None], axis=1)
    price = np.take_along_axis(slopes, last, axis=1)
    lower = np.where(left > price + noise, knee, floor)
    upper = np.where(left >= price - noise, knee, floor)
    return lower, np.where(right >= price - noise, top, upper)
