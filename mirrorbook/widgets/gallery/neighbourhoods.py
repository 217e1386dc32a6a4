"""A ball for every state, or one for all of them (chapter `neighbourhoods`)."""

from functools import cache, lru_cache

import numpy as np
from scipy.optimize import brentq

from ...drifts import KLOldNew, Zero
from ...neighbourhoods import AverageBall, StatewiseBall
from ...plots import layer_over, plot_path, plot_square_region, square_axes, style_of
from ...updates import UpdateProblem, maximise
from ..controls import Choice, Range
from ..explorer import Explorer

DISTANCE = KLOldNew()
KINDS = {"in every state": StatewiseBall, "on average": AverageBall}
NAMES = ("P(good | state 1)", "P(good | state 2)")
STAKES = (1.0, 0.25)
"""What the good arm pays in each of the two states; the other arm pays nothing."""
SIDE = np.sin(np.linspace(0, np.pi / 2, 41)) ** 2  # denser near the ends, where KL is steep


def balls_explorer() -> Explorer:
    """A KL(old, new) ball around two rows: one radius for each, or one that they share.

    Returns
    -------
    Explorer
        Two bandits side by side, of which the first has four times the stakes; controls are the
        kind of ball, the weight of the first state and the radius.

    Examples
    --------
    >>> print(balls_explorer().describe(StatewiseBall, 0.5, 0.1))
    State 1 goes from 0.30 to 0.52, a KL(old, new) of 0.100; state 2 goes from 0.30 to 0.52, a
    KL(old, new) of 0.100. The weighted average is 0.100.
    """
    old = np.array([[0.3, 0.7], [0.3, 0.7]])
    adv = np.multiply.outer(STAKES, [0.7, -0.3])

    def row_costs(p):
        return DISTANCE.value(np.column_stack([p, 1 - p]), np.tile(old[0], (len(p), 1)))

    def excess(p, radius):
        return row_costs(np.array([p]))[0] - radius

    @cache
    def side(radius):
        """With the ends of a row's own ball, so that the corners of a product are sharp."""
        ends = [brentq(excess, *where, args=(radius,)) for where in ((0.001, 0.3), (0.3, 0.999))]
        return np.union1d(SIDE, ends)

    @lru_cache(maxsize=256)
    def update(kind, weight, radius):
        beta = np.array([weight, 1 - weight])
        return maximise(UpdateProblem(adv, old, Zero(), kind(DISTANCE, radius), beta, beta)).pi

    def measure(kind, weight, p):
        costs = row_costs(p)
        if kind is StatewiseBall:
            return np.maximum.outer(costs, costs)
        return np.add.outer((1 - weight) * costs, weight * costs)

    still = cache(lambda: square_axes(NAMES))

    def draw(kind, weight, radius):
        over, p = layer_over(still()), side(radius)
        color = style_of(DISTANCE).color
        plot_square_region(p, measure(kind, weight, p), radius, color=color, ax=over)
        plot_path([old[:, 0], update(kind, weight, radius)[:, 0]], optimum=(1, 1), ax=over)
        return [still(), over]

    def describe(kind, weight, radius):
        new = update(kind, weight, radius)
        costs = DISTANCE.value(new, old)
        parts = (
            f"tate {s + 1} goes from 0.30 to {new[s, 0]:.2f}, a KL(old, new) of {costs[s]:.3f}"
            for s in (0, 1)
        )
        average = weight * costs[0] + (1 - weight) * costs[1]
        return f"S{'; s'.join(parts)}. The weighted average is {average:.3f}."

    controls = {
        "kind": Choice("The radius holds", KINDS, start=1),
        "weight": Range("Weight of state 1", (0.1, 0.3, 0.5, 0.7, 0.9), (0.05, 0.95, 0.05), 2),
        "radius": Range("Radius", (0.02, 0.05, 0.1, 0.2), (0.01, 0.3, 0.01), 2),
    }
    alt = (
        "The square of two probabilities, one for each state, with the set that one step may "
        "reach and the step without a drift."
    )
    return Explorer(draw, describe, controls, alt=alt)
