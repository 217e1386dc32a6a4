"""What a counterexample is: all the parts of a run, the claim it breaks, and its numbers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice
from types import MappingProxyType

import numpy as np

from ..algorithms import Algorithm
from ..evaluation import evaluate
from ..learning import MirrorStep, mirror_learning
from ..mdp import MDP
from ..planning import solve_optimal
from ..policies import check_policy
from ..simplex import check_count
from ..updates import Solution, UpdateProblem, maximise

Solver = Callable[[UpdateProblem], Solution]


@dataclass(frozen=True, eq=False)
class Replay:
    """A run that has just been computed, and what it shows.

    Attributes
    ----------
    mdp : MDP
    start : (S, A) array
    steps : tuple of MirrorStep
    measure : callable
        What `numbers` are: `Replay -> dict`.
    """

    mdp: MDP
    start: np.ndarray
    steps: tuple[MirrorStep, ...] = field(repr=False)
    measure: Callable[["Replay"], dict] = field(repr=False)

    @cached_property
    def numbers(self) -> dict:
        """What the run shows, by name: numbers and arrays."""
        return self.measure(self)

    @cached_property
    def policies(self) -> np.ndarray:
        """pi_0, ..., pi_n, an (n + 1, S, A) array."""
        return np.array([self.start, *(step.pi for step in self.steps)])

    @cached_property
    def values(self) -> np.ndarray:
        """V of every policy, an (n + 1, S) array."""
        return np.array([evaluate(self.mdp, pi).v for pi in self.policies])

    @cached_property
    def returns(self) -> np.ndarray:
        """eta of every policy, (n + 1,)."""
        return self.values @ self.mdp.d0

    @cached_property
    def best_return(self) -> float:
        """eta*."""
        return float(self.mdp.d0 @ solve_optimal(self.mdp).v)

    @property
    def smallest_rise(self) -> float:
        """The least V_{n+1}(s) - V_n(s) over steps and states: negative if some value fell."""
        return float(np.diff(self.values, axis=0).min())


@dataclass(frozen=True, eq=False)
class Counterexample:
    """A claim of the paper, and a run that breaks it.

    Parameters
    ----------
    name : str
    statement : str
        Which statement it breaks, by its number in the paper.
    claim : str
        What that statement says of such a run.
    what_happens : str
        What the run does instead.
    missing : str
        The hypothesis whose absence makes it possible.
    mdp : MDP
    start : array_like, shape (S, A)
    algorithm : Algorithm
    n_steps : int
        How many steps are replayed.
    numbers : mapping of str to number or nested tuple of numbers
        What a replay must find; exact fractions where there are any.
    measure : callable
        `Replay -> dict` with the keys of `numbers`.
    solver : callable
        `UpdateProblem -> Solution`.
    repaired : Algorithm, optional
        The same algorithm with the missing hypothesis put back, which keeps the claim.
    tolerance : float
        How far from `numbers` a replay may be: rounding, unless a number is a rounded one.

    Raises
    ------
    TypeError, ValueError
        If `start` is no policy of `mdp`, or `n_steps` no positive integer.

    Examples
    --------
    >>> from mirrorbook.counterexamples import NEIGHBOURHOOD_CYCLE
    >>> print(NEIGHBOURHOOD_CYCLE.statement)
    Lemma 2 and Theorem 1, properties 1 to 4
    >>> NEIGHBOURHOOD_CYCLE.replay(4).returns.round(9)
    array([0.6, 0.3, 0.6, 0.3, 0.6])
    """

    name: str
    statement: str
    claim: str
    what_happens: str
    missing: str
    mdp: MDP
    start: np.ndarray
    algorithm: Algorithm
    n_steps: int
    numbers: Mapping
    measure: Callable[[Replay], dict] = field(repr=False)
    solver: Solver = maximise
    repaired: Algorithm | None = None
    tolerance: float = 1e-10

    def __post_init__(self):
        start = check_policy(self.start, self.mdp, "start")
        start.flags.writeable = False
        object.__setattr__(self, "start", start)
        object.__setattr__(self, "n_steps", check_count(self.n_steps, "n_steps"))
        object.__setattr__(self, "numbers", MappingProxyType(dict(self.numbers)))

    def replay(self, n_steps: int | None = None) -> Replay:
        """Perform the steps again, from the parts.

        Parameters
        ----------
        n_steps : int, optional
            Default: as many as the counterexample asks for.

        Returns
        -------
        Replay
            With `.policies`, `.values`, `.returns`, `.steps` and the measured `.numbers`.
        """
        return self._run(self.algorithm, self.solver, n_steps)

    def replay_repaired(self, n_steps: int | None = None) -> Replay:
        """The same start, with the missing hypothesis put back.

        Parameters
        ----------
        n_steps : int, optional

        Returns
        -------
        Replay

        Raises
        ------
        ValueError
            If there is no repaired algorithm: the repair lies elsewhere, as `missing` says.
        """
        if self.repaired is None:
            raise ValueError(f"{self.name} has no repaired algorithm: {self.missing}")
        return self._run(self.repaired, maximise, n_steps)

    def discrepancies(self) -> dict[str, float]:
        """How far each number of a fresh replay is from `numbers`, at most.

        Returns
        -------
        dict
            name -> largest absolute difference.
        """
        found = self.replay().numbers
        return {
            name: float(np.abs(np.asarray(found[name], float) - np.array(value, float)).max())
            for name, value in self.numbers.items()
        }

    def _run(self, algorithm, solver, n_steps):
        run = mirror_learning(self.mdp, self.start, algorithm, solver)
        n_steps = self.n_steps if n_steps is None else check_count(n_steps, "n_steps")
        return Replay(self.mdp, self.start, tuple(islice(run, n_steps)), self.measure)
