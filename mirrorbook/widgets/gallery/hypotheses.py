"""Switch a hypothesis off: the same run without it and with it (chapter `hypotheses`)."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from ...counterexamples import Counterexample
from ...plots import axes, layer_over, plot_returns, return_axes, short_number
from ..controls import Choice, Range
from ..explorer import Explorer
from .boards import counted

SWITCH = {"dropped": True, "kept": False}
ROUNDING = 1e-9
"""A value that falls by less has not fallen."""


def hypotheses_explorer(
    worlds: Mapping[str, Counterexample],
    updates: Sequence[int] = (0, 1, 2, 3, 4, 6, 10, 20),
    start: int = 0,
) -> Explorer:
    """The return along a run from which one hypothesis has been dropped, and along its repair.

    Parameters
    ----------
    worlds : mapping from the name of a hypothesis to Counterexample
        Each with a repaired algorithm.
    updates : increasing sequence of int
        The stops of the slider; with a kernel every number up to the last one.
    start : int
        Index of the world shown first.

    Returns
    -------
    Explorer
        Controls are the hypothesis, whether it is dropped, and the number of updates.

    Raises
    ------
    ValueError
        If one of the worlds has no repaired algorithm.

    Examples
    --------
    >>> from mirrorbook.counterexamples import COUNTEREXAMPLES
    >>> world = COUNTEREXAMPLES["discontinuous neighbourhood"]
    >>> explorer = hypotheses_explorer({"continuous N": world})
    >>> print(explorer.describe(world=world, broken=True, update=2))
    After 2 updates the return is 0.725; the optimum is 1.000.
    So far no value has fallen.
    The next update gains 0.0375 on average, all charges paid.
    """
    for name, world in worlds.items():
        if world.repaired is None:
            raise ValueError(f"worlds[{name!r}] has no repaired algorithm: {world.missing}")
    last = updates[-1]

    @lru_cache(maxsize=64)
    def run(world, broken):
        # one step more, whose gain is that of the update to come
        return (world.replay if broken else world.replay_repaired)(last + 1)

    @lru_cache(maxsize=32)
    def still(world):
        both = run(world, True), run(world, False)
        best = both[0].best_return
        low = min(each.returns.min() for each in both)
        return return_axes(last, (low, best), best, ax=axes(5.0, 3.0))

    def draw(world, broken, update):
        below = still(world)
        over = layer_over(below)
        return [below, plot_returns(run(world, broken).returns[: update + 1], broken, ax=over)]

    def describe(world, broken, update):
        seen = run(world, broken)
        falls = (seen.values[:-1] - seen.values[1:])[:update]
        fall = falls.max(initial=0.0)
        said = "no value has fallen"
        if fall > ROUNDING:
            said = f"some value has fallen by {short_number(fall, 2)} in one update"
        return (
            f"After {counted(update, 'update')} the return is "
            f"{short_number(seen.returns[update], 3)}; "
            f"the optimum is {short_number(seen.best_return, 3)}.\nSo far {said}.\n"
            f"The next update {_gain(seen.steps[update].objective)}."
        )

    controls = {
        "world": Choice("Hypothesis", worlds, start=start),
        "broken": Choice("It is", SWITCH),
        "update": Range("Updates", list(updates), live=(0, last, 1), start=len(updates) // 2),
    }
    alt = (
        "The return of every policy of a run over the number of updates, from the first policy, a "
        "hollow mark, to the present one, a filled mark; the optimal return is dashed."
    )
    return Explorer(draw, describe, controls, alt=alt)


def _gain(objective):
    """What an update gains, in words."""
    if abs(objective) < 1e-12:
        return "gains nothing"
    if objective < 1e-4:
        return "gains less than 0.0001 on average"
    return f"gains {short_number(objective, 4)} on average, all charges paid"
