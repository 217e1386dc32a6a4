"""Learning curves, drawn as in the paper's Figure 3: returns solid, drifts dotted."""

from collections.abc import Mapping

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from ..simplex import check_finite, check_shape
from .styles import DRIFT, HOUSE, INK, NEW, OPTIMAL_RETURN, RETURN, axes, style_of


@mpl.rc_context(HOUSE)
def plot_learning_curves(
    curves: Mapping,
    optimum: float | None = None,
    mark: tuple | None = None,
    title: str = "",
    legend: bool = True,
    ax: Axes | None = None,
) -> Axes:
    """Draw the return of each iterate, solid, and the drift spent so far, dotted.

    Parameters
    ----------
    curves : mapping from a drift, an algorithm or its name to (returns, drifts)
        returns : (n + 1,) array, from the first policy on. drifts : (n + 1,) array, the first return
        plus the sum of the total drifts so far, in the same units; None for no dotted line.
    optimum : float, optional
        The optimal return, a thin dashed line.
    mark : (key of `curves`, iteration), optional
        The iterate to point at.
    title : str
    legend : bool
    ax : matplotlib Axes, optional

    Raises
    ------
    ValueError
        If the two arrays of a curve differ in length, or `mark` names no point.

    Examples
    --------
    >>> ax = plot_learning_curves({"KLOldNew": ([0.0, 1.0, 1.5], [0.0, 0.2, 0.3])}, optimum=2.0)
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('iteration', 'return')
    """
    ax = axes(3.3, 3.2 if legend else 2.6) if ax is None else ax
    if optimum is not None:
        ax.axhline(optimum, label="optimum", **OPTIMAL_RETURN)
    for i, (key, (returns, drifts)) in enumerate(curves.items()):
        style = style_of(key)
        returns = check_finite(returns, f"returns of {style.label}")
        every = max(1, len(returns) // 6)  # markers stand apart from curve to curve
        marks = {"marker": style.marker, "markevery": (i * every // len(curves), every)}
        ax.plot(returns, color=style.color, label=style.label, **RETURN, **marks)
        if drifts is not None:
            drifts = check_finite(drifts, f"drifts of {style.label}")
            check_shape(drifts, returns.shape, f"drifts of {style.label}")
            ax.plot(drifts, color=style.color, **DRIFT)
    if mark is not None:
        _point_at(ax, curves, *mark)
    ax.set(xlabel="iteration", ylabel="return", title=title)
    ax.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    if legend:  # below the panel, where it hides nothing
        ax.figure.legend(loc="outside lower center", ncols=2)
    return ax


@mpl.rc_context(HOUSE)
def plot_legend(keys, optimum: bool = True, ax: Axes | None = None) -> Axes:
    """Draw the legend that several panels share: a strip with the colour and marker of each key.

    Parameters
    ----------
    keys : iterable of drifts, algorithms or their names
    optimum : bool
        Whether the line of the optimal return has an entry.
    ax : matplotlib Axes, optional

    Examples
    --------
    >>> ax = plot_legend(["Zero", "KLOldNew"])
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['no drift', 'KL(old, new)', 'optimum', 'return', 'drift so far']
    """
    ax = axes(5.0, 0.7) if ax is None else ax
    ax.set_axis_off()
    for style in map(style_of, keys):
        ax.plot([], [], color=style.color, marker=style.marker, label=style.label, **RETURN)
    if optimum:
        ax.plot([], [], label="optimum", **OPTIMAL_RETURN)
    ax.plot([], [], color=INK, label="return", **RETURN)
    ax.plot([], [], color=INK, label="drift so far", **DRIFT)
    ax.legend(loc="center", ncols=4)
    return ax


def _point_at(ax, curves, key, iteration):
    returns = np.asarray(curves[key][0])
    if not 0 <= iteration < len(returns):
        raise ValueError(f"mark is at iteration {iteration}, the curve has {len(returns)}")
    ax.axvline(iteration, color=INK, linewidth=0.8)
    ax.plot(iteration, returns[iteration], **{**NEW, "markerfacecolor": style_of(key).color})
