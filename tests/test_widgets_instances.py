from itertools import islice

import numpy as np
import pytest

from mirrorbook import (
    ALGORITHMS,
    evaluate,
    expected_return,
    games,
    mirror_learning,
    policies,
    solve_optimal,
)
from mirrorbook.widgets import instances_explorer

NAMES = ("GPI", "TRPO", "PPO, min-KL", "PPO-KL", "MDPO")
GAMES = {"single step": games.single_step(), "five tables": games.tabular()}
STEPS = 10


def learn(mdp, name, n=STEPS):
    return list(islice(mirror_learning(mdp, policies.uniform(mdp), ALGORITHMS[name]), n))


@pytest.fixture(scope="module")
def runs():
    return {game: {name: learn(mdp, name) for name in NAMES} for game, mdp in GAMES.items()}


@pytest.fixture(scope="module")
def explorer(runs):
    return instances_explorer(runs, iterations=(0, 1, 2, 5, 10), start=3)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("game", GAMES)
def test_the_sentence_is_right(explorer, runs, game, name):
    mdp, steps = GAMES[game], runs[game][name]
    met = [steps[0].pi_old, *(step.pi for step in steps)]
    best = solve_optimal(mdp)
    gaps = [(best.v - evaluate(mdp, pi).v).max() for pi in met]
    arrived = next((n for n, gap in enumerate(gaps) if gap < 1e-6), None)
    for n in (0, 1, 5, 10):
        said = explorer.describe(game, name, n).replace("−", "-")
        earned = round(expected_return(mdp, met[n]), 9) + 0.0  # not -0.00
        assert f"the return is {earned:.2f};" in said
        assert f"the optimum is {expected_return(mdp, best.pi):.2f}." in said
        spent = sum(step.drift for step in steps[:n])
        assert f"Drift spent so far: {spent:.3f}." in said
        assert ("Not optimal within 10 updates." in said) == (arrived is None)
        if arrived is not None:
            assert f"after {arrived} update" in said


def test_the_curve_of_the_chosen_one_is_drawn_over_all_others(explorer, runs):
    (still, curve, moving), board = explorer.draw("five tables", "PPO-KL", 2)
    assert len(still.lines) == 1 + len(NAMES)
    returns = [
        expected_return(GAMES["five tables"], step.pi) for step in runs["five tables"]["PPO-KL"]
    ]
    solid, dotted = curve.lines
    np.testing.assert_allclose(solid.get_ydata()[1:], returns)
    assert dotted.get_ydata()[0] == solid.get_ydata()[0]
    assert not solid.get_marker()  # with marks, frames of some algorithms would share nothing
    assert moving.lines[-1].get_xdata()[0] == 2
    assert curve.get_ylim() == still.get_ylim() and len(board.texts) == 7


def test_it_starts_where_it_is_told(explorer):
    assert explorer.controls["algorithm"].start == 3


def test_runs_that_do_not_fit_together_are_refused(runs):
    short = {"five tables": {name: steps[:3] for name, steps in runs["five tables"].items()}}
    with pytest.raises(ValueError, match="3, 10 steps"):
        instances_explorer({**runs, **short})
    with pytest.raises(ValueError, match="same algorithms"):
        instances_explorer({**runs, "single step": {"GPI": runs["single step"]["GPI"]}})
