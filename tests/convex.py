"""The update as a convex programme for cvxpy: an oracle that shares nothing with the package."""

import operator
import warnings

import cvxpy as cp
import numpy as np

from mirrorbook import AverageBall, KLNewOld, KLOldNew, L2Squared, StatewiseBall, TVSquared, Zero
from mirrorbook.drifts import HellingerSquared, JensenShannon, PPOClip, PPOFloored, Rollback

SETTINGS = dict(solver=cp.CLARABEL, tol_gap_abs=1e-11, tol_gap_rel=1e-11, tol_feas=1e-11)


def distance(drift, new, old, adv):
    """The drift of one row, without scale, as a convex expression."""
    used = old > 0
    match drift:
        case PPOClip() | PPOFloored() | Rollback():
            return clipped(drift, new, old, adv)
        case Zero():
            return cp.Constant(0)
        case HellingerSquared():  # 1/2 sum (sqrt p - sqrt pi)^2
            return cp.sum((new + old) / 2 - cp.multiply(np.sqrt(old), cp.sqrt(new)))
        case JensenShannon():  # 1/2 KL(pi, m) + 1/2 KL(p, m), m = (pi + p) / 2
            middle = (new + old) / 2
            both = cp.sum(cp.kl_div(old[used], middle[used])) + cp.sum(cp.kl_div(new, middle))
            return (both + cp.sum(middle[~used])) / 2 if (~used).any() else both / 2
        case KLOldNew():
            return cp.sum(cp.kl_div(old[used], new[used]) + old[used] - new[used])
        case KLNewOld():
            return cp.sum(cp.kl_div(new[used], old[used]) - new[used] + old[used])
        case L2Squared():
            return cp.sum_squares(new - old)
        case TVSquared():
            return cp.square(cp.norm1(new - old)) / 4


def clipped(drift, new, old, adv):
    """What clipping takes from E_new A, by Eq. (7) and what the readings say of unused actions."""
    reading = getattr(drift, "reading", "extended")
    reach = np.maximum(old, drift.mu) if isinstance(drift, PPOFloored) else old
    past_cap = cp.pos(new - (1 + drift.epsilon) * reach)
    past_floor = cp.pos((1 - drift.epsilon) * old - new)
    cost = cp.multiply(np.maximum(adv, 0), past_cap) + cp.multiply(np.maximum(-adv, 0), past_floor)
    cost = (1 + getattr(drift, "slope", 0)) * cost
    if reading == "extended":
        return cp.sum(cost)
    outside = cp.sum(cp.multiply(adv * (old == 0), new)) if reading == "original" else 0
    return cp.sum(cp.multiply(old > 0, cost)) + outside


def optimum(problem):
    """The optimal value of an update, or None where the solver is not sure of its own answer."""
    rows = [cp.Variable(problem.old.shape[1], nonneg=True) for _ in problem.old]
    neighbourhood = problem.neighbourhood
    ball = getattr(neighbourhood, "distance", Zero())
    gain, covered, limits = 0, [], [cp.sum(row) == 1 for row in rows]
    for s, row in enumerate(rows):
        cost = problem.drift.scale * distance(problem.drift, row, problem.old[s], problem.adv[s])
        gain += problem.beta[s] * (problem.adv[s] @ row) - problem.nu[s] * cost
        covered.append(ball.scale * distance(ball, row, problem.old[s], problem.adv[s]))
        unused = problem.old[s] == 0
        if unused.any() and isinstance(problem.drift, KLNewOld) | isinstance(ball, KLNewOld):
            limits.append(row[unused] == 0)
    if isinstance(neighbourhood, AverageBall):
        limits.append(sum(map(operator.mul, problem.beta, covered)) <= neighbourhood.radius)
    elif isinstance(neighbourhood, StatewiseBall):
        limits += [d <= neighbourhood.radius for d in covered]
    programme = cp.Problem(cp.Maximize(gain), limits)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", UserWarning)  # said by `status` as well
            programme.solve(**SETTINGS)
    except cp.SolverError:
        return None
    return programme.value if programme.status == "optimal" else None


def random_update(rng, drift, neighbourhood, spread=1.0):
    """A random update with zeros in the old policy, ties, zero advantages, one action, ...

    `spread` is the number of powers of ten by which the size of the advantages, the weight of the
    drift, the scale and the radius of the ball vary, each way.
    """
    from mirrorbook.updates import UpdateProblem

    n_states, n_actions = 3, int(rng.integers(1, 5))
    old = rng.dirichlet(np.full(n_actions, 0.7), size=n_states)
    old = np.where(rng.random(old.shape) < 0.2, 0, old)
    old[old.sum(axis=1) == 0] = 1
    old /= old.sum(axis=1, keepdims=True)
    q = rng.normal(size=old.shape)
    if rng.random() < 0.3:
        q = rng.integers(-3, 4, size=old.shape).astype(float)  # ties
    if rng.random() < 0.1:
        q[:] = 0
    size = 10 ** rng.uniform(-spread, spread)
    adv = size * (q - (old * q).sum(axis=1, keepdims=True))
    beta = rng.dirichlet(np.ones(n_states))
    nu = beta if rng.random() < 0.7 else rng.dirichlet(np.ones(n_states))
    drift = size * 10 ** rng.uniform(-spread, spread) * drift
    if isinstance(neighbourhood, AverageBall | StatewiseBall):
        scaled = 10 ** rng.uniform(-spread / 2, spread / 2) * neighbourhood.distance
        radius = 10 ** rng.uniform(-spread, 0.5) * neighbourhood.radius
        neighbourhood = type(neighbourhood)(scaled, radius)
    return UpdateProblem(adv, old, drift, neighbourhood, beta, nu)
