"""A bound below the return, and the steps of exact PPO (chapter `trust_regions`)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import islice

import numpy as np

from ... import policies
from ...algorithms import ALGORITHMS
from ...drifts import PPOClip
from ...evaluation import evaluate
from ...learning import mirror_learning
from ...mdp import MDP
from ...plots import axes, layer_over, plot_bound, plot_iterate, plot_largest_kl, plot_ratios
from ...plots.trust_regions import kl_heights
from ...step_sizes import moves
from ...trust_regions import Direction
from ..controls import Choice, Range
from ..explorer import Explorer

BOUNDS = {
    "C, the paper's Eq. (2)": "paper",
    "the smaller constant": "better",
    "(1 − γ) C, mixed up": "mixed",
}
POINTS = 25


def bound_explorer(
    directions: Mapping[str, Direction],
    reaches: Sequence[float] = (1e-5, 1e-4, 1e-3, 1e-2, 0.1, 1.0),
) -> Explorer:
    """The return along a direction, its surrogate and a lower bound, under a microscope.

    Parameters
    ----------
    directions : mapping from name to Direction
    reaches : increasing sequence of numbers in (0, 1]
        How far one goes: the stops of the slider.

    Returns
    -------
    Explorer
        Controls are the direction, the constant of the bound, and how far one goes.

    Examples
    --------
    >>> from mirrorbook.games import tabular
    >>> mdp = tabular(gamma=0.5)
    >>> right = Direction(mdp, policies.uniform(mdp), policies.deterministic(mdp, [2] * 7))
    >>> print(bound_explorer({"right": right}).describe(right, "paper", 0.1))
    After 0.1 of the way the return has changed by 0.39. The surrogate says 0.39, the bound −0.053.
    """
    gains = lru_cache(maxsize=512)(lambda way, reach: [way.gain(t) for t in _steps(reach)])

    def draw(direction, constant, reach):
        t = _steps(reach)
        surrogate = [direction.surrogate(x) for x in t]
        guaranteed = [direction.guaranteed(x, constant) for x in t]
        ax = _placed(axes(3.3, 3.1), bottom=0.27)
        return plot_bound(t, gains(direction, reach), surrogate, guaranteed, ax=ax)

    def describe(direction, constant, reach):
        gained = gains(direction, reach)[-1]
        promised = direction.surrogate(reach), direction.guaranteed(reach, constant)
        changed, says, least = (_short(x, abs(gained)) for x in (gained, *promised))
        return (
            f"After {reach:g} of the way the return has changed by {changed}. "
            f"The surrogate says {says}, the bound {least}."
        )

    controls = {
        "direction": Choice("Game and direction", directions),
        "constant": Choice("Constant", BOUNDS),
        "reach": Range("How far", reaches, start=len(reaches) - 1),
    }
    alt = (
        "Along a direction: the change of the return, its surrogate, a straight line, and a bound."
    )
    return Explorer(draw, describe, controls, alt=alt)


def _placed(ax, bottom):
    """Axes in a place of their own: the layout need not be found again for every frame."""
    ax.figure.set_layout_engine("none")
    ax.set_position((0.34, bottom, 0.63, 0.97 - bottom))
    return ax


def _steps(reach):
    """Closer to each other near 0, where the bound has its hump."""
    return reach * np.linspace(0, 1, POINTS) ** 2


def _short(number, scale):
    """Two digits; nothing is left of what is rounding beside `scale`."""
    if np.isinf(number):
        return "minus infinity"
    number = 0.0 if abs(number) < 1e-9 * scale else number
    return f"{number:.2g}".replace("-", "−")


def ppo_explorer(games: Mapping[str, MDP], stops: Sequence[int] = (1, 2, 3, 4, 6, 10)) -> Explorer:
    """How far the steps of exact PPO go, from the uniform policy.

    Parameters
    ----------
    games : mapping from name to MDP
    stops : increasing sequence of ints from 1
        Steps shown by the static face; the runs end with the last one.

    Returns
    -------
    Explorer
        Controls are the game, which maximiser is taken, the clip range and the step.

    Examples
    --------
    >>> from mirrorbook.games import single_step
    >>> print(ppo_explorer({"arms": single_step()}).describe(single_step(), "min-kl", 0.2, 1))
    Step 1: the largest KL(old, new) is 0.029. 2 of 5 ratios are outside the clip range.
    The return is 4.06; no value fell.
    """

    @lru_cache(maxsize=64)
    def run(game, selection, epsilon):
        algorithm = replace(ALGORITHMS["PPO, min-KL"], drift=PPOClip(epsilon), selection=selection)
        steps = islice(mirror_learning(game, policies.uniform(game), algorithm), stops[-1])
        return [(step, moves(game, step.pi, step.pi_old)) for step in steps]

    @lru_cache(maxsize=64)
    def curve(game, selection, epsilon):
        name = {"min-kl": "PPO, min-KL", "greedy": "PPO, greedy"}[selection]
        return plot_largest_kl({name: largest(game, selection, epsilon)}, legend=False)

    def largest(*chosen):
        return [move.kl.max() for _, move in run(*chosen)]

    def highest(*chosen):
        """A whole number that no finite ratio of the run exceeds, at least 4."""
        finite = [move.ratios[np.isfinite(move.ratios)].max() for _, move in run(*chosen)]
        return max(4, int(np.ceil(max(finite) - 1e-9)))

    def draw(game, selection, epsilon, step):
        still = curve(game, selection, epsilon)
        moving = layer_over(still)
        moving.set_yscale("log")
        moving.set(xlim=still.get_xlim(), ylim=still.get_ylim())
        height = kl_heights(largest(game, selection, epsilon))[step - 1]
        plot_iterate("PPO, min-KL", step, height, ax=moving)
        move = run(game, selection, epsilon)[step - 1][1]
        most = highest(game, selection, epsilon)
        ax = _placed(axes(3.0, 2.6), bottom=0.19)
        plot_ratios(move.ratios, move.outside(epsilon), epsilon, most, ax=ax)
        return [still, moving], ax

    def describe(game, selection, epsilon, step):
        taken, move = run(game, selection, epsilon)[step - 1]
        kl, outside = move.kl.max(), move.outside(epsilon)
        v = evaluate(game, taken.pi).v
        fell = (v < taken.evaluation.v - 1e-9).sum()
        said = "infinite: an action is dropped" if np.isinf(kl) else f"{kl:.2g}"
        eta = f"{game.d0 @ v:.2f}".replace("-", "−")
        return (
            f"Step {step}: the largest KL(old, new) is {said}. "
            f"{outside.sum()} of {outside.size} ratios are outside the clip range.\n"
            f"The return is {eta}; {fell or 'no'} value{'s' if fell > 1 else ''} fell."
        )

    controls = {
        "game": Choice("Game", games),
        "selection": Choice("Maximiser", {"nearest (min-KL)": "min-kl", "greedy": "greedy"}),
        "epsilon": Range("Clip range ε", [0.1, 0.2, 0.4], live=(0.05, 0.9, 0.05), start=1),
        "step": Range("Step", stops, live=(1, stops[-1], 1)),
    }
    alt = (
        "The largest KL(old, new) of each step of a run of exact PPO, and the ratios new / old of "
        "one step, state by state, over the clip range."
    )
    return Explorer(draw, describe, controls, alt=alt)
