"""A budget being spent: what rows earned so far, solid, and were charged of it, dotted."""

from collections.abc import Mapping

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from ..simplex import check_finite, check_shape
from .styles import DRIFT, HOUSE, OPTIMAL_RETURN, RETURN, axes, style_of


@mpl.rc_context(HOUSE)
def plot_budget(spent: Mapping, budget: float, title: str = "", ax: Axes | None = None) -> Axes:
    """Draw how runs spend a budget.

    Parameters
    ----------
    spent : mapping from a drift, an algorithm or its name to (earned, charged)
        Two (n + 1,) arrays, cumulative, in units of reward.
    budget : float
        What no run can exceed, a thin dashed line.
    title : str
    ax : matplotlib Axes, optional

    Raises
    ------
    ValueError
        If the two arrays of a run differ in length or a number is not finite.

    Examples
    --------
    >>> ax = plot_budget({"L2Squared": ([0.0, 0.5, 0.8], [0.0, 0.2, 0.3])}, 1.0)
    >>> [line.get_label() for line in ax.lines][:2]
    ['budget', 'L2²']
    """
    budget = float(check_finite(budget, "budget"))
    ax = axes(3.3, 3.3) if ax is None else ax
    ax.axhline(budget, label="budget", **OPTIMAL_RETURN)
    for key, (earned, charged) in spent.items():
        style = style_of(key)
        earned = check_finite(earned, f"what {style.label} earned")
        charged = check_finite(charged, f"what {style.label} was charged")
        check_shape(charged, earned.shape, f"what {style.label} was charged")
        every = max(1, len(earned) // 5)
        ax.plot(
            earned, color=style.color, label=style.label, marker=style.marker, markevery=every,
            **RETURN,
        )  # fmt: skip
        ax.plot(charged, color=style.color, **DRIFT)
    ax.set(xlabel="steps", ylabel="units of reward, so far", title=title)
    ax.set_ylim(-0.03 * budget, 1.08 * budget)
    ax.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    ax.figure.legend(loc="outside lower center", ncols=2)
    return ax
