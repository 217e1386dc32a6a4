"""Design a drift: what it charges, what the certifier says, how it races (chapter `wonderland`)."""

from collections.abc import Callable, Mapping, Sequence
from functools import cache, lru_cache
from itertools import islice

import numpy as np

from ... import distributions, policies
from ...algorithms import Algorithm
from ...arguments import check_function
from ...certify import check_drift
from ...drifts import Drift, KLNewOld, L2Squared
from ...evaluation import expected_return
from ...learning import mirror_learning
from ...mdp import MDP
from ...neighbourhoods import AllPolicies
from ...planning import solve_optimal
from ...plots import axes, layer_over, plot_returns, plot_slices, return_axes, slice_axes, style_of
from ..controls import Choice, Range
from ..explorer import Explorer
from .boards import counted

HOMES = {"from inside": (0.2, 0.3, 0.5), "from the edge": (0.0, 0.3, 0.7)}
"""Two old rows, one inside and one at the boundary; the way leads to the first action."""
RIVALS = (L2Squared(), KLNewOld())
SHARES = np.linspace(0, 1, 33)
UPDATES = 6
STILL = 1e-12
"""A run whose update moves no probability by more has come to rest."""


def designer_explorer(
    make: Callable[[float, float, bool], Drift],
    games: Mapping[str, MDP],
    powers: Sequence[float] = (1, 2, 3),
    weights: Sequence[float] = (1, 10),
    start: int = 0,
) -> Explorer:
    """A drift made to order: its charge on two ways, its certificate, and a run from uniform play.

    Parameters
    ----------
    make : callable
        `make(power, gains, relative) -> Drift`: how the charge grows with a move, what a gain
        counts beside a loss, and whether moves are measured relative to the old probability.
    games : mapping from name to MDP
    powers, weights : sequence of float
        Stops of the sliders; with a kernel every number between 1 and 4, and up to 100.
    start : int
        Index of the game shown first.

    Returns
    -------
    Explorer
        Controls are the arguments of `make`, the weight and the game.

    Raises
    ------
    TypeError
        If `make` is no function.

    Examples
    --------
    >>> from mirrorbook import drifts, games
    >>> def make(power, gains, relative):
    ...     return drifts.TotalVariation() if power == 1 else drifts.L2Squared()
    >>> explorer = designer_explorer(make, {"single step": games.single_step()})
    >>> print(explorer.describe(1, 1, False, 10, "single step"))
    No drift. Even inside the simplex not: flat.
    After 6 updates: 0.0 % of the way to the optimum. L2²: 100 %. KL(new, old): 95.3 %.
    """
    check_function(make, "make")
    charge, judged = cache(make), cache(lambda *design: check_drift(charge(*design)))

    @lru_cache(maxsize=512)  # more than there are static frames
    def returns(drift, weight, game):
        mdp = games[game]
        rule = Algorithm(weight * drift, AllPolicies(), distributions.uniform)
        eta = []
        for step in islice(mirror_learning(mdp, policies.uniform(mdp), rule), UPDATES):
            eta.append(expected_return(mdp, step.pi_old))
            if np.allclose(step.pi, step.pi_old, rtol=0, atol=STILL):
                break  # from here on every update is this one
        rest = [expected_return(mdp, step.pi)] * (UPDATES + 1 - len(eta))
        return np.array(eta + rest)

    @cache
    def best(game):
        return float(games[game].d0 @ solve_optimal(games[game]).v)

    def way(drift, weight, game):
        eta = returns(drift, weight, game)
        return f"{_percent((eta[-1] - eta[0]) / (best(game) - eta[0]))} %"

    @cache
    def cost_axes():
        ax = slice_axes(HOMES, top=1.5, height=3.3)
        ax.set_title("what it charges")
        return ax

    @lru_cache(maxsize=32)
    def race_axes(weight, game):
        lowest = min(returns(rival, weight, game).min() for rival in RIVALS)
        ax = return_axes(UPDATES, (lowest, best(game)), best(game), game, axes(3.3, 3.3))
        for rival in RIVALS:
            style = style_of(rival)
            look = {"color": style.color, "marker": style.marker, "label": style.label}
            ax.plot(returns(rival, weight, game), **look)
        ax.figure.legend(loc="outside lower center", ncols=2, frameon=False)
        return ax

    @lru_cache(maxsize=32)
    def costs(*design):
        ways = [_along(charge(*design), home) for home in HOMES.values()]
        return plot_slices(SHARES, ways, ax=layer_over(cost_axes()))

    def draw(power, gains, relative, weight, game):
        design = power, gains, relative
        broken = judged(*design).domain == "nowhere"
        right = layer_over(race_axes(weight, game))
        plot_returns(returns(charge(*design), weight, game), broken, ax=right)
        return [cost_axes(), costs(*design)], [race_axes(weight, game), right]

    def describe(power, gains, relative, weight, game):
        drift, found = charge(power, gains, relative), judged(power, gains, relative)
        others = " ".join(f"{style_of(one).label}: {way(one, weight, game)}." for one in RIVALS)
        mine = way(drift, weight, game)
        return (
            f"{_verdict(found)}\nAfter {counted(UPDATES, 'update')}: {mine} of the way to the "
            f"optimum. {others}"
        )

    controls = {
        "power": Range("Power", list(powers), live=(1.0, 4.0, 0.1), start=len(powers) // 2),
        "gains": Range("A gain counts", [0, 1], live=(0.0, 2.0, 0.1)),
        "relative": Choice("Moves are measured", {"as they are": False, "by ratio": True}),
        "weight": Range("Weight", list(weights), live=(0.1, 100.0, 0.1), start=len(weights) - 1),
        "game": Choice("Game", {name: name for name in games}, start=start),
    }
    alt = (
        "Two panels. What the drift charges on the way from two old rows to always playing the "
        "first action; and the returns of a run with it, beside those of two other drifts and the "
        "optimum, dashed."
    )
    return Explorer(draw, describe, controls, alt=alt)


def _along(drift, home):
    """The charge of a share of the way from `home` to the first action, at every share."""
    home = np.array(home)
    new = home + SHARES[:, None] * (np.eye(3)[0] - home)
    return drift.value(new, np.tile(home, (len(new), 1)))


def _verdict(found):
    """What the certifier says, in a sentence."""
    if found.domain == "closed simplex":
        return "A drift on the whole simplex: nothing was found against it."
    place = "boundary" if found.domain == "open simplex" else "open simplex"
    broken = [each for each in found.refuted if each.name.endswith(f": {place}")]
    names = ", ".join(each.name.partition(":")[0] for each in broken)
    if place == "boundary":
        return f"A drift between policies that play every action. At the boundary not: {names}."
    return f"No drift. Even inside the simplex not: {names}."


def _percent(share):
    """A share in percent: 100 only if nothing is missing."""
    if share > 1 - 1e-6:
        return "100"
    return f"{round(min(100 * share, 99.9), 1) + 0.0:.1f}"  # adding 0 turns -0 into 0
