"""Policy, value and Q-iteration on a game, iteration by iteration (chapter `gpi`)."""

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import islice

import numpy as np

from ... import policies
from ...algorithms import ALGORITHMS
from ...evaluation import evaluate, expected_return
from ...learning import mirror_learning, q_iteration
from ...mdp import MDP
from ...planning import solve_optimal
from ...plots import plot_game_values, plot_stars, short_number
from ..controls import Choice, Range
from ..explorer import Explorer

LAST = 30  # iteration of the live face
SHOWN = {
    "Policy iteration": "The numbers are what the policy is worth.",
    "Value iteration": "The numbers are what its greedy policy is worth.",
    "Q-iteration": "The numbers are what it believes, the largest Q in each state.",
}


def iterations_explorer(
    games: Mapping[str, MDP], iterations: Sequence[int] = range(14), start: int = 0
) -> Explorer:
    """What policy iteration, value iteration and Q-iteration have reached after n iterations.

    Policy iteration starts from uniform play, the other two from the value 0 everywhere. A greedy
    policy shares ties equally. A star marks each state in which the policy earns V*.

    Parameters
    ----------
    games : mapping from name to MDP
        Each with a layout.
    iterations : increasing sequence of ints from 0 to 30
        The stops of the static face.
    start : int
        Index of the game shown first.

    Returns
    -------
    Explorer
        Controls are the game, the algorithm and the iteration.

    Examples
    --------
    >>> from mirrorbook.games import gridworld
    >>> explorer = iterations_explorer({"grid": gridworld()})
    >>> print(explorer.describe(gridworld(), "Policy iteration", 1))
    After 1 iteration the policy returns −51.0; the optimum is −7.4.
    10 of 19 states are optimal. The largest advantage left is 93.0.
    The numbers are what the policy is worth.
    """
    best = cache(solve_optimal)

    @cache
    def reached(mdp, algorithm):
        """The policies, and the numbers drawn with them."""
        uniform = policies.uniform(mdp)
        if algorithm == "Policy iteration":
            steps = islice(mirror_learning(mdp, uniform, ALGORITHMS["GPI"]), LAST)
            met = [uniform, *(step.pi for step in steps)]
            return met, [evaluate(mdp, pi).v for pi in met]
        q = [np.zeros(uniform.shape), *islice(q_iteration(mdp), LAST + 1)]
        met = [_greedy(each) for each in q]
        if algorithm == "Q-iteration":
            return met, [each.max(axis=1) for each in q]
        return met[1:], [evaluate(mdp, pi).v for pi in met[1:]]

    def optimal(mdp, pi):
        return best(mdp).v - evaluate(mdp, pi).v <= 1e-9 * (1 + np.abs(best(mdp).v))

    def draw(game, algorithm, iteration):
        pi, numbers = (found[iteration] for found in reached(game, algorithm))
        ends = evaluate(game, policies.uniform(game)).v, best(game).v
        low, high = (end[~game.terminal] for end in ends)
        ax = plot_game_values(game, numbers, pi, limits=(low.min(), high.max()))
        return plot_stars(game, optimal(game, pi) & ~game.terminal, ax)

    def describe(game, algorithm, iteration):
        pi, playing = reached(game, algorithm)[0][iteration], ~game.terminal
        found = (expected_return(game, each) for each in (pi, best(game).pi))
        earned, most = map(short_number, found)
        right, all_states = optimal(game, pi)[playing].sum(), np.count_nonzero(playing)
        left = short_number(max(0.0, evaluate(game, pi).adv[playing].max()))
        steps = f"{iteration} iteration" + ("" if iteration == 1 else "s")
        return (
            f"After {steps} the policy returns {earned}; the optimum is {most}.\n"
            f"{right} of {all_states} state{'s are' if all_states > 1 else ' is'} optimal. "
            f"The largest advantage left is {left}.\n"
            f"{SHOWN[algorithm]}"
        )

    controls = {
        "game": Choice("Game", games, start=start),
        "algorithm": Choice("Algorithm", list(SHOWN)),
        "iteration": Range("Iteration", list(iterations), live=(0, LAST, 1)),
    }
    alt = "A game: each cell shows a number, the greedy actions, and a star where they are optimal."
    return Explorer(draw, describe, controls, alt=alt)


def _greedy(q):
    """Equal shares for the actions of largest value in each row."""
    best = q >= q.max(axis=1, keepdims=True) - 1e-9
    return best / best.sum(axis=1, keepdims=True)
