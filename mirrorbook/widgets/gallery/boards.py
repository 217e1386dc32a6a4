"""What explorers of games share: who can be drawn, one iterate of a run, and words for counts."""

from collections.abc import Mapping

from ...experiments import Run
from ...mdp import MDP, check_board
from ...plots import plot_game_values


def check_boards(games: Mapping[str, MDP]):
    """Raise unless `games` is a mapping from names to MDPs that each have a layout.

    Raises
    ------
    TypeError, ValueError
    """
    if not isinstance(games, Mapping):
        raise TypeError(f"games must be a mapping from names, found {type(games).__name__}")
    for name, game in games.items():
        check_board(game, f"games[{name!r}]")


def board_after(learning: Run, iteration: int):
    """The game of a run as the policy of one iteration plays it, colours fixed for the run.

    Parameters
    ----------
    learning : Run
    iteration : int
        From 0 to the number of its steps.

    Returns
    -------
    matplotlib Axes
    """
    policies_met = [step.pi_old for step in learning.steps] + [learning.steps[-1].pi]
    decided = learning.values[:, ~learning.mdp.terminal]
    return plot_game_values(
        learning.mdp,
        learning.values[iteration],
        policies_met[iteration],
        limits=(decided.min(), decided.max()),
    )


def counted(number: int, noun: str) -> str:
    """A number with its noun.

    Examples
    --------
    >>> counted(1, "step"), counted(2, "step")
    ('1 step', '2 steps')
    """
    return f"{number} {noun}" + ("" if number == 1 else "s")
