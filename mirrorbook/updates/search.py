r"""A numerical maximiser for whatever no exact one is known for: approximate, and it says so.

From several starts (the old policy, mixtures of it with the greedy one, corners, random policies)
it climbs F by sequential quadratic programming on the simplices, with the ball's radius as a
constraint if there is one, draws what has left the neighbourhood back towards the old policy, and
ends with random moves of shrinking size that stay inside.  The best of all that is never worse
than the old policy, and it lies in the neighbourhood.  That it is the best of all is not promised.
"""

from itertools import product

import numpy as np
import scipy  # its optimize, slow to import, comes with the first call

from ..neighbourhoods import AverageBall, StatewiseBall
from .problem import Solution

CORNERS = 64
"""Deterministic policies are tried if there are no more than these."""
RANDOM_STARTS = 4
MOVES = 300
HALVINGS = 40
STEEPEST = 1e8
"""Slopes are cut off here."""


def maximise_numerically(problem):
    """A good policy of N(old), by search.

    Parameters
    ----------
    problem : UpdateProblem
        Anything that has a value.

    Returns
    -------
    Solution
        Approximate. No multiplier is known: it is given as 0.

    Raises
    ------
    ValueError
        If no policy of the neighbourhood was found.
    """
    search, rng = Search(problem), np.random.default_rng(0)
    starts = [search.drawn_back(start) for start in search.starts(rng)]
    starts = [start for start in starts if search.inside(start)]
    if not starts:
        raise ValueError(f"no policy was found that lies in {problem.neighbourhood!r}")
    climbed = [search.drawn_back(search.climb(start)) for start in starts]
    best = max(starts + climbed, key=search.gain)
    pi = search.wander(best, rng)
    return Solution(pi, 0.0, "approximate: search from several starts", problem)


class Search:
    """The objective on the rows that beta samples, and ways to climb it."""

    def __init__(self, problem):
        self.problem, self.states = problem, np.flatnonzero(problem.beta > 0)
        self.old = problem.old
        self.barred = self._out_of_reach()

    def inside(self, pi):
        """Whether a policy lies in the neighbourhood."""
        problem = self.problem
        return problem.neighbourhood.contains(pi, problem.old, problem.beta, problem.adv)

    def gain(self, pi):
        """F, or minus infinity outside the neighbourhood and where F is no number."""
        if not self.inside(pi):
            return -np.inf
        with np.errstate(all="ignore"):
            value = self.problem.objective(pi)
        return value if np.isfinite(value) else -np.inf

    def with_rows(self, rows):
        """The old policy with other rows in the sampled states, made to sum to one."""
        rows = np.maximum(np.reshape(rows, (len(self.states), -1)), 0.0)
        pi = self.old.copy()
        pi[self.states] = rows / rows.sum(axis=1, keepdims=True)
        return pi

    def starts(self, rng):
        """Where to begin."""
        adv, shape = self.problem.adv[self.states], (len(self.states), self.old.shape[1])
        yield self.old
        greedy = np.eye(shape[1])[adv.argmax(axis=1)]
        for share in (0.1, 0.5, 1.0):
            yield self.with_rows((1 - share) * self.old[self.states] + share * greedy)
        yield self.with_rows(np.ones(shape))
        if shape[1] ** shape[0] <= CORNERS:
            for actions in product(range(shape[1]), repeat=shape[0]):
                yield self.with_rows(np.eye(shape[1])[list(actions)])
        for _ in range(RANDOM_STARTS):
            yield self.with_rows(rng.dirichlet(np.ones(shape[1]), size=shape[0]))

    def drawn_back(self, pi):
        """The point of the segment from the old policy to `pi` that is farthest out and inside."""
        if self.inside(pi) or not self.inside(self.old):
            return pi
        near, far = 0.0, 1.0  # (a neighbourhood need not be convex: this finds some such point)
        for _ in range(HALVINGS):
            middle = 0.5 * (near + far)
            if self.inside(self.old + middle * (pi - self.old)):
                near = middle
            else:
                far = middle
        return self.old + near * (pi - self.old)

    def climb(self, start):
        """A local maximum by SLSQP, or `start` where that fails."""
        shape = (len(self.states), self.old.shape[1])
        sums = np.kron(np.eye(shape[0]), np.ones(shape[1]))
        limits = [{"type": "eq", "fun": lambda x: sums @ x - 1, "jac": lambda x: sums}]
        if isinstance(self.problem.neighbourhood, AverageBall | StatewiseBall):
            limits.append({"type": "ineq", "fun": lambda x: self._room(self._at(x))})
        rule = callable(self.problem.nu)
        bounds = [(0, 0) if barred else (0, 1) for barred in self.barred]
        with np.errstate(all="ignore"):
            found = scipy.optimize.minimize(
                lambda x: -self._finite(self.problem.objective(self._at(x))),
                start[self.states].ravel(), method="SLSQP", bounds=bounds,
                jac=None if rule else lambda x: -self._slope(self._at(x)), constraints=limits,
                options={"maxiter": 100, "ftol": 1e-14},
            )  # fmt: skip
        if not np.isfinite(found.x).all() or (self.rows_of(found.x).sum(axis=1) <= 0.5).any():
            return start
        return self.with_rows(found.x)

    def rows_of(self, x):
        """The rows of a vector, negative entries left out, (n, A)."""
        return np.maximum(np.reshape(x, (len(self.states), -1)), 0.0)

    def wander(self, pi, rng):
        """Random moves of mass that pay, in all rows or in one, smaller and smaller."""
        best, size = self.gain(pi), 0.5
        n, n_actions = len(self.states), self.old.shape[1]
        for _ in range(MOVES):
            towards = rng.dirichlet(np.full(n_actions, 0.3), size=n)
            moved = rng.random(n) < rng.choice([1 / n, 1.0])
            rows = pi[self.states]
            step = size * rng.random() * moved[:, None] * (towards - rows)
            candidate = self.with_rows(rows + step)
            value = self.gain(candidate)
            if value > best:
                pi, best = candidate, value
            else:
                size = max(0.97 * size, 1e-6)
        return pi

    def _out_of_reach(self):
        """Where a cost is infinite from the start, (n A,)."""
        problem, costs = self.problem, [self.problem.drift]
        if isinstance(problem.neighbourhood, AverageBall | StatewiseBall):
            costs.append(problem.neighbourhood.distance)
        with np.errstate(all="ignore"):
            steep = [cost.gradient(problem.old, problem.old, problem.adv) for cost in costs]
        return (np.array(steep) == np.inf).any(axis=0)[self.states].ravel()

    def _at(self, x):
        pi = self.old.copy()
        pi[self.states] = self.rows_of(x)
        return pi

    def _slope(self, pi):
        """dF/dp of the sampled rows, (n A,), within bounds that the search can digest."""
        problem = self.problem
        away = np.maximum(pi, 1e-12)  # from where slopes are infinite
        pull = problem.nu[:, None] * problem.drift.gradient(away, problem.old, problem.adv)
        slope = (problem.beta[:, None] * problem.adv - pull)[self.states]
        slope = np.clip(np.nan_to_num(slope), -STEEPEST, STEEPEST).ravel()
        return np.where(self.barred, 0.0, slope)

    def _room(self, pi):
        ball, problem = self.problem.neighbourhood, self.problem
        return self._finite(ball.radius - ball.measure(pi, self.old, problem.beta, problem.adv))

    @staticmethod
    def _finite(value):
        return value if np.isfinite(value) else -1e10
