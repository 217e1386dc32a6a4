import gzip
import re

import pytest

from mirrorbook.counterexamples import ADAPTIVE_TAU, COUNTEREXAMPLES, NECESSITY
from mirrorbook.widgets import hypotheses_explorer

MORE = ("nu cycle", "neighbourhood cycle", "doubling tau")
WORLDS = {each.name: each for each in NECESSITY} | {name: COUNTEREXAMPLES[name] for name in MORE}


@pytest.fixture(scope="module")
def explorer():
    return hypotheses_explorer(WORLDS)


def test_the_static_face_is_small_and_the_same_on_every_run(explorer):
    assert len(explorer.html) < 300_000
    assert len(gzip.compress(explorer.html.encode())) < 60_000
    assert hypotheses_explorer(WORLDS).html == explorer.html


@pytest.mark.parametrize("name", WORLDS)
@pytest.mark.parametrize("broken", [True, False])
def test_the_sentence_says_what_a_replay_finds(explorer, name, broken):
    world = WORLDS[name]
    seen = (world.replay if broken else world.replay_repaired)(5)
    said = explorer.describe(world=world, broken=broken, update=4)
    shown = re.match(r"After 4 updates the return is ([\d.]+);", said)
    assert float(shown[1]) == pytest.approx(seen.returns[4], abs=5.01e-4)
    assert f"the optimum is {seen.best_return:.3f}." in said
    fell = (seen.values[1:5] - seen.values[:4]).min() < -1e-9
    assert ("no value has fallen" in said) != fell
    assert ("gains nothing" in said) == (abs(seen.steps[4].objective) < 1e-12)


def test_every_hypothesis_makes_a_difference(explorer):
    for world in WORLDS.values():
        dropped, kept = (
            explorer.describe(world=world, broken=broken, update=20) for broken in (True, False)
        )
        assert dropped != kept and "no value has fallen" in kept


def test_one_update_is_singular(explorer):
    said = explorer.describe(world=WORLDS["negative drift"], broken=True, update=1)
    assert said.startswith("After 1 update the return is 0.000;")
    assert "some value has fallen by 1.00 in one update" in said


def test_a_world_without_a_repair_is_refused():
    with pytest.raises(ValueError, match=r"'adaptive'\] has no repaired algorithm"):
        hypotheses_explorer({"adaptive": ADAPTIVE_TAU})
