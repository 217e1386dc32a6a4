import json
import re

import numpy as np
import pytest

from mirrorbook.drifts import KLNewOld, KLOldNew, L2Squared, OneSidedKL, PPOClip, TotalVariation
from mirrorbook.neighbourhoods import AverageBall
from mirrorbook.updates import UpdateProblem, maximise
from mirrorbook.widgets import drift_explorer, neighbourhood_explorer, step_explorer
from mirrorbook.widgets.gallery.simplex import OLDS, VALUES

MAKES = {"drift": drift_explorer, "neighbourhood": neighbourhood_explorer, "step": step_explorer}
INSIDE, SIDE = OLDS["inside"], OLDS["on a side"]


@pytest.fixture(scope="module", params=MAKES)
def explorer(request):
    return MAKES[request.param]()


def data(explorer):
    source = re.search(r'<script type="application/json">(.*?)</script>', explorer.html)[1]
    return json.loads(source)


def numbers(sentence):
    return [float(n) for n in re.findall(r"−?\d+\.?\d*", sentence.replace("−", "-"))]


def test_the_live_face_follows_every_control(explorer):
    *handles, picture = explorer.live.children
    for handle, control in zip(handles, explorer.controls.values(), strict=True):
        before = picture.value
        handle.value = len(handle.options) - 1 if hasattr(handle, "options") else 0.25
        assert control.read(handle) in (0.25, control.values[-1])
        assert picture.value != before


# drifts


@pytest.mark.parametrize(
    ("drift", "old", "slopes"),
    [
        (KLOldNew(), INSIDE, "0.00 towards a, 0.00 towards b, 0.00 towards c: it starts flat."),
        (KLOldNew(), SIDE, "1.00 towards a, 0.00 towards b, 0.00 towards c: it does not start"),
        (KLNewOld(), SIDE, "infinite towards a, 0.00 towards b, 0.00 towards c: it does not"),
        (OneSidedKL(), SIDE, "0.00 towards a, 0.00 towards b, 0.00 towards c: it starts flat."),
        (TotalVariation(), INSIDE, "0.80 towards a, 0.70 towards b, 0.50 towards c: it does not"),
        (PPOClip(0.2), INSIDE, "0.00 towards a, 0.00 towards b, 0.00 towards c: it starts flat."),
        (PPOClip(0.2), SIDE, "0.70 towards a, 0.00 towards b, 0.00 towards c: it does not"),
    ],
)
def test_slopes_at_home_are_said(drift, old, slopes):
    assert f"At home its slope is {slopes}" in drift_explorer().describe(drift, old, 0.6, 0.75)


def test_the_cost_of_the_new_policy_is_said():
    said = drift_explorer().describe(L2Squared(), INSIDE, 0.6, 0.75)
    assert "The new policy (0.60, 0.30, 0.10) costs 0.32." in said  # 0.4^2 + 0 + 0.4^2
    assert "costs infinitely much" in drift_explorer().describe(KLNewOld(), SIDE, 0.5, 0.5)
    said = drift_explorer().describe(PPOClip(0.2), INSIDE, 0.5, 0.5)
    assert "PPO with Q = (1.00, 0.50, 0.00)" in said


# neighbourhoods


@pytest.mark.parametrize(
    ("kind", "radius", "ends"),
    [
        ("TV at most", 0.1, [0.1, 0.3, 0.2, 0.4, 0.4, 0.6]),
        ("every probability at least", 0.2, [0.2, 0.6, 0.2, 0.6, 0.2, 0.6]),
        # moving b and c alike: 3/2 x^2 = radius
        ("L2² at most", 0.015, [0.1, 0.3, 0.2, 0.4, 0.4, 0.6]),
    ],
)
def test_reach_by_hand(kind, radius, ends):
    said = neighbourhood_explorer().describe(kind, INSIDE, radius)
    np.testing.assert_allclose(numbers(said.split("A step")[1]), ends, atol=1e-9)


@pytest.mark.parametrize("drift", [KLOldNew(), KLNewOld()])
def test_reach_in_a_ball_of_a_divergence_ends_on_its_edge(drift):
    kind = {KLOldNew: "KL(old, new)", KLNewOld: "KL(new, old)"}[type(drift)] + " at most"
    said = neighbourhood_explorer().describe(kind, INSIDE, 0.1)
    for i, ends in enumerate(np.reshape(numbers(said.split("A step")[1]), (3, 2))):
        rest = np.delete(INSIDE, i) / (1 - INSIDE[i])  # the others keep their proportions
        for end in ends:
            new = np.insert((1 - end) * rest, i, end)
            assert drift.value(new[None], np.array([INSIDE]))[0] == pytest.approx(0.1, abs=0.015)


def test_a_soft_set_may_leave_the_old_policy_outside():
    explorer = neighbourhood_explorer()
    kind = "every probability at least"
    assert "which lies outside" in explorer.describe(kind, SIDE, 0.1)
    assert "which lies outside" not in explorer.describe(kind, INSIDE, 0.1)
    assert "which lies outside" not in explorer.describe("TV at most", SIDE, 0.1)


# steps


@pytest.mark.parametrize("number", [3, 40, 77, 120, 161])
def test_what_is_said_of_a_step_is_its_certificate(number):
    explorer = step_explorer()
    given = explorer.grid[number]
    old, one = np.array([given["old"]]), np.ones(1)
    adv = np.array([VALUES]) - old @ VALUES
    ball = AverageBall(KLOldNew(), given["radius"])
    step = maximise(UpdateProblem(adv, old, given["weight"] * given["drift"], ball, one, one))
    assert step.method == "exact" and step.certificate.gap < 1e-6
    found = numbers(explorer.describe(**given).split("goes from")[1])
    gained = float((step.pi * adv).sum())
    reached = step.certificate.objective
    expected = [*old[0], *step.pi[0], 0, reached, gained, gained - reached, step.multiplier]
    np.testing.assert_allclose(found, expected, atol=0.0051)


def test_explorers_take_other_policies():
    olds = {"mine": [0.1, 0.1, 0.8]}
    for make in MAKES.values():
        explorer = make(olds=olds)
        assert "(0.10, 0.10, 0.80)" in explorer.describe(**explorer.grid[explorer.start])
        with pytest.raises(ValueError, match=r"olds\['two'\] has shape \(2,\)"):
            make(olds={"two": [0.5, 0.5]})
    with pytest.raises(ValueError, match=r"values has shape \(2,\)"):
        step_explorer(values=(1, 2)).draw(**step_explorer().grid[0])
