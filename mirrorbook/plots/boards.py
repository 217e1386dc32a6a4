"""Games as one sees them: cells where the layout puts them, values as colours, policies as arrows.

A cell's colour and number are the value of its state.  An arrow's length is the probability of its
action (a disc's width, for an action that stays; a bar's length where actions have no direction),
in twentieths, which is less than a point: so that explorers can share what two frames have alike.
"""

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.figure import Figure
from matplotlib.path import Path

from ..mdp import MDP, check_board
from ..policies import check_policy
from ..simplex import check_finite, check_interval, check_shape
from .styles import GREY, HOUSE, INK

COLOURS = mpl.colormaps["viridis"]
DARK, PALE = "#010101", "#fefefe"  # not black and white, which follow the page
GAP, REACH = 0.07, 0.28  # of a cell: where arrows begin, and how long a certain action's is


@mpl.rc_context(HOUSE)
def plot_game_values(
    mdp: MDP,
    v,
    pi=None,
    limits: tuple[float, float] | None = None,
    title: str = "",
    ax: Axes | None = None,
    decimals: int = 1,
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
    decimals : int
        Of the numbers, see `short_number`; with none they are larger in narrow cells.

    Raises
    ------
    TypeError, ValueError
        If `mdp` is no MDP or has no layout, or `v`, `pi` or `limits` do not fit.

    Examples
    --------
    >>> from mirrorbook import evaluate, games, policies
    >>> mdp = games.tabular()
    >>> pi = policies.uniform(mdp)
    >>> ax = plot_game_values(mdp, evaluate(mdp, pi).v, pi)
    >>> [text.get_text() for text in ax.texts][1:-1]
    ['−6.7', '−3.4', '0.0', '3.4', '6.7']
    """
    check_board(mdp)
    v = check_finite(v, "v")
    check_shape(v, (mdp.n_states,), "v")
    if limits is not None:
        limits = check_interval(limits, "limits", "(lowest, highest)")
    low, high = _limits(v[~mdp.terminal] if limits is None else limits)
    pi = None if pi is None else check_policy(pi, mdp)
    ax = _board(mdp.layout, title) if ax is None else ax
    number_size = _number_size(mdp.layout, decimals)
    shapes = [_cell(wall, GREY) for wall in mdp.layout.walls]
    for s, centre in enumerate(mdp.layout.positions):
        if mdp.terminal[s]:
            shapes.append(_cell(centre, "none"))
            _write(ax, centre, mdp.state_names[s].replace(" ", "\n"), INK)
            continue
        fill = COLOURS(round((v[s] - low) / (high - low), 9))
        ink = _readable_on(fill)
        shapes.append(_cell(centre, fill))
        place = centre + (0, 0 if pi is None else 0.33)
        _write(ax, place, short_number(v[s], decimals), ink, fontsize=number_size)
        if pi is not None and _have_directions(mdp.layout.moves):
            shapes += _arrows(centre - (0, 0.12), pi[s], mdp.layout.moves, ink)
        elif pi is not None:
            shapes += _bars(ax, centre, pi[s], mdp.action_names, ink)
    paths, fills, edges, widths = zip(*shapes, strict=True)
    ax.add_collection(
        PathCollection(paths, facecolors=fills, edgecolors=edges, linewidths=widths, clip_on=False),
        autolim=False,
    )
    return ax


def short_number(value: float, decimals: int = 1) -> str:
    """A number with few decimals (none from 100 on) and a true minus sign.

    It is first rounded to nine decimals, so that 0.25 and what another processor makes of it in the
    last bit read the same.

    Examples
    --------
    >>> [short_number(x) for x in (9.7802, -0.01, -123.4)]
    ['9.8', '0.0', '−123']
    """
    decimals = decimals if abs(value) < 99.95 else 0
    rounded = round(round(float(value), 9), decimals) + 0.0  # and -0.0 + 0.0 is 0.0
    return f"{rounded:.{decimals}f}".replace("-", "−")


def _limits(values):
    low, high = check_finite([np.min(values), np.max(values)], "limits")
    return (low, high) if low < high else (low - 0.5, low + 0.5)


def _board_width(columns):
    return min(5.0, max(3.4, 0.68 * columns))  # inches; two grids fit side by side


def _number_size(layout, decimals):
    """As everywhere, unless −100, or −99.9 with its decimals, would crowd a narrow cell."""
    cell = 72 * _board_width(layout.shape[0]) / layout.shape[0]  # points
    return min(mpl.rcParams["font.size"], cell / (3.6 + decimals / 2))


def _board(layout, title):
    columns, rows = layout.shape
    width = _board_width(columns)
    height = width * rows / columns
    strip = 0.3 if title else 0  # inches above the board
    figure = Figure(figsize=(width, height + strip), layout="none")
    ax = figure.add_axes((0, 0, 1, height / (height + strip)))
    ax.set(xlim=(-0.52, columns - 0.48), ylim=(-0.52, rows - 0.48), aspect="equal", title=title)
    ax.set_axis_off()
    return ax


def _write(ax, place, text, ink, **options):
    centred = {"ha": "center", "va": "center"}
    ax.text(*place, text, color=ink, **{**centred, **options})


def _cell(centre, fill):
    return _rectangle(centre - 0.5, 1, 1), fill, INK, 0.8


def _rectangle(corner, width, height):
    outline = [(0, 0), (width, 0), (width, height), (0, height), (0, 0)]
    return Path(np.array(outline) + corner, closed=True)


def _have_directions(moves):
    """Whether actions lead up, down, left, right or nowhere; else they fan out and have names."""
    return not (moves != 0).all(axis=1).any()


def _readable_on(fill):
    """Black or white, whichever has the higher contrast (WCAG's relative luminance)."""
    red, green, blue = (
        c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in fill[:3]
    )
    return DARK if 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18 else PALE


def _arrows(centre, probabilities, moves, ink):
    """An arrow for each action; the impossible ones are points, so that drawings stay alike."""
    lengths = REACH * np.round(np.round(20 * probabilities, 6)) / 20
    outlines = [_arrow(*pair) for pair in zip(moves, lengths, strict=True)]
    return [(Path(outline + centre), ink, "none", 0) for outline in outlines]


def _arrow(move, length):
    """The outline of an arrow away from the origin, or of a disc if the move goes nowhere."""
    distance = np.hypot(*move)
    if length == 0:
        return np.zeros((1, 2))
    if distance == 0:
        angle = np.arange(12) * np.pi / 6
        return min(GAP, length / 2) * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    head, tip = min(0.12, length), GAP + length
    upper = [(GAP, 0.018), (tip - head, 0.018), (tip - head, 0.5 * head), (tip, 0)]
    along, across = np.array(upper + [(x, -y) for x, y in upper[2::-1]]).T
    ahead = np.asarray(move) / distance
    return np.outer(along, ahead) + np.outer(across, [-ahead[1], ahead[0]])


def _bars(ax, centre, probabilities, names, ink):
    """A bar for each action; full length is certainty."""
    bars = []
    pitch = 0.62 / len(names)
    for a, (name, probability) in enumerate(zip(names, probabilities, strict=True)):
        y = centre[1] + 0.2 - a * pitch
        _write(ax, (centre[0] - 0.45, y), name, ink, ha="left", fontsize=10)
        corner = (centre[0] - 0.05, y - 0.3 * pitch)
        for length, fill in ((0.48, "none"), (0.48 * probability, ink)):
            bars.append((_rectangle(corner, length, 0.6 * pitch), fill, ink, 0.8))
    return bars
