import gzip
import re

import pytest

from mirrorbook.widgets import Explorer, batch_explorer


@pytest.fixture(scope="module")
def explorer():
    return batch_explorer()


def shares(explorer, **values):
    found = re.search(
        r"steps (\d+) improve the policy and (\d+) makes?", explorer.describe(**values)
    )
    return int(found[1]), int(found[2])


def test_the_static_face_is_small_and_the_same_on_every_run(explorer):
    html = explorer.html
    assert len(html) < 300_000 and len(gzip.compress(html.encode())) < 60_000
    again = Explorer(explorer.draw, explorer.describe, explorer.controls, alt=explorer.alt)
    assert again.html == html


def test_exact_advantages_never_lose(explorer):
    for values in explorer.grid:
        if values["values"] == "advantage":
            assert shares(explorer, **values)[1] == 0


@pytest.mark.parametrize("game", ["single step", "five tables", "grid"])
@pytest.mark.parametrize("values", ["walked", "action value"])
def test_large_batches_improve(explorer, game, values):
    better, worse = shares(explorer, game=game, values=values, size=1024)
    assert better >= 94 and better + worse == 100


def test_on_the_grid_a_few_pairs_are_worse_than_one(explorer):
    one = shares(explorer, game="grid", values="walked", size=1)[0]
    assert one > shares(explorer, game="grid", values="walked", size=16)[0]
