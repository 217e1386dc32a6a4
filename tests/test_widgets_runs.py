import re

import numpy as np
import pytest

from mirrorbook import (
    AverageBall,
    evaluate,
    expected_return,
    games,
    mirror_step,
    policies,
    solve_optimal,
)
from mirrorbook.widgets import runs_explorer
from mirrorbook.widgets.gallery.runs import DRIFTS, NEIGHBOURHOODS, update

GAMES = {
    "Single step": games.single_step(),
    "Five tables": games.tabular(),
    "Grid": games.gridworld(),
}
TRL = "worst-state KL (TRL)"


@pytest.fixture(scope="module")
def explorer():
    return runs_explorer(GAMES, start=2)


def number(value, decimals=1):
    decimals = decimals if abs(value) < 99.95 else 0
    return f"{round(value, 9) + 0.0:.{decimals}f}".replace("-", "−")


@pytest.mark.parametrize("in_ball", NEIGHBOURHOODS.values(), ids=NEIGHBOURHOODS)
@pytest.mark.parametrize("drift", DRIFTS)
@pytest.mark.parametrize("name", GAMES)
def test_the_sentence_is_what_the_package_computes(explorer, name, drift, in_ball):
    mdp, pi = GAMES[name], policies.uniform(GAMES[name])
    best, first = solve_optimal(mdp), evaluate(mdp, pi).v
    algorithm = update(*DRIFTS[drift], in_ball, 20.0, 0.05)
    spent, playing = 0.0, ~mdp.terminal
    assert isinstance(algorithm.neighbourhood, AverageBall) == (in_ball and drift != TRL)
    for n in range(4):
        step = mirror_step(mdp, pi, algorithm)
        earned = (step.pi * step.evaluation.adv).sum(axis=1)
        with np.errstate(invalid="ignore"):
            charged = step.nu / step.beta * step.problem.drift.value(step.pi, pi)
        rise = evaluate(mdp, step.pi).v - step.evaluation.v
        kept = (charged[playing] <= earned[playing] + 1e-7) & (earned <= rise + 1e-7)[playing]
        spent += step.beta @ earned
        said = explorer.describe(mdp, DRIFTS[drift], in_ball, n, 20.0, 0.05)
        etas = [number(expected_return(mdp, each)) for each in (pi, step.pi, best.pi)]
        assert f"from {etas[0]} to {etas[1]}; the optimum is {etas[2]}." in said
        assert ("without a ball" in said) == (in_ball and drift == TRL)
        assert f"In {kept.sum()} of {playing.sum()} state" in said
        mean = number(step.beta @ earned, 2)
        assert f"earns {mean} and is charged {number(step.drift, 2)}." in said
        budget = number(step.beta @ (best.v - first))
        assert said.endswith(f"Earned so far: {number(spent)} of a budget of {budget}.")
        pi = step.pi


def test_only_the_worst_state_charge_breaks_the_order(explorer):
    broken = dict.fromkeys(DRIFTS, 0)
    for values in explorer.grid:
        found = re.search(r"In (\d+) of (\d+)", explorer.describe(**values))
        broken[named(values["drift"])] += int(found[2]) - int(found[1])
    assert broken.pop(TRL) > 0
    assert set(broken.values()) == {0}


def named(drift):
    return next(name for name, parts in DRIFTS.items() if parts is drift)


def test_the_lines_stand_in_reading_order_and_carry_the_numbers(explorer):
    mdp = GAMES["Grid"]
    _, (below, over) = explorer.draw(mdp, DRIFTS["L2²"], False, 2, 20.0, 0.05)
    names = [label.get_text() for label in below.get_yticklabels()]
    assert names[:4] == ["(0, 4)", "(1, 4)", "(2, 4)", "(3, 4)"] and names[-1] == "(4, 0)"
    pi = policies.uniform(mdp)
    for _ in range(3):
        step = mirror_step(mdp, pi, update(*DRIFTS["L2²"], False, 20.0, 0.05))
        pi = step.pi
    earned = (step.pi * step.evaluation.adv).sum(axis=1)
    drawn = dict(zip(names, 10.0 ** over.lines[0].get_xdata(), strict=True))
    for s, name in enumerate(mdp.state_names):
        if not mdp.terminal[s]:
            assert drawn[name] == pytest.approx(max(earned[s], 1e-3), rel=1e-9)


def test_it_starts_with_the_first_update_on_the_grid(explorer):
    start = explorer.grid[explorer.start]
    assert start["game"] is GAMES["Grid"] and start["step"] == 0


def test_the_live_face_changes_weight_and_radius_too():
    live = runs_explorer({"Five tables": GAMES["Five tables"]}).live
    game, drift, ball, step, weight, radius, picture = live.children
    step.value = 15
    assert "Step 15 " in picture.value
    before = picture.value
    weight.value = 50
    assert picture.value != before
    drift.value, before = 2, picture.value
    assert picture.value != before
    ball.value, before = 1, picture.value
    assert picture.value != before
    radius.value, before = 0.02, picture.value
    assert picture.value != before
    radius.value = 0.01
    assert picture.value != before


def test_a_run_at_rest_shows_its_last_step_again(explorer):
    best = GAMES["Single step"], DRIFTS["no drift"], False
    one, other = (explorer.draw(*best, n, 20.0, 0.05) for n in (2, 9))
    assert one is other and one is not explorer.draw(*best, 0, 20.0, 0.05)
