"""Every drift, and beside it its definition: a slow sum over actions with 80 digits."""

from dataclasses import replace

import numpy as np
from mpmath import inf, log, mp, mpf, sqrt, tanh

from mirrorbook import drifts
from mirrorbook.drifts import Drift, Risk

mp.dps = 80
RISKS = [2.0, 0.0, -1.0, 0.5, 0.0, 1.0, 1.0]


def defined(definition, new, old, adv):
    """What a definition charges for one row of floats."""
    columns = ([mpf(float(x)) for x in column] for column in (new, old, adv))
    return float(definition(list(zip(*columns, strict=True))))


def fitted(drift, n_actions):
    """The drift for policies of so many actions: risk has one number for each."""
    return replace(drift, cost=RISKS[:n_actions]) if isinstance(drift, Risk) else drift


def name_of(drift):
    parameters = [str(value) for key, value in vars(drift).items() if key in SHOWN]
    return "-".join([type(drift).__name__, *parameters])


SHOWN = ("reading", "a", "order")


# definitions: of rows, lists of (new, old, advantage) per action


def total(term):
    return lambda row: sum((term(*entry) for entry in row), mpf(0))


def divergence(f, at_infinity):
    """sum_a q f(p / q), an unused action charged its limit p f'(inf)."""

    def term(p, q, adv):
        return q * f(p / q) if q else (p * at_infinity if p else mpf(0))

    return total(term)


def alpha_generator(a):
    a = mpf(a)

    def f(r):
        if a == 0:
            return r * log(r) - r + 1 if r else mpf(1)
        if a == 1:
            return r - 1 - log(r) if r else inf
        if r == 0 and a > 1:
            return inf
        return (r - 1) / a - (r ** (1 - a) - 1) / (a * (1 - a))

    return f


def alpha(a):
    return divergence(alpha_generator(a), 1 / mpf(a) if a > 0 else inf)


def renyi(order):
    order = mpf(order)

    def cost(row):
        if order > 1 and any(p and not q for p, q, _ in row):
            return inf
        if not any(p and q for p, q, _ in row):
            return inf
        shared = sum(p**order * q ** (1 - order) for p, q, _ in row if p and q)
        rounding = sum(order * p + (1 - order) * q for p, q, _ in row) - 1
        return log(shared - rounding) / (order - 1)

    return cost


def jensen_shannon(r):
    half = (r + 1) / 2
    return (r * log(r / half) if r else 0) / 2 + log(1 / half) / 2


def ppo(reading="extended", mu=0.0, slope=0.0, cap=None, epsilon=0.2):
    """What an objective of PPO's kind takes away from E_new A."""
    low, high, slope = 1 - mpf(epsilon), 1 + mpf(epsilon), mpf(slope)

    def term(p, q, adv):
        if q == 0 and reading != "extended":
            return p * adv if reading == "original" else mpf(0)
        clipped = min(max(p, low * q), high * max(q, mpf(mu)))
        rolled = clipped - slope * (p - clipped)
        objective = min(p * adv, rolled * adv)
        if cap is not None and adv < 0:
            objective = max(objective, cap * q * adv)
        return p * adv - objective

    return total(term)


def spo(p, q, adv):
    if adv == 0 or p == q:
        return mpf(0)
    return abs(adv) / (2 * mpf(0.2)) * q * (p / q - 1) ** 2 if q else inf


def dpo(p, q, adv):
    if q == 0:
        return p * max(adv, 0)
    scale = mpf(2.0) if adv >= 0 else mpf(0.6)
    x = (p / q - 1) * adv if adv >= 0 else adv * (log(p / q) if p else -inf)
    if x <= 0:
        return mpf(0)
    return inf if x == inf else q * (x - scale * tanh(x / scale))


def tv(row):
    return sum(abs(p - q) for p, q, _ in row) / 2


def risk(row):
    increase = sum((p - q) * mpf(cost) for (p, q, _), cost in zip(row, RISKS, strict=False))
    return max(increase, mpf(0)) ** 2


def l2(row):
    return sum((p - q) ** 2 for p, q, _ in row)


kl_new_old = divergence(lambda r: r * log(r) - r + 1 if r else mpf(1), inf)
kl_old_new = divergence(lambda r: r - 1 - log(r) if r else inf, mpf(1))


def made(row):
    """Of the reader's own drift in the gallery."""
    return sum((p - q) ** 4 for p, q, _ in row)


own = drifts.as_drift(
    lambda new, old: ((new - old) ** 4).sum(axis=1),
    lambda new, old: 4 * (new - old) ** 3,
    positive=True,
    convex=True,
    valid_on_boundary=True,
    separable=True,
)

GALLERY: list[tuple[Drift, object]] = [
    (drifts.Zero(), lambda row: mpf(0)),
    (drifts.KLOldNew(), kl_old_new),
    (drifts.KLNewOld(), kl_new_old),
    (drifts.L2Squared(), l2),
    (drifts.TVSquared(), lambda row: tv(row) ** 2),
    (drifts.LInfSquared(), lambda row: max((p - q) ** 2 for p, q, _ in row)),
    (drifts.HellingerSquared(), divergence(lambda r: (sqrt(r) - 1) ** 2 / 2, mpf(1) / 2)),
    (drifts.JensenShannon(), divergence(jensen_shannon, log(2) / 2)),
    (drifts.Jeffreys(), divergence(lambda r: (r - 1) * log(r) if r else inf, inf)),
    (drifts.ChiSquaredOldNew(), divergence(lambda r: (r - 1) ** 2 / r if r else inf, mpf(1))),
    (drifts.ChiSquaredNewOld(), divergence(lambda r: (r - 1) ** 2, inf)),
    *((drifts.Renyi(order), renyi(order)) for order in (0.5, 0.9, 2.0)),
    *((drifts.Alpha(a), alpha(a)) for a in (-1.0, 0.0, 0.3, 0.5, 1.0, 2.0)),
    (
        drifts.OneSidedKL(),
        divergence(lambda r: alpha_generator(0)(r) if r < 1 else mpf(0), mpf(0)),
    ),
    (drifts.OneSidedChiSquared(), divergence(lambda r: max(1 - r, mpf(0)) ** 2, mpf(0))),
    *((drifts.PPOClip(0.2, reading), ppo(reading)) for reading in ("extended", "original")),
    (drifts.PPOClip(0.2, "dropped"), ppo("dropped")),
    (drifts.PPOFloored(0.2, 0.05), ppo(mu=0.05)),
    (drifts.Rollback(0.2, 0.5), ppo(slope=0.5)),
    (drifts.DualClip(0.2, 3), ppo(cap=3)),
    (drifts.SPO(0.2), total(spo)),
    (drifts.DPO(2.0, 0.6), total(dpo)),
    (drifts.Risk(RISKS[:4]), risk),
    (
        drifts.Memory(0.01),
        total(lambda p, q, adv: log(1 + ((p - q) / mpf(0.01)) ** 2) / log(2) / 2),
    ),
    (own, made),
    (drifts.L2Squared() + 2 * drifts.KLOldNew(), lambda row: l2(row) + 2 * kl_old_new(row)),
    (drifts.TotalVariation(), tv),
    (drifts.L1(), lambda row: 2 * tv(row)),
    (drifts.NegativeTVSquared(), lambda row: -(tv(row) ** 2)),
]

DRIFTS = [drift for drift, _ in GALLERY]


def charge(drift, new, old, adv=None):
    """What the drift charges for one row."""
    adv = None if adv is None else np.asarray(adv, dtype=float)[None]
    drift = fitted(drift, len(new))
    return drift.value(np.asarray(new)[None], np.asarray(old)[None], adv)[0]
