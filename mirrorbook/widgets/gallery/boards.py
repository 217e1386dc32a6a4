"""What explorers of whole runs share: the game as one iterate plays it, and words for counts."""

from ...experiments import Run
from ...plots import plot_game_values


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
