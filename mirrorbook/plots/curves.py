"""Learning curves, drawn as in the paper's Figure 3: returns solid, drifts dotted."""

from collections.abc import Mapping

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator, NullFormatter

from ..simplex import check_finite, check_number, check_shape
from .styles import DRIFT, HOUSE, INK, NEW, OPTIMAL_RETURN, REFERENCE, RETURN, axes, style_of


@mpl.rc_context(HOUSE)
def plot_learning_curves(
    curves: Mapping,
    optimum: float | None = None,
    title: str = "",
    legend: bool = True,
    ax: Axes | None = None,
    reference: Mapping | None = None,
) -> Axes:
    """Draw the return of each iterate, solid, and the drift spent so far, dotted.

    Parameters
    ----------
    curves : mapping from a drift, an algorithm or its name to (returns, cumulative drift)
        Two (n + 1,) arrays in units of reward, the first policy included. The second is drawn from
        the first return upwards; None for no dotted line.
    optimum : float, optional
        The optimal return, a thin dashed line.
    title : str
    legend : bool
    ax : matplotlib Axes, optional
    reference : mapping like `curves`, optional
        What others report: crosses at every fifth iteration.

    Raises
    ------
    ValueError
        If the two arrays of a curve differ in length, or a number is not finite.

    Examples
    --------
    >>> ax = plot_learning_curves({"KLOldNew": ([1.0, 2.0, 2.5], [0.0, 0.2, 0.3])}, optimum=3.0)
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('iteration', 'return')
    """
    ax = axes(3.3, 3.2 if legend else 2.6) if ax is None else ax
    if optimum is not None:
        ax.axhline(check_number(optimum, "optimum"), label="optimum", **OPTIMAL_RETURN)
    for i, (key, curve) in enumerate(curves.items()):
        style, (returns, drift) = style_of(key), _checked(key, curve)
        marks = _markers(style, i, len(curves), len(returns))
        ax.plot(returns, color=style.color, label=style.label, **RETURN, **marks)
        if drift is not None:
            ax.plot(returns[0] + drift, color=style.color, **DRIFT)
    for key, curve in (reference or {}).items():
        returns, drift = _checked(key, curve)
        for heights in (returns,) if drift is None else (returns, returns[0] + drift):
            shown = range(0, len(heights), 5)
            ax.plot(shown, heights[shown], **REFERENCE)
    ax.set(xlabel="iteration", ylabel="return", title=title)
    ax.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    if legend:  # below the panel, where it hides nothing
        entries = ax.get_legend_handles_labels()[0]
        if any(drift is not None for _, drift in curves.values()):
            entries.append(Line2D([], [], color=INK, label="drift so far", **DRIFT))
        ax.figure.legend(handles=entries, loc="outside lower center", ncols=2)
    return ax


@mpl.rc_context(HOUSE)
def plot_shortfalls(
    shortfalls: Mapping, floor: float = 1e-3, title: str = "", ax: Axes | None = None
) -> Axes:
    """Draw what the return of each iterate lacks, eta* - eta(pi_n), on a logarithmic scale.

    Parameters
    ----------
    shortfalls : mapping from a drift, an algorithm or its name to (n + 1,) array
        In units of reward, the first policy included.
    floor : float > 0
        Lower end of the scale. A curve that falls below it leaves the panel there.
    title : str
    ax : matplotlib Axes, optional

    Raises
    ------
    ValueError
        If `floor` is not positive or a shortfall not finite.

    Examples
    --------
    >>> ax = plot_shortfalls({"KLOldNew": [1.0, 0.1, 0.01], "Zero": [1.0, 0.0, 0.0]})
    >>> ax.get_yscale(), ax.get_ylabel()
    ('log', 'return still lacking')
    """
    if check_finite(floor, "floor") <= 0:
        raise ValueError(f"floor is {floor}, expected a positive number")
    ax = axes(3.3, 2.6) if ax is None else ax
    for i, (key, lacking) in enumerate(shortfalls.items()):
        style = style_of(key)
        lacking = check_finite(lacking, f"shortfall of {style.label}")
        below = floor / 10  # where a logarithm would be noise, or none at all
        marks = _markers(style, i, len(shortfalls), len(lacking))
        ax.plot(np.maximum(lacking, below), color=style.color, **RETURN, **marks)
    ax.set(xlabel="iteration", ylabel="return still lacking", title=title, yscale="log")
    ax.set_ylim(bottom=floor)
    ax.yaxis.set_major_formatter("{x:g}")
    ax.yaxis.set_minor_formatter(NullFormatter())
    ax.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    return ax


def _markers(style, place, n_curves, length):
    """Markers that stand apart from curve to curve."""
    every = max(1, length // 6)
    return {"marker": style.marker, "markevery": (place * every // n_curves, every)}


def _checked(key, curve):
    """The returns and the cumulative drift of a curve as arrays, or None for no drift."""
    label = style_of(key).label
    returns, drift = curve
    returns = check_finite(returns, f"returns of {label}")
    if drift is not None:
        drift = check_finite(drift, f"cumulative drift of {label}")
        check_shape(drift, returns.shape, f"cumulative drift of {label}")
    return returns, drift


@mpl.rc_context(HOUSE)
def plot_legend(
    keys,
    optimum: bool = True,
    ax: Axes | None = None,
    reference: str = "",
    lines: bool = True,
) -> Axes:
    """Draw the legend that several panels share: a strip with the colour and marker of each key.

    Parameters
    ----------
    keys : iterable of drifts, algorithms or their names
    optimum : bool
        Whether the line of the optimal return has an entry.
    ax : matplotlib Axes, optional
    reference : str
        Whose values the crosses are, if there are any.
    lines : bool
        Whether the solid line of returns and the dotted one of drifts have entries.

    Examples
    --------
    >>> ax = plot_legend(["Zero", "KLOldNew"])
    >>> [text.get_text() for text in ax.get_legend().get_texts()]
    ['no drift', 'KL(old, new)', 'optimum', 'return', 'drift so far']
    """
    ax = axes(3.6, 1.1) if ax is None else ax
    ax.set_axis_off()
    for style in map(style_of, keys):
        ax.plot([], [], color=style.color, marker=style.marker, label=style.label, **RETURN)
    if optimum:
        ax.plot([], [], label="optimum", **OPTIMAL_RETURN)
    if lines:
        ax.plot([], [], color=INK, label="return", **RETURN)
        ax.plot([], [], color=INK, label="drift so far", **DRIFT)
    if reference:
        ax.plot([], [], label=reference, **REFERENCE)
    ax.legend(loc="center", ncols=2)
    return ax


@mpl.rc_context(HOUSE)
def plot_iterate(key, iteration: int, value: float, ax: Axes) -> Axes:
    """Point at one iterate of a learning curve.

    Parameters
    ----------
    key : drift, algorithm or its name
    iteration : int
    value : float
        Its return.
    ax : matplotlib Axes
        Those of the curves, or a layer over them.

    Raises
    ------
    ValueError
        If `value` is not finite.

    Examples
    --------
    >>> ax = plot_learning_curves({"KLOldNew": ([1.0, 2.0, 2.5], [0.0, 0.2, 0.3])})
    >>> ax = plot_iterate("KLOldNew", 1, 2.0, ax)
    >>> ax.lines[-1].get_xydata().tolist()
    [[1.0, 2.0]]
    """
    value = check_number(value, "value")
    ax.axvline(iteration, color=INK, linewidth=0.8)
    ax.plot(iteration, value, **{**NEW, "markerfacecolor": style_of(key).color})
    return ax
