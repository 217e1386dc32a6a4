"""How random numbers are distributed: histograms with the truth marked."""

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes

from ..simplex import check_finite, check_number
from .styles import BLUE, HOUSE, INK, OPTIMAL_RETURN, axes

ROUNDING = 1e-9
"""As a share of a bin: the last digits of a number differ from processor to processor."""


@mpl.rc_context(HOUSE)
def plot_histogram(
    numbers,
    edges,
    truth: float | None = None,
    xlabel: str = "estimate",
    title: str = "",
    color: str = BLUE,
    top: float | None = None,
    ax: Axes | None = None,
) -> Axes:
    """Draw which share of some numbers falls into each bin.

    Parameters
    ----------
    numbers : (n,) array_like
    edges : (k + 1,) array_like
        Of the bins, ascending. What lies on an edge, up to rounding, is counted in the bin above.
        What lies beyond the first or the last is counted in the outermost bin, so that the shares
        sum to one.
    truth : float, optional
        Marked by a dashed line.
    xlabel, title : str
    color : matplotlib color
    top : float, optional
        Upper end of the scale of shares, for panels that are to be compared.
    ax : matplotlib Axes, optional

    Raises
    ------
    ValueError
        If there are no numbers, one is not finite, or the edges do not ascend.

    Examples
    --------
    >>> ax = plot_histogram([0.1, 0.2, 0.9, 7.0], [0.0, 0.5, 1.0], truth=0.5)
    >>> ax.patches[0].get_data().values
    array([0.5, 0.5])
    """
    numbers, edges = check_finite(numbers, "numbers"), check_finite(edges, "edges")
    if numbers.ndim != 1 or numbers.size == 0:
        raise ValueError(f"numbers has shape {numbers.shape}, expected (n,), at least one")
    if edges.ndim != 1 or edges.size < 2 or (np.diff(edges) <= 0).any():
        raise ValueError(f"edges is {edges}, expected at least two ascending numbers")
    rounding = ROUNDING * np.diff(edges).min()
    inside = np.clip(numbers + rounding, edges[0], edges[-1])
    shares = np.histogram(inside, edges)[0] / numbers.size
    ax = axes(3.3, 2.4) if ax is None else ax
    ax.stairs(shares, edges, fill=True, color=color, alpha=0.3, linewidth=0)
    ax.stairs(shares, edges, color=color, linewidth=1.4)
    ax.axhline(0, color=INK, linewidth=0.8)
    if truth is not None:
        ax.axvline(check_number(truth, "truth"), **OPTIMAL_RETURN)
    ax.set(xlabel=xlabel, ylabel="share", title=title, xlim=(edges[0], edges[-1]))
    ax.set_ylim(0, top)
    return ax
