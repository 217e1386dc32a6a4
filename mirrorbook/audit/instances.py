"""Evidence for the instances of Section 4 and Appendix D.

Each function without parameters yields the checks of one statement.
"""

from dataclasses import replace
from itertools import pairwise

import numpy as np

from .. import distributions, policies
from ..algorithms import ALGORITHMS
from ..certify import check_distribution
from ..counterexamples import (
    ADAPTIVE_TAU,
    COUNTEREXAMPLES,
    DOUBLING_TAU,
    PPO_FALL,
    PPO_TRAP,
    TRL_LEMMA_2,
    TRL_PROPERTY_1,
    Counterexample,
    side_road,
)
from ..derivation import ppo_cases
from ..drifts import KLNewOld, L2Squared, PPOClip, TVSquared
from ..planning import solve_optimal
from .cases import (
    CASES,
    EXACT,
    all_hold,
    broken,
    case,
    replayed,
    run_of,
    shortfall,
    steps_from,
)
from .definitions import CLOSED, OPEN, checked, refuted, sampling_positive
from .record import Check, Reading, check_of

PRINTED, INSTANCE = Reading.PRINTED, Reading.INSTANCE
CONDITION, REPAIR, WITNESS = Reading.CONDITION, Reading.REPAIR, Reading.WITNESS


def gpi():
    """Zero drift, all policies, beta arbitrary: but positive."""
    for check in sampling_positive():
        printed = check.reading is PRINTED
        yield replace(check, reading=INSTANCE) if printed else check
    yield all_hold(CONDITION, "monotone", ["GPI"])
    yield all_hold(CONDITION, "never stuck", ["GPI"])


def trl():
    """The worst state is charged: nu depends on the candidate."""
    example = TRL_PROPERTY_1
    for conclusion in (broken(TRL_LEMMA_2, "Lemma 2: (4)"), broken(example, "property 1")):
        yield replace(conclusion, reading=INSTANCE)
    yield replayed(TRL_LEMMA_2)
    yield replayed(example)
    short = 1 - example.replay().numbers["gain / bound"]
    yield Check(REPAIR, "1 - gain / bound with TRL's own C", short, most=0.25)
    both = ["TRL", "TRL, C unscaled"]
    for name in ("E_new A >= 0", "monotone", "(8)"):
        yield all_hold(REPAIR, name, both)
    discounted = ("tabular", "grid", "random")  # gamma = 0 makes C = 0: policy iteration
    yield all_hold(REPAIR, "Lemma K: KL rows, full support", both, discounted)


def trpo():
    """The ball of average KL(old, new), beta the occupancy: needs d > 0."""
    one_start = side_road()
    all_starts = replace(one_start, d0=np.full(one_start.n_states, 1 / one_start.n_states))
    ends = [_shortfall_of_trpo(mdp) for mdp in (one_start, all_starts)]
    yield Check(INSTANCE, "η* - η_100 from a corner, d(s) = 0 somewhere", ends[0], most=EXACT)
    yield Check(CONDITION, "…, d > 0", ends[1], most=EXACT)
    yield Check(CONDITION, "V* - V_n minus its linear bound, d > 0", _trpo_behind(), most=EXACT)
    for name in ("(R)", "Lemma 2: (4)", "monotone", "(14)", "(L)"):
        yield all_hold(CONDITION, name, ["TRPO"])


def _shortfall_of_trpo(mdp):
    """eta* - eta after 100 steps, from the corner that stops at once."""
    stops = policies.deterministic(mdp, [0, 0, 1, 0])
    return shortfall(mdp, steps_from(mdp, stops, ALGORITHMS["TRPO"], 100)[-1].pi)


def _trpo_behind():
    """G_{n+1} - (1 - t b (1 - gamma) / S) G_n, G = sum V* - V, t = 1 - exp(-radius)."""
    mdp, algorithm = case("random"), ALGORITHMS["TRPO"]
    best = solve_optimal(mdp).v
    corners = np.eye(mdp.n_actions)[solve_optimal(mdp).q.argmin(axis=1)]
    steps = steps_from(mdp, corners, algorithm, 20)
    t = 1 - np.exp(-algorithm.neighbourhood.radius)
    rate = 1 - t * (1 - mdp.gamma) ** 2 * mdp.d0.min() / mdp.n_states
    gaps = [(best - step.evaluation.v).sum() for step in steps]
    return max(b - rate * a for a, b in pairwise(gaps))


def clip_identity():
    """(7), case by case; and the average over a ~ old of an unused action."""
    derived = ppo_cases()
    unequal = sum(len(set(each.lines)) > 1 for each in derived)
    yield Check(CONDITION, "cases of the sign of A and the place of r", len(derived), least=6)
    yield Check(CONDITION, "…, in which two lines of the derivation differ", unequal, most=0)
    charged = [each for each in derived if each.drift != 0]
    outside = sum(each.place != "inside" for each in charged)
    yield Check(CONDITION, "…, in which moves are charged", len(charged), least=2, most=2)
    yield Check(CONDITION, "…, of those, outside the clip", outside, least=2)
    rng = np.random.default_rng(6)
    old, new = rng.dirichlet(np.ones(4), size=(2, 500))
    adv = rng.normal(size=(500, 4))
    adv -= (old * adv).sum(axis=1, keepdims=True)
    yield Check(CONDITION, "|L_clip - (E_new A - D)|, 500 rows inside",
                _off_identity(new, old, adv), most=EXACT)  # fmt: skip
    corner, revived = np.array([[1.0, 0.0]]), np.array([[0.5, 0.5]])
    yield Check(PRINTED, "|L_clip - (E_new A - D)|, an unused action revived",
                _off_identity(revived, corner, np.array([[0.0, 1.0]])), most=EXACT)  # fmt: skip


def _off_identity(new, old, adv, epsilon=0.2):
    """L_clip by Eq. (3), an average over a ~ old, against E_new A minus Eq. (7)."""
    r = np.divide(new, old, out=np.ones(old.shape), where=old > 0)
    clipped = np.clip(r, 1 - epsilon, 1 + epsilon)
    objective = (old * np.minimum(r * adv, clipped * adv)).sum(axis=1)
    charge = PPOClip(epsilon, reading="dropped").value(new, old, adv)
    return float(np.abs(objective - ((new * adv).sum(axis=1) - charge)).max())


def ppo():
    """PPO's drift is one inside; where a run ends depends on the selection."""
    yield check_of(INSTANCE, checked(PPOClip())["flat: boundary"], "slope at home, extended")
    dropped = checked(PPOClip(reading="dropped"))["continuous: boundary"]
    yield check_of(INSTANCE, dropped, "jump of the drift, dropped")
    trap, greedy = PPO_TRAP.replay(), PPO_TRAP.replay_repaired(40)
    yield Check(INSTANCE, "η* - η_n in “PPO trap”", trap.best_return - trap.returns[-1], most=EXACT)
    yield replayed(PPO_TRAP)
    yield replayed(PPO_FALL)
    yield Check(CONDITION, "hypotheses of Definition 1 refuted inside", refuted(PPOClip(), OPEN),
                most=0)  # fmt: skip
    yield Check(CONDITION, "η* - η_n in “PPO trap”, greedy selection",
                greedy.best_return - greedy.returns[-1], most=EXACT)  # fmt: skip
    both = ["PPO, min-KL", "PPO, greedy"]
    for name in ("(R)", "Lemma 2: (4)", "monotone", "(14)"):
        yield all_hold(CONDITION, name, both)
    yield all_hold(CONDITION, "Theorem G: greedy PPO", ["PPO, greedy"])


def ppo_kl():
    """A fixed penalty by either KL: a drift inside; Lemma K and an O(1/n) bound from there."""
    yield from _penalty(("PPO-KL", "PPO-KL, backward"), COUNTEREXAMPLES["slope at the boundary"])


def mdpo():
    """KL(new, old)."""
    yield from _penalty(("MDPO",), None)


def _penalty(names, stuck: Counterexample | None):
    drifts = [ALGORITHMS[name].drift for name in names]
    for each in drifts:
        name = type(each).__name__
        yield check_of(INSTANCE, checked(each)["flat: boundary"], f"slope of {name} at home")
        broken_inside = refuted(each, OPEN)
        yield Check(CONDITION, f"hypotheses that {name} breaks inside", broken_inside, most=0)
    if stuck is not None:
        run = stuck.replay()
        yield Check(INSTANCE, "η* - η_n from a corner", run.best_return - run.returns[-1],
                    most=EXACT)  # fmt: skip
        yield replayed(stuck)
    for finding in ("(R)", "Lemma 2: (4)", "monotone", "(14)", "Lemma K: KL rows, full support"):
        yield all_hold(CONDITION, finding, names)
    behind = max(_penalty_behind(name) for name in names)
    yield Check(CONDITION, "V* - V_n minus its O(1/n) bound", behind, most=EXACT)


def _penalty_behind(name, n_steps=60):
    """max_n |V* - V_n| - (|V* - V_0| + tau max KL(pi*, pi_0)) / ((1 - gamma) (n + 1))."""
    mdp = case("random")
    steps, best = run_of(name, "random", n_steps), solve_optimal(mdp)
    gaps = np.array([(best.v - step.evaluation.v).max() for step in steps])
    far = KLNewOld().value(best.pi, steps[0].pi_old).max()
    bound = (gaps[0] + far) / ((1 - mdp.gamma) * np.arange(1, len(gaps) + 1))
    return float((gaps - bound).max())


def mdpo_off_policy():
    """beta looks back; it cancels."""
    found = check_distribution(distributions.history_mixture, case("random"))
    finding = found["independent of the history"]
    yield check_of(INSTANCE, finding, "change of β by the policies before")
    yield check_of(CONDITION, found["positive, bounded below"], "minus the least β(s)")
    apart = max(
        np.abs(on.pi - off.pi).max()
        for name in CASES
        for on, off in zip(run_of("MDPO", name), run_of("MDPO, off-policy", name), strict=True)
    )
    yield Check(CONDITION, "|π_n on-policy - π_n off-policy|", apart, most=EXACT)
    for name in ("(R)", "Lemma 2: (4)", "monotone", "Lemma K: KL rows, full support"):
        yield all_hold(CONDITION, name, ["MDPO, off-policy"])


def adaptive():
    """tau depends on the history and jumps."""
    run = ADAPTIVE_TAU.replay()
    one, other = run.numbers["P(good) after two steps"]
    yield Check(INSTANCE, "second policies of starts 1e-9 apart, distance", abs(one - other),
                most=1e-6)  # fmt: skip
    yield replayed(ADAPTIVE_TAU)


def adaptive_fails():
    """… and so it fails."""
    run, doubling = ADAPTIVE_TAU.replay(), DOUBLING_TAU.replay()
    fall = -run.smallest_rise
    yield Check(PRINTED, "largest fall of a value", fall, least=EXACT)
    yield replayed(ADAPTIVE_TAU)
    yield Check(REPAIR, "largest fall of a value", fall, most=EXACT)
    yield Check(REPAIR, "η* - η_60", run.best_return - run.returns[-1], most=1e-9)
    yield all_hold(REPAIR, "monotone", ["PPO-KL, adaptive"])
    yield all_hold(REPAIR, "Lemma K: KL rows, full support", ["PPO-KL, adaptive"])
    yield Check(REPAIR, "τ minus its bound", _tau_excess(), most=0)
    gap = doubling.best_return - doubling.returns[-1]
    yield Check(WITNESS, "η* - η_60 with τ doubled at every step", gap, least=0.1)


def _tau_excess():
    """tau_n - max(tau_0, 2 max A / (1.5 target)), the largest over the runs."""
    excess = []
    for name in CASES:
        steps, target = run_of("PPO-KL, adaptive", name), ALGORITHMS["PPO-KL, adaptive"].drift
        largest = max(step.problem.adv.max() for step in steps)
        bound = max(target.tau0, target.factor * largest / (target.tolerance * target.target))
        excess.append(max(step.problem.drift.scale for step in steps) - bound)
    return max(excess)


def squares():
    """Drifts on the whole closed simplex: nothing is missing."""
    for drift in (L2Squared(), TVSquared()):
        bad = refuted(drift, CLOSED)
        yield Check(INSTANCE, f"hypotheses that {type(drift).__name__} breaks", bad, most=0)
    for name in ("(R)", "(L)", "b: beta bounded below", "Lemma 2: (4)", "monotone", "(14)", "(9)"):
        yield all_hold(INSTANCE, name, ["L2²", "TV²"])
