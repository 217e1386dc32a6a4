"""Pictures of games, policies and learning: everything is drawn here, nothing is computed.

ax = plot_game_values(mdp, evaluate(mdp, pi).v, pi)      draw; every `plot_x` returns its Axes
Picture(ax, alt="The values grow towards the goal.")     show, as the last line of a cell
"""

from .boards import plot_game_values, short_number
from .curves import plot_iterate, plot_learning_curves, plot_legend, plot_shortfalls
from .picture import Picture
from .styles import DRIFT, INK, NEW, OLD, OPTIMUM, RETURN, STYLES, Style, axes, layer_over, style_of

__all__ = [
    "DRIFT",
    "INK",
    "NEW",
    "OLD",
    "OPTIMUM",
    "RETURN",
    "STYLES",
    "Picture",
    "Style",
    "axes",
    "layer_over",
    "plot_game_values",
    "plot_iterate",
    "plot_learning_curves",
    "plot_legend",
    "plot_shortfalls",
    "short_number",
    "style_of",
]
