"""One visual language: what each thing looks like in every figure, table and explorer.

Black is ink and white is paper: when a figure is stored, black becomes the text colour of the page
and white is left out, so that it reads in light and in dark mode.  Every other colour here has a
contrast of at least 3 : 1 with white and with the book's dark background (the mid tones of Okabe
and Ito).  Drifts of one family share a colour; no two drifts that look alike to readers who do not
see red and green alike share a marker.
"""

from dataclasses import dataclass

import matplotlib as mpl
from cycler import cycler
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.layout_engine import ConstrainedLayoutEngine

INK = "black"
"""Lines and letters: the text colour of the page."""

BLUE, GREEN, VERMILION = "#0072b2", "#009e73", "#d55e00"
PURPLE, OCHRE, GREY = "#c2699b", "#957200", "#808080"


@dataclass(frozen=True)
class Style:
    """How one drift or algorithm is drawn: a colour, a marker and the words of its legend.

    Attributes
    ----------
    label : str
    color, marker : str
        As Matplotlib calls them.

    Examples
    --------
    A drift of your own is drawn once it has a row:

    >>> from mirrorbook.plots import STYLES
    >>> STYLES["FourthPowers"] = Style("fourth powers", "#c2699b", "P")
    >>> style_of("FourthPowers").label
    'fourth powers'
    >>> del STYLES["FourthPowers"]
    """

    label: str
    color: str
    marker: str


STYLES = {
    "Zero": Style("no drift", INK, "s"),
    # divergences that look at dropped actions, and those that look at revived ones
    "KLOldNew": Style("KL(old, new)", BLUE, "o"),
    "ChiSquaredOldNew": Style("χ²(old, new)", BLUE, "D"),
    "HellingerSquared": Style("Hellinger²", BLUE, "h"),
    "JensenShannon": Style("Jensen-Shannon", BLUE, "s"),
    "Jeffreys": Style("Jeffreys", BLUE, "p"),
    "OneSidedKL": Style("one-sided KL", BLUE, "<"),
    "KLNewOld": Style("KL(new, old)", GREEN, "^"),
    "ChiSquaredNewOld": Style("χ²(new, old)", GREEN, "D"),
    "Renyi": Style("Rényi", GREEN, "s"),
    "Alpha": Style("alpha family", GREEN, "h"),
    "OneSidedChiSquared": Style("one-sided χ²", GREEN, "<"),
    # norms, squared or not
    "L2Squared": Style("L2²", VERMILION, "D"),
    "LInfSquared": Style("L∞²", VERMILION, "h"),
    "TVSquared": Style("TV²", PURPLE, "v"),
    "TotalVariation": Style("TV", PURPLE, "o"),
    "L1": Style("L1", PURPLE, "s"),
    "NegativeTVSquared": Style("-TV²", PURPLE, "^"),
    # drifts that see the advantages
    "PPOClip": Style("PPO", OCHRE, "o"),
    "PPOFloored": Style("PPO, floored cap", OCHRE, "s"),
    "Rollback": Style("PPO, rollback", OCHRE, "v"),
    "DualClip": Style("PPO, dual clip", OCHRE, "X"),
    "SPO": Style("SPO", OCHRE, "p"),
    "DPO": Style("DPO", OCHRE, "^"),
    # costs, and what the reader makes
    "Risk": Style("risk", INK, "^"),
    "Memory": Style("memory", INK, "v"),
    "FunctionDrift": Style("your drift", INK, "X"),
    "Sum": Style("sum", INK, "P"),
    # An algorithm known by its drift looks like that drift.
    "GPI": Style("GPI", INK, "s"),
    "TRL": Style("TRL", BLUE, "P"),
    "TRL, C unscaled": Style("TRL, C unscaled", BLUE, "X"),
    "TRPO": Style("TRPO", OCHRE, "P"),
    "PPO, min-KL": Style("PPO, min-KL", OCHRE, "o"),
    "PPO, greedy": Style("PPO, greedy", OCHRE, "<"),
    "PPO-KL": Style("PPO-KL", BLUE, "o"),
    "PPO-KL, backward": Style("PPO-KL, backward", GREEN, "v"),
    "PPO-KL, adaptive": Style("PPO-KL, adaptive", BLUE, "v"),
    "MDPO": Style("MDPO", GREEN, "^"),
    "MDPO, off-policy": Style("MDPO, off-policy", GREEN, ">"),
    "L2²": Style("L2²", VERMILION, "D"),
    "TV²": Style("TV²", PURPLE, "v"),
    "one-sided KL": Style("one-sided KL", BLUE, "<"),
    # what stands beside GPI
    "value iteration": Style("value iteration", GREEN, "D"),
    "Q-iteration": Style("Q-iteration", VERMILION, "v"),
    "policy gradient": Style("policy gradient", PURPLE, ">"),
}
"""Class name of a drift, or name of an algorithm -> Style. A new one gets a row here."""

RETURN = {"linestyle": "-", "linewidth": 1.8}
"""How the line of a return is drawn: keywords of `Axes.plot`."""

DRIFT = {"linestyle": (0, (1, 1.6)), "linewidth": 1.8}
"""How the line of a drift is drawn: keywords of `Axes.plot`."""

CLOSE = {"handlelength": 1.9, "handletextpad": 0.4, "columnspacing": 0.9}
"""Spaces of a legend with three entries below a panel of 3.3 inches."""

OPTIMAL_RETURN = {"linestyle": (0, (6, 3)), "linewidth": 0.8, "color": INK}
REFERENCE = {"linestyle": "none", "marker": "x", "color": INK, "markersize": 6}

OLD = {"marker": "o", "markerfacecolor": "none", "markeredgecolor": INK, "markersize": 8}
"""The mark of the old policy, hollow: keywords of `Axes.plot`."""

NEW = {"marker": "o", "markerfacecolor": INK, "markeredgecolor": INK, "markersize": 8}
"""The mark of the new policy, filled: keywords of `Axes.plot`."""

OPTIMUM = {"marker": "*", "markerfacecolor": OCHRE, "markeredgecolor": INK, "markersize": 12}
"""The mark of the optimum, a star: keywords of `Axes.plot`."""

for _role in (OLD, NEW, OPTIMUM):
    _role["linestyle"] = "none"

HOUSE = {
    "axes.linewidth": 0.8,
    "axes.prop_cycle": cycler(color=[BLUE, VERMILION, GREEN, PURPLE, OCHRE, GREY]),
    "axes.spines.right": False,
    "axes.spines.top": False,
    "axes.titlesize": 11,
    "axes.xmargin": 0.02,
    "figure.constrained_layout.use": True,
    "font.size": 11,
    "legend.fontsize": 10,
    "legend.frameon": False,
    "lines.markersize": 5,
    "path.simplify": False,  # what is dropped would depend on the last bits of the numbers
    "svg.fonttype": "none",  # words stay words: they take the page's font and can be searched
    "xtick.labelsize": 10,
    "ytick.labelsize": 10,
}


def style_of(thing) -> Style:
    """The style of a drift, of an algorithm, or of the name of either.

    Parameters
    ----------
    thing : Drift, Algorithm or str
        A drift is known by its class (its scale does not matter), an algorithm by its name, or by
        its drift if the name has no style.

    Returns
    -------
    Style

    Raises
    ------
    KeyError
        If `STYLES` has no row for it.

    Examples
    --------
    >>> from mirrorbook.drifts import KLOldNew
    >>> style_of(50 * KLOldNew())
    Style(label='KL(old, new)', color='#0072b2', marker='o')
    """
    names = [thing]
    if not isinstance(thing, str):
        names = [getattr(thing, "name", ""), type(getattr(thing, "drift", thing)).__name__]
    for name in names:
        if name in STYLES:
            return STYLES[name]
    raise KeyError(f"{names[-1]!r} has no style: give it a row in mirrorbook.plots.STYLES")


def axes(width: float = 5.0, height: float = 3.0) -> Axes:
    """Empty axes in the house style.

    Five inches fill a phone and sit well on a screen; panels that stand side by side are narrower.
    The figure is not known to `pyplot`, so nothing is shown twice and nothing need be closed.

    Parameters
    ----------
    width, height : float > 0
        Inches, of 72 points each.

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> axes(3.3, 2.5).figure.get_size_inches()
    array([3.3, 2.5])
    """
    with mpl.rc_context(HOUSE):
        return Figure(figsize=(width, height)).subplots()


def layer_over(ax: Axes) -> Axes:
    """Axes without a frame that lie exactly over others, in a figure of their own.

    For what moves above what stays: explorers draw the part that stays once.

    Parameters
    ----------
    ax : matplotlib Axes
        Finished: their limits and their place are taken over.

    Returns
    -------
    matplotlib Axes

    Examples
    --------
    >>> below = axes()
    >>> _ = below.set_xlim(0, 7)
    >>> layer_over(below).get_xlim() == below.get_xlim()
    True
    """
    if isinstance(ax.figure.get_layout_engine(), ConstrainedLayoutEngine):
        ax.figure.draw_without_rendering()  # the axes find their place,
        ax.figure.set_layout_engine("none")  # and keep it
    figure = Figure(figsize=ax.figure.get_size_inches(), layout="none")
    over = figure.add_axes(ax.get_position())
    over.set(xlim=ax.get_xlim(), ylim=ax.get_ylim())
    over.set_axis_off()
    return over
