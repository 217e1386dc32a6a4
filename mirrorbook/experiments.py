r"""Section 7 as data: three games, four drifts, two neighbourhoods (Figure 3).

Every run starts at a given policy and repeats the update of Definition 3 with d and beta uniform.
A drift of the experiments is 50 times a cost; a neighbourhood of radius 0.05 is a ball

    own ball    E_beta cost_old(new) <= 0.05       the cost of the run's own drift, without the 50
    KL ball     E_beta KL(old, new)  <= 0.05

where the costs are KL(old, new), L2^2, 2 TV^2 (as in the authors' code: half the square of the L1
norm) and zero, whose own ball is everything.  The paper states neither the constants nor the radius
of the own ball.  The constants are those of the authors' code.  That the own ball has the radius of
the KL ball is our choice; any radius that the steps never reach gives the same runs, and in the
authors' own-ball curves the largest step covers 0.0075, so that a ball which measured the drift
*with* its 50 at radius 0.05 would have stopped them.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import islice, product
from types import MappingProxyType

import numpy as np
from tqdm.auto import tqdm

from . import distributions, games, policies, reference
from .algorithms import Algorithm
from .drifts import KLOldNew, L2Squared, TVSquared, Zero
from .evaluation import evaluate
from .learning import MirrorStep, mirror_learning
from .mdp import MDP
from .neighbourhoods import AllPolicies, AverageBall
from .planning import solve_optimal
from .simplex import check_count
from .updates import Solution, UpdateProblem, maximise

GAMES = MappingProxyType(
    {
        "single_step": games.single_step,
        "tabular": games.tabular,
        "gridworld": games.gridworld,
    }
)
"""The games of Figure 3, read-only: name -> function that makes the MDP."""

COLUMNS = ("own ball", "KL ball")
"""The neighbourhoods of Figure 3, one a column."""

COSTS = MappingProxyType(
    {"KL": KLOldNew(), "L2²": L2Squared(), "TV²": 2 * TVSquared(), "zero": Zero()}
)
"""What the drifts of Figure 3 charge before they are scaled, read-only: name -> Drift."""

SCALE = 50.0
"""Weight of a cost as a drift: the constant of the authors' code."""

RADIUS = 0.05
"""Radius of both balls, in the units of their cost."""

N_STEPS = 50
"""Steps of a run."""


@dataclass(frozen=True, eq=False)
class Run:
    """One curve of Figure 3.

    Attributes
    ----------
    game, column, drift : str
        Keys of `GAMES`, `COLUMNS` and `COSTS`.
    mdp : MDP
    algorithm : Algorithm
    steps : tuple of MirrorStep, n of them

    Examples
    --------
    >>> one = run("single_step", "own ball", "zero", n_steps=2)
    >>> one.returns.round(3), one.cumulative_drift, round(one.budget, 3)
    (array([ 3.555, 10.   , 10.   ]), array([0., 0., 0.]), 6.445)
    """

    game: str
    column: str
    drift: str
    mdp: MDP
    algorithm: Algorithm
    steps: tuple[MirrorStep, ...]

    @property
    def method(self) -> str:
        """How the updates were solved."""
        return self.steps[0].solution.method

    @cached_property
    def values(self) -> np.ndarray:
        """V_{pi_0}, ..., V_{pi_n}, (n + 1, S)."""
        last = evaluate(self.mdp, self.steps[-1].pi)
        return np.array([step.evaluation.v for step in self.steps] + [last.v])

    @property
    def returns(self) -> np.ndarray:
        """eta(pi_0), ..., eta(pi_n), (n + 1,)."""
        return self.values @ self.mdp.d0

    @cached_property
    def drifts(self) -> np.ndarray:
        """D^nu_{pi_k}(pi_{k+1}) of every step, (n,)."""
        return np.array([step.drift for step in self.steps])

    @property
    def cumulative_drift(self) -> np.ndarray:
        """The total drifts of the first k steps summed, k = 0, ..., n, (n + 1,)."""
        return np.concatenate([[0.0], np.cumsum(self.drifts)])

    @property
    def u(self) -> float:
        """The largest u with d(s) / beta(s) >= u in every state that some step samples."""
        return min(
            float((self.mdp.d0[step.beta > 0] / step.beta[step.beta > 0]).min())
            for step in self.steps
        )

    @cached_property
    def optimum(self) -> float:
        """eta*, the optimal return."""
        return float(self.mdp.d0 @ solve_optimal(self.mdp).v)

    @property
    def budget(self) -> float:
        """(eta* - eta(pi_0)) / u, which the cumulative drift never exceeds (9)."""
        return (self.optimum - float(self.returns[0])) / self.u


def initial_policy(game: str) -> np.ndarray:
    """The policy from which the runs of a game start.

    Single-step and tabular game: that of the authors' runs, whose rows are divided by their sums,
    which are off one by single precision.  GridWorld, for which no such policy is known: softmax of
    logits drawn uniformly from [0, 1) by `default_rng(0)`, that of the last action being 1, which
    is how the authors' policies look too.  Rows of terminal states are uniform.

    Parameters
    ----------
    game : key of `GAMES`

    Returns
    -------
    (S, A) array

    Raises
    ------
    ValueError
        If there is no such game.

    Examples
    --------
    >>> initial_policy("single_step")[0].round(3)
    array([0.188, 0.246, 0.125, 0.13 , 0.311])
    """
    _check_names([game], GAMES, "game")
    mdp = GAMES[game]()
    pi = policies.uniform(mdp)
    if game in reference.load().initial_policies:
        rows = reference.load().initial_policies[game]
        pi[~mdp.terminal] = rows / rows.sum(axis=1, keepdims=True)
        return pi
    logits = np.ones((np.count_nonzero(~mdp.terminal), mdp.n_actions))
    logits[:, :-1] = np.random.default_rng(0).random(logits[:, :-1].shape)
    pi[~mdp.terminal] = policies.softmax(logits)
    return pi


def algorithm(column: str, drift: str, scale: float = SCALE, radius: float = RADIUS) -> Algorithm:
    """The algorithm of one curve.

    Parameters
    ----------
    column : {"own ball", "KL ball"}
    drift : {"KL", "L2²", "TV²", "zero"}
    scale : float >= 0
        Weight of the cost as a drift; the ball measures it without.
    radius : float > 0
        Of the ball, in the units of the cost.

    Returns
    -------
    Algorithm

    Raises
    ------
    TypeError, ValueError
        Naming the argument, the value found, and what is possible.

    Examples
    --------
    >>> algorithm("own ball", "TV²").drift
    TVSquared(scale=100.0)
    """
    _check_names([column], COLUMNS, "column")
    _check_names([drift], COSTS, "drift")
    distance = KLOldNew() if column == "KL ball" else COSTS[drift]
    ball = AverageBall(distance, radius)
    return Algorithm(
        drift=scale * COSTS[drift],
        neighbourhood=AllPolicies() if isinstance(distance, Zero) else ball,
        beta=distributions.uniform,
        name=f"{drift}, {column}",
        source="Sec. 7",
    )


def run(
    game: str,
    column: str,
    drift: str,
    solver: Callable[[UpdateProblem], Solution] = maximise,
    n_steps: int = N_STEPS,
    scale: float = SCALE,
    radius: float = RADIUS,
) -> Run:
    """One curve of Figure 3.

    Parameters
    ----------
    game, column, drift : str
        Keys of `GAMES`, `COLUMNS` and `COSTS`.
    solver : callable
        Default: the exact maximiser. `SoftmaxGradient()` is the paper's own.
    n_steps : int >= 1
    scale, radius : float
        As in `algorithm`.

    Returns
    -------
    Run

    Raises
    ------
    TypeError, ValueError
        Naming the argument, the value found, and what is possible.

    Examples
    --------
    >>> run("tabular", "KL ball", "L2²", n_steps=3).returns.round(3)
    array([6.058, 7.488, 8.815, 9.698])
    """
    check_count(n_steps, "n_steps")
    pi, rule = initial_policy(game), algorithm(column, drift, scale, radius)
    mdp = GAMES[game]()
    steps = tuple(islice(mirror_learning(mdp, pi, rule, solver), n_steps))
    return Run(game, column, drift, mdp, rule, steps)


def figure3(
    solver: Callable[[UpdateProblem], Solution] = maximise,
    n_steps: int = N_STEPS,
    games: Sequence[str] = tuple(GAMES),
    columns: Sequence[str] = COLUMNS,
    drifts: Sequence[str] = tuple(COSTS),
    progress: bool = False,
) -> Iterator[Run]:
    """The curves of Figure 3, panel by panel.

    Parameters
    ----------
    solver : callable
        Default: the exact maximiser. `SoftmaxGradient()` is the paper's own.
    n_steps : int >= 1
    games, columns, drifts : sequences of str
        Which of `GAMES`, `COLUMNS` and `COSTS`.
    progress : bool
        Whether to show a progress bar.

    Returns
    -------
    iterator of Run
        Each run is computed when it is asked for; an interruption loses none of those before it.

    Raises
    ------
    TypeError, ValueError
        At once, naming the argument, the value found, and what is possible.

    Examples
    --------
    >>> for one in figure3(n_steps=20, games=["single_step"], columns=["own ball"]):
    ...     print(one.drift, one.returns[-1].round(3), one.cumulative_drift[-1].round(3))
    KL 8.7 2.549
    L2² 9.693 3.009
    TV² 9.614 2.982
    zero 10.0 0.0
    """
    check_count(n_steps, "n_steps")
    _check_names(games, GAMES, "games")
    _check_names(columns, COLUMNS, "columns")
    _check_names(drifts, COSTS, "drifts")
    curves = tqdm(list(product(games, columns, drifts)), unit="run", disable=not progress)
    return (run(*names, solver, n_steps) for names in curves)


def _check_names(names, known, argument):
    if isinstance(names, str) or not isinstance(names, Iterable):
        raise TypeError(f"{argument} must be a sequence of names, found {names!r}")
    for name in names:
        if not isinstance(name, str) or name not in known:
            choices = ", ".join(repr(choice) for choice in known)
            raise ValueError(f"{argument} names {name!r}, expected among {choices}")
