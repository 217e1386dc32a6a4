"""`PolicyDAG`, the improvement graph of a finite set of policies."""

from collections.abc import Sequence
from functools import cached_property
from itertools import pairwise

import networkx as nx
import numpy as np

from ..algorithms import Algorithm
from ..learning import MirrorStep, mirror_step
from ..mdp import MDP
from ..planning import solve_optimal
from ..policies import check_policy
from ..updates import Solution
from .edges import edges
from .paths import Budget, heaviest_path, lightest_path
from .vertices import check_vertices, grid_policies


class PolicyDAG:
    """The improvement graph of a finite set of policies (Definition 4).

    Parameters
    ----------
    mdp : MDP
    policies : array_like, shape (N, S, A)
        The vertices 0, 1, ...; see also `from_grid`, `from_deterministic` and `from_run`.
    algorithm : Algorithm
        Its drift, neighbourhood and distributions. The drift must be positive.
    histories : sequence of N tuples of policies, optional
        What came before each vertex, for distributions that look back. Default: nothing.

    Attributes
    ----------
    policies : (N, S, A) array
    v : (N, S) array
        Their values.
    eta : (N,) array
        Their returns.
    weights : CSR array, shape (N, N)
        Entry (i, j) is D^nu_i(j) where there is an edge from i to j.
    tolerance : float
        1e-12 max |Q|, the rounding error of a return: a rise by no more than this is no edge.
    infinite : int
        Pairs that are left out because the drift between them is infinite: no update moves there.

    Raises
    ------
    TypeError, ValueError
        If a vertex is not a policy of `mdp`, or they are too many. If the drift is not positive:
        its class must claim to be, nu must charge every state whose row differs between vertices
        (the terminal ones apart), and every edge must come out with a positive weight.

    Examples
    --------
    >>> from mirrorbook import ALGORITHMS, games
    >>> dag = PolicyDAG.from_deterministic(games.single_step((1.0, 0.0, 2.0)), ALGORITHMS["L2²"])
    >>> dag.eta
    array([1., 0., 2.])
    >>> dag.sinks
    array([2])
    >>> dag.heaviest_path(1), dag.lightest_path(1)
    ([1, 0, 2], [1, 2])
    """

    def __init__(self, mdp: MDP, policies, algorithm: Algorithm, histories=None):
        if not isinstance(policies, Sequence | np.ndarray):
            found = type(policies).__name__
            raise TypeError(f"policies must be a sequence of policies, found {found}")
        check_vertices(len(policies), "the graph")
        if len(policies) == 0:
            raise ValueError("policies is empty, expected at least one vertex")
        policies = [check_policy(pi, mdp, f"policies[{i}]") for i, pi in enumerate(policies)]
        histories = [()] * len(policies) if histories is None else histories
        if len(histories) != len(policies):
            raise ValueError(f"histories are {len(histories)}, expected {len(policies)}, one each")
        steps = [
            mirror_step(mdp, pi, algorithm, history, solver=_stay)
            for pi, history in zip(policies, histories, strict=True)
        ]
        problems = [step.problem for step in steps]
        self.mdp = mdp
        self.policies = np.array([problem.old for problem in problems])
        self.v = np.array([step.evaluation.v for step in steps])
        self.eta = self.v @ mdp.d0
        self.tolerance = max(problem.noise for problem in problems)
        self._beta = np.array([problem.beta for problem in problems])
        self._moving = (self.policies != self.policies[0]).any(axis=(0, 2))
        self.weights, self.infinite = edges(
            self.policies, self.eta, problems, self.tolerance, self._moving & ~mdp.terminal
        )

    @classmethod
    def from_grid(cls, mdp: MDP, algorithm: Algorithm, resolution: int) -> "PolicyDAG":
        """The graph of all policies whose rows are multiples of 1 / resolution.

        Parameters
        ----------
        mdp : MDP
        algorithm : Algorithm
        resolution : int >= 1
            See `grid_policies`.

        Returns
        -------
        PolicyDAG
        """
        return cls(mdp, grid_policies(mdp, resolution), algorithm)

    @classmethod
    def from_deterministic(cls, mdp: MDP, algorithm: Algorithm) -> "PolicyDAG":
        """The graph of all deterministic policies.

        Parameters
        ----------
        mdp : MDP
        algorithm : Algorithm

        Returns
        -------
        PolicyDAG
        """
        return cls.from_grid(mdp, algorithm, resolution=1)

    @classmethod
    def from_run(cls, mdp: MDP, algorithm: Algorithm, steps: Sequence[MirrorStep]) -> "PolicyDAG":
        """The graph of the policies of a run: vertex n is pi_n, its history those before it.

        Parameters
        ----------
        mdp : MDP
        algorithm : Algorithm
        steps : sequence of MirrorStep
            Consecutive, at least one.

        Returns
        -------
        PolicyDAG

        Raises
        ------
        ValueError
            If there is no step, or one does not start where the one before it ended.
        """
        steps = list(steps)
        if not steps:
            raise ValueError("steps is empty, expected at least one step")
        for n, step in enumerate(steps):
            if not isinstance(step, MirrorStep):
                raise TypeError(f"steps[{n}] must be a MirrorStep, found {type(step).__name__}")
        for n, (before, after) in enumerate(pairwise(steps)):
            if not np.array_equal(before.pi, after.pi_old):
                raise ValueError(f"steps[{n + 1}] does not start where steps[{n}] ended")
        run = [steps[0].pi_old, *(step.pi for step in steps)]
        return cls(mdp, run, algorithm, [tuple(run[:n]) for n in range(len(run))])

    def __repr__(self) -> str:
        return f"PolicyDAG({len(self.eta)} vertices, {self.weights.nnz} edges)"

    @cached_property
    def graph(self) -> nx.DiGraph:
        """The same as a networkx graph; edges carry a "weight"."""
        return nx.from_scipy_sparse_array(self.weights, create_using=nx.DiGraph)

    @cached_property
    def is_acyclic(self) -> bool:
        """Whether there is no cycle, found by looking."""
        return nx.is_directed_acyclic_graph(self.graph)

    @property
    def sinks(self) -> np.ndarray:
        """The vertices without out-edges, increasing."""
        return np.flatnonzero(np.diff(self.weights.indptr) == 0)

    @property
    def best(self) -> np.ndarray:
        """The vertices of largest return, up to `tolerance`, increasing."""
        return np.flatnonzero(self.eta >= self.eta.max() - self.tolerance)

    @cached_property
    def optimal(self) -> np.ndarray:
        """The vertices whose value is V* in every state, up to `tolerance`, increasing."""
        shortfall = self._optimal_v - self.v
        return np.flatnonzero(shortfall.max(axis=1) <= self.tolerance)

    def out_edges(self, vertex: int) -> tuple[np.ndarray, np.ndarray]:
        """The improvements of one vertex within its neighbourhood.

        Parameters
        ----------
        vertex : int

        Returns
        -------
        targets : (K,) array of int, increasing
        weights : (K,) array
        """
        row = self.weights[[self._checked(vertex, "vertex")]]
        return row.indices, row.data

    def path_weight(self, path: Sequence[int]) -> float:
        """sum_n D^nu_{pi_n}(pi_{n+1}) along a path.

        Parameters
        ----------
        path : sequence of int
            Vertices, each an improvement of the one before it; at least one.

        Returns
        -------
        float

        Raises
        ------
        ValueError
            If the path is empty, or takes a step that is no edge.
        """
        if not isinstance(path, Sequence | np.ndarray):
            raise TypeError(f"path must be a sequence of vertices, found {path!r}")
        path = [self._checked(vertex, f"path[{n}]") for n, vertex in enumerate(path)]
        if not path:
            raise ValueError("path is empty, expected at least one vertex")
        weights = [float(self.weights[i, j]) for i, j in pairwise(path)]
        for (i, j), weight in zip(pairwise(path), weights, strict=True):
            if weight == 0:
                raise ValueError(
                    f"path steps from {i} to {j}, which is no edge: eta rises by "
                    f"{self.eta[j] - self.eta[i]:.6g}, or {j} is not in the neighbourhood of {i}"
                )
        return sum(weights)

    def heaviest_path(self, start: int, end: int | None = None) -> list[int]:
        """The path of largest weight.

        Parameters
        ----------
        start : int
        end : int, optional
            Default: whichever vertex of `best` suits best.

        Returns
        -------
        list of int
            From `start` to `end`, both included.

        Raises
        ------
        ValueError
            If no path leads there.
        """
        return self._path(heaviest_path, start, end)

    def lightest_path(self, start: int, end: int | None = None) -> list[int]:
        """The path of least weight; see `heaviest_path`.

        Parameters
        ----------
        start : int
        end : int, optional

        Returns
        -------
        list of int

        Raises
        ------
        ValueError
            If no path leads there.
        """
        return self._path(lightest_path, start, end)

    def budget(self, path: Sequence[int]) -> Budget:
        """What a path weighs and what (9) allows, if it is one that mirror learning walks.

        Parameters
        ----------
        path : sequence of int

        Returns
        -------
        Budget

        Raises
        ------
        ValueError
            If it is no path, or beta leaves out a state whose row may move.
        """
        spent = self.path_weight(path)
        path = list(path)
        left = path[:-1] or path  # a path of one vertex is about to leave it
        beta = self._beta[left][:, self._moving]
        if not beta.all():
            raise ValueError("beta is 0 in a state whose row moves: (9) asks for d / beta there")
        u = float((self.mdp.d0[self._moving] / beta).min(initial=np.inf))
        gap = float(self.mdp.d0 @ self._optimal_v - self.eta[path[0]])
        return Budget(spent, gap / u if u > 0 else np.inf, u)

    @cached_property
    def _optimal_v(self):
        return solve_optimal(self.mdp).v

    def _path(self, search, start, end):
        start = self._checked(start, "start")
        ends = self.best.tolist() if end is None else [self._checked(end, "end")]
        path = search(self.graph, start, ends)
        if path is None:
            where = "any vertex of largest return" if end is None else f"vertex {end}"
            raise ValueError(f"no path leads from vertex {start} to {where}")
        return path

    def _checked(self, vertex, name):
        if isinstance(vertex, bool) or not isinstance(vertex, int | np.integer):
            raise TypeError(f"{name} must be an integer, found {vertex!r}")
        if not 0 <= vertex < len(self.eta):
            raise ValueError(f"{name} is {vertex}, expected 0 <= vertex < {len(self.eta)}")
        return int(vertex)


def _stay(problem):
    """A solver that does not move: of a step, the graph needs only the problem."""
    return Solution(problem.old, 0.0, "none: the policy stays", problem)
