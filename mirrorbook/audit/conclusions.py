"""Evidence for Lemmas 1 and 2 and Theorem 1 (Section 3, Appendices B and C).

Each function without parameters yields the checks of one statement.
"""

from dataclasses import replace
from functools import cache
from itertools import pairwise, product

import numpy as np

from .. import policies
from ..algorithms import ALGORITHMS
from ..certify import check_distribution, check_neighbourhood
from ..counterexamples import (
    NEIGHBOURHOOD_CYCLE,
    NU_CYCLE,
    PPO_TRAP,
    TRL_LEMMA_2,
    TRL_PROPERTY_1,
    TRL_PROPERTY_1_UNIFORM,
    Relay,
    bandits,
)
from ..drifts import TVSquared, total_variation
from ..evaluation import evaluate
from ..learning import mirror_step
from ..planning import solve_optimal
from .cases import (
    CASES,
    CLOSED,
    EXACT,
    all_hold,
    broken,
    case,
    left,
    local,
    random_mdp,
    replayed,
    shortfall,
    steps_from,
)
from .record import Check, Reading, check_of

PRINTED, CONDITION = Reading.PRINTED, Reading.CONDITION
WITNESS, REPAIR = Reading.WITNESS, Reading.REPAIR
CYCLES = (NU_CYCLE, NEIGHBOURHOOD_CYCLE)
RATE = {"L2²": 2.0, "TV²": 1.0, "one-sided KL": 1.0}
"""C with D((1 - t) pi + t e_a | s) <= C t^2."""


def lemma_1():
    """(4) implies V_new >= V_old: of any two policies, and of the steps of all algorithms."""
    rng, falls, tried, d = np.random.default_rng(5), [], 0, 0.3 * TVSquared()
    for _ in range(400):
        mdp = random_mdp(rng)
        old, other = (policies.random_policy(mdp, rng) for _ in range(2))
        values = evaluate(mdp, old)
        best = np.eye(mdp.n_actions)[values.adv.argmax(axis=1)]
        new = old + 0.3 * rng.random() * (best + other - 2 * old)
        if ((new * values.adv).sum(axis=1) >= d.value(new, old)).all():  # nu = beta
            tried += 1
            falls.append((values.v - evaluate(mdp, new).v).max())
    yield Check(PRINTED, "pairs of policies with (4)", tried, least=50)
    yield Check(PRINTED, "…, max V_old - V_new", max(falls), most=EXACT)
    yield all_hold(PRINTED, "Lemma 2: (4)", local())
    yield all_hold(PRINTED, "monotone", local())


@cache
def _legal():
    """That the two cycles meet Definitions 1 and 2."""
    found = check_distribution(NU_CYCLE.algorithm.nu, NU_CYCLE.mdp, NU_CYCLE.algorithm.drift)
    continuous = check_of(WITNESS, found["continuous"], "“nu cycle”, jumps of D^ν")
    found = check_neighbourhood(NEIGHBOURHOOD_CYCLE.algorithm.neighbourhood)
    names = [finding.name for finding in found.refuted]
    more = len(set(names) - {"closed under resets"})
    legal = Check(WITNESS, "“neighbourhood cycle” against Definition 2, refuted", more, most=0)
    return continuous, legal


def lemma_2():
    """The update satisfies (4)."""
    for example in (*CYCLES, TRL_LEMMA_2):
        yield broken(example, "Lemma 2: (4)")
        yield replayed(example)
    yield from _legal()
    yield all_hold(CONDITION, "(R)", local())
    yield all_hold(CONDITION, "Lemma 2: (4)", local())


def inequality_14():
    """(14): V_new - V_old >= nu / beta D."""
    for example in (*CYCLES, TRL_PROPERTY_1):
        yield broken(example, "(14)")
        yield replayed(example)
    yield all_hold(CONDITION, "(14)", local())


def property_1():
    """eta rises by E_d nu / beta D."""
    for example in (NU_CYCLE, TRL_PROPERTY_1_UNIFORM, TRL_PROPERTY_1):
        yield broken(example, "property 1")
        yield replayed(example)
    short = float(1 - Relay().ratio())
    yield Check(PRINTED, "1 - gain / bound, TRL with its own C, 50 digits", short, most=0)
    yield all_hold(CONDITION, "property 1", local())


def _certified_hypotheses():
    """Those of the repaired theorem, in all runs whose drift is one on the closed simplex."""
    for name in ("(R)", "(L)", "b: beta bounded below", "sum of F_n + D_n", "never stuck"):
        yield all_hold(CONDITION, name, CLOSED)


@cache
def _long_runs(start):
    """Runs of 200 steps on the random MDP."""
    mdp = case("random")
    return {name: steps_from(mdp, start(mdp), ALGORITHMS[name], 200) for name in CLOSED}


def _worst_corners(mdp):
    """Every row at the action that is worst for the optimal values: on the boundary."""
    return np.eye(mdp.n_actions)[solve_optimal(mdp).q.argmin(axis=1)]


def property_2():
    """V_n -> V*."""
    mdp = case("random")
    for example in CYCLES:
        steps = example.replay().steps
        yield Check(PRINTED, f"V* - V_2 in “{example.name}”, share of V* - V_0",
                    left(example.mdp, steps[0].pi_old, steps[-1].pi), most=EXACT)  # fmt: skip
        yield replayed(example)
    yield from _legal()
    yield from _certified_hypotheses()
    for start in (policies.uniform, _worst_corners):
        runs = _long_runs(start)
        behind = max(_behind(mdp, steps, RATE[name]) for name, steps in runs.items())
        yield Check(CONDITION, "V* - V_{n+1} minus its O(1/n) bound", behind, most=EXACT)
        share = max(left(mdp, steps[0].pi_old, steps[-1].pi) for steps in runs.values())
        yield Check(CONDITION, f"share of V* - V_0 left, {_from(start)}", share, most=1e-6)


def _from(start):
    return "uniform start" if start is policies.uniform else "start in corners"


def _behind(mdp, steps, c):
    """max_n delta_{n+1} - (delta_n - h((1 - gamma) delta_n)), delta = max_s (V* - V)."""
    best = solve_optimal(mdp).v
    gaps = [(best - step.evaluation.v).max() for step in steps]

    def h(g):
        return g * g / (4 * c) if g <= 2 * c else g - c

    return max(b - (a - h((1 - mdp.gamma) * a)) for a, b in pairwise(gaps))


def property_3():
    """eta_n -> eta*."""
    for example in (*CYCLES, PPO_TRAP):
        run = example.replay()
        yield Check(PRINTED, f"η* - η_n in “{example.name}”",
                    run.best_return - run.returns[-1], most=EXACT)  # fmt: skip
        yield replayed(example)
    mdp = case("random")
    for name, steps in _long_runs(policies.uniform).items():
        gap = shortfall(mdp, steps[-1].pi)
        yield Check(CONDITION, f"η* - η_200, {name}", gap, most=1e-6)
    yield from _certified_hypotheses()


def property_4():
    """Limit points are optimal."""
    for example in CYCLES:
        run = example.replay(20)
        again = np.abs(run.policies[-1] - run.policies[-3]).max()
        yield Check(WITNESS, f"“{example.name}”: |π_20 - π_18|", again, most=EXACT)
        gap = solve_optimal(example.mdp).v - run.values[-1]
        yield Check(PRINTED, f"“{example.name}”: V* - V of a limit point", gap.max(), most=EXACT)
        yield replayed(example)
    mdp = case("random")
    best = solve_optimal(mdp).v
    for name, steps in _long_runs(_worst_corners).items():
        late = max((best - step.evaluation.v).max() for step in steps[-50:])
        yield Check(CONDITION, f"V* - V of the last 50 policies, {name}", late, most=1e-6)


def limit_points():
    """Appendix C, step 2: a limit point maximises its own update, and others may do so too."""
    twins = bandits(rewards=(1.0, 1.0))
    step = mirror_step(twins, [[1.0, 0.0]], ALGORITHMS["GPI"])
    other = np.array([[0.0, 1.0]])
    lacking = step.objective - step.problem.objective(other)
    yield Check(WITNESS, "two equal arms: max F - F(other arm)", lacking, most=EXACT)
    apart = total_variation(other, step.pi_old).max()
    yield Check(PRINTED, "…, TV of π and another maximiser", apart, most=0)
    gains = [
        mirror_step(case(name), solve_optimal(case(name)).pi, ALGORITHMS[algorithm]).objective
        for name, algorithm in product(CASES, CLOSED)
    ]
    yield Check(REPAIR, "max F - F(π) at optimal policies", max(gains), most=EXACT)


def fixed_points():
    """Appendix C: a fixed point of (5) is one of GPI (step 3), and that is optimal (step 4)."""
    mdp = case("random")
    best = solve_optimal(mdp).v
    stuck, worse = [], []
    gained = {name: [] for name in CLOSED}
    stiff = replace(ALGORITHMS["PPO-KL"], drift=50 * ALGORITHMS["PPO-KL"].drift)
    for actions in product(range(mdp.n_actions), repeat=mdp.n_states):
        pi = policies.deterministic(mdp, actions)
        values = evaluate(mdp, pi)
        if values.adv.max() <= EXACT:
            worse.append((best - values.v).max())
            continue
        stuck.append(np.abs(mirror_step(mdp, pi, stiff).pi - pi).max() <= EXACT)
        for name, gains in gained.items():
            gains.append(mirror_step(mdp, pi, ALGORITHMS[name]).objective)
    yield Check(PRINTED, "corners that are not optimal where 50 KL stays", sum(stuck), most=0)
    least = min(map(min, gained.values()))
    yield Check(CONDITION, f"least F(new) there, {', '.join(CLOSED)}", least, least=1e-9)
    yield Check(CONDITION, "V* - V at fixed points of GPI", max(worse), most=EXACT)
