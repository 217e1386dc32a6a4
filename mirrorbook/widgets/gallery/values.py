"""What the states of a game are worth while its policy moves (chapter `mdp`)."""

from collections.abc import Mapping
from functools import cache

import numpy as np

from ... import policies
from ...evaluation import evaluate, expected_return
from ...mdp import MDP
from ...planning import solve_optimal
from ...plots import plot_game_values, short_number
from ..controls import Choice, Range
from ..explorer import Explorer
from .boards import check_boards


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

    Raises
    ------
    TypeError, ValueError
        If `games` is no mapping, or one of them is no MDP with a layout.

    Examples
    --------
    >>> from mirrorbook.games import tabular
    >>> explorer = values_explorer({"tables": tabular()})
    >>> print(explorer.describe(tabular(), 0.5))
    With weight 0.5 on an optimal policy the return is 8.5.
    The uniform policy earns 0.0, the optimal one 9.8.
    """
    check_boards(games)
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
