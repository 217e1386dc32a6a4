"""Games as one sees them: cells where the layout puts them, values as colours, policies as arrows.

A cell's colour and number are the value of its state.  An arrow's length is the probability of its
action (a disc's width, for an action that stays; a bar's length where actions have no direction),
in twentieths, which is less than a point: so that explorers can share what two frames have alike.
"""

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from ..mdp import MDP
from ..policies import check_policy
from ..simplex import check_finite, check_shape
from .styles import GREY, HOUSE, INK

COLOURS = mpl.colormaps["viridis"]
DARK, PALE = "#111111", "#ffffff"
GAP, REACH = 0.07, 0.28  # of a cell: where arrows begin, and how long a certain action's is


@mpl.rc_context(HOUSE)
def plot_game_values(
    mdp: MDP,
    v,
    pi=None,
    limits: tuple[float, float] | None = None,
    title: str = "",
    ax: Axes | None = None,
) -> Axes:
    """Draw a game with the value of each state and, if given, a policy.

    Parameters
    ----------
    mdp : MDP
        With a layout. Terminal states show their name, walls are grey.
    v : (S,) array
        The values, in units of reward.
    pi : (S, A) array, optional
        The policy whose arrows are drawn.
    limits : (lowest, highest), optional
        Values at the two ends of the colour scale; fix them to compare drawings. Default: the
        extremes of `v` over the states that are not terminal.
    title : str
    ax : matplotlib Axes, optional

    Raises
    ------
    ValueError
        If the game has no layout, or `v`, `pi` or `limits` do not fit.

    Examples
    --------
    >>> from mirrorbook import evaluate, games, policies
    >>> mdp = games.tabular()
    >>> pi = policies.uniform(mdp)
    >>> ax = plot_game_values(mdp, evaluate(mdp, pi).v, pi)
    >>> [text.get_text() for text in ax.texts][:2]
    ['left end', '−3.3']
    """
    if mdp.layout is None:
        raise ValueError("mdp has no layout: nobody knows where its states stand")
    v = check_finite(v, "v")
    check_shape(v, (mdp.n_states,), "v")
    low, high = _limits(v[~mdp.terminal]) if limits is None else _limits(limits)
    pi = None if pi is None else check_policy(pi, mdp)
    ax = _board(mdp.layout, title) if ax is None else ax
    for wall in mdp.layout.walls:
        _cell(ax, wall, GREY)
    for s, centre in enumerate(mdp.layout.positions):
        if mdp.terminal[s]:
            _cell(ax, centre, "none")
            _words(ax, centre, mdp.state_names[s], INK)
            continue
        fill = COLOURS((v[s] - low) / (high - low))
        ink = _readable_on(fill)
        _cell(ax, centre, fill)
        _words(ax, centre + (0, 0 if pi is None else 0.34), short_number(v[s]), ink)
        if pi is not None:
            _policy(ax, centre, pi[s], mdp, ink)
    return ax


def short_number(value: float) -> str:
    """A number with one decimal (none from 100 on) and a true minus sign.

    It is first rounded to nine decimals, so that 0.25 and what another processor makes of it in the
    last bit read the same.

    Examples
    --------
    >>> [short_number(x) for x in (9.7802, -0.01, -123.4)]
    ['9.8', '0.0', '−123']
    """
    value = round(round(float(value), 9), 1) + 0.0  # and -0.0 + 0.0 is 0.0
    return (f"{value:.1f}" if abs(value) < 100 else f"{value:.0f}").replace("-", "−")


def _limits(values):
    low, high = check_finite([np.min(values), np.max(values)], "limits")
    return (low, high) if low < high else (low - 0.5, low + 0.5)


def _board(layout, title):
    columns, rows = layout.shape
    width = min(5.0, max(3.6, 0.72 * columns))  # inches
    height = width * rows / columns
    strip = 0.3 if title else 0  # inches above the board
    figure = Figure(figsize=(width, height + strip), layout="none")
    ax = figure.add_axes((0, 0, 1, height / (height + strip)))
    ax.set(xlim=(-0.52, columns - 0.48), ylim=(-0.52, rows - 0.48), aspect="equal", title=title)
    ax.set_axis_off()
    return ax


def _cell(ax, centre, fill):
    ax.add_patch(Rectangle(centre - 0.5, 1, 1, facecolor=fill, edgecolor=INK, linewidth=0.8))


def _policy(ax, centre, probabilities, mdp, ink):
    moves = mdp.layout.moves
    if (moves != 0).all(axis=1).any():  # a slanted move: the actions of this game lead nowhere
        _bars(ax, centre, probabilities, mdp.action_names, ink)
        return
    here = mpl.transforms.Affine2D().translate(*(centre - (0, 0.12)))
    for move, probability in zip(moves, probabilities, strict=True):
        arrow = _arrow(move, REACH * round(20 * probability) / 20)
        ax.add_patch(PathPatch(arrow.transformed(here), facecolor=ink, linewidth=0))


def _words(ax, centre, text, color):
    ax.text(*centre, text.replace(" ", "\n"), color=color, ha="center", va="center", fontsize=10)


def _readable_on(fill):
    """Black or white, whichever has the higher contrast (WCAG's relative luminance)."""
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in fill[:3])
    return DARK if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18 else PALE


def _arrow(move, length):
    """A filled arrow away from the origin, or a disc on it for a move that goes nowhere."""
    distance = np.hypot(*move)
    if distance == 0:
        return Path.circle(radius=min(GAP, length / 2))
    head = min(0.12, length)
    tip = GAP + length
    upper = [(GAP, 0.018), (tip - head, 0.018), (tip - head, 0.5 * head), (tip, 0)]
    along, across = np.array(upper + [(x, -y) for x, y in upper[2::-1]]).T
    ahead = np.asarray(move) / distance
    return Path(np.outer(along, ahead) + np.outer(across, [-ahead[1], ahead[0]]))


def _bars(ax, centre, probabilities, names, ink):
    """A bar for each action, for games whose actions have no direction; full length is certain."""
    pitch = 0.62 / len(names)
    for a, (name, probability) in enumerate(zip(names, probabilities, strict=True)):
        y = centre[1] + 0.2 - a * pitch
        ax.text(centre[0] - 0.45, y, name, color=ink, va="center", fontsize=9)
        frame = {"height": 0.6 * pitch, "edgecolor": ink, "linewidth": 0.8}
        low = (centre[0] - 0.05, y - 0.3 * pitch)
        ax.add_patch(Rectangle(low, 0.48, facecolor="none", **frame))
        ax.add_patch(Rectangle(low, 0.48 * probability, facecolor=ink, **frame))
