"""Mirror learning on the paper's three games, step by step (chapter `experiments`)."""

from collections.abc import Sequence
from functools import lru_cache

from ...experiments import COLUMNS, COSTS, GAMES, N_STEPS, RADIUS, SCALE, run
from ...plots import (
    layer_over,
    plot_iterate,
    plot_learning_curves,
    short_number,
    style_of,
)
from ..controls import Choice, Range
from ..explorer import Explorer
from .boards import board_after, counted


def learning_explorer(iterations: Sequence[int] = (0, 1, 3, 5, 6, 10, 50)) -> Explorer:
    """Mirror learning on the paper's three games, as in Figure 3, step by step.

    Parameters
    ----------
    iterations : increasing sequence of ints from 0 to 50
        The stops of the static face. The live one stops at every iteration, and also sets the
        radius of the ball and the scale of the drift.

    Returns
    -------
    Explorer
        Of the learning curves of all drifts, and of the game as the chosen one plays it. Controls
        are the game, the neighbourhood, the drift and the iteration.

    Examples
    --------
    >>> explorer = learning_explorer()
    >>> print(explorer.describe("tabular", "KL ball", "L2²", 3, 0.05, 50.0))
    Tabular, KL ball, L2². After 3 steps the return is 9.70; the optimum is 9.78.
    The drift spent so far is 0.42.
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
        return [still, moving], board_after(chosen, iteration)

    def describe(game, column, drift, iteration, radius, scale):
        chosen = learn(game, column, drift, radius=radius, scale=scale)
        numbers = chosen.returns[iteration], chosen.optimum, chosen.cumulative_drift[iteration]
        earned, best, spent = (short_number(number, 2) for number in numbers)
        return (
            f"{_title(game)}, {column}, {style_of(COSTS[drift]).label}. "
            f"After {counted(iteration, 'step')} the return is {earned}; the optimum is {best}. "
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
