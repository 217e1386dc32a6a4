"""What PPO's clip does to one action, and where exact PPO goes in the trap (chapter `ppo`)."""

from functools import cache, lru_cache
from itertools import islice

import numpy as np

from ...counterexamples import trap_game
from ...counterexamples.ppo import ppo
from ...derivation import clip_lines
from ...evaluation import expected_return
from ...learning import mirror_learning
from ...plots import (
    layer_over,
    plot_charge,
    plot_clip,
    plot_landscape,
    plot_path,
    short_number,
)
from ..controls import Choice, Range
from ..explorer import Explorer
from .boards import counted

RATIOS = np.linspace(0, 2.2, 23)


def clip_explorer() -> Explorer:
    """What the clip leaves of one action's contribution, for any ratio, advantage and clip range.

    Returns
    -------
    Explorer
        The contribution of one action to PPO's objective per unit of old probability; controls
        are the ratio new / old, the advantage and the clip range.

    Examples
    --------
    >>> print(clip_explorer().describe(ratio=1.5, advantage=2, epsilon=0.2))
    Ratio 1.50 times advantage 2.0 is 3.0. The clip at 1.20 leaves 2.4: the drift charges 0.6.
    """

    @cache
    def parts(ratio, advantage, epsilon):
        return ratio * advantage, float(clip_lines(ratio, advantage, epsilon)[0])

    @lru_cache(maxsize=32)
    def still(advantage, epsilon):
        knees = np.union1d(RATIOS, [1 - epsilon, 1 + epsilon])
        gain, clipped = np.transpose([parts(ratio, advantage, epsilon) for ratio in knees])
        return plot_clip(knees, gain, clipped, (1 - epsilon, 1 + epsilon))

    def draw(ratio, advantage, epsilon):
        below = still(advantage, epsilon)
        over = layer_over(below)
        plot_charge(ratio, *parts(ratio, advantage, epsilon), ax=over)
        return [below, over]

    def describe(ratio, advantage, epsilon):
        gain, clipped = parts(ratio, advantage, epsilon)
        edge = 1 + epsilon if advantage > 0 else 1 - epsilon
        said = f"Ratio {ratio:.2f} times advantage {short_number(advantage)} is "
        said += f"{short_number(gain)}. "
        if gain - clipped < 1e-9:
            return said + "The clip leaves it as it is: the drift charges nothing."
        return said + (
            f"The clip at {edge:.2f} leaves {short_number(clipped)}: "
            f"the drift charges {short_number(gain - clipped)}."
        )

    controls = {
        "advantage": Choice("Advantage", {"positive, 2": 2.0, "negative, −2": -2.0}),
        "epsilon": Range("Clip range ε", [0.1, 0.2, 0.3], (0.01, 0.99, 0.01), start=1),
        "ratio": Range("Ratio new / old", [i / 10 for i in range(23)], (0.0, 2.2, 0.01), start=16),
    }
    alt = (
        "What one action adds to the objective against its probability ratio: a straight line "
        "without the clip, a line with a kink at the clip. The shaded gap between is the drift."
    )
    return Explorer(draw, describe, controls, alt=alt)


SELECTIONS = {"min-KL": "min-kl", "greedy": "greedy"}
STARTS = {
    "(0.10, 0.05)": (0.1, 0.05),
    "(0.20, 0.05)": (0.2, 0.05),
    "(0.10, 0.15)": (0.1, 0.15),
    "(0.50, 0.50)": (0.5, 0.5),
}
STEPS = 8


def trap_explorer() -> Explorer:
    """Exact PPO in the trap game: where a run goes, by its start and its selection.

    Returns
    -------
    Explorer
        Of the return over the two probabilities of the game and the policies met so far; controls
        are the start, the selection from the maximisers, and the number of updates.

    Examples
    --------
    >>> print(trap_explorer().describe(start=(0.1, 0.05), selection="min-kl", updates=8))
    After 8 updates b has probability 0.00 and d 1.00. The return is 1.8; the optimum is 8.2.
    """
    game = trap_game()

    def policy(x, y):
        return np.array([[1 - x, x], [1 - y, y], [0.5, 0.5]])

    @lru_cache(maxsize=64)
    def path(start, selection):
        steps = list(islice(mirror_learning(game, policy(*start), ppo(selection)), STEPS))
        return np.array([start] + [step.pi[:2, 1] for step in steps])

    @lru_cache(maxsize=1)
    def still():
        side = np.linspace(0, 1, 41)
        returns = [[expected_return(game, policy(x, y)) for x in side] for y in side]
        return plot_landscape(
            side, side, returns, [1, 2, 3, 4, 5, 6, 7, 8], ("probability of b", "probability of d")
        )

    def draw(start, selection, updates):
        below = still()
        over = layer_over(below)
        plot_path(path(start, selection)[: updates + 1], optimum=(1, 1), ax=over)
        return [below, over]

    def describe(start, selection, updates):
        x, y = path(start, selection)[updates]
        earned, best = expected_return(game, policy(x, y)), expected_return(game, policy(1, 1))
        return (
            f"After {counted(updates, 'update')} b has probability {x:.2f} and d {y:.2f}. "
            f"The return is {short_number(earned)}; the optimum is {short_number(best)}."
        )

    controls = {
        "start": Choice("Start (b, d)", STARTS),
        "selection": Choice("Selection", SELECTIONS),
        "updates": Range("Updates", range(STEPS + 1)),
    }
    alt = (
        "The return of the trap game as contours over the probabilities of b and of d, and the "
        "path of the policies that exact PPO meets."
    )
    return Explorer(draw, describe, controls, alt=alt)
