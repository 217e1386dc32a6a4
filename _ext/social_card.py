"""The picture of the book that link previews show, drawn by the package at build time.

`python _ext/social_card.py card.png` draws it alone.
"""

import sys
from pathlib import Path

from mirrorbook import evaluate, games, policies, solve_optimal
from mirrorbook.plots import plot_game_values
from mirrorbook.plots.styles import BLUE

SIZE = 12.0, 6.3  # inches at 100 dots each: the shape that previews expect
WORDS = (
    (0.84, "Mirror Learning", {"size": 40, "weight": "bold"}),
    (0.71, "the executable edition", {"size": 28}),
    (0.49, "PPO breaks its own trust region\nand works anyway. Why?", {"size": 24, "color": BLUE}),
    (0.20, "every statement of the paper\nread, run and checked", {"size": 20}),
)


def draw(path: Path) -> None:
    """Draw the card: the words on the left, a grid world half way to its optimum on the right."""
    mdp = games.gridworld()
    pi = (policies.uniform(mdp) + solve_optimal(mdp).pi) / 2
    ax = plot_game_values(mdp, evaluate(mdp, pi).v, pi)
    figure = ax.figure
    figure.set_size_inches(*SIZE)
    ax.set_position((0.5, 0.04, 0.48, 0.92))
    for height, words, style in WORDS:
        figure.text(0.04, height, words, va="center", linespacing=1.4, **style)
    figure.savefig(path, dpi=100, facecolor="white")


if __name__ == "__main__":
    draw(Path(sys.argv[1]))
