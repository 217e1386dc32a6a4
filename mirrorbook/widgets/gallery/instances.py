"""Every algorithm of the table on a game, iteration by iteration (chapter `instances`)."""

from collections.abc import Mapping, Sequence
from functools import cache

import numpy as np
from matplotlib.ticker import MaxNLocator

from ...experiments import Run
from ...learning import MirrorStep
from ...planning import solve_optimal
from ...plots import axes, layer_over, plot_iterate, plot_learning_curves, short_number
from ...plots.styles import GREY, OPTIMAL_RETURN
from ..controls import Choice, Range
from ..explorer import Explorer
from .boards import board_after, counted

ARRIVED = 1e-6  # in units of reward: V* - V_n below it counts as optimal


def instances_explorer(
    runs: Mapping[str, Mapping[str, Sequence[MirrorStep]]],
    iterations: Sequence[int] = (0, 1, 2, 3, 5, 10, 20),
    start: int = 0,
) -> Explorer:
    """The run of one algorithm on one game among the runs of all the others.

    The return is solid, the drift spent so far dotted and drawn from the first return upwards; the
    returns of the other algorithms are grey.

    Parameters
    ----------
    runs : mapping from the name of a game to a mapping from the name of an algorithm to its steps
        The same algorithms for every game, each with a style; all runs equally long. Each game has
        a layout.
    iterations : increasing sequence of ints from 0 to the number of steps
        The stops of the static face.
    start : int
        Index of the algorithm shown first.

    Returns
    -------
    Explorer
        Controls are the game, the algorithm and the iteration.

    Raises
    ------
    ValueError
        If the runs differ in length or the games in their algorithms.

    Examples
    --------
    >>> from itertools import islice
    >>> from mirrorbook import ALGORITHMS, games, mirror_learning, policies
    >>> mdp = games.tabular()
    >>> steps = list(islice(mirror_learning(mdp, policies.uniform(mdp), ALGORITHMS["GPI"]), 2))
    >>> explorer = instances_explorer({"five tables": {"GPI": steps}}, iterations=(0, 1, 2))
    >>> print(explorer.describe("five tables", "GPI", 1))
    GPI on five tables: after 1 update the return is 9.78; the optimum is 9.78.
    Drift spent so far: 0.000. Optimal in every state after 1 update.
    """
    names, last = _checked(runs)
    learned = {(game, name): _run(steps) for game, of in runs.items() for name, steps in of.items()}

    @cache
    def others(game):
        """The returns of all, grey."""
        ax = axes(3.3, 2.8)
        ax.axhline(learned[game, names[0]].optimum, **OPTIMAL_RETURN)
        for name in names:
            ax.plot(learned[game, name].returns, color=GREY, linewidth=0.6)
        ax.set(xlabel="iteration", ylabel="return")
        ax.xaxis.set_major_locator(MaxNLocator(5, integer=True))
        return ax

    @cache
    def chosen(game, name):
        one, ax = learned[game, name], layer_over(others(game))
        drawn = {name: (one.returns, one.cumulative_drift)}
        plot_learning_curves(drawn, legend=False, ax=ax)
        for line in ax.lines:  # one colour needs no marks; frames of all algorithms stay alike
            line.set_marker("")
        return ax

    def draw(game, algorithm, iteration):
        one, moving = learned[game, algorithm], layer_over(others(game))
        plot_iterate(algorithm, iteration, one.returns[iteration], ax=moving)
        layers = [others(game), chosen(game, algorithm), moving]
        return layers, board_after(one, iteration)

    def describe(game, algorithm, iteration):
        one = learned[game, algorithm]
        earned, best = (short_number(x, 2) for x in (one.returns[iteration], one.optimum))
        spent = short_number(one.cumulative_drift[iteration], 3)
        return (
            f"{algorithm} on {game}: after {counted(iteration, 'update')} the return is {earned}; "
            f"the optimum is {best}.\nDrift spent so far: {spent}. {_arrival(one)}"
        )

    controls = {
        "game": Choice("Game", list(runs)),
        "algorithm": Choice("Algorithm", names, start=start),
        "iteration": Range("Iteration", list(iterations), live=(0, last, 1)),
    }
    alt = (
        "Learning curves, that of one algorithm in colour, and the game with the values and the "
        "policy at one iteration."
    )
    return Explorer(draw, describe, controls, alt=alt)


def _checked(runs):
    """The algorithms and the number of steps that all runs share."""
    names = {tuple(of) for of in runs.values()}
    lengths = {len(steps) for of in runs.values() for steps in of.values()}
    if len(names) != 1:
        raise ValueError("runs must name the same algorithms, in one order, for every game")
    if len(lengths) != 1:
        found = ", ".join(map(str, sorted(lengths)))
        raise ValueError(f"runs have {found} steps, expected the same number for all")
    return list(*names), *lengths


def _run(steps):
    """The steps with the returns and drifts of all of them, which a Run works out."""
    return Run("", "", "", mdp=steps[0].mdp, algorithm=None, steps=tuple(steps))


def _arrival(one):
    """When a run has become optimal, in words."""
    gaps = (solve_optimal(one.mdp).v - one.values).max(axis=1)
    there = np.flatnonzero(gaps < ARRIVED)
    if not there.size:
        return f"Not optimal within {counted(len(one.steps), 'update')}."
    return f"Optimal in every state after {counted(int(there[0]), 'update')}."
