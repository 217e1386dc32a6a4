"""What sampled steps gain, by the size of their batch (chapter `sampling`)."""

from dataclasses import replace
from functools import cache, lru_cache

import numpy as np

from ... import distributions, games, policies
from ...algorithms import ALGORITHMS
from ...drifts import KLOldNew
from ...evaluation import expected_return
from ...learning import mirror_step
from ...plots import axes, layer_over, plot_histogram
from ...plots.styles import INK
from ...sampling import sampled_gains
from ..controls import Choice, Range
from ..explorer import Explorer

REPEATS = 100
SIZES = [1, 4, 16, 64, 256, 1024]
GAMES = {"single step": "single step", "five tables": "five tables", "grid": "grid"}
MAKERS = {
    "single step": games.single_step,
    "five tables": games.tabular,
    "grid": games.gridworld,
}
EDGES = {
    "single step": np.linspace(-0.4, 1.2, 33),
    "five tables": np.linspace(-4, 6, 41),
    "grid": np.linspace(-200, 60, 27),
}
"""Of the bins of each game; a zero stands at an edge."""
VALUES = {
    "A, from walks": "walked",
    "A, exact": "advantage",
    "Q, exact": "action value",
}
ROUNDING = 1e-9
PPO_KL = replace(ALGORITHMS["PPO-KL"], drift=50 * KLOldNew(), beta=distributions.uniform)


def batch_explorer() -> Explorer:
    """The gains of a hundred sampled PPO-KL steps from uniform play, beside the exact one's.

    Returns
    -------
    Explorer
        Controls are the game, what stands for Q_old in (6), and the size of the batch.

    Examples
    --------
    >>> print(batch_explorer().describe(game="grid", values="advantage", size=16))
    Gain 20.71 on average, spread 7.27; the exact step gains 34.40.
    Of 100 steps 100 improve the policy and 0 make it worse.
    """

    @cache
    def start(game):
        mdp = MAKERS[game]()
        pi = policies.uniform(mdp)
        exact = mirror_step(mdp, pi, PPO_KL).pi
        return mdp, pi, expected_return(mdp, exact) - expected_return(mdp, pi)

    @lru_cache(maxsize=128)
    def gains(game, values, size):
        mdp, pi, _ = start(game)
        rng = np.random.default_rng(0)
        return sampled_gains(mdp, pi, PPO_KL, size, REPEATS, rng, values)

    @cache
    def still(game):
        ax, edges = axes(5.0, 2.8), EDGES[game]
        ax.axvline(0, color=INK, linewidth=0.8)
        ax.set(xlabel="gain in return", ylabel="share of steps", xlim=edges[[0, -1]], ylim=(0, 1))
        return ax

    def draw(game, values, size):
        over = layer_over(still(game))
        plot_histogram(gains(game, values, size), EDGES[game], start(game)[2], top=1, ax=over)
        return [still(game), over]

    def describe(game, values, size):
        found = gains(game, values, size)
        better, worse = (int((sign * found > ROUNDING).sum()) for sign in (1, -1))
        return (
            f"Gain {found.mean():.2f} on average, spread {found.std():.2f}; the exact step gains "
            f"{start(game)[2]:.2f}.\nOf {REPEATS} steps {better} improve the policy and {worse} "
            f"make{'s' if worse == 1 else ''} it worse."
        )

    controls = {
        "game": Choice("Game", GAMES, start=2),
        "values": Choice("Values of the pairs", VALUES),
        "size": Range("Pairs in a batch", SIZES),
    }
    alt = (
        "A histogram of what sampled steps gain in return, with a line at zero and a dashed one at "
        "the gain of the exact step. The outermost bars hold what lies beyond them."
    )
    return Explorer(draw, describe, controls, alt=alt)
