r"""How fast exact runs must go, and what they may spend: claims of steps and of whole runs.

Like `claims`, in plain numpy.  With delta_n = |V* - V_n|_inf and D((1 - t) old + t e_a) <= C t^2,

    delta_{n+1} <= delta_n - h((1 - gamma) delta_n),   h(g) = g^2 / 4C if g <= 2C, else g - C   (C2)

which is O(1/n); L2² and TV² end after finitely many steps (C3); TRPO is linear (C2); rows that pay
a KL obey the regret inequality of mirror descent (C4).
"""

import numpy as np
from claims import NEAR, follow, kl

from mirrorbook import drifts
from mirrorbook.neighbourhoods import AverageBall


def curvature(update):
    """C of C2, None where there is none."""
    factors = {drifts.Zero: 0, drifts.L2Squared: 2, drifts.TVSquared: 1, drifts.OneSidedKL: 1}
    if not update.rows_separate or type(update.drift) not in factors:
        return None
    return factors[type(update.drift)] * update.drift.scale


def rates(update):
    """What one step gains at least: (name, excess, unit)."""
    game, size = update.game, update.size
    before, after = game.best - update.v, game.best - update.v_new
    yield "V <= V*", -after, size
    C = curvature(update)
    if C is not None:
        g = (1 - game.gamma) * before.max()
        h = g - C if g > 2 * C or C == 0 else g**2 / (4 * C)
        yield "C2: delta falls by h", after.max() - (before.max() - h), size
    yield from termination(update, before.max())
    ball = update.step.problem.neighbourhood
    if isinstance(update.drift, drifts.Zero) and isinstance(ball, AverageBall):
        b = (1 - game.gamma) * game.d[game.playing].min()
        share = -np.expm1(-ball.radius) * b * (1 - game.gamma) / len(before)
        yield "C2: TRPO is linear", after.sum() - (1 - share) * before.sum(), size
    if update.rows_separate and isinstance(update.drift, drifts.KLOldNew | drifts.KLNewOld):
        used = (update.old > NEAR) & (update.new > NEAR)
        growth = np.log(np.where(used, update.new, 1) / np.where(used, update.old, 1))
        excess = update.adv - update.rise[:, None] - update.drift.scale * growth
        yield "C4: A <= rise + tau log r", excess[used], size


def least_fall(update):
    """C3's kappa: what a step takes at least from the suboptimal mass of a row."""
    share = {drifts.L2Squared: 3 / 16, drifts.TVSquared: 3 / 8}.get(type(update.drift))
    if share is None or not update.rows_separate:
        return None
    return share * update.game.suboptimal[1] / update.drift.scale


def termination(update, delta):
    """Next to the optimum L2² and TV² take at least kappa from the suboptimal mass of every row."""
    kappa = least_fall(update)
    worse, loss = update.game.suboptimal
    if kappa and delta <= loss / 8:
        mass = [np.where(worse, pi, 0.0).sum(axis=1) for pi in (update.old, update.new)]
        yield "C3: suboptimal mass falls", mass[1] - np.maximum(mass[0] - kappa, 0.0), 1


def budgets(updates):
    """What a run spends: (9), (9) sharpened, the sum of the repaired theorem, C8; and C2, C4."""
    game, first, size = updates[0].game, updates[0], max(u.size for u in updates)
    left = game.best - first.v
    budget, u = game.d @ left, min(update.u for update in updates)
    total = np.array([update.total for update in updates])
    offered = np.array([update.beta @ update.gain for update in updates])  # F_n + D_n
    yield "(9)", u * total.sum() - budget, size
    yield "sum of F_n + D_n", offered.sum() - left.sum(), size
    if first.nu_is_fixed:
        occupied = [game.d @ follow(update, update.cost) for update in updates]
        yield "(9), sharpened", np.sum(occupied) - budget, size
    ball = first.step.problem.neighbourhood
    if isinstance(first.drift, drifts.Zero) and isinstance(ball, AverageBall):
        spent = sum(update.step.multiplier for update in updates) * ball.radius
        yield "C8: sum of lambda delta", u * spent - budget, size
    delta = np.array([(game.best - update.v).max() for update in updates])
    yield from pointwise(updates, delta, size)


def pointwise(updates, delta, size):
    """1 / (1 / delta_0 + n (1 - gamma)^2 / 4C), and (delta_0 + tau KL) / ((1 - gamma) (n + 1))."""
    game, first, n = updates[0].game, updates[0], np.arange(len(updates))
    C = curvature(first)
    started = np.flatnonzero((1 - game.gamma) * delta <= 2 * C) if C else []
    if len(started) and delta[started[0]] > 0:
        delta_0, k = delta[started[0]], (1 - game.gamma) ** 2 / (4 * C)
        later = delta[started[0] :]
        yield "C2: O(1/n)", later - 1 / (1 / delta_0 + k * np.arange(len(later))), size
    fixed = {update.drift for update in updates} == {first.drift}
    kinds = drifts.KLOldNew | drifts.KLNewOld
    if fixed and first.rows_separate and isinstance(first.drift, kinds) and first.drift.scale > 0:
        best = np.eye(first.old.shape[1])[game.best_q.argmax(axis=1)]
        distance = first.drift.scale * kl(best, first.old).max()
        bound = (delta[0] + distance) / ((1 - game.gamma) * (n + 1))
        yield "C4: O(1/n)", delta - bound, size


def steps_to_the_end(update):
    """C3's count: so many steps after `update`, whose delta obeys (1 - gamma) delta <= 2C."""
    loss = update.game.suboptimal[1]
    tail = 1 / (8 * least_fall(update)) + 2
    return 32 * curvature(update) / ((1 - update.game.gamma) ** 2 * loss) + tail
