"""The explorers of the chapter on trust regions."""

import numpy as np
import pytest

from mirrorbook import games, policies
from mirrorbook.trust_regions import Direction, random_walk
from mirrorbook.widgets import bound_explorer, ppo_explorer


def to(mdp, action):
    target = policies.deterministic(mdp, [action] * mdp.n_states)
    return Direction(mdp, policies.uniform(mdp), target)


@pytest.fixture(scope="module")
def bound():
    return bound_explorer(
        {"Tables": to(games.tabular(), 2), "Walk": to(random_walk(), 1)}, reaches=(1e-5, 0.1, 1.0)
    )


@pytest.fixture(scope="module")
def ppo():
    return ppo_explorer({"Tables": games.tabular()}, stops=(1, 3, 6))


@pytest.fixture(params=["bound", "ppo"])
def explorer(request):
    return request.getfixturevalue(request.param)


def test_the_live_face_goes_between_the_stops(ppo):
    *_, epsilon, step, picture = ppo.live.children
    before = picture.value
    epsilon.value, step.value = 0.9, 2
    assert picture.value != before
    assert "Step 2: the largest KL(old, new) is infinite" in picture.value
    epsilon.value, step.value = 0.2, 1
    assert picture.value == before


def test_it_starts_at_the_end_of_the_way(bound):
    assert bound.grid[bound.start]["reach"] == 1.0
    assert "the bound minus infinity" in bound.describe(**bound.grid[bound.start])


def test_what_is_said_of_the_walk(bound):
    walk = bound.controls["direction"].options["Walk"]
    said = bound.describe(walk, "mixed", 0.1)
    assert said == (
        "After 0.1 of the way the return has changed by −5.7. The surrogate says 0, the bound −2."
    )


def test_what_is_said_of_ppo(ppo):
    tables = ppo.controls["game"].options["Tables"]
    assert ppo.describe(tables, "min-kl", 0.2, 1) == (
        "Step 1: the largest KL(old, new) is 0.049. 4 of 15 ratios are outside the clip range.\n"
        "The return is 5.66; no value fell."
    )
    assert "infinite: an action is dropped" in ppo.describe(tables, "min-kl", 0.2, 6)


def test_frames_lie_exactly_over_each_other(ppo):
    values = ppo.grid[0]
    (still, moving), _ = ppo.draw(**values)
    np.testing.assert_allclose(still.get_position().bounds, moving.get_position().bounds)
    assert still.get_ylim() == moving.get_ylim() and moving.get_yscale() == "log"
