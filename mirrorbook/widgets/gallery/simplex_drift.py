"""What a drift charges around a policy (chapter `drifts`)."""

from collections.abc import Mapping
from functools import cache

import numpy as np

from ...certify.charges import Charge, slope
from ...drifts import (
    KLNewOld,
    KLOldNew,
    L2Squared,
    OneSidedKL,
    PPOClip,
    TotalVariation,
    TVSquared,
    Zero,
)
from ...plots import (
    layer_over,
    plot_simplex_contours,
    plot_simplex_step,
    plot_slices,
    simplex_axes,
    slice_axes,
    style_of,
)
from ..controls import Choice, Range
from ..explorer import Explorer
from .simplex import ACTIONS, OLDS, VALUES, checked_olds, costs, grid_costs, row_said, said

DRIFTS = (
    Zero(), KLOldNew(), KLNewOld(), L2Squared(), TVSquared(), TotalVariation(), OneSidedKL(),
    PPOClip(0.2),
)  # fmt: skip
LEVELS = (0.02, 0.1, 0.2, 0.4, 0.8)
SHARES = np.linspace(0, 1, 41)
STEEP = 1e-4
"""Slopes up to this count as none: they are difference quotients."""


def drift_explorer(drifts=DRIFTS, olds: Mapping = OLDS, values=VALUES) -> Explorer:
    """What a drift looks like around a policy: level lines, and the cost on the way to each corner.

    Parameters
    ----------
    drifts : sequence of Drift
        Each with a style. Default: eight of `mirrorbook.drifts`.
    olds : mapping from name to policy of three actions
        Default: four, among them "inside", (0.2, 0.3, 0.5).
    values : three numbers
        Q of the actions, for drifts that see the advantages. Default: (1, 0.5, 0).

    Returns
    -------
    Explorer
        Controls are the drift and the old policy; in the live face also the new policy.

    Examples
    --------
    >>> print(drift_explorer().describe(TotalVariation(), (0.2, 0.3, 0.5), 0.6, 0.75))
    TV around the old policy (0.20, 0.30, 0.50). The new policy (0.60, 0.30, 0.10) costs 0.40.
    At home its slope is 0.80 towards a, 0.70 towards b, 0.50 towards c:
    it does not start flat here.
    """
    olds, values = checked_olds(olds), tuple(values)
    stills = cache(lambda: (simplex_axes(ACTIONS), slice_axes([f"to {a}" for a in ACTIONS])))

    def draw(drift, old, first, share):
        triangle, slices = stills()
        on_triangle, on_slices = layer_over(triangle), layer_over(slices)
        new, color = _new(first, share), style_of(drift).color
        cost = grid_costs(drift, old, values)
        look = {"labels": True, "color": color, "clear": [old, new]}
        plot_simplex_contours(cost, LEVELS, ax=on_triangle, **look)
        plot_simplex_step(old, new, arrow=False, ax=on_triangle)
        ways = [np.outer(1 - SHARES, old) + np.outer(SHARES, corner) for corner in np.eye(3)]
        along = [costs(drift, way, old, values) for way in ways]
        plot_slices(SHARES, along, color=color, ax=on_slices)
        return [triangle, on_triangle], [slices, on_slices]

    def describe(drift, old, first, share):
        new = _new(first, share)
        (cost,) = costs(drift, new[None], old, values)
        price = said(cost) if np.isfinite(cost) else "infinitely much"
        slopes = _slopes(drift, old, values)
        towards = zip(ACTIONS, map(said, slopes), strict=True)
        named = ", ".join(f"{number} towards {action}" for action, number in towards)
        seen = f" with Q = {row_said(values)}" if drift.needs_adv else ""
        flat = "it starts flat" if max(slopes) < STEEP else "it does not start flat here"
        return (
            f"{style_of(drift).label}{seen} around the old policy {row_said(old)}. "
            f"The new policy {row_said(new)} costs {price}. "
            f"At home its slope is {named}: {flat}."
        )

    controls = {
        "drift": Choice("Drift", {style_of(drift).label: drift for drift in drifts}, start=1),
        "old": Choice("Old policy", olds, start=min(1, len(olds) - 1)),
        "first": Range("New policy: probability of a", [0.6], live=(0.0, 1.0, 0.01)),
        "share": Range("Share of b in the rest", [0.75], live=(0.0, 1.0, 0.01)),
    }
    alt = (
        "Level lines of a cost on the simplex of three actions around an old policy, and the cost "
        "along straight lines from there to the three corners."
    )
    return Explorer(draw, describe, controls, alt=alt)


def _new(first, share):
    """The policy that gives a this probability, and b this share of the rest."""
    return np.array([first, (1 - first) * share, (1 - first) * (1 - share)])


def _slopes(drift, old, values):
    """The slopes at home towards the three corners, one-sided."""
    rows = np.tile(old, (3, 1))
    steep, _ = slope(Charge(drift, None), rows, np.eye(3), np.tile(values, (3, 1)))
    return np.round(steep, 6)
