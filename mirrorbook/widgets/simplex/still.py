"""The first frame of the simplex, drawn by the package: for readers without JavaScript."""

from functools import cache

import numpy as np

from ...mirror import objective
from ...plots import (
    DRIFT,
    INK,
    plot_simplex_contours,
    plot_simplex_region,
    plot_simplex_step,
    short_number,
    simplex_axes,
    simplex_grid,
    style_of,
)
from ...plots.styles import GREY
from ...updates import UpdateProblem

LEVELS = np.arange(-10, 21) / 10
DRIFT_LEVELS = 0.02 * 2.0 ** np.arange(8)
"""Where level lines of the objective and of the drift lie, in both faces."""

grid = cache(simplex_grid)


def draw(actions, problem: UpdateProblem, new, contours: str):
    """Draw one step of one state, as the module in the page does.

    Parameters
    ----------
    actions : three strings
    problem : UpdateProblem
        Of one state with three actions.
    new : (3,) array
        Its solution.
    contours : str
        "both", "objective F", "drift D" or "none".

    Returns
    -------
    matplotlib Axes
    """
    (old,), (adv,), drift = problem.old, problem.adv, problem.drift
    ax = simplex_axes(actions, adv)
    for text, advantage in zip(ax.texts[-3:], adv, strict=True):  # one digit more
        text.set_text(f"A = {short_number(advantage, 2)}")
    p = grid(60)
    from_old, with_adv = np.broadcast_to(old, p.shape), np.broadcast_to(adv, p.shape)
    distance = getattr(problem.neighbourhood, "distance", None)
    if distance is not None:
        covered = distance.value(p, from_old, with_adv)
        colour = style_of(distance).color
        plot_simplex_region(covered, problem.neighbourhood.radius, color=colour, ax=ax)
    if contours in ("both", "objective F"):
        f = np.array([objective(row[None], *_terms(problem)) for row in p])
        plot_simplex_contours(f, LEVELS, color=GREY, ax=ax)
        plot_simplex_contours(f, [0], color=INK, ax=ax)
    if contours in ("both", "drift D") and drift.positive | drift.needs_adv and drift.scale:
        charge = drift.value(p, from_old, with_adv) / drift.scale
        colour, dots = style_of(drift).color, DRIFT["linestyle"]
        plot_simplex_contours(charge, DRIFT_LEVELS, color=colour, linestyle=dots, ax=ax)
    return plot_simplex_step(old, new, ax=ax)


def _terms(problem):
    return problem.old, problem.adv, problem.drift, problem.beta, problem.nu
