"""The explorers that stand in the book's chapters."""

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

import numpy as np

from .. import policies
from ..evaluation import evaluate, expected_return, solve_optimal
from ..experiments import COLUMNS, COSTS, GAMES, N_STEPS, RADIUS, SCALE, run
from ..mdp import MDP
from ..plots import (
    layer_over,
    plot_game_values,
    plot_iterate,
    plot_learning_curves,
    short_number,
    style_of,
)
from .controls import Choice, Range
from .explorer import Explorer


def values_explorer(games: Mapping[str, MDP]) -> Explorer:
    """The values of a game while its policy moves from the uniform one to an optimal one.

    Parameters
    ----------
    games : mapping from name to MDP
        Each with a layout.

    Returns
    -------
    Explorer
        Of the policy (1 - w) uniform + w optimal: controls are the game and the weight w.

    Examples
    --------
    >>> from mirrorbook.games import tabular
    >>> explorer = values_explorer({"tables": tabular()})
    >>> print(explorer.describe(tabular(), 0.5))
    With weight 0.5 on an optimal policy the return is 8.5.
    The uniform policy earns 0.0, the optimal one 9.8.
    """
    ends = cache(lambda mdp: (policies.uniform(mdp), solve_optimal(mdp).pi))

    def mixture(mdp, weight):
        uniform, optimal = ends(mdp)
        return (1 - weight) * uniform + weight * optimal

    def draw(game, weight):
        v = [evaluate(game, pi).v[~game.terminal] for pi in ends(game)]
        pi = mixture(game, weight)
        return plot_game_values(game, evaluate(game, pi).v, pi, limits=(np.min(v), np.max(v)))

    def describe(game, weight):
        compared = (mixture(game, weight), *ends(game))
        here, first, last = (short_number(expected_return(game, pi)) for pi in compared)
        return (
            f"With weight {weight:.2g} on an optimal policy the return is {here}. "
            f"The uniform policy earns {first}, the optimal one {last}."
        )

    controls = {
        "game": Choice("Game", games),
        "weight": Range(
            "Weight of the optimal policy", [i / 10 for i in range(11)], (0.0, 1.0, 0.01)
        ),
    }
    alt = "A game: each cell shows the value of its state and how probable each action is."
    return Explorer(draw, describe, controls, alt=alt)


def learning_explorer(iterations: Sequence[int] = (0, 1, 2, 3, 5, 10, 20, 50)) -> Explorer:
    """Mirror learning on the paper's three games, as in Figure 3, step by step.

    Parameters
    ----------
    iterations : increasing sequence of ints from 0 to 50
        The stops of the static face. The live one stops at every iteration, and also sets the
        radius of the ball and the scale of the drift.

    Returns
    -------
    Explorer
        Of the learning curves of all drifts, and of the game as the chosen one plays it.
    """
    learn = lru_cache(maxsize=64)(run)

    @lru_cache(maxsize=16)
    def curves(game, column, radius, scale):
        panel = [learn(game, column, cost, radius=radius, scale=scale) for cost in COSTS]
        drawn = {one.algorithm.drift: (one.returns, one.cumulative_drift) for one in panel}
        return plot_learning_curves(drawn, optimum=panel[0].optimum)

    def draw(game, column, drift, iteration, radius, scale):
        chosen = learn(game, column, drift, radius=radius, scale=scale)
        still = curves(game, column, radius, scale)
        moving = layer_over(still)
        plot_iterate(chosen.algorithm.drift, iteration, chosen.returns[iteration], ax=moving)
        return [still, moving], _board_after(chosen, iteration)

    def describe(game, column, drift, iteration, radius, scale):
        chosen = learn(game, column, drift, radius=radius, scale=scale)
        numbers = chosen.returns[iteration], chosen.optimum, chosen.cumulative_drift[iteration]
        earned, best, spent = (short_number(number, 2) for number in numbers)
        return (
            f"{_title(game)}, {column}, {style_of(COSTS[drift]).label}. "
            f"After {_counted(iteration, 'step')} the return is {earned}; the optimum is {best}. "
            f"The drift spent so far is {spent}."
        )

    controls = {
        "game": Choice("Game", {_title(name): name for name in GAMES}, start=2),
        "column": Choice("Neighbourhood", COLUMNS, start=1),
        "drift": Choice("Drift", {style_of(cost).label: name for name, cost in COSTS.items()}),
        "iteration": Range("Iteration", iterations, live=(0, N_STEPS, 1)),
        "radius": Range("Radius of the ball", [RADIUS], live=(0.005, 0.5, 0.005)),
        "scale": Range("Scale of the drift", [SCALE], live=(0.0, 200.0, 1.0)),
    }
    alt = (
        "Learning curves of four drifts, and the game with the values and policy at one iteration."
    )
    return Explorer(draw, describe, controls, alt=alt)


def _title(name):
    return name.replace("_", " ").capitalize()


def _counted(number, noun):
    return f"{number} {noun}" + ("" if number == 1 else "s")


def _board_after(learning, iteration):
    """The game of a run as the policy of one iteration plays it, colours fixed for the run."""
    policies_met = [step.pi_old for step in learning.steps] + [learning.steps[-1].pi]
    decided = learning.values[:, ~learning.mdp.terminal]
    return plot_game_values(
        learning.mdp,
        learning.values[iteration],
        policies_met[iteration],
        limits=(decided.min(), decided.max()),
    )
