r"""Sample-based mirror steps: the estimate (6) is maximised in place of the objective.

Collecting the pairs of each state and action, (6) is itself the objective of an update,

    1/|B| sum_B [p(a|s) / pi_B(a|s) A(s, a) - nu(s) / beta(s) D(p|s)]
        =  sum_s b(s) E_{a~p} A'(s, a) - sum_s n(s) D(p|s),

    b(s)     = share of the batch in state s                     (empirical beta)
    n(s)     = b(s) nu(s) / beta(s)                              (empirical nu)
    A'(s, a) = mean over the pairs in s of 1{pair is (s, a)} A / pi_B(a|s)

so that the solvers of `mirrorbook.updates` serve unchanged. An action that was not sampled has
A' = 0; a state that was not visited keeps its row.  Advantages take the place of Q because the
samples of p / pi_B V do not cancel one by one: the mean is the same, the variance is not.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from ..arguments import check_function, check_generator
from ..mdp import MDP, check_mdp
from ..simplex import check_count, check_numbers
from ..updates import Solution, UpdateProblem, maximise
from .batches import Batch, check_batch, sample_advantages
from .replay import ReplayBuffer, check_denominator
from .rows import RowSampler


def empirical_problem(problem: UpdateProblem, batch: Batch, adv) -> UpdateProblem:
    """The update whose objective is the estimate (6).

    Parameters
    ----------
    problem : UpdateProblem
        The exact update. Of its beta and nu only the ratio is used; of its advantages nothing.
    batch : Batch
    adv : (B,) array
        An advantage of the old policy for each pair, exact or estimated.

    Returns
    -------
    UpdateProblem

    Raises
    ------
    TypeError
        If nu depends on the candidate: (6) needs nu / beta to be known.
    ValueError
        If `adv` has not one finite number a pair, or the batch visits a state that is none or that
        beta leaves out.

    Examples
    --------
    >>> from mirrorbook import ALGORITHMS, games, mirror_step, policies
    >>> mdp = games.single_step((1.0, 0.0))
    >>> exact = mirror_step(mdp, policies.uniform(mdp), ALGORITHMS["L2²"]).problem
    >>> batch = Batch(np.array([0, 0, 0]), np.array([0, 0, 1]), np.full(3, 0.5))
    >>> empirical_problem(exact, batch, np.array([0.5, 0.5, -0.5])).adv[0].round(3)
    array([ 0.667, -0.333])
    """
    if callable(problem.nu):
        raise TypeError("nu depends on the candidate: the estimate (6) needs nu / beta to be known")
    n_states, n_actions = problem.old.shape
    check_batch(batch, n_states, n_actions)
    adv = check_numbers(adv, batch.states.shape, "adv")
    visits = np.bincount(batch.states, minlength=n_states)
    lost = np.flatnonzero((visits > 0) & (problem.beta == 0))
    if lost.size:
        raise ValueError(f"the batch visits state {lost[0]}, but beta[{lost[0]}] is 0")
    pairs = batch.states * n_actions + batch.actions
    sums = np.bincount(pairs, adv / batch.probabilities, minlength=n_states * n_actions)
    visited = visits > 0
    ratio = np.divide(problem.nu, problem.beta, out=np.zeros(n_states), where=visited)
    share = visits / len(batch)
    return replace(
        problem,
        adv=sums.reshape(n_states, n_actions) / np.maximum(visits, 1)[:, None],
        beta=share,
        nu=share * ratio,
    )


@dataclass(frozen=True, eq=False)
class SampledUpdate:
    """A solver that sees a batch only: `mirror_learning(mdp, pi, algorithm, SampledUpdate(...))`.

    Parameters
    ----------
    size : int >= 1
        Pairs drawn at each step, s ~ beta and a ~ pi_old(.|s).
    rng : numpy.random.Generator
    mdp : MDP, optional
        If given, advantages are estimated by walks in it (`sample_advantages`). Default: those of
        the sampled pairs are known exactly.
    buffer : ReplayBuffer, optional
        If given, the pairs are stored in it and as many are drawn from it: the off-policy update
        of Appendix E. The algorithm's nu must be its beta.
    denominator : str
        Which of the buffer's denominators.
    solver : callable
        `UpdateProblem -> Solution`, for the empirical problem.

    Raises
    ------
    TypeError, ValueError
        If a parameter is not of its kind.

    Notes
    -----
    The step that comes back holds the exact values of the old policy in `.evaluation`, and the
    empirical problem, beta, nu, drift and objective in the rest. That objective is an estimate at
    its own maximum: on average it promises more than any policy can keep (`FAILURES`).

    Examples
    --------
    >>> from mirrorbook import ALGORITHMS, games, mirror_step, policies
    >>> mdp = games.single_step()
    >>> solver = SampledUpdate(size=1000, rng=np.random.default_rng(0))
    >>> step = mirror_step(mdp, policies.uniform(mdp), ALGORITHMS["GPI"], solver=solver)
    >>> step.pi[0], step.solution.method
    (array([1., 0., 0., 0., 0.]), 'from 1000 samples; exact')
    """

    size: int
    rng: np.random.Generator
    mdp: MDP | None = None
    buffer: ReplayBuffer | None = None
    denominator: str = "own"
    solver: Callable[[UpdateProblem], Solution] = maximise

    def __post_init__(self):
        check_count(self.size, "size")
        check_generator(self.rng)
        if self.mdp is not None:
            check_mdp(self.mdp)
        if not (self.buffer is None or isinstance(self.buffer, ReplayBuffer)):
            raise TypeError(f"buffer must be a ReplayBuffer, found {type(self.buffer).__name__}")
        check_denominator(self.denominator)
        check_function(self.solver, "solver")

    def __call__(self, problem: UpdateProblem) -> Solution:
        """Draw a batch, and maximise its estimate of the objective.

        Parameters
        ----------
        problem : UpdateProblem
            The exact update; beta and the old policy are sampled from, and of the advantages
            those at the sampled pairs are looked at, unless `mdp` is given.

        Returns
        -------
        Solution
            Of the empirical problem.

        Raises
        ------
        TypeError, ValueError
            If nu depends on the candidate or, with a buffer, differs from beta.
        """
        batch = self._batch(problem)
        s, a = batch.states, batch.actions
        if self.mdp is None:
            adv = problem.adv[s, a]
        else:
            adv = sample_advantages(self.mdp, problem.old, s, a, self.rng)
        solution = self.solver(empirical_problem(problem, batch, adv))
        return replace(solution, method=f"from {self.size} samples; {solution.method}")

    def _batch(self, problem):
        old = problem.old
        states = RowSampler(problem.beta[None]).draw(np.zeros(self.size, dtype=int), self.rng)
        actions = RowSampler(old).draw(states, self.rng)
        batch = Batch(states, actions, old[states, actions])
        if self.buffer is None:
            return batch
        if callable(problem.nu) or not np.array_equal(problem.nu, problem.beta):
            raise ValueError("nu differs from beta: off-policy, nu / beta is not known")
        self.buffer.add(batch, old)
        return self.buffer.sample(self.size, self.rng, self.denominator)
