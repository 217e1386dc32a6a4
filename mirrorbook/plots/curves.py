"""Learning curves, drawn as in the paper's Figure 3: returns solid, drifts dotted."""

from collections.abc import Mapping

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from ..simplex import check_finite, check_shape
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
        If the two arrays of a curve differ in length.

    Examples
    --------
    >>> ax = plot_learning_curves({"KLOldNew": ([1.0, 2.0, 2.5], [0.0, 0.2, 0.3])}, optimum=3.0)
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('iteration', 'return')
    """
    ax = axes(3.3, 3.2 if legend else 2.6) if ax is None else ax
    if optimum is not None:
        ax.axhline(optimum, label="optimum", **OPTIMAL_RETURN)
    for i, (key, curve) in enumerate(curves.items()):
        style, (returns, drift) = style_of(key), _checked(key, curve)
        every = max(1, len(returns) // 6)  # markers stand apart from curve to curve
        marks = {"marker": style.marker, "markevery": (i * every // len(curves), every)}
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
        ax.figure.legend(loc="outside lower center", ncols=2)
    return ax


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
def plot_legend(keys, optimum: bool = True, ax: Axes | None = None, reference: str = "") -> Axes:
    """Draw the legend that several panels share: a strip with the colour and marker of each key.

    Parameters
    ----------
    keys : iterable of drifts, algorithms or their names
    optimum : bool
        Whether the line of the optimal return has an entry.
    ax : matplotlib Axes, optional
    reference : str
        Whose values the crosses are, if there are any.

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
    """
    ax.axvline(iteration, color=INK, linewidth=0.8)
    ax.plot(iteration, value, **{**NEW, "markerfacecolor": style_of(key).color})
    return ax
