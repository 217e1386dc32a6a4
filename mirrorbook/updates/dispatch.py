"""Which solver maximises which update: one table over (drift, neighbourhood), first match wins.

drift                                  neighbourhood                               solver
the five of the paper's experiments    all policies, balls of these                `classic`
PPO and its relatives, none            all policies, mu-soft ones                  `clipped`
these five, nu at the worst state      all policies                                `level`
separable and convex                   all policies, mu-soft ones, balls of such   `convex`
any                                    a product of rows' own neighbourhoods       `rowwise`
any other                              where rows do not know of each other        `search`, by row
any other                              any other                                   `search`

The last two are numeric and call their answers approximate.
"""

from dataclasses import replace

from ..drifts import DualClip, PPOClip, PPOFloored, Rollback, Zero
from ..neighbourhoods import AllPolicies, AverageBall, Product, Soft, StatewiseBall
from .classic import KINDS, is_classic, maximise_classic
from .clipped import maximise_clipped
from .convex import maximise_separable
from .level import maximise_worst_state
from .problem import Solution, UpdateProblem, is_worst_state
from .rowwise import maximise_rows
from .search import maximise_numerically


def is_clipped(problem) -> bool:
    """PPO and its relatives, or no drift, over all policies or mu-soft ones."""
    if callable(problem.nu) or not isinstance(problem.neighbourhood, AllPolicies | Soft):
        return False
    if isinstance(problem.drift, DualClip):  # beyond that weight it is no longer PPO in disguise
        return bool((problem.drift.scale * problem.nu <= problem.beta).all())
    return isinstance(problem.drift, Zero | PPOClip | PPOFloored | Rollback)


def is_level(problem) -> bool:
    """A drift that is charged in the worst state alone (TRL)."""
    positive = type(problem.drift) in KINDS and not isinstance(problem.drift, Zero)
    everywhere = isinstance(problem.neighbourhood, AllPolicies)
    return is_worst_state(problem.nu) and everywhere and positive and problem.drift.scale > 0


def is_separable(problem) -> bool:
    """Separable convex drifts over all policies, mu-soft ones, or in balls of such distances."""
    costs = [problem.drift]
    if isinstance(problem.neighbourhood, AverageBall | StatewiseBall):
        costs.append(problem.neighbourhood.distance)
    elif not isinstance(problem.neighbourhood, AllPolicies | Soft):
        return False
    return not callable(problem.nu) and all(c.separable and c.convex or not c.scale for c in costs)


def is_product(problem) -> bool:
    """Rows in neighbourhoods of their own."""
    return isinstance(problem.neighbourhood, Product) and not callable(problem.nu)


def is_rowwise(problem) -> bool:
    """Rows that do not know of each other: `search` then has fewer unknowns at a time."""
    apart = isinstance(problem.neighbourhood, AllPolicies | Soft | StatewiseBall)
    return apart and not callable(problem.nu) and len(problem.old) > 1


SOLVERS = (
    (is_classic, maximise_classic),
    (is_clipped, maximise_clipped),
    (is_level, maximise_worst_state),
    (is_separable, maximise_separable),
    (is_product, lambda problem: maximise_rows(problem, maximise)),
    (is_rowwise, lambda problem: maximise_rows(problem, maximise_numerically)),
    (lambda problem: True, maximise_numerically),
)
"""(condition on the problem, solver), in the order in which they are tried."""


def maximise(problem: UpdateProblem) -> Solution:
    """argmax of F over N(old), Definition 3, Eq. (5), by the first solver of the table that fits.

    Parameters
    ----------
    problem : UpdateProblem

    Returns
    -------
    Solution
        With `.pi` (S, A), `.multiplier`, `.method`, which says whether it is exact, and, on
        demand, `.certificate`.
    """
    if problem.drift.scale == 0 and callable(problem.nu):  # nothing is charged, whatever nu is
        free = maximise(replace(problem, drift=Zero(), nu=problem.beta))
        return replace(free, problem=problem)
    solver = next(solver for fits, solver in SOLVERS if fits(problem))
    return solver(problem)
