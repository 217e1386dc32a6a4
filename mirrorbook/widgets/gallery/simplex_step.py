"""One exact mirror step with three actions (chapter `mirror_step`)."""

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

import numpy as np

from ...drifts import KLNewOld, KLOldNew, L2Squared, PPOClip, TVSquared, Zero
from ...mirror import total_drift
from ...neighbourhoods import AverageBall
from ...plots import (
    layer_over,
    plot_simplex_contours,
    plot_simplex_region,
    plot_simplex_step,
    simplex_axes,
    simplex_grid,
    style_of,
)
from ...updates import Solution, UpdateProblem, maximise
from ..controls import Choice, Range
from ..explorer import Explorer
from .simplex import ACTIONS, OLDS, VALUES, advantages, checked_olds, grid_costs, row_said, said

DRIFTS = (Zero(), KLOldNew(), KLNewOld(), L2Squared(), TVSquared(), PPOClip(0.2))
WEIGHTS, RADII = (0.2, 0.5, 2.0), (0.02, 0.1, 0.5)
LEVELS = (-0.4, -0.2, 0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6)
BALL = KLOldNew()
STARTS = {name: OLDS[name] for name in ("uniform", "inside", "on a side")}


def step_explorer(
    drifts=DRIFTS,
    weights: Sequence[float] = WEIGHTS,
    radii: Sequence[float] = RADII,
    olds: Mapping = STARTS,
    values=VALUES,
) -> Explorer:
    """One mirror step: the objective's level lines, the ball, and where the maximum lies.

    The problem has one state; the step is exact (`mirrorbook.updates.maximise`).

    Parameters
    ----------
    drifts : sequence of Drift
        Each with a style. Default: six of `mirrorbook.drifts`.
    weights, radii : increasing sequences of positive numbers
        Stops of the static face: what the drift is multiplied with, and the radius of the ball
        KL(old, new) <= radius. Default: 0.2, 0.5, 2 and 0.02, 0.1, 0.5.
    olds : mapping from name to policy of three actions
        Default: three, among them "inside", (0.2, 0.3, 0.5).
    values : three numbers
        Q of the actions. Default: (1, 0.5, 0).

    Returns
    -------
    Explorer
        Controls are the drift, the old policy, the weight and the radius.

    Examples
    --------
    >>> print(step_explorer().describe(L2Squared(), (0.2, 0.3, 0.5), 2.0, 0.5))
    L2² with weight 2, in the ball KL(old, new) at most 0.5: the step goes from
    (0.20, 0.30, 0.50) to (0.33, 0.30, 0.38). The objective F rises from 0 to 0.06: an expected
    advantage of 0.12 minus 0.06 for the drift. The ball does not bind (multiplier 0.00).
    """
    olds, values = checked_olds(olds), tuple(values)
    best = np.eye(3)[int(np.argmax(values))]
    still = cache(lambda old: simplex_axes(ACTIONS, advantages(values, old)))

    @lru_cache(maxsize=64)
    def shaded(old, radius):
        over = layer_over(still(old))
        return plot_simplex_region(grid_costs(BALL, old, values), radius, color="black", ax=over)

    @lru_cache(maxsize=64)
    def lined(drift, old, weight):
        gained = simplex_grid() @ advantages(values, old)
        objective = gained - grid_costs(weight * drift, old, values)
        look = {"labels": True, "color": style_of(drift).color, "clear": [old]}
        return plot_simplex_contours(objective, LEVELS, ax=layer_over(still(old)), **look)

    def draw(drift, old, weight, radius):
        new = _step(drift, old, weight, radius, values).pi[0]
        step = plot_simplex_step(old, new, best, ax=layer_over(still(old)))
        return [still(old), shaded(old, radius), lined(drift, old, weight), step]

    def describe(drift, old, weight, radius):
        step = _step(drift, old, weight, radius, values)
        reached, paid = step.certificate.objective, _paid(step)
        weighted = "" if isinstance(drift, Zero) else f" with weight {weight:g}"
        verb = "binds" if step.multiplier > 0 else "does not bind"
        start, end = row_said(old), row_said(step.pi[0])
        name = style_of(drift).label
        return (
            f"{name[0].upper()}{name[1:]}{weighted}, in the ball KL(old, new) at most {radius:g}: "
            f"the step goes from {start} to {end}. "
            f"The objective F rises from 0 to {said(reached)}: an expected advantage of "
            f"{said(reached + paid)} minus {said(paid)} for the drift. "
            f"The ball {verb} (multiplier {said(step.multiplier)})."
        )

    controls = {
        "drift": Choice("Drift", {style_of(drift).label: drift for drift in drifts}, start=1),
        "old": Choice("Old policy", olds, start=min(1, len(olds) - 1)),
        "weight": Range("Weight of the drift", weights, live=(0.05, 5.0, 0.05), start=1),
        "radius": Range("Radius of the ball", radii, live=(0.005, 2.0, 0.005), start=1),
    }
    alt = (
        "The simplex of three actions: level lines of the objective, the ball around the old "
        "policy, and an arrow from there to the new one."
    )
    return Explorer(draw, describe, controls, alt=alt)


@lru_cache(maxsize=512)
def _step(drift, old, weight, radius, values) -> Solution:
    """The exact update of a problem with one state."""
    one = np.ones(1)
    ball = AverageBall(BALL, radius)
    row, adv = np.array([old]), advantages(values, old)[None]
    return maximise(UpdateProblem(adv, row, weight * drift, ball, one, one))


def _paid(step):
    """What the drift charges for a step."""
    given = step.problem
    return total_drift(step.pi, given.old, given.drift, given.nu, given.adv)
