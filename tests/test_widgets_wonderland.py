import gzip
import re

import numpy as np
import pytest

from mirrorbook import as_drift, check_drift, drifts, games
from mirrorbook.widgets import designer_explorer

GAMES = {"single step": games.single_step(), "five tables": games.tabular()}


def make(power, gains, relative):
    """A loss to a power, and gains with it if they count."""
    if power == 1:
        return (1 + gains) * drifts.TotalVariation()
    if relative:
        return drifts.ChiSquaredNewOld() if gains else drifts.OneSidedChiSquared()

    def lost(new, old):
        return np.where(new > old, gains * (new - old), old - new)

    return as_drift(
        lambda new, old: (lost(new, old) ** power).sum(axis=1),
        lambda new, old: power * np.where(new > old, gains, -1) * lost(new, old) ** (power - 1),
        separable=True,
        convex=True,
    )


@pytest.fixture(scope="module")
def explorer():
    return designer_explorer(make, GAMES)


def test_the_static_face_is_small_and_the_same_on_every_run(explorer):
    assert len(explorer.html) < 300_000
    assert len(gzip.compress(explorer.html.encode())) < 60_000
    assert designer_explorer(make, GAMES).html == explorer.html


def test_the_verdict_is_the_certifiers(explorer):
    begins = {
        "closed simplex": "A drift on the whole simplex",
        "open simplex": "A drift between policies that play every action",
        "nowhere": "No drift",
    }
    seen = set()
    for values in explorer.grid:
        design = {name: values[name] for name in ("power", "gains", "relative")}
        domain = check_drift(make(**design)).domain
        assert explorer.describe(**values).startswith(begins[domain])
        seen.add(domain)
    assert seen == set(begins)


def test_a_boundary_fault_is_named(explorer):
    said = explorer.describe(power=2, gains=1, relative=True, weight=1, game="five tables")
    assert "At the boundary not: finite, flat, continuous." in said


def shares(said):
    return [float(number) for number in re.findall(r"([\d.]+) %", said)]


def test_how_far_a_run_comes(explorer):
    """L2² races against itself, and a steep charge of a large weight does not move."""
    same = explorer.describe(power=2, gains=1, relative=False, weight=10, game="five tables")
    mine, rival, _ = shares(same)
    assert mine == rival > 99
    steep = explorer.describe(power=1, gains=1, relative=False, weight=10, game="single step")
    assert shares(steep)[0] == 0


def test_a_kernel_draws_any_design(explorer):
    panels = explorer.draw(power=2.5, gains=0.5, relative=False, weight=3.0, game="single step")
    assert len(panels) == 2
