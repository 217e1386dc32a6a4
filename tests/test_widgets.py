import json
import re
from html.parser import HTMLParser

import pytest

from mirrorbook import games, plots
from mirrorbook.plots.svg import ID
from mirrorbook.widgets import Choice, Explorer, Range, learning_explorer
from mirrorbook.widgets.frames import pack, unpack

CONTROLS = {
    "word": Choice("Word", {"one & only": 1, "two": 2}),
    "slope": Range("Slope", [0.0, 0.5, 1.0], live=(0.0, 1.0, 0.01), start=1),
    "power": Range("Power", [1], live=(1, 3, 1)),
}


def draw(word, slope, power):
    ax = plots.axes(3, 2)
    ax.plot([0, 1, 2], [0, slope, slope * 2**power], label=str(word))
    ax.set(ylim=(0, 10))
    return ax, plots.plot_game_values(games.tabular(), [word] * 7)


def describe(word, slope, power):
    return f"{word} < {slope:g}, power {power}."


@pytest.fixture(scope="module")
def explorer():
    return Explorer(draw, describe, CONTROLS, alt="A line & a row of tables.")


def data(explorer):
    source = re.search(r'<script type="application/json">(.*?)</script>', explorer.html)[1]
    return json.loads(source)


class Page(HTMLParser):
    """Collects elements, and fails on one that is closed in the wrong place."""

    VOID = {"img", "input"}

    def __init__(self, html):
        super().__init__()
        self.open, self.elements = [], []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))
        if tag not in self.VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def find(self, wanted):
        return [attributes for tag, attributes in self.elements if tag == wanted]


# the static face


def test_every_combination_of_values_has_its_frame_and_its_sentence(explorer):
    packed = data(explorer)
    assert len(packed["frames"]) == len(packed["says"]) == len(explorer.grid) == 2 * 3 * 1
    assert packed["says"] == [describe(**values) for values in explorer.grid]
    for number, values in enumerate(explorer.grid):
        alone = Explorer(
            draw, describe, {name: Choice(name, {"": value}) for name, value in values.items()},
            alt="One frame.",
        )  # fmt: skip
        anonymous = [re.sub(r"mb-\w{8}-[\d-]+", "", unpack(data(e), n)) for e, n in
                     ((explorer, number), (alone, 0))]  # fmt: skip
        assert anonymous[0] == anonymous[1]


def test_the_first_frame_stands_on_the_page(explorer):
    assert explorer.start == 1
    first = unpack(data(explorer), explorer.start)
    assert f"{first}</div>" in explorer.html
    assert '<p class="mb-says" aria-live="polite">1 &lt; 0.5, power 1.</p>' in explorer.html


def test_the_page_element_is_well_formed(explorer):
    page = Page(explorer.html)
    assert page.elements[0] == ("div", {"class": "mb-explorer"})
    (select,), (slider,) = page.find("select"), page.find("input")
    assert [option["value"] for option in page.find("option")] == ["0", "1"]
    assert (slider["min"], slider["max"], slider["value"]) == ("0", "2", "1")
    assert slider["aria-valuetext"] == "0.5" and json.loads(slider["data-texts"]) == [
        "0",
        "0.5",
        "1",
    ]
    assert select["autocomplete"] == slider["autocomplete"] == "off"
    assert ("div", {
        "class": "mb-panels", "role": "img", "hidden": "hidden",
        "aria-label": "A line & a row of tables.",
    }) in page.elements  # fmt: skip


def test_only_what_offers_a_choice_has_a_static_control(explorer):
    assert len(Page(explorer.html).find("label")) == 2
    assert CONTROLS["power"].html() == Choice("Word", ["only"]).html() == ""


def test_identifiers_are_finished_and_belong_to_one_explorer(explorer):
    other = Explorer(draw, describe, CONTROLS, alt="Another one.")
    known = [set(re.findall(r" id='([^']*)'", e.html)) for e in (explorer, other)]
    assert known[0] and not known[0] & known[1]
    assert ID not in explorer.html


def test_the_static_face_is_the_same_on_every_run(explorer):
    again = Explorer(draw, describe, CONTROLS, alt=explorer.alt)
    again.live.children[1].value = 0.3  # what a reader did before changes nothing
    assert again.html == explorer.html


def test_nothing_is_fetched_and_nothing_ends_the_script_early(explorer):
    texts = [explorer.html, *(unpack(data(explorer), n) for n in range(6))]
    attributes = [attribute for text in texts for _, attribute in Page(text).elements]
    addresses = [a[name] for a in attributes for name in ("src", "href") if name in a]
    assert addresses and all(address.startswith(("#mb-", "data:")) for address in addresses)
    assert explorer.html.count("</script>") == explorer.html.count("<script") == 2


def test_frames_survive_packing():
    frames = ["<g a='1'>x</g>", "<g a='2'>x</g>", "<g a='2'>y</g>", "<g/>", "", "<g a='2'>y</g>"]
    packed = json.loads(json.dumps(pack(frames)))
    assert [unpack(packed, n) for n in range(len(frames))] == frames
    assert packed["frames"][2] == packed["frames"][5]
    assert len(packed["templates"]) == 3
    other_elements = ["<g a='1'><b/></g>", "<g a='1'><i/></g>"]
    assert len(pack(other_elements)["templates"]) == 2


def test_packing_stores_the_still_part_once():
    still = "<path d='M0 0l1 1'/>" * 500
    frames = [f"<svg>{still}<text>{n}</text></svg>" for n in range(100)]
    assert len(json.dumps(pack(frames))) < 2 * len(frames[0])


# the live face


def test_the_live_face_follows_every_control(explorer):
    *handles, picture = explorer.live.children
    for number, value, words in (
        (0, 1, "2 &lt; 0.5, power 1."),
        (1, 0.37, "2 &lt; 0.37, power 1."),
        (2, 3, "2 &lt; 0.37, power 3."),
    ):
        before = picture.value
        handles[number].value = value
        assert picture.value != before
        assert words in picture.value


def test_the_live_picture_is_well_formed_and_described(explorer):
    page = Page(explorer.live.children[-1].value)
    assert page.elements[0] == ("div", {"class": "mb-explorer"})
    assert len(page.find("svg")) == 2
    assert page.find("p") == [{"class": "mb-says", "aria-live": "polite"}]


def test_live_sliders_go_where_the_static_ones_do_not():
    whole = Range("Steps", [0, 5], live=(0, 50, 1)).widget()
    stops = Range("Radius", [0.1, 0.2], start=1)
    assert (whole.min, whole.max, whole.step, type(whole.value)) == (0, 50, 1, int)
    assert stops.read(stops.widget()) == 0.2


def test_both_faces_are_in_the_bundle(explorer):
    bundle = explorer._repr_mimebundle_()
    assert set(bundle) == {
        "text/plain", "text/html", "application/vnd.jupyter.widget-view+json",
    }  # fmt: skip
    assert bundle["text/html"] == explorer.html
    assert (
        bundle["text/plain"]
        == repr(explorer)
        == ("Explorer: A line & a row of tables. Set Word, Slope, Power (6 frames).")
    )


# errors


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: Explorer(draw, describe, {}, alt="A."), ValueError, "at least one control"),
        (lambda: Explorer(draw, describe, {"a": 3}, alt="A."), TypeError, "'a' must be .* int"),
        (lambda: Explorer(draw, describe, CONTROLS, alt=""), ValueError, "alt is ''"),
        (lambda: Choice("Game", {}), ValueError, "'Game' has no value"),
        (lambda: Choice("Game", ["a", "b", "a"]), ValueError, "'Game' offers 'a' twice"),
        (lambda: Range("Step", [1, 2], start=2), ValueError, "starts at 2, it has 2 values"),
        (lambda: Range("Step", [1], live=(2, 3, 1)), ValueError, "'Step' has 1 outside 2 to 3"),
        (
            lambda: Explorer(lambda a: a, str, {"a": Range("A", [1])}, alt="A.").html,
            TypeError,
            "found int",
        ),
    ],
)
def test_explorers_refuse_what_they_cannot_show(make, error, words):
    with pytest.raises(error, match=words):
        make()


# the explorers of the chapters


def test_the_live_learning_explorer_follows_every_control():
    explorer = learning_explorer()
    *handles, picture = explorer.live.children
    handles = dict(zip(explorer.controls, handles, strict=True))
    changes = {"drift": 3, "iteration": 7, "radius": 0.02, "scale": 10.0, "game": 1, "column": 0}
    for name, value in changes.items():
        before = picture.value
        handles[name].value = value
        assert picture.value != before, name
    assert "Tabular, own ball, no drift. After 7 steps the return is 9.78" in picture.value


def test_learning_explorers_say_what_the_runs_did():
    from mirrorbook.experiments import run

    explorer = learning_explorer(iterations=(0, 10))
    chosen = run("gridworld", "KL ball", "L2²", n_steps=10)
    said = explorer.describe("gridworld", "KL ball", "L2²", 10, 0.05, 50.0)
    assert f"{chosen.returns[10]:.2f}".replace("-", "−") in said
    assert f"{chosen.cumulative_drift[10]:.2f}" in said
