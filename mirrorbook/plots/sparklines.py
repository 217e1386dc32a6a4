"""Many learning curves in one panel, each in a band of its own."""

from collections.abc import Mapping

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from ..simplex import check_finite
from .styles import GREY, HOUSE, OPTIMUM, RETURN, axes, style_of

HEIGHT = 0.72  # of a band: how high a curve rises
ROUNDING = 1e-9


@mpl.rc_context(HOUSE)
def plot_sparklines(
    curves: Mapping, arrivals: Mapping | None = None, title: str = "", ax: Axes | None = None
) -> Axes:
    """Draw how far each algorithm has come after each iteration, one below the other.

    Parameters
    ----------
    curves : mapping from a drift, an algorithm or its name to (n + 1,) array
        The share of the way from the first return to the optimal one, between 0 and 1.
    arrivals : mapping with the same keys to int or None, optional
        The first iteration whose policy is optimal: a star stands there. None: no star.
    title : str
    ax : matplotlib Axes, optional

    Raises
    ------
    ValueError
        If a share is not finite or not between 0 and 1, or a star lies outside its curve.

    Examples
    --------
    >>> ax = plot_sparklines({"GPI": [0, 1, 1], "TRPO": [0, 0.3, 0.5]}, {"GPI": 1, "TRPO": None})
    >>> [label.get_text() for label in ax.get_yticklabels()]
    ['GPI', 'TRPO']
    """
    ax = axes(3.3, 0.6 + 0.26 * len(curves)) if ax is None else ax
    for i, (key, shares) in enumerate(curves.items()):
        style = style_of(key)
        shares = check_finite(shares, f"shares of {style.label}")
        if shares.min() < -ROUNDING or shares.max() > 1 + ROUNDING:
            outside = shares[(shares < -ROUNDING) | (shares > 1 + ROUNDING)][0]
            raise ValueError(f"shares of {style.label} contain {outside}, expected 0 to 1")
        ax.axhline(-i, color=GREY, linewidth=0.5)
        ax.plot(HEIGHT * shares - i, color=style.color, **RETURN)
        at = (arrivals or {}).get(key)
        if at is not None:
            if not 0 <= at < len(shares):
                raise ValueError(f"the star of {style.label} is at {at}, its curve ends before")
            ax.plot(at, HEIGHT * shares[at] - i, **{**OPTIMUM, "markersize": 9})
    ax.set(yticks=range(0, -len(curves), -1), yticklabels=[style_of(key).label for key in curves])
    ax.set(xlabel="iteration", title=title, ylim=(0.4 - len(curves), 1.05))
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    return ax
