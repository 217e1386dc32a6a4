"""A map of algorithms: what one step earns, and what is left of it after the charge."""

from collections.abc import Mapping

import matplotlib as mpl
from matplotlib.axes import Axes

from ..simplex import check_finite, check_shape
from .styles import GREY, HOUSE, INK, axes, style_of

FURTHEST = 1.06  # where the axes end, to leave room for the marks in the corners


@mpl.rc_context(HOUSE)
def plot_atlas(
    places: Mapping,
    traces: Mapping | None = None,
    labels: Mapping[str, tuple] | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw algorithms as points of the triangle 0 <= kept <= earned <= 1.

    Parameters
    ----------
    places : mapping from an algorithm or its name to (earned, kept)
        What its step earns before the charge of its drift, and what it keeps after it, as shares of
        what a greedy step earns.
    traces : mapping from a drift or its name to (n, 2) array, optional
        The same for a sequence of weights: a thin line.
    labels : mapping from words to (x, y, alignment), optional
        Where words stand, and which of "left", "center", "right" is at x. They name the points.
    ax : matplotlib Axes, optional

    Raises
    ------
    ValueError
        If a place is not a pair of finite numbers with 0 <= kept <= earned <= 1, or a trace no
        list of such pairs.

    Examples
    --------
    >>> ax = plot_atlas({"GPI": (1, 1), "PPO-KL": (0.5, 0.3)}, {"KLOldNew": [(0, 0), (1, 1)]})
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('earned', 'kept after the charge')
    """
    ax = axes(5.0, 4.8) if ax is None else ax
    ax.plot([0, 1], [0, 1], color=GREY, linewidth=0.8)
    ax.plot([0, 0.9], [0, 0.45], color=GREY, linewidth=0.8, linestyle=(0, (6, 3)))
    for key, trace in (traces or {}).items():
        style, trace = style_of(key), check_finite(trace, "trace")
        check_shape(trace, (len(trace), 2), f"trace of {style.label}")
        for point in trace:
            _check_place(style, point)
        ax.plot(*trace.T, color=style.color, linewidth=1.1)
    for key, place in places.items():
        style = style_of(key)
        _check_place(style, place)
        ax.plot(*place, color=style.color, marker=style.marker, markersize=8, clip_on=False)
    for words, (x, y, alignment) in (labels or {}).items():
        ax.text(x, y, words, ha=alignment, va="center", color=INK, fontsize=10)
    ticks = (0, 0.25, 0.5, 0.75, 1)
    ax.set(xlabel="earned", ylabel="kept after the charge", xticks=ticks, yticks=ticks)
    ax.set(xlim=(-0.02, FURTHEST), ylim=(-0.06, FURTHEST))
    return ax


def _check_place(style, place):
    place = check_finite(place, f"place of {style.label}")
    check_shape(place, (2,), f"place of {style.label}")
    earned, kept = place
    if not -1e-9 <= kept <= earned + 1e-9 <= 1 + 2e-9:
        raise ValueError(
            f"place of {style.label} is ({earned}, {kept}), expected 0 <= kept <= earned <= 1"
        )
