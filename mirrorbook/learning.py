r"""Mirror learning: the update, and the iteration that repeats it (Definition 3, Theorem 1).

    pi_{n+1} in argmax_{p in N(pi_n)}  E_{s~beta_n} [M^p V_{pi_n}](s)

A step and the decision to stop are kept apart: `mirror_step` does one update, `mirror_learning`
repeats it for as long as its caller asks for more.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from .algorithms import Algorithm
from .arguments import check_function
from .drifts import Drift
from .evaluation import Evaluation, evaluate, rounding_error
from .mdp import MDP, check_mdp, expected_next
from .mirror import total_drift
from .policies import check_policy
from .simplex import SUM_TOLERANCE, check_numbers, check_sums
from .updates import Certificate, Solution, UpdateProblem, maximise


@dataclass(frozen=True, eq=False)
class MirrorStep:
    """One update and all that is known about it.

    Attributes
    ----------
    mdp : MDP
    evaluation : Evaluation
        V, Q and A of the old policy.
    solution : Solution
        What the solver returned. Both policies are write-protected.

    Examples
    --------
    >>> from mirrorbook import ALGORITHMS, games, policies
    >>> mdp = games.single_step((1.0, 0.0))
    >>> step = mirror_step(mdp, policies.uniform(mdp), ALGORITHMS["TV²"])
    >>> step.pi_old[0], step.pi[0], round(step.drift, 9), step.certificate.gap < 1e-12
    (array([0.5, 0.5]), array([1., 0.]), 0.25, True)
    """

    mdp: MDP
    evaluation: Evaluation
    solution: Solution

    @property
    def problem(self) -> UpdateProblem:
        """The update that was solved."""
        return self.solution.problem

    @property
    def pi_old(self) -> np.ndarray:
        """The policy before the step, (S, A)."""
        return self.problem.old

    @property
    def pi(self) -> np.ndarray:
        """The policy after the step, (S, A)."""
        return self.solution.pi

    @property
    def beta(self) -> np.ndarray:
        """Sampling distribution, (S,)."""
        return self.problem.beta

    @property
    def nu(self) -> np.ndarray:
        """Drift distribution at the new policy, (S,)."""
        return self.problem.nu_at(self.pi)

    @property
    def multiplier(self):
        """Multiplier of the neighbourhood's radius, 0 where it does not bind."""
        return self.solution.multiplier

    @property
    def certificate(self) -> Certificate:
        """Evidence that the step is optimal."""
        return self.solution.certificate

    @property
    def drift(self) -> float:
        """Total drift of the step, D^nu_old(new) = E_nu D_old(new|s)."""
        problem = self.problem
        return total_drift(self.pi, self.pi_old, problem.drift, problem.nu, problem.adv)

    @property
    def objective(self) -> float:
        """F(new) = E_beta E_new A - D^nu_old(new): what the update gained, at least 0."""
        return self.problem.objective(self.pi)


def mirror_step(
    mdp: MDP,
    pi,
    algorithm: Algorithm,
    history: tuple = (),
    solver: Callable[[UpdateProblem], Solution] = maximise,
) -> MirrorStep:
    """One update of mirror learning (Definition 3, Eq. (5)).

    Parameters
    ----------
    mdp : MDP
    pi : array_like, shape (S, A)
        The old policy.
    algorithm : Algorithm
    history : sequence of (S, A) arrays
        The policies before `pi`, oldest first, for distributions that look back.
    solver : callable
        `UpdateProblem -> Solution`. Default: the exact maximiser.

    Returns
    -------
    MirrorStep
        With `.pi`, `.drift`, `.objective`, `.multiplier`, `.certificate`, ...

    Raises
    ------
    TypeError, ValueError
        If `pi` is not a policy of `mdp`, `algorithm` not an Algorithm, beta or nu not a
        distribution over the states, or what `solver` returns not a Solution.

    Examples
    --------
    >>> from mirrorbook import ALGORITHMS, games, policies
    >>> mdp = games.single_step()
    >>> step = mirror_step(mdp, policies.uniform(mdp), ALGORITHMS["GPI"])
    >>> step.pi[0]
    array([1., 0., 0., 0., 0.])
    """
    check_mdp(mdp)
    check_function(solver, "solver")
    if not isinstance(history, tuple | list):
        raise TypeError(f"history must be a sequence of policies, found {type(history).__name__}")
    _check_algorithm(algorithm)
    values = evaluate(mdp, pi)  # which checks the policy, and copies it
    pi = values.pi
    pi.flags.writeable = False
    beta = _checked_weights(algorithm.beta(mdp, pi, history), mdp, "beta")
    nu = beta
    if algorithm.nu is not None:
        nu = algorithm.nu(mdp, pi, history)
        nu = nu if callable(nu) else _checked_weights(nu, mdp, "nu")
    drift = algorithm.drift
    if not isinstance(drift, Drift):
        drift = _checked_drift(drift(mdp, pi, values, history))
    problem = UpdateProblem(
        adv=values.adv, old=pi, drift=drift, neighbourhood=algorithm.neighbourhood,
        beta=beta, nu=nu, noise=rounding_error(values.q), selection=algorithm.selection,
    )  # fmt: skip
    solution = solver(problem)
    if not isinstance(solution, Solution):
        raise TypeError(f"solver must return a Solution, found {type(solution).__name__}")
    solution.pi.flags.writeable = False  # the record, the history and the next step share it
    return MirrorStep(mdp, values, solution)


def mirror_learning(
    mdp: MDP,
    pi0,
    algorithm: Algorithm,
    solver: Callable[[UpdateProblem], Solution] = maximise,
) -> Iterator[MirrorStep]:
    """The steps of mirror learning from `pi0`, one after the other, without end.

    Parameters
    ----------
    mdp : MDP
    pi0 : array_like, shape (S, A)
    algorithm : Algorithm
    solver : callable

    Yields
    ------
    MirrorStep
        Stopping is the caller's: `itertools.islice(mirror_learning(...), 50)`. No step is
        computed before it is asked for.

    Raises
    ------
    TypeError, ValueError
        At once, if `pi0` is not a policy of `mdp` or `algorithm` not an Algorithm.

    Examples
    --------
    >>> from itertools import islice
    >>> from mirrorbook import ALGORITHMS, expected_return, games, policies
    >>> mdp = games.tabular()
    >>> run = islice(mirror_learning(mdp, policies.uniform(mdp), ALGORITHMS["GPI"]), 5)
    >>> [round(expected_return(mdp, step.pi), 3) for step in run]
    [9.78, 9.78, 9.78, 9.78, 9.78]
    """
    _check_algorithm(algorithm)
    check_function(solver, "solver")
    return _steps(mdp, check_policy(pi0, mdp, "pi0"), algorithm, solver)


def q_iteration(mdp: MDP, q0=None) -> Iterator[np.ndarray]:
    """Q(s, a) <- r(s, a) + gamma E_{s'} max_{a'} Q(s', a'), for ever (Sec. 2.2).

    What policy iteration does with policies, this does with values: the error shrinks by the
    factor gamma at every step, and no policy is ever evaluated.

    Parameters
    ----------
    mdp : MDP
    q0 : array_like, shape (S, A), optional
        Where to start. Default: zero.

    Yields
    ------
    (S, A) array
        In units of reward.

    Raises
    ------
    TypeError, ValueError
        At once, if `q0` is not a finite (S, A) array.

    Examples
    --------
    >>> from itertools import islice
    >>> from mirrorbook import games
    >>> [round(float(q.max()), 3) for q in islice(q_iteration(games.tabular(n_states=2)), 3)]
    [10.0, 10.0, 10.0]
    """
    check_mdp(mdp)
    shape = (mdp.n_states, mdp.n_actions)
    q = np.zeros(shape) if q0 is None else check_numbers(q0, shape, "q0")
    return _sweeps(mdp, q)


def _sweeps(mdp, q):
    while True:
        q = mdp.r + mdp.gamma * expected_next(mdp, q.max(axis=1))
        yield q


def _steps(mdp, pi, algorithm, solver):
    history = ()
    while True:
        step = mirror_step(mdp, pi, algorithm, history, solver)
        yield step
        history, pi = (*history, step.pi_old), step.pi


def _check_algorithm(algorithm):
    if not isinstance(algorithm, Algorithm):
        raise TypeError(f"algorithm must be an Algorithm, found {algorithm!r}")


def _checked_drift(drift):
    if not isinstance(drift, Drift):
        raise TypeError(f"the algorithm's drift rule must return a Drift, found {drift!r}")
    return drift


def _checked_weights(weights, mdp, name):
    # an occupancy amplifies the rounding of the transitions' and the policy's sums
    weights = check_numbers(weights, (mdp.n_states,), name)
    return check_sums(weights, name, SUM_TOLERANCE / (1 - mdp.gamma))
