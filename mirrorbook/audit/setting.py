"""Evidence for Section 2: values, the algorithms before mirror learning, and the three games.

Each function without parameters yields the checks of one statement.
"""

import numpy as np
from scipy.special import softmax

from .. import policies
from ..algorithms import ALGORITHMS
from ..evaluation import evaluate, expected_return, occupancy
from ..learning import q_iteration
from ..planning import solve_optimal
from .cases import CASES, EXACT, all_hold, case, left, random_mdp, run_of
from .record import Check, Reading

PRINTED, REPAIR = Reading.PRINTED, Reading.REPAIR


def returns():
    """eta = E_d V = E_{rho, pi} r, with the improper rho; A* <= 0, and 0 for the best action."""
    rng, off, greedy = np.random.default_rng(1), [], []
    for mdp in map(case, CASES):
        pi = policies.random_policy(mdp, rng)
        visited = occupancy(mdp, pi, normalised=False) @ (pi * mdp.r).sum(axis=1)
        started = expected_return(mdp, pi)
        off.append(abs(visited - started) / abs(started))
        best = solve_optimal(mdp)
        greedy.append(np.abs(best.adv.max(axis=1)).max() / np.abs(best.q).max())
    yield Check(PRINTED, "|E_d V - E_ρ r| / |η|, random policies", max(off), most=EXACT)
    yield Check(PRINTED, "max_s |max_a A*| / max |Q*|", max(greedy), most=EXACT)


def policy_iteration():
    """(1)."""
    yield all_hold(PRINTED, "monotone", ["GPI"])
    gaps = [_left_of("GPI", name) for name in CASES]
    yield Check(PRINTED, "share of V* - V_0 that is left after 20 steps", max(gaps), most=EXACT)


def _left_of(algorithm, name):
    steps = run_of(algorithm, name)
    return left(case(name), steps[0].pi_old, steps[-1].pi)


def value_iteration():
    """Q-iteration contracts by gamma."""
    excess = []
    for mdp in map(case, CASES):
        best = solve_optimal(mdp).q
        errors = [np.abs(best).max()]
        for _, q in zip(range(200), q_iteration(mdp), strict=False):
            errors.append(np.abs(q - best).max())
        errors = np.array(errors)
        excess.append((errors[1:] - mdp.gamma * errors[:-1]).max() / errors[0])
    yield Check(PRINTED, "max |Q_{n+1} - Q*| - γ |Q_n - Q*|, relative", max(excess), most=EXACT)


def policy_gradient():
    """d eta / d theta = E_rho sum_a dpi/dtheta Q, against central differences."""
    rng, step = np.random.default_rng(2), 1e-5
    mdp = case("random")
    logits, way = rng.normal(size=(2, mdp.n_states, mdp.n_actions))

    def eta(t):
        return expected_return(mdp, softmax(logits + t * way, axis=1))

    pi = softmax(logits, axis=1)
    slope = pi * (way - (pi * way).sum(axis=1, keepdims=True))
    theorem = occupancy(mdp, pi, normalised=False) @ (slope * evaluate(mdp, pi).q).sum(axis=1)
    measured = (eta(step) - eta(-step)) / (2 * step)
    yield Check(PRINTED, "relative error", abs(measured / theorem - 1), most=1e-7)


def trust_region_bound():
    """(2): eta(p) >= eta(pi) + E_rho E_p A - C max KL(pi, p), and the update that maximises it."""
    rng, slack = np.random.default_rng(3), []
    for gamma in (0.1, 0.5, 0.9, 0.99):
        mdp = random_mdp(rng, gamma=gamma)
        for share in np.tile([1.0, 0.1, 0.01], 10):
            pi = policies.random_policy(mdp, rng)
            p = (1 - share) * pi + share * policies.random_policy(mdp, rng)
            values = evaluate(mdp, pi)
            size = np.abs(values.adv).max()
            moved = (pi * np.log(pi / p)).sum(axis=1).max()
            penalty = 4 * gamma * size / (1 - gamma) ** 2 * moved
            gain = occupancy(mdp, pi, normalised=False) @ (p * values.adv).sum(axis=1)
            rise = expected_return(mdp, p) - expected_return(mdp, pi)
            slack.append((rise - gain + penalty) / size)
    yield Check(PRINTED, "η(p) minus the bound, least of 120 pairs", min(slack), least=-EXACT)
    yield all_hold(PRINTED, "monotone", ["TRL"])


def scaled_constant():
    """App. D: beta normalised takes the penalty (1 - gamma) C, the same update as Eq. (2)."""
    mdp = case("random")
    pi = policies.uniform(mdp)
    values = evaluate(mdp, pi)
    constant = 4 * mdp.gamma * np.abs(values.adv).max() / (1 - mdp.gamma) ** 2
    visits = occupancy(mdp, pi, normalised=False).sum()
    penalty = ALGORITHMS["TRL"].drift(mdp, pi, values).scale
    off = abs(constant / visits / penalty - 1)
    yield Check(PRINTED, "|C / Σρ, over the penalty, - 1|", off, most=EXACT)


def single_step_optimum():
    """10."""
    yield Check(PRINTED, "|η* - 10|", abs(_optimum("single step") - 10), most=EXACT)


def tabular_optimum():
    """Right for ever: k moves of -0.1, then +10, k = 0, ..., 4."""
    gamma, left_to_go = case("tabular").gamma, np.arange(5)
    paid = 10 * gamma**left_to_go - 0.1 * (1 - gamma**left_to_go) / (1 - gamma)
    eta = _optimum("tabular")
    yield Check(PRINTED, "|η* - 9.7|, one decimal given", abs(eta - 9.7), most=0.05)
    yield Check(REPAIR, "|η* - 9.780220|", abs(eta - 9.780220), most=5e-7)
    yield Check(REPAIR, "|η* - its closed form|", abs(eta - paid.mean()), most=EXACT)


def grid_optimum():
    """-1 a step on the shortest way: about -7, with walls that cannot be entered."""
    mdp = case("grid")
    eta = _optimum("grid")
    *_, (_, q) = zip(range(mdp.n_states), q_iteration(mdp), strict=False)
    yield Check(PRINTED, "|η* - (-7)|, no decimal given", abs(eta + 7), most=0.5)
    other = float(mdp.d0 @ q.max(axis=1))  # deterministic: exact once every way is walked
    yield Check(PRINTED, "|η* - that of Q-iteration|", abs(eta - other), most=EXACT)


def _optimum(name):
    mdp = case(name)
    return float(mdp.d0 @ solve_optimal(mdp).v)
