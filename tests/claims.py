r"""What the theory says of one exact update, written out in numpy: a second implementation.

Of the package only the step itself is taken: its policies, weights, multiplier and parts.  Values,
charges and every inequality are computed here.  With

    gain(s) = E_new A_old(s),   cost(s) = nu(s) / beta(s) D_old(new|s),   rise = V_new - V_old

a claim is an array that is to be <= 0, and the unit in which its violation is measured: for what is
a value `size`, the largest |Q| or |r| plus 1e-5 of the drift's scale, and 1 for a pure number.
"""

from dataclasses import dataclass

import numpy as np
from oracles import dense_transitions

from mirrorbook import drifts
from mirrorbook.distributions import point_mass_on_worst
from mirrorbook.neighbourhoods import AllPolicies, AverageBall

ALLOWED = 1e-9
"""Violations up to this, in the unit of the claim, count as rounding."""
SHARE = 1e-5
"""So much of a drift's scale counts as size: ALLOWED times it is the rounding of a charge."""
NEAR = 1e-200
"""Probabilities below this may be lost: the exponential that gives them underflows."""


def kl_terms(p, q):
    """p log(p / q) - p + q; where p is near q from the difference, so that little cancels."""
    p, q = np.broadcast_arrays(p, q)
    near = (p > 0) & (np.abs(q - p) < 0.1 * p)
    share = np.divide(q - p, p, out=np.zeros(p.shape), where=near)
    with np.errstate(divide="ignore", invalid="ignore"):
        far = np.where(p > 0, p * (np.log(p) - np.log(q)) - p + q, q)
    return np.where(near, p * (share - np.log1p(share)), far)


def kl(p, q):
    """KL(p, q) of the last axis, infinite where q lacks an action of p."""
    return kl_terms(p, q).sum(axis=-1)


def one_sided_kl(new, old):
    return np.where(new < old, kl_terms(new, old), 0.0).sum(axis=-1)


def clip_cost(new, old, adv, epsilon):
    clipped = np.clip(new, (1 - epsilon) * old, (1 + epsilon) * old)
    return np.maximum((new - clipped) * adv, 0.0).sum(axis=-1)


CHARGES = {
    drifts.Zero: lambda drift, new, old, adv: np.zeros(new.shape[:-1]),
    drifts.KLOldNew: lambda drift, new, old, adv: kl(old, new),
    drifts.KLNewOld: lambda drift, new, old, adv: kl(new, old),
    drifts.L2Squared: lambda drift, new, old, adv: ((new - old) ** 2).sum(axis=-1),
    drifts.TVSquared: lambda drift, new, old, adv: (np.abs(new - old).sum(axis=-1) / 2) ** 2,
    drifts.OneSidedKL: lambda drift, new, old, adv: one_sided_kl(new, old),
    drifts.PPOClip: lambda drift, new, old, adv: clip_cost(new, old, adv, drift.epsilon),
}
"""D_old(new|s) by kind of drift, without its scale; `new` may be a stack of policies."""


def charge_of(drift, new, old, adv):
    """D_old(new|s): the formula above, or for a drift that is not there its own."""
    plain = CHARGES.get(type(drift))
    if plain is None or getattr(drift, "reading", "extended") != "extended":
        each = [drift.value(policy, old, adv) for policy in new.reshape(-1, *old.shape)]
        return np.reshape(each, new.shape[:-1])
    return drift.scale * plain(drift, new, old, adv) if drift.scale else np.zeros(new.shape[:-1])


def weighted(weights, x):
    """weights(s) x(s), where no weight makes nothing of infinity."""
    return np.multiply(weights, x, out=np.zeros(np.shape(x)), where=np.asarray(weights) > 0)


@dataclass(frozen=True, eq=False)
class Game:
    """An MDP in plain arrays, with V* and Q*."""

    P: np.ndarray
    r: np.ndarray
    gamma: float
    d: np.ndarray
    playing: np.ndarray
    best: np.ndarray
    best_q: np.ndarray

    @classmethod
    def of(cls, mdp, best):
        """From an MDP and its Optimum."""
        P = dense_transitions(mdp)
        return cls(P, mdp.r, mdp.gamma, mdp.d0, ~mdp.terminal, best.v, best.q)

    def discounted(self, pi, x):
        """(I - gamma P_pi)^{-1} x."""
        chain = np.einsum("sa,sat->st", pi, self.P)
        return np.linalg.solve(np.eye(len(x)) - self.gamma * chain, x)

    def values(self, pi):
        v = self.discounted(pi, (pi * self.r).sum(axis=1))
        return v, self.r + self.gamma * self.P @ v

    @property
    def suboptimal(self):
        """Which actions lose, and the least that one loses (0 if there are none)."""
        lost = self.best[:, None] - self.best_q
        worse = lost > 1e-9 * max(np.abs(self.best_q).max(), np.abs(self.r).max())
        return worse, float(lost[worse].min()) if worse.any() else 0.0


class Update:
    """One step in numbers: policies, values, and the three terms of the claims."""

    def __init__(self, game, step):
        problem = step.problem
        self.game, self.step, self.drift = game, step, problem.drift
        self.old, self.new, self.beta = step.pi_old, step.pi, step.beta
        self.v, q = game.values(self.old)
        self.v_new, _ = game.values(self.new)
        self.adv = q - self.v[:, None]
        size = max(np.abs(q).max(), np.abs(game.r).max()) + SHARE * self.drift.scale
        self.size = float(size) or 1.0
        self.charge = charge_of(self.drift, self.new, self.old, self.adv)
        self.worst_state = problem.nu is point_mass_on_worst
        self.nu = step.nu
        self.nu_is_fixed = not callable(problem.nu)
        self.ratio = np.divide(self.nu, self.beta, out=np.zeros(len(q)), where=self.beta > 0)
        self.gain = (self.new * self.adv).sum(axis=1)
        self.cost = weighted(self.ratio, self.charge)
        self.total = weighted(self.nu, self.charge).sum()
        self.rise = self.v_new - self.v
        everywhere = isinstance(problem.neighbourhood, AllPolicies)
        self.rows_separate = everywhere and np.array_equal(self.nu, self.beta)

    @property
    def u(self):
        """The largest u with d(s) / beta(s) >= u in every state that goes on."""
        sampled = self.game.playing & (self.beta > 0)
        return (self.game.d[sampled] / self.beta[sampled]).min()

    def objective(self, candidates):
        """F of a stack of policies, (k,)."""
        charge = charge_of(self.drift, candidates, self.old, self.adv)
        paid = charge.max(axis=1) if self.worst_state else weighted(self.nu, charge).sum(axis=1)
        return (candidates * self.adv).sum(axis=2) @ self.beta - paid

    def admissible(self, candidates):
        """Those of a stack of policies that lie in N(old)."""
        ball = self.step.problem.neighbourhood
        if not isinstance(ball, AverageBall):
            return candidates
        distance = charge_of(ball.distance, candidates, self.old, self.adv)
        return candidates[weighted(self.beta, distance).sum(axis=1) <= ball.radius * (1 + 1e-12)]

    def resets(self):
        """The new policy with one row reset to the old one's, (S, S, A)."""
        same = np.eye(len(self.old), dtype=bool)[:, :, None]
        return np.where(same, self.old, self.new)


def lemmas(update):
    """Lemmas 1 and 2, what follows from them, and hypothesis (R): (name, excess, unit)."""
    game, size = update.game, update.size
    yield "performance difference", np.abs(update.rise - follow(update, update.gain)), size
    yield "V rises", -update.rise, size
    yield "E_new A >= 0", -update.gain, size
    yield "F_n >= 0", update.total - update.beta @ update.gain, size
    yield "E_beta rise >= D", update.total - update.beta @ update.rise, size
    yield "(8)", update.u * update.total - game.d @ update.rise, size
    reset = update.resets()
    yield "(R): in N", len(reset) - len(update.admissible(reset)), 1
    yield "(R): no dearer", totals(update, reset) - update.total, size
    if update.nu_is_fixed:
        yield "Lemma 2: (4)", update.cost - update.gain, size
        yield "Lemma 1, resolvent", follow(update, update.cost) - update.rise, size
        yield "(14)", update.cost - update.rise, size
        yield "property 1", game.d @ (update.cost - update.rise), size


def follow(update, x):
    """(I - gamma P_new)^{-1} x."""
    return update.game.discounted(update.new, x)


def totals(update, candidates):
    """D^nu of a stack of policies."""
    return (candidates * update.adv).sum(axis=2) @ update.beta - update.objective(candidates)


def optimality(update, rng):
    """The certificate's gap, and that no challenger does better."""
    gap = min(update.step.certificate.gap, most_gained(update) - update.step.objective)
    yield "certificate gap", gap, update.size
    yield "no challenger", challengers(update, rng) - update.step.objective, update.size


def most_gained(update):
    """TRL: E_p A <= sqrt(2 KL) max |A| (Pinsker), so that no F exceeds M^2 / 2C, M = E_beta max|A|.

    With a large constant that says more than the certificate, which is linear in p.
    """
    charged = update.worst_state and update.drift.scale > 0
    if not (charged and isinstance(update.drift, drifts.KLOldNew)):
        return np.inf
    gaining = update.adv.max(axis=1) > 0
    M = update.beta[gaining] @ np.abs(update.adv[gaining]).max(axis=1)
    return M**2 / (2 * update.drift.scale)


def challengers(update, rng, n=4):
    """F of the greedy policy, of random ones, of resets, and of mixtures with old and new."""
    old, new = update.old, update.new
    greedy = np.eye(old.shape[1])[update.adv.argmax(axis=1)]
    others = np.concatenate([[greedy], rng.dirichlet(np.ones(old.shape[1]), (n, len(old)))])
    share = 10 ** rng.uniform(-6, 0, size=(len(others), 1, 1))
    far = [others, old + share * (others - old), new + share * (others - new), update.resets()]
    return update.objective(update.admissible(np.concatenate([[old, new], *far])))


def sharpened(update):
    """What the audit's C7 and C8 add for homogeneous drifts, Bregman divergences and TRPO."""
    old, new, size = update.old, update.new, update.size
    ball = update.step.problem.neighbourhood
    if update.rows_separate and isinstance(update.drift, drifts.L2Squared | drifts.TVSquared):
        yield "C7: gain >= 2 cost", 2 * update.cost - update.gain, size
    if update.rows_separate and isinstance(update.drift, drifts.KLNewOld) and (new > NEAR).all():
        back = update.drift.scale * kl(old, new)
        yield "C7: Bregman, gain >= both KLs", update.cost + back - update.gain, size
    if isinstance(update.drift, drifts.Zero) and isinstance(ball, AverageBall):
        distance = charge_of(ball.distance, new, old, update.adv)
        paid = weighted(np.full(len(old), update.step.multiplier), distance)
        yield "C8: rise >= lambda KL", paid - update.rise, size


def trust_region(update):
    """TRL: one level for all rows that can gain, and 3/4 of property 1 with Schulman's constant."""
    if not update.worst_state or update.drift.scale == 0:
        return
    # a row is known to the rounding of its probabilities: too little for a KL of 1e-14
    tied = (update.old > 1e-6).all(axis=1) & (update.step.multiplier > 1e-6)
    level = update.charge[tied].max(initial=0.0)
    if level > 1e-18 * update.drift.scale:
        missing = 1 - update.charge[tied] / level
        yield "TRL: rows tie", missing, 1 + SHARE / np.sqrt(level / update.drift.scale)
    gamma = update.game.gamma
    schulman = 4 * gamma * np.abs(update.adv).max() / (1 - gamma)
    if np.isclose(update.drift.scale, schulman, rtol=1e-9):
        bound = 0.75 * update.total / (1 - gamma)
        yield "TRL: 3/4 of the bound", bound - update.game.d @ update.rise, update.size
