"""Trust regions as one sees them: a bound below the return, and how far steps went."""

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from ..simplex import check_finite, check_number, check_shape
from .styles import BLUE, CLOSE, GREY, HOUSE, INK, RETURN, VERMILION, axes, style_of

SURROGATE = {"color": VERMILION, "linestyle": (0, (5, 2)), "linewidth": 1.4}
BOUND = {"color": BLUE, "linestyle": (0, (4, 1.5, 1, 1.5)), "linewidth": 1.8}
LEAST_KL, MOST_KL = 1e-3, 10.0
NONE_KL, INFINITE_KL = LEAST_KL / 4, MOST_KL * 4


@mpl.rc_context(HOUSE)
def plot_bound(
    t, gain, surrogate, guaranteed, title: str = "", legend: bool = True, ax: Axes | None = None
) -> Axes:
    """Draw a return along a direction, its surrogate, and a lower bound.

    Parameters
    ----------
    t : (n,) array
        How far along the direction, increasing from 0.
    gain, surrogate, guaranteed : (n,) arrays
        In units of reward, 0 at t = 0. The last may be minus infinity; it leaves the panel below.
    title : str
    legend : bool
    ax : matplotlib Axes, optional

    Raises
    ------
    ValueError
        If the arrays differ in length, one of the first three is not finite, or the last is NaN or
        infinity somewhere.

    Examples
    --------
    >>> ax = plot_bound([0, 0.5, 1], [0, 1, 1.5], [0, 1.2, 2.4], [0, -3, -np.inf])
    >>> ax.get_xlabel(), len(ax.lines)
    ('share of the way, t', 4)
    """
    t, gain, surrogate = (
        check_finite(x, name)
        for x, name in ((t, "t"), (gain, "gain"), (surrogate, "surrogate"))
    )  # fmt: skip
    guaranteed = np.asarray(guaranteed, dtype=float)
    for name, heights in (("gain", gain), ("surrogate", surrogate), ("guaranteed", guaranteed)):
        check_shape(heights, t.shape, name)
    if not (guaranteed < np.inf).all():
        raise ValueError("guaranteed is NaN or infinity somewhere, expected a lower bound")
    ax = axes(3.3, 3.2 if legend else 2.6) if ax is None else ax
    low = min(0.0, gain.min(), surrogate.min())
    high = max(0.0, gain.max(), surrogate.max())
    span = high - low or 1.0
    ax.axhline(0, color=INK, linewidth=0.8)
    ax.plot(t, gain, color=INK, label="return", **RETURN)
    ax.plot(t, surrogate, label="surrogate", **SURROGATE)
    ax.plot(t, np.maximum(guaranteed, low - 9 * span), label="bound", **BOUND)
    ax.set(xlim=(-0.03 * t[-1], t[-1]), ylim=(low - 0.5 * span, high + 0.1 * span), title=title)
    ax.set(xlabel="share of the way, t", ylabel="change of the return")
    ax.xaxis.set_major_locator(MaxNLocator(4))
    ax.xaxis.set_major_formatter("{x:g}")
    ax.yaxis.set_major_locator(MaxNLocator(5))
    ax.yaxis.set_major_formatter("{x:g}")
    if legend:  # below the panel, where it hides nothing
        ax.legend(loc="upper center", bbox_to_anchor=(0.34, -0.2), ncols=3, **CLOSE)
    return ax


@mpl.rc_context(HOUSE)
def plot_largest_kl(runs, title: str = "", legend: bool = True, ax: Axes | None = None) -> Axes:
    """Draw, step by step, the largest KL(old, new) of a state, on a logarithmic scale.

    Parameters
    ----------
    runs : mapping from an algorithm or its name to (n,) array
        A step that goes nowhere stands at the lower edge, 0; one that drops an action at the upper
        one, infinity.
    title : str
    legend : bool
    ax : matplotlib Axes, optional

    Raises
    ------
    ValueError
        If a KL is negative or not a number.

    Examples
    --------
    >>> ax = plot_largest_kl({"PPO, min-KL": [0.1, np.inf, 0.0]})
    >>> ax.get_yscale(), [text.get_text() for text in ax.get_yticklabels()][-2:]
    ('log', ['10', '∞'])
    """
    ax = axes(3.3, 3.2 if legend else 2.6) if ax is None else ax
    for key, kl in runs.items():
        style = style_of(key)
        heights = kl_heights(kl)
        steps = range(1, len(heights) + 1)
        ax.plot(steps, heights, color=style.color, marker=style.marker, label=style.label, **RETURN)
    ticks = {NONE_KL: "0", 1e-3: "0.001", 1e-2: "0.01", 0.1: "0.1", 1.0: "1", 10.0: "10"}
    ax.set(xlabel="step", ylabel="largest KL(old, new)", title=title, yscale="log")
    ax.set_ylim(NONE_KL / 1.6, INFINITE_KL * 1.6)
    ax.set_xlim(0.5, None)
    ax.set_yticks([*ticks, INFINITE_KL], [*ticks.values(), "∞"])
    ax.yaxis.set_minor_locator(mpl.ticker.NullLocator())
    ax.xaxis.set_major_locator(MaxNLocator(6, integer=True))
    if legend:
        ax.figure.legend(loc="outside lower center", ncols=2)
    return ax


def kl_heights(kl) -> np.ndarray:
    """Where `plot_largest_kl` puts each KL: 0 and infinity at the edges of the scale.

    Parameters
    ----------
    kl : array_like of numbers >= 0

    Returns
    -------
    array of floats

    Raises
    ------
    ValueError
        If a KL is negative or not a number.

    Examples
    --------
    >>> kl_heights([0.0, 0.5, np.inf])
    array([2.5e-04, 5.0e-01, 4.0e+01])
    """
    kl = np.asarray(kl, dtype=float)
    if not (kl >= 0).all():
        raise ValueError(f"kl has {kl[~(kl >= 0)][0]}, expected numbers of at least 0")
    inside = np.clip(kl, LEAST_KL, MOST_KL)
    return np.where(kl == 0, NONE_KL, np.where(np.isinf(kl), INFINITE_KL, inside))


@mpl.rc_context(HOUSE)
def plot_ratios(
    ratios, outside, epsilon: float, most: float = 4.0, title: str = "", ax: Axes | None = None
) -> Axes:
    """Draw the ratios new / old of one step, a column a state, over the clipping range.

    Parameters
    ----------
    ratios : (s, A) array
        Infinite ones stand at the upper edge.
    outside : (s, A) array of bool
        Which are outside the range: these are filled.
    epsilon : float in (0, 1)
        Half-width of the range, drawn as a band.
    most : float
        The largest number on the scale.
    title : str
    ax : matplotlib Axes, optional

    Raises
    ------
    ValueError
        If the arrays differ in shape, a finite ratio is not on the scale, or `epsilon` is not
        between 0 and 1.

    Examples
    --------
    >>> ax = plot_ratios([[1.1, 0.5]], [[False, True]], 0.2)
    >>> ax.get_ylabel(), [text.get_text() for text in ax.get_yticklabels()][-1]
    ('new / old', '∞')
    """
    ratios, outside = np.asarray(ratios, dtype=float), np.asarray(outside, dtype=bool)
    check_shape(outside, ratios.shape, "outside")
    finite = ratios[np.isfinite(ratios)]
    if finite.size and not 0 <= finite.min() <= finite.max() <= most + 1e-9:
        raise ValueError(f"ratios go from {finite.min()} to {finite.max()}, the scale to {most}")
    if not 0 < check_number(epsilon, "epsilon") < 1:
        raise ValueError(f"epsilon is {epsilon}, expected a number between 0 and 1")
    ax = axes(3.3, 2.6) if ax is None else ax
    top = most + 0.7
    ax.axhspan(1 - epsilon, 1 + epsilon, color=GREY, alpha=0.35, linewidth=0)
    ax.axhline(1, color=INK, linewidth=0.8)
    state = np.broadcast_to(np.arange(1, len(ratios) + 1)[:, None], ratios.shape)
    style = style_of("PPO, min-KL")
    # one collection, so that the frames of an explorer have the same elements
    ax.scatter(
        state.ravel(), np.where(np.isinf(ratios), top, ratios).ravel(), s=25, clip_on=False,
        facecolors=[style.color if each else "none" for each in outside.ravel()],
        edgecolors=style.color,
    )  # fmt: skip
    ax.set(xlim=(0.5, len(ratios) + 0.5), ylim=(-0.3, top + 0.3), title=title)
    ax.set(xlabel="state", ylabel="new / old")
    whole = list(range(int(most) + 1))
    ax.set_yticks([*whole, top], [*map(str, whole), "∞"])
    ax.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    return ax
