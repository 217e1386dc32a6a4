"""The certificate of one step, a line a state: what it is charged, what it earns, how V rises.

The scale is logarithmic, since a run's steps differ by orders of magnitude.  Nothing that a sound
step does is negative; what is below the scale, zero above all, stands at its lower end.
"""

from collections.abc import Sequence

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes

from ..simplex import check_finite, check_shape
from .styles import BLUE, GREY, HOUSE, VERMILION, axes

CHARGED = {"marker": "^", "color": VERMILION, "markersize": 7, "markerfacecolor": "none"}
EARNED = {"marker": "D", "color": BLUE, "markersize": 5}
BROKEN = {"marker": "x", "color": VERMILION, "markersize": 6, "markeredgewidth": 2}
for _mark in (CHARGED, EARNED, BROKEN):
    _mark["linestyle"] = "none"


@mpl.rc_context(HOUSE)
def certificate_axes(names: Sequence[str], decades: tuple[int, int], title: str = "") -> Axes:
    """Axes for `plot_certificate`: a line for each state, and a scale of powers of ten.

    Parameters
    ----------
    names : sequence of str
        Of the states, from the top.
    decades : (low, high)
        The scale goes from 10^low to 10^high, in units of reward.
    title : str

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        If there is no state or `decades` do not increase.

    Examples
    --------
    >>> ax = certificate_axes(["table 1", "table 2"], (-2, 1))
    >>> [label.get_text() for label in ax.get_xticklabels()]
    ['0.01', '0.1', '1', '10']
    """
    if not len(names):
        raise ValueError("names is empty, expected the name of at least one state")
    low, high = decades
    if not low < high:
        raise ValueError(f"decades is {decades}, expected two increasing exponents")
    ax = axes(3.3, 1.25 + 0.19 * len(names) + (0.25 if title else 0))
    ticks = range(low, high + 1)
    ax.set_xticks(ticks, [f"{10.0**tick:g}" for tick in ticks])
    ax.set_yticks(range(len(names)), names, fontsize=9)
    ax.set(xlim=(low - 0.15, high + 0.45), ylim=(len(names) - 0.4, -0.6), title=title)
    ax.set_xlabel("units of reward")
    ax.tick_params("y", length=0)
    entries = [
        ax.plot([], [], label=label, **look)[0]
        for label, look in (
            ("charged", CHARGED), ("earned", EARNED),
            ("rise of V", {"color": GREY, "linewidth": 5, "alpha": 0.5}),
        )
    ]  # fmt: skip
    ax.figure.legend(handles=entries, loc="outside lower center", ncols=3, columnspacing=1)
    return ax


@mpl.rc_context(HOUSE)
def plot_certificate(charged, earned, rise, broken, decades: tuple[int, int], ax: Axes) -> Axes:
    """Draw for each state what its row is charged, what it earns, and how much its value rises.

    Where the order charged <= earned <= rise is broken a cross stands at the right.

    Parameters
    ----------
    charged, earned, rise : (n,) arrays
        In units of reward, from the top.
    broken : (n,) array of bool
        Where the order fails by more than rounding.
    decades : (low, high)
        As in `certificate_axes`.
    ax : matplotlib Axes
        Those of `certificate_axes`, or a layer over them.

    Raises
    ------
    ValueError
        If the arrays differ in length or a number is not finite.

    Examples
    --------
    >>> ax = certificate_axes(["table 1"], (-2, 1))
    >>> ax = plot_certificate([2.0], [1.0], [3.0], [True], (-2, 1), ax)
    >>> [len(line.get_xdata()) for line in ax.lines[3:]]
    [1, 1, 1]
    """
    low, high = decades
    charged, earned, rise = (
        np.log10(np.clip(check_finite(each, name), 10.0**low, 10.0**high))
        for each, name in ((charged, "charged"), (earned, "earned"), (rise, "rise"))
    )
    for each, name in ((earned, "earned"), (rise, "rise"), (broken, "broken")):
        check_shape(np.asarray(each), charged.shape, name)
    lines = np.arange(len(charged))
    ax.hlines(lines, low, rise, color=GREY, linewidth=5, alpha=0.5)
    ax.plot(earned, lines, **EARNED)
    ax.plot(charged, lines, **CHARGED)
    bad = lines[np.asarray(broken, dtype=bool)]
    ax.plot(np.full(len(bad), high + 0.3), bad, **BROKEN)
    return ax
