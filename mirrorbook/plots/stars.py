"""Stars on a drawn game: the states that are already worth what they can be worth."""

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.path import Path

from ..mdp import MDP, check_board
from ..simplex import check_rectangular, check_shape
from .styles import HOUSE, OPTIMUM

CORNER = (0.36, -0.36)  # of a cell, from its centre: where neither number nor arrows come
SIZE = 0.1  # of a cell, from the star's centre to its tips


@mpl.rc_context(HOUSE)
def plot_stars(mdp: MDP, marked, ax: Axes) -> Axes:
    """Mark states of a game that `plot_game_values` has drawn with the star of the optimum.

    Parameters
    ----------
    mdp : MDP
        With a layout.
    marked : (S,) array of bool
        Which states get a star.
    ax : matplotlib Axes
        Those of the drawn game.

    Raises
    ------
    TypeError, ValueError
        If the game has no layout, or `marked` is no boolean for each state.

    Examples
    --------
    >>> from mirrorbook import evaluate, games, policies
    >>> from mirrorbook.plots import plot_game_values
    >>> mdp = games.tabular()
    >>> ax = plot_game_values(mdp, evaluate(mdp, policies.uniform(mdp)).v)
    >>> ax = plot_stars(mdp, ~mdp.terminal, ax)
    >>> sum(len(path.vertices) > 1 for path in ax.collections[-1].get_paths())
    5
    """
    check_board(mdp)
    marked = check_rectangular(marked, "marked")
    if marked.dtype != bool:
        raise TypeError(f"marked must be a boolean mask, found dtype {marked.dtype}")
    check_shape(marked, (mdp.n_states,), "marked")
    star, none = SIZE * Path.unit_regular_star(5, 0.5).vertices, np.zeros((1, 2))
    # a state without a star has a point there, so that two drawings stay alike
    paths = [
        Path((star if has else none) + centre + CORNER)
        for has, centre in zip(marked, mdp.layout.positions, strict=True)
    ]
    look = dict(facecolor=OPTIMUM["markerfacecolor"], edgecolor=OPTIMUM["markeredgecolor"])
    ax.add_collection(PathCollection(paths, linewidth=0.8, clip_on=False, **look), autolim=False)
    return ax
