"""How far one step may go (chapter `neighbourhoods`)."""

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

import numpy as np

from ...drifts import KLNewOld, KLOldNew, L2Squared, TVSquared, Zero
from ...neighbourhoods import AverageBall, Soft
from ...plots import (
    layer_over,
    plot_simplex_region,
    plot_simplex_step,
    simplex_axes,
    simplex_grid,
    style_of,
)
from ...updates import UpdateProblem, maximise
from ..controls import Choice, Range
from ..explorer import Explorer
from .simplex import ACTIONS, OLDS, VALUES, checked_olds, grid_costs, row_said, said

RADII = (0.01, 0.03, 0.1, 0.2, 0.3)
KINDS = {
    "KL(old, new) at most": KLOldNew(),
    "KL(new, old) at most": KLNewOld(),
    "TV at most": TVSquared(),
    "L2² at most": L2Squared(),
    "every probability at least": None,
}
"""What the radius bounds -> the distance of the ball (TV by its square); None: a soft set."""


def neighbourhood_explorer(radii: Sequence[float] = RADII, olds: Mapping = OLDS) -> Explorer:
    """Which policies a step may reach: balls of several distances, and the mu-soft policies.

    Parameters
    ----------
    radii : increasing sequence of numbers in (0, 1/3]
        The stops of the static face; mu of the soft policies is read from the same control.
    olds : mapping from name to policy of three actions
        Default: four, among them "inside", (0.2, 0.3, 0.5).

    Returns
    -------
    Explorer
        Controls are the kind of neighbourhood, the old policy and the radius.

    Examples
    --------
    >>> print(neighbourhood_explorer().describe("TV at most", (0.2, 0.3, 0.5), 0.1))
    TV at most 0.1, from the old policy (0.20, 0.30, 0.50).
    A step can take a to between 0.10 and 0.30, b to between 0.20 and 0.40,
    c to between 0.40 and 0.60.
    """
    olds = checked_olds(olds)
    still = cache(lambda: simplex_axes(ACTIONS))

    def draw(kind, old, radius):
        over = layer_over(still())
        plot_simplex_region(*_measured(kind, old, radius), color=_color(kind), ax=over)
        plot_simplex_step(old, ax=over)
        return [still(), over]

    def describe(kind, old, radius):
        bounds = [" and ".join(map(said, ends)) for ends in _reach(kind, old, radius)]
        ranges = (f"{a} to between {ends}" for a, ends in zip(ACTIONS, bounds, strict=True))
        away = not KINDS[kind] and min(old) < radius
        return (
            f"{kind} {radius:g}, from the old policy {row_said(old)}"
            f"{', which lies outside' if away else ''}. A step can take {', '.join(ranges)}."
        )

    controls = {
        "kind": Choice("Neighbourhood", list(KINDS)),
        "old": Choice("Old policy", olds, start=min(1, len(olds) - 1)),
        "radius": Range(
            "Radius, or least probability", radii, live=(0.005, 0.33, 0.005), start=len(radii) // 2
        ),
    }
    alt = "The simplex of three actions, an old policy, and the set that one step may reach."
    return Explorer(draw, describe, controls, alt=alt)


def _color(kind):
    return style_of(KINDS[kind] or Zero()).color


def _neighbourhood(kind, radius):
    distance = KINDS[kind]
    if distance is None:
        return Soft(radius)
    return AverageBall(distance, radius**2 if isinstance(distance, TVSquared) else radius)


def _measured(kind, old, radius):
    """What `plot_simplex_region` is given: a measure at every policy of the grid, and its bound."""
    if KINDS[kind] is None:
        return -simplex_grid().min(axis=1), -radius
    return grid_costs(KINDS[kind], old, VALUES), _neighbourhood(kind, radius).radius


@lru_cache(maxsize=256)
def _reach(kind, old, radius):
    """The least and the largest probability that a step can give each action, three pairs."""
    row, one = np.array([old]), np.ones(1)
    inside = _neighbourhood(kind, radius)

    def best(adv):
        return maximise(UpdateProblem(adv[None], row, Zero(), inside, one, one)).pi[0]

    return [(best(-corner)[i], best(corner)[i]) for i, corner in enumerate(np.eye(3))]
