"""A walk on the graph of policies of the trap game, and its budget (chapter `policy_dag`)."""

from functools import cache, lru_cache
from itertools import islice

import numpy as np

from ...algorithms import Algorithm
from ...counterexamples import trap_game
from ...distributions import fixed
from ...drifts import L2Squared, TVSquared
from ...evaluation import expected_return
from ...learning import mirror_learning
from ...neighbourhoods import StatewiseBall
from ...plots import (
    layer_over,
    plot_bill,
    plot_landscape,
    plot_path,
    plot_policy_edges,
    plot_policy_graph,
    short_number,
)
from ...plots.styles import BLUE
from ...policy_dag import PolicyDAG, best_among, grid_policies
from ..controls import Choice, Range
from ..explorer import Explorer

STARTS = {
    "(0.4, 0)": (0.4, 0.0),
    "(0.2, 0.2)": (0.2, 0.2),
    "(0, 0)": (0.0, 0.0),
    "(1, 0)": (1.0, 0.0),
}
RESOLUTION, STEPS = 5, 9
SCALES = {"xlim": (-0.2, STEPS - 0.8), "ylim": (-0.3, 9)}
LEVELS = [1, 2, 3, 4, 5, 6, 7, 8]
ROUNDING = 1e-9
"""A step of exactly the radius stays in the ball, whatever its last bit."""


def path_explorer() -> Explorer:
    """A walk of mirror learning on the grid of policies of the trap game, and what it weighs.

    Returns
    -------
    Explorer
        The edges that leave the policies visited, and the walk, over the returns; beside it what
        was gained and what was charged, under the budget. Controls are the start, the radius of
        the neighbourhood (TV in every state) and the weight of the drift, an L2².

    Examples
    --------
    >>> print(path_explorer().describe(start=(0.4, 0.0), radius=0.2, weight=2.0))
    6 edges, return 0.5 to 8.2. The path weighs 0.72 of a budget of 7.72 (9%).
    It ends at the optimum.
    """
    game = trap_game()
    vertices = grid_policies(game, RESOLUTION)
    places = vertices[:, :2, 1]

    def algorithm(radius, weight):
        ball = StatewiseBall(TVSquared(), (radius + ROUNDING) ** 2)
        return Algorithm(weight * L2Squared(), ball, fixed(game.d0))

    @lru_cache(maxsize=64)
    def graph(radius):
        return PolicyDAG(game, vertices, algorithm(radius, 1.0))

    @lru_cache(maxsize=256)
    def walk(start, radius, weight):
        first = int(np.abs(places - start).max(axis=1).argmin())
        rule = algorithm(radius, weight)
        steps = mirror_learning(game, vertices[first], rule, solver=best_among(vertices))
        path, weights = [first], []
        for step in islice(steps, STEPS):
            vertex = int(np.abs(vertices - step.pi).max(axis=(1, 2)).argmin())
            if vertex == path[-1]:
                break
            path.append(vertex)
            weights.append(step.drift)
        return path, weights

    @cache
    def still():
        side = np.linspace(0, 1, 41)
        returns = [[expected_return(game, policy(x, y)) for x in side] for y in side]
        names = ("probability of b", "probability of d")
        return plot_policy_graph(places, ax=plot_landscape(side, side, returns, LEVELS, names))

    @cache
    def frame():
        ax = plot_bill([0.0], 9.0, [0.0])
        ax.lines[0].set_ydata([np.nan, np.nan])  # every walk has a budget of its own
        ax.set(**SCALES, ylabel="units of reward, so far")
        return ax

    def draw(start, radius, weight):
        dag, (path, weights) = graph(radius), walk(start, radius, weight)
        fans = [(i, j) for i in path for j in dag.out_edges(i)[0]]
        over = layer_over(still())
        plot_policy_edges(places, fans, color=BLUE, heads=False, ax=over)
        plot_path(places[path], optimum=(1, 1), ax=over)
        gained, budget = dag.eta[path] - dag.eta[path[0]], dag.eta.max() - dag.eta[path[0]]
        bill = np.cumsum([0, *weights]).round(6)
        lines = plot_bill(bill, budget, gained.round(6), legend=False, ax=layer_over(frame()))
        lines.set(**SCALES)
        return [still(), over], [frame(), lines]

    def describe(start, radius, weight):
        dag, (path, weights) = graph(radius), walk(start, radius, weight)
        leaving = len(dag.out_edges(path[-1])[0])
        budget, count = dag.eta.max() - dag.eta[path[0]], len(weights)
        earned = " to ".join(short_number(dag.eta[i]) for i in dict.fromkeys((path[0], path[-1])))
        said = (
            f"{count or 'No'} edge{'' if count == 1 else 's'}, return {earned}. The path weighs "
            f"{sum(weights):.2f} of a budget of {budget:.2f} ({sum(weights) / budget:.0%})."
        )
        if path[-1] in dag.best:
            return said + "\nIt ends at the optimum."
        if leaving == 0:
            return said + "\nIt is stuck: the radius is smaller than a step of the grid."
        return (
            said + f"\nIt is stuck, though {leaving} edges lead on: each costs more than it earns."
        )

    controls = {
        "start": Choice("Start (b, d)", STARTS),
        "radius": Range("Radius of N, in TV", [0.1, 0.2, 0.4, 1.0], (0.05, 1.0, 0.05), start=1),
        "weight": Range("Weight c of the drift", [0.5, 2, 8, 30], (0.5, 40, 0.5), start=1),
    }
    alt = (
        "The return of the trap game as contours over its two probabilities, a grid of policies, "
        "the edges that leave those visited, and the walk. Beside it what was gained and what was "
        "charged so far, under the budget."
    )
    return Explorer(draw, describe, controls, alt=alt)


def policy(x, y):
    """The policy that plays b with probability x and d with probability y."""
    return np.array([[1 - x, x], [1 - y, y], [0.5, 0.5]])
