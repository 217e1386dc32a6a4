"""The explorer of the chapter on neighbourhoods that has two states."""

import pytest

from mirrorbook.neighbourhoods import AverageBall, StatewiseBall
from mirrorbook.widgets import balls_explorer


@pytest.fixture(scope="module")
def explorer():
    return balls_explorer()


def test_a_ball_for_every_state_does_not_see_the_weights(explorer):
    said = {explorer.describe(StatewiseBall, weight, 0.1) for weight in (0.1, 0.9)}
    assert len(said) == 1


def test_a_ball_for_every_state_has_four_corners(explorer):
    edge = explorer.draw(StatewiseBall, 0.5, 0.1)[1].patches[0].get_path().vertices
    low, high = edge.min(axis=0), edge.max(axis=0)
    corners = {(x, y) for x in (low[0], high[0]) for y in (low[1], high[1])}
    assert corners <= {tuple(point) for point in edge}


def test_an_averaged_ball_lets_a_rare_state_go_further(explorer):
    rare, frequent = (explorer.describe(AverageBall, weight, 0.1) for weight in (0.1, 0.9))
    assert rare.startswith("State 1 goes from 0.30 to 0.77, a KL(old, new) of 0.494")
    assert frequent.startswith("State 1 goes from 0.30 to 0.53, a KL(old, new) of 0.110")
    assert rare.endswith("The weighted average is 0.100.")


def test_the_live_face_goes_between_the_stops(explorer):
    *_, weight, _, picture = explorer.live.children
    before = picture.value
    weight.value = 0.25
    assert picture.value != before
