"""The draggable simplex: its module computes what the package computes, and its two faces."""

import gzip
import itertools
import json
import re
from dataclasses import replace

import numpy as np
import pytest
import traitlets
from javascript import call

from mirrorbook import drifts
from mirrorbook.drifts import TotalVariation
from mirrorbook.neighbourhoods import AllPolicies, StatewiseBall
from mirrorbook.plots import simplex_grid
from mirrorbook.updates import UpdateProblem, ball, certify, classic, convex, maximise
from mirrorbook.widgets import SimplexExplorer
from mirrorbook.widgets.simplex.explorer import DISTANCES, DRIFTS, MODULE

TOLERANCE = 1e-12
INNER = simplex_grid(5)[(simplex_grid(5) > 0).all(axis=1)]
OLDS = np.vstack([INNER, [[0.98, 0.01, 0.01], [0.01, 0.495, 0.495]]])
VALUES = np.array([[-0.5, 0.2, 0.5], [0.93, -0.71, -0.77], [0.13, 0.05, -1.0]])
TIES = np.array([[0.5, 0.5, -1.0], [0.3, -0.5, -0.5], [0.2, 0.2, 0.2], [1.0, 0.0, -1.0]])
BALLS = [None, *DISTANCES]
SIZES = list(itertools.product((0.3, 1.0, 4.0), (0.003, 0.3)))  # weights and radii
EVERY_STEP = list(itertools.product(DRIFTS, BALLS, SIZES, ("values", "ties")))


def rows(values):
    """Every old policy with every row of values: (S, 3) each, and the advantages."""
    old, q = np.repeat(OLDS, len(values), axis=0), np.tile(values, (len(OLDS), 1))
    return old, q - (old * q).sum(axis=1, keepdims=True)


@pytest.fixture(scope="module")
def steps():
    """What the module answers: (drift, ball, sizes, values) -> new policies and multipliers."""
    given = []
    for drift, distance, (weight, radius), kind in EVERY_STEP:
        names = {"drift": drift, "weight": weight, "ball": distance, "radius": radius}
        old, adv = rows(VALUES if kind == "values" else TIES)
        given += [
            [{"old": o, "adv": a, **names}] for o, a in zip(old.tolist(), adv.tolist(), strict=True)
        ]
    found, answers = iter(call(MODULE, "mirrorStep", given)), {}
    for case in EVERY_STEP:
        n = len(OLDS) * len(VALUES if case[-1] == "values" else TIES)
        part = list(itertools.islice(found, n))
        answers[case] = tuple(
            np.array([each[name] for each in part]) for name in ("p", "multiplier")
        )
    return answers


def update(drift, distance, sizes, kind):
    """The same steps as one problem of the package."""
    old, adv = rows(VALUES if kind == "values" else TIES)
    weight, radius = sizes
    near = StatewiseBall(getattr(drifts, distance)(), radius) if distance else AllPolicies()
    share = np.full(len(old), 1 / len(old))
    return UpdateProblem(adv, old, weight * getattr(drifts, drift)(), near, share, share)


@pytest.fixture
def sharp(monkeypatch):
    """The package aims 5e-11 short of a ball's radius, to stay inside: here only 1e-14 short."""
    for function in (ball.multiplier, classic.maximise_classic):
        monkeypatch.setattr(function, "__defaults__", (1e-14,))
    monkeypatch.setattr(convex, "SAFETY", 1e-14)


# the module against the package


@pytest.mark.parametrize("drift", DRIFTS)
def test_drifts_and_objective_are_those_of_the_package(drift):
    p, weight = simplex_grid(12), 0.7
    old, adv = rows(VALUES)
    cost = getattr(drifts, drift)()
    given, charges, gains = [], [], []
    for o, a in zip(old, adv, strict=True):
        each = {"old": o.tolist(), "adv": a.tolist(), "drift": drift, "weight": weight}
        given += [[row, each] for row in p.tolist()]
        charge = cost.value(p, np.broadcast_to(o, p.shape), np.broadcast_to(a, p.shape))
        charges.append(charge)
        gains.append(p @ a - weight * charge)
    module = MODULE + "export const charge = (p, { drift, old, adv }) => COSTS[drift](p, old, adv);"
    for name, expected in (("charge", charges), ("objective", gains)):
        found = np.array(call(module, name, given), dtype=float)
        np.testing.assert_allclose(found, np.concatenate(expected), rtol=TOLERANCE, atol=TOLERANCE)


def test_advantages_are_centred():
    old, adv = rows(VALUES)
    given = [[q, o] for o in OLDS.tolist() for q in VALUES.tolist()]
    np.testing.assert_allclose(call(MODULE, "advantages", given), adv, atol=TOLERANCE)


@pytest.mark.parametrize("distance", BALLS)
@pytest.mark.parametrize("drift", DRIFTS)
def test_new_policies_are_those_of_the_package(steps, drift, distance, sharp):
    slow = distance and drift in ("PPOClip", "OneSidedKL")  # the certificates below test all sizes
    for sizes in SIZES[2:4] if slow else SIZES:
        problem, (new, _) = (
            update(drift, distance, sizes, "values"),
            steps[drift, distance, sizes, "values"],
        )
        if slow:
            some = slice(None, None, 4)
            old, adv, share = problem.old[some], problem.adv[some], problem.beta[some]
            problem = replace(problem, old=old, adv=adv, beta=share, nu=share)
            new = new[some]
        if distance == "TVSquared" and drift in ("PPOClip", "OneSidedKL"):
            # the same ball by a distance that is separable: then the package is exact here, too
            near = StatewiseBall(TotalVariation(), np.sqrt(problem.neighbourhood.radius))
            problem = replace(problem, neighbourhood=near)
        solution = maximise(problem)
        assert solution.method == "exact"
        np.testing.assert_allclose(new, solution.pi, rtol=0, atol=TOLERANCE)


@pytest.mark.parametrize("kind", ["values", "ties"])
@pytest.mark.parametrize("distance", BALLS)
@pytest.mark.parametrize("drift", DRIFTS)
def test_new_policies_are_certified(steps, drift, distance, kind):
    """Also where several are optimal: none has an objective larger by 1e-12."""
    for sizes in SIZES:
        problem = update(drift, distance, sizes, kind)
        new, multiplier = steps[drift, distance, sizes, kind]
        np.testing.assert_allclose(new.sum(axis=1), 1, rtol=0, atol=4e-16)
        assert (new >= 0).all()
        certificate = certify(problem, new, problem.beta * multiplier if distance else 0.0)
        assert certificate.gap * len(new) <= TOLERANCE  # of the sum over all rows
        assert certificate.infeasibility <= TOLERANCE


@pytest.mark.parametrize("drift", ["Zero", "PPOClip"])
def test_of_equally_good_policies_the_nearest_is_taken(steps, drift):
    for sizes in SIZES:
        nearest = replace(update(drift, None, sizes, "ties"), selection="min-kl")
        new, _ = steps[drift, None, sizes, "ties"]
        np.testing.assert_allclose(new, maximise(nearest).pi, rtol=0, atol=TOLERANCE)


def test_the_hand_is_held_inside():
    rng = np.random.default_rng(0)
    places = rng.uniform(-50, 300, (200, 2))
    wanted = np.array(call(MODULE, "fromPlane", [[xy] for xy in places.tolist()]))
    found = np.array(call(MODULE, "held", [[p] for p in wanted.tolist()]))
    np.testing.assert_allclose(found * 1000, np.round(found * 1000), atol=1e-9)
    np.testing.assert_allclose(found.sum(axis=1), 1)
    assert found.min() >= 0.009 - 1e-12
    inside = (wanted >= 0.011).all(axis=1)
    assert inside.sum() > 20 and np.abs(found - wanted)[inside].max() < 0.0011
    others = np.maximum(rng.dirichlet(np.ones(3), 50), 0.01)
    others /= others.sum(axis=1, keepdims=True)
    far = np.linalg.norm(others[:, None] - wanted, axis=2).min(axis=0)
    assert (np.linalg.norm(found - wanted, axis=1) <= far + 0.002).all()


def test_the_module_says_what_python_says():
    explorers = [
        SimplexExplorer(("l", "m", "r"), OLDS[i], VALUES[i], drift, i + 0.5, distance, 0.05)
        for i, drift, distance in itertools.product(range(2), DRIFTS, BALLS)
        if (drift, distance) not in {("PPOClip", "TVSquared"), ("OneSidedKL", "TVSquared")}
    ]
    names = ("old", "drift", "weight", "ball", "radius", "actions", "words")
    given = [
        [{**{name: getattr(e, name) for name in names}, "adv": e.advantages.tolist()}]
        for e in explorers
    ]
    module = MODULE + "export const say = (state) => describe(state, mirrorStep(state));"
    number = r"\d+\.\d+"
    for said, explorer in zip(call(module, "say", given), explorers, strict=True):
        expected = explorer.describe()
        assert re.sub(number, "", said) == re.sub(number, "", expected)
        pairs = zip(re.findall(number, said), re.findall(number, expected), strict=True)
        for one, other in pairs:  # what lies just between two roundings may go either way
            assert abs(float(one) - float(other)) < 1.1 * 0.1 ** len(one.partition(".")[2])


# the object in Python


def test_traits_can_be_observed_and_the_new_policy_read():
    explorer, seen = SimplexExplorer(), []
    explorer.observe(seen.append, "old")
    explorer.set_state({"old": [0.2, 0.3, 0.5], "weight": 2})  # what the page sends
    assert [change["new"] for change in seen] == [[0.2, 0.3, 0.5]]
    assert isinstance(explorer.weight, float)
    explorer.q = np.array([1, 0, 0])
    np.testing.assert_allclose(explorer.advantages, [0.8, -0.2, -0.2])
    problem = explorer.problem
    assert problem.drift == 2 * drifts.KLOldNew()
    np.testing.assert_array_equal(explorer.new, maximise(problem).pi[0])
    explorer.ball, explorer.radius = "L2Squared", 0.01
    assert np.sum((explorer.new - explorer.old) ** 2) == pytest.approx(0.01)


def test_old_policies_that_are_best_stay():
    explorer = SimplexExplorer(q=[1, 1, 1])
    assert explorer.describe().endswith("The new policy is the old one, to three digits.")


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"old": [1, 0, 0]}, r"old\[1\] is 0"),
        ({"old": [0.5, 0.5]}, "old has shape"),
        ({"old": [0.5, 0.6, 0.2]}, "old is not a probability vector"),
        ({"q": [0, 1, np.nan]}, r"q\[2\] is nan"),
        ({"q": [0, 1]}, "q has shape"),
        ({"drift": "KL"}, "drift is 'KL', expected one of Zero, KLOldNew"),
        ({"ball": "PPOClip"}, "ball is 'PPOClip', expected one of None, KLOldNew"),
        ({"contours": "all"}, "contours is 'all'"),
        ({"weight": 0}, "weight is 0"),
        ({"radius": -1}, "radius is -1"),
        ({"actions": "ab"}, r"actions are \['a', 'b'\]"),
        ({"actions": "aab"}, "three different names"),
    ],
)
def test_mistakes_are_named(given, words):
    with pytest.raises(ValueError, match=words):
        SimplexExplorer(**given)


def test_a_refused_value_changes_nothing():
    explorer = SimplexExplorer()
    before = explorer.html
    with pytest.raises((ValueError, traitlets.TraitError)):
        explorer.old = [0.5, 0.5, 0.5]
    assert explorer.html == before


# the static face


@pytest.fixture(scope="module")
def html():
    return SimplexExplorer(("left", "<stay>", "right"), ball="KLOldNew").html


def test_the_static_face_is_complete_and_the_same_on_every_run(html):
    assert html == SimplexExplorer(("left", "<stay>", "right"), ball="KLOldNew").html
    assert html.startswith('<div class="mb-simplex">')
    assert html.count("</script>") == html.count("<script") == 2
    assert "</script" not in MODULE
    assert not re.search(r"""(src|href)=["']?https?:""", html)
    identifiers = re.findall(r" id='([^']*)'", html[html.index('class="mb-still"') :])
    assert len(identifiers) == len(set(identifiers))
    stored = json.loads(re.search(r'<script type="application/json">(.*?)</script>', html)[1])
    assert stored["actions"] == ["left", "<stay>", "right"] and stored["old"] == [0.4, 0.35, 0.25]
    assert "Old policy: left 0.40, &lt;stay&gt; 0.35, right 0.25." in html


def test_the_static_face_is_light(html):
    assert len(gzip.compress(html.encode())) < 25_000


@pytest.mark.parametrize("contours", ["objective F", "drift D", "none"])
@pytest.mark.parametrize("drift", ["Zero", "PPOClip", "TVSquared"])
def test_level_lines_are_drawn_as_asked(drift, contours):
    html = SimplexExplorer(drift=drift, contours=contours).html
    picture = html[html.index('class="mb-still"') : html.index('mb-says">')]
    assert ("#808080" in picture) == (contours == "objective F")
    assert ("stroke-dasharray" in picture) == (contours == "drift D" and drift != "Zero")


def test_both_faces_are_in_the_bundle():
    explorer = SimplexExplorer()
    data, _ = explorer._repr_mimebundle_()
    assert set(data) == {
        "text/plain", "text/html", "application/vnd.jupyter.widget-view+json",
    }  # fmt: skip
    assert data["text/html"] == explorer.html
    assert data["text/plain"] == repr(explorer) and repr(explorer).startswith("SimplexExplorer: KL")
    assert explorer.get_state()["_esm"] == MODULE


def test_the_drawing_leaves_no_ball_out():
    pictures = {SimplexExplorer(ball=distance).html for distance in BALLS}
    assert len(pictures) == len(BALLS)
