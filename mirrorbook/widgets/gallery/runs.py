"""Runs of mirror learning, step by step, with the certificate of each step (chapter `theorem`)."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from ... import policies
from ...algorithms import Algorithm
from ...certify.step import facts_of
from ...distributions import uniform, worst_state
from ...drifts import KLOldNew, L2Squared, Zero
from ...evaluation import evaluate
from ...learning import mirror_learning
from ...mdp import MDP
from ...neighbourhoods import AllPolicies, AverageBall
from ...planning import solve_optimal
from ...plots import (
    certificate_axes,
    layer_over,
    plot_certificate,
    plot_game_values,
    short_number,
)
from ..controls import Choice, Range
from ..explorer import Explorer
from .boards import check_boards, counted

LAST = 40  # step of the live face
DRIFTS = {
    "L2²": (L2Squared(), None),
    "KL(old, new)": (KLOldNew(), None),
    "no drift": (Zero(), None),
    "worst-state KL (TRL)": (KLOldNew(), worst_state),
}
"""Drift, and the distribution that it is charged with (None: equal to beta)."""

NEIGHBOURHOODS = {"all policies": False, "ball of KL(old, new)": True}
"""Whether there is a ball. No drift in it is TRPO, without it GPI."""


class Row(NamedTuple):
    """What one step did in the states where there is something to decide, (n,) arrays."""

    charged: np.ndarray
    earned: np.ndarray
    rise: np.ndarray
    broken: np.ndarray
    spent: float  # E_beta of what the rows earn, F_n + D_n


def update(drift, nu, in_ball: bool, weight: float, radius: float) -> Algorithm:
    """One of the explorer's updates, with beta uniform.

    Parameters
    ----------
    drift : Drift
    nu : callable or None
        What it is charged with. The worst state's charge has no ball: two nested searches a row
        would take minutes.
    in_ball : bool
        Whether the step stays in the ball of average KL(old, new).
    weight : float
        Of the drift, in units of reward.
    radius : float
        Of the ball.

    Returns
    -------
    Algorithm
    """
    ball = AverageBall(KLOldNew(), radius) if in_ball and nu is None else AllPolicies()
    return Algorithm(weight * drift, ball, uniform, nu=nu)


def runs_explorer(
    games: Mapping[str, MDP], steps: Sequence[int] = (0, 1, 2, 4, 9), start: int = 0
) -> Explorer:
    """A run as a living picture, and beside it the certificate of the step that comes next.

    Runs start from uniform play, and beta is uniform.

    Parameters
    ----------
    games : mapping from name to MDP
        Each with a layout.
    steps : increasing sequence of ints from 0 to 40
        The stops of the static face.
    start : int
        Index of the game shown first.

    Returns
    -------
    Explorer
        Controls are the game, the drift, the neighbourhood and the step; with a kernel also the
        weight of the drift and the radius of the ball.

    Raises
    ------
    TypeError, ValueError
        If `games` is no mapping, or one of them is no MDP with a layout.

    Examples
    --------
    >>> from mirrorbook.games import tabular
    >>> explorer = runs_explorer({"five tables": tabular()})
    >>> print(explorer.describe(tabular(), (Zero(), None), False, 0, 20, 0.05))
    Step 0 takes the return from 0.0 to 9.8; the optimum is 9.8.
    In 5 of 5 states: charged ≤ earned ≤ rise of V.
    On average a row earns 3.26 and is charged 0.00.
    Earned so far: 3.3 of a budget of 9.8.
    """
    check_boards(games)

    @lru_cache(maxsize=64)
    def learn(game, algorithm):
        return _Certified(game, mirror_learning(game, policies.uniform(game), algorithm))

    def run(game, drift, in_ball, weight, radius):
        return learn(game, update(*drift, in_ball, weight, radius))

    @lru_cache(maxsize=16)
    def still(game):
        order = _reading_order(game)
        return certificate_axes([game.state_names[s] for s in order], _decades(game))

    @lru_cache(maxsize=64)
    def panels(facts):
        game = facts.mdp
        below, order, row = still(game), _reading_order(game), _row(facts)
        over = layer_over(below)
        plot_certificate(*(each[order] for each in row[:4]), _decades(game), ax=over)
        ends = evaluate(game, policies.uniform(game)).v, solve_optimal(game).v
        low, high = (end[~game.terminal] for end in ends)
        limits = low.min(), high.max()
        return plot_game_values(game, facts.v_old, facts.problem.old, limits), [below, over]

    def draw(game, drift, in_ball, step, weight, radius):
        return panels(run(game, drift, in_ball, weight, radius).facts(step))

    def describe(game, drift, in_ball, step, weight, radius):
        chosen = run(game, drift, in_ball, weight, radius)
        facts = chosen.facts(step)
        found = _row(facts)
        playing = ~game.terminal
        before, after, best = (
            short_number(float(game.d0 @ v)) for v in (facts.v_old, facts.v_new, chosen.best)
        )
        right, count = (~found.broken[playing]).sum(), np.count_nonzero(playing)
        spent = sum(_row(chosen.facts(n)).spent for n in range(step + 1))
        budget = float(facts.problem.beta @ (chosen.best - chosen.facts(0).v_old))
        without = "(The worst state's charge is shown without a ball.)\n"
        return (without if in_ball and drift[1] else "") + (
            f"Step {step} takes the return from {before} to {after}; the optimum is {best}.\n"
            f"In {right} of {counted(count, 'state')}: charged ≤ earned ≤ rise of V."
            f"\nOn average a row earns {short_number(found.spent, 2)} and is charged "
            f"{short_number(facts.total, 2)}.\n"
            f"Earned so far: {short_number(spent)} of a budget of {short_number(budget)}."
        )

    controls = {
        "game": Choice("Game", games, start=start),
        "drift": Choice("Drift", DRIFTS),
        "in_ball": Choice("Neighbourhood", NEIGHBOURHOODS),
        "step": Range("Step", list(steps), live=(0, LAST, 1)),
        "weight": Range("Weight of the drift", [20.0], live=(1.0, 100.0, 1.0)),
        "radius": Range("Radius of the ball", [0.05], live=(0.005, 0.5, 0.005)),
    }
    alt = (
        "A game with the values and moves of the policy before a step, and a line for each state: "
        "what its row is charged, what it earns, and how much its value rises."
    )
    return Explorer(draw, describe, controls, alt=alt)


class _Certified:
    """A run and the numbers of its steps, found when they are asked for."""

    def __init__(self, game, steps):
        self.steps, self.best, self._facts = steps, solve_optimal(game).v, []

    def facts(self, n):
        """The terms of step n; a run at rest repeats its last step."""
        while len(self._facts) <= n:
            last = self._facts[-1] if self._facts else None
            at_rest = last is not None and np.array_equal(last.pi, last.problem.old)
            self._facts.append(last if at_rest else facts_of(next(self.steps)))
        return self._facts[n]


def _row(facts):
    """The certificate of a step; an order that fails by less than rounding is not broken."""
    excess = np.maximum(facts.cost - facts.gain, facts.gain - facts.rise)
    spent = float(facts.problem.beta @ facts.gain)
    return Row(facts.cost, facts.gain, facts.rise, excess > facts.tolerance, spent)


def _reading_order(game):
    """The states in which there is something to decide, as one reads the board."""
    playing = np.flatnonzero(~game.terminal)
    x, y = game.layout.positions[playing].T
    return playing[np.lexsort((x, -y))]


@lru_cache(maxsize=16)
def _decades(game):
    """Powers of ten from a thousandth to what there is to gain in a state."""
    left = solve_optimal(game).v - evaluate(game, policies.uniform(game)).v
    return -3, int(np.ceil(np.log10(left.max())))
