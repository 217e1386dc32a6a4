"""The water level: a new row as what sticks out of the water."""

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes

from ..simplex import check_finite, check_number, check_shape
from .boards import short_number
from .styles import BLUE, HOUSE, INK, OCHRE, OLD, axes

HALF = 0.28
"""Half the width of a column; columns are one apart."""


@mpl.rc_context(HOUSE)
def plot_water_level(
    old, heights, level: float, actions=("a", "b", "c"), limits=None, title: str = "",
    ax: Axes | None = None,
) -> Axes:  # fmt: skip
    """Draw one column an action, and the water: what sticks out of it is the new probability.

    Parameters
    ----------
    old : (n,) array
        The old row, hollow marks.
    heights : (n,) array
        Where the columns end.
    level : float
        Where the water ends. What sticks out is written above each column.
    actions : n strings
    limits : (low, high), optional
        Ends of the scale; the columns stand on the lower one.
    title : str
    ax : matplotlib Axes, optional

    Raises
    ------
    ValueError
        If the three sequences differ in length.

    Examples
    --------
    >>> ax = plot_water_level([0.2, 0.3, 0.5], [0.72, 0.42, 0.22], 0.12)
    >>> [text.get_text() for text in ax.texts]
    ['0.60', '0.30', '0.10']
    """
    old, heights = check_finite(old, "old"), check_finite(heights, "heights")
    level = check_number(level, "level")
    check_shape(heights, old.shape, "heights")
    if len(actions) != len(old):
        raise ValueError(f"actions has {len(actions)} entries, expected {len(old)}")
    if limits is None:
        limits = min(heights.min(), 0) - 0.2, max(heights.max(), old.max()) + 0.2
    ax = axes(3.3, 3.1) if ax is None else ax
    low, high = limits
    place = np.arange(len(old))
    ax.fill_between([-0.6, len(old) - 0.4], low, level, color=BLUE, alpha=0.25, linewidth=0)
    ax.axhline(level, color=BLUE, linewidth=1.8)
    for x, top, start in zip(place, heights, old, strict=True):
        sides = [x - HALF, x + HALF]
        if top > level:
            ax.fill_between(sides, level, top, color=OCHRE, alpha=0.6, linewidth=0)
        ax.plot(np.repeat(sides, 2), [low, top, top, low], color=INK, linewidth=1.2)
        ax.plot([x], [start], **OLD)
        out = short_number(max(top - level, 0.0), 2)
        ax.text(x, max(top, level, start) + 0.03 * (high - low), out, ha="center", va="bottom")
    ax.set(xlim=(-0.6, len(old) - 0.4), ylim=limits, title=title)
    ax.set(xlabel="action", ylabel="height")
    ax.set_xticks(place, labels=[str(action) for action in actions])
    return ax
