"""Evidence for the definitions of Section 3: drift, neighbourhood, mirror operator, update.

Each function without parameters yields the checks of one statement.
"""

from functools import cache

import numpy as np
from scipy.special import rel_entr

from .. import distributions, policies
from ..certify import check_distribution, check_drift, check_neighbourhood
from ..counterexamples import COUNTEREXAMPLES, bandits, side_road
from ..drifts import (
    KLNewOld,
    KLOldNew,
    L2Squared,
    Memory,
    PPOClip,
    TVSquared,
    Zero,
)
from ..evaluation import evaluate
from ..mirror import mirror_operator, total_drift
from ..neighbourhoods import AllPolicies, AverageBall, Standstill, StatewiseBall
from .cases import EXACT, all_hold, case, local, replayed
from .record import Check, Reading, check_of

PRINTED, CONDITION = Reading.PRINTED, Reading.CONDITION
WITNESS, REPAIR = Reading.WITNESS, Reading.REPAIR
OPEN = (": open simplex",)
CLOSED = (": open simplex", ": boundary")
HYPOTHESES_OF_N = ("contains its policy", "closed ball", "compact", "continuous")


@cache
def checked(drift):
    """What the certifier says of a drift."""
    return check_drift(drift, rng=np.random.default_rng(0))


def refuted(drift, places) -> int:
    """How many of Definition 1's hypotheses are refuted in these places."""
    return sum(finding.name.endswith(places) for finding in checked(drift).refuted)


def drift():
    """Definition 1, for the drifts of the paper."""
    inside = (KLOldNew(), KLNewOld(), PPOClip())
    everywhere = (Zero(), L2Squared(), TVSquared())
    for each in inside:
        name = type(each).__name__
        yield check_of(PRINTED, checked(each)["flat: boundary"], f"slope of {name} at home")
    broken = sum(refuted(each, OPEN) for each in inside)
    yield Check(CONDITION, "hypotheses refuted inside, KLs and PPO", broken, most=0)
    broken = sum(refuted(each, CLOSED) for each in everywhere)
    yield Check(CONDITION, "hypotheses refuted anywhere, 0, L2², TV²", broken, most=0)


def no_bregman():
    """Neither convexity nor differentiability is asked for."""
    memory, tv = Memory(), TVSquared()
    yield Check(PRINTED, "hypotheses that Memory breaks", refuted(memory, CLOSED), most=0)
    bent = checked(memory)["convex"].worst
    yield Check(PRINTED, "by how much Memory is not convex", bent, least=0.01)
    yield Check(PRINTED, "hypotheses that TV² breaks", refuted(tv, CLOSED), most=0)
    old, new, way = np.array([[0.2, 0.3, 0.5]]), np.array([[0.4, 0.3, 0.3]]), np.array([0, 1, -1])

    def slope(h):
        return (tv.value(new + h * way, old)[0] - tv.value(new, old)[0]) / h

    yield Check(PRINTED, "kink of TV² at three actions", slope(1e-7) - slope(-1e-7), least=0.1)


def gateaux():
    """(10): the quotient along eps * p, as printed, and along eps * (p - pi)."""
    old, p, t = np.array([0.25, 0.75]), np.array([1.0, 0.0]), 1e-8

    def quotient(way):
        return abs(rel_entr(old, old + t * way).sum() / t)

    yield Check(PRINTED, "|KL(π, π + εp)| / ε", quotient(p), most=1e-6)
    yield Check(REPAIR, "|KL(π, π + ε(p - π))| / ε", quotient(p - old), most=1e-6)


def neighbourhood():
    """Definition 2: some metric is not enough."""
    example = COUNTEREXAMPLES["discrete metric"]
    yield replayed(example)
    run = example.replay()
    gap = run.best_return - run.returns[-1]
    yield Check(PRINTED, "η* - η_n in balls of the discrete metric", gap, most=EXACT)
    found = check_neighbourhood(Standstill(), bandits(2))["closed ball"]
    yield Check(WITNESS, "…, minus their radius in TV", found.worst, least=0.0)
    mdp = bandits(2)
    for n in (AllPolicies(), AverageBall(KLOldNew(), 0.05), StatewiseBall(TVSquared(), 0.01)):
        evidence = check_neighbourhood(n, mdp)
        bad = sum(not evidence[name].holds for name in HYPOTHESES_OF_N)
        yield Check(CONDITION, f"hypotheses that {type(n).__name__} breaks", bad, most=0)


def _random_operator():
    """E_beta [M^p V] and its parts, for random beta, nu and policies."""
    rng, mdp = np.random.default_rng(4), case("random")
    old, new = (policies.random_policy(mdp, rng) for _ in range(2))
    beta, nu = rng.dirichlet(np.ones(mdp.n_states), size=2)
    return evaluate(mdp, old), new, old, beta, nu, TVSquared()


def operator():
    """E_beta M = E_beta E_p Q - D^nu, and Q against A."""
    values, new, old, beta, nu, d = _random_operator()
    m = mirror_operator(new, old, values.q, d, beta, nu)
    sides = beta @ m, beta @ (new * values.q).sum(axis=1) - total_drift(new, old, d, nu)
    yield Check(PRINTED, "|E_β M - (E_β E_p Q - D^ν)|", abs(sides[0] - sides[1]), most=EXACT)
    other = mirror_operator(new, old, values.adv, d, beta, nu) + values.v
    yield Check(PRINTED, "max |M with Q - (M with A + V)|", np.abs(m - other).max(), most=EXACT)


def slides():
    """beta / nu."""
    _, new, old, beta, nu, d = _random_operator()
    charge, total = d.value(new, old), total_drift(new, old, d, nu)
    off = abs(beta @ (beta / nu * charge) - total)
    yield Check(PRINTED, "|E_β (β/ν) D - D^ν|", off, most=EXACT)
    off = abs(beta @ (nu / beta * charge) - total)
    yield Check(REPAIR, "|E_β (ν/β) D - D^ν|", off, most=EXACT)


def update():
    """(5): every step of every algorithm is a maximiser, inside its neighbourhood."""
    yield all_hold(PRINTED, "every step optimal")


def sampling_positive():
    """beta(s) > 0, which Definition 3 and Theorem 1 do not repeat."""
    example = COUNTEREXAMPLES["states never sampled"]
    yield replayed(example)
    run, repaired = example.replay(), example.replay_repaired()
    gap = run.best_return - run.returns[-1]
    yield Check(PRINTED, "η* - η_n, β the occupancy, d not full", gap, most=EXACT)
    gap = repaired.best_return - repaired.returns[-1]
    yield Check(CONDITION, "η* - η_n, β uniform", gap, most=EXACT)
    found = check_distribution(distributions.uniform, side_road())["positive, bounded below"]
    yield check_of(CONDITION, found, "minus the least β(s), β uniform")
    yield all_hold(CONDITION, "b: beta bounded below", local())
