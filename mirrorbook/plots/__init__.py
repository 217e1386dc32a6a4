"""Pictures of games, policies and learning: everything is drawn here, nothing is computed.

Draw, and show what is drawn as the last line of a cell:

>>> from mirrorbook import evaluate, games, policies
>>> mdp = games.tabular()
>>> pi = policies.uniform(mdp)
>>> ax = plot_game_values(mdp, evaluate(mdp, pi).v, pi)
>>> Picture(ax, alt="The values grow towards the right.")
Picture: The values grow towards the right.

Every `plot_x` draws on the matplotlib Axes `ax` that it is given, or on new ones in the house style
(`axes`), and returns them.  Where a curve or a point is known by a drift, an algorithm or the name
of either, its colour and marker are those of `STYLES`; one that has no row there is a KeyError.
"""

from .atlas import plot_atlas
from .boards import plot_game_values, short_number
from .budget import plot_budget
from .certificate import certificate_axes, plot_certificate
from .clip import plot_charge, plot_clip
from .curves import plot_iterate, plot_learning_curves, plot_legend, plot_shortfalls
from .graphs import plot_bill, plot_policy_edges, plot_policy_graph
from .growth import plot_growth
from .histograms import plot_histogram
from .landscape import plot_landscape, plot_path
from .picture import Picture
from .returns import plot_returns, return_axes
from .simplex import plot_simplex_path, plot_simplex_step, simplex_axes, simplex_grid, to_plane
from .simplex_levels import plot_simplex_contours, plot_simplex_region
from .slices import plot_slices, slice_axes
from .sparklines import plot_sparklines
from .squares import plot_reach, plot_square_region, square_axes
from .stars import plot_stars
from .styles import DRIFT, INK, NEW, OLD, OPTIMUM, RETURN, STYLES, Style, axes, layer_over, style_of
from .trust_regions import plot_bound, plot_largest_kl, plot_ratios
from .water import plot_water_level

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
    "certificate_axes",
    "layer_over",
    "plot_atlas",
    "plot_bill",
    "plot_bound",
    "plot_budget",
    "plot_certificate",
    "plot_charge",
    "plot_clip",
    "plot_game_values",
    "plot_growth",
    "plot_histogram",
    "plot_iterate",
    "plot_landscape",
    "plot_largest_kl",
    "plot_learning_curves",
    "plot_legend",
    "plot_path",
    "plot_policy_edges",
    "plot_policy_graph",
    "plot_ratios",
    "plot_reach",
    "plot_returns",
    "plot_shortfalls",
    "plot_simplex_contours",
    "plot_simplex_path",
    "plot_simplex_region",
    "plot_simplex_step",
    "plot_slices",
    "plot_square_region",
    "plot_sparklines",
    "plot_stars",
    "plot_water_level",
    "return_axes",
    "short_number",
    "simplex_axes",
    "simplex_grid",
    "slice_axes",
    "square_axes",
    "style_of",
    "to_plane",
]
