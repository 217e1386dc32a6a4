"""Every explorer of every page, operated by hand, shows and says what the package computes.

The explorers are made anew from the chapters' own cells (replay.py); after every movement of a
control the page's sentence and drawings are compared with `describe` and `draw` for what the
controls then say. MathJax is withheld: explorers answer before anything else has arrived.
"""

import re
from functools import cache

import pytest
from pages import BUILT, ROOT, name, pages
from replay import FACE, explorers
from visit import Visit

from mirrorbook.plots.svg import Drawings


def notebook(page):
    return ROOT / page.relative_to(BUILT).with_suffix(".ipynb")


WITH_EXPLORERS = [p for p in pages() if notebook(p).exists() and FACE in p.read_text("utf-8")]
CONTROLS = ".mb-controls input, .mb-controls select"
POSITIONS = (
    f"explorer => [...explorer.querySelectorAll('{CONTROLS}')].map(control => +control.value)"
)
# Drawings as the browser understands them, without the names of their clip paths and markers.
SAME_PICTURE = r"""(explorer, drawn) => {
  const read = (svg) => {
    const template = document.createElement("template");
    template.innerHTML = svg.replace(/mb-(\w{8}|ID)-[\d-]+/g, "id");
    return template.innerHTML;
  };
  return read(explorer.querySelector(".mb-panels").innerHTML) === read(drawn);
}"""
# The answer is there when the event's handler returns, so the next frame that is painted shows it.
# How many milliseconds that took, and the layout after it, is reported: the shortest of many times,
# since others were lengthened by something else that ran on this machine.
SHORTEST_ANSWER = f"""explorer => {{
  const control = explorer.querySelector("{CONTROLS}");
  const stops = control.options?.length ?? +control.max + 1;
  const said = new Set();
  let shortest = Infinity;
  for (let i = 0; i < 2 * stops; i++) {{
    const start = performance.now();
    control.value = i % stops;
    control.dispatchEvent(new Event("input", {{ bubbles: true }}));
    explorer.getBoundingClientRect();
    shortest = Math.min(shortest, performance.now() - start);
    said.add(explorer.querySelector(".mb-panels").innerHTML);
  }}
  return {{ shortest, answers: said.size }};
}}"""
RESET = """control => {
  if (control.options) control.value = control.querySelector("[selected]").value;
  else control.value = control.defaultValue;
  control.dispatchEvent(new Event("input", { bubbles: true }));
}"""
READY = "performance.getEntriesByType('navigation')[0].domInteractive"


def by_the_package(made):
    """Positions of an explorer's controls -> its sentence and drawings, each computed once."""

    @cache
    def computed(*positions):
        stops = iter(positions)
        controls = made.controls.items()
        values = {key: c.values[next(stops) if c.html() else c.start] for key, c in controls}
        return made.describe(**values).split(), "".join(made.frame(values, Drawings()))

    return computed


def assert_shows(explorer, computed):
    """The page says and draws what the package does for what the controls say."""
    positions = explorer.evaluate(POSITIONS)
    words, drawn = computed(*positions)
    assert explorer.locator(".mb-says").inner_text().split() == words
    assert explorer.evaluate(SAME_PICTURE, drawn), f"another picture than at {positions}"


def by_mouse(page, control, share):
    """Click on a slider at a share of its length. (A list opens outside the page: choose in it.)"""
    box = control.bounding_box()
    if control.evaluate("c => !!c.options"):
        count = control.evaluate("c => c.options.length")
        control.select_option(index=min(int(share * count), count - 1))
    else:
        control.click(position={"x": share * box["width"], "y": box["height"] / 2})


def by_touch(page, control, share):
    box = control.bounding_box()
    if control.evaluate("c => !!c.options"):
        by_mouse(page, control, share)
    else:
        control.tap(position={"x": share * box["width"], "y": box["height"] / 2})


def by_keyboard(page, control, share):
    control.focus()
    page.keyboard.press("End" if share > 0.5 else "Home")


@pytest.mark.parametrize("path", WITH_EXPLORERS, ids=name)
def test_explorers_answer_as_the_package_computes(browser, site, path, record_property):
    made = explorers(notebook(path))
    assert not [name for one in made for name in one.controls if does_nothing(one, name)]
    answers = [by_the_package(one) for one in made]
    for device, hands in (("desktop", (by_keyboard, by_mouse)), ("phone", (by_touch,))):
        with Visit(browser, name(path), address=site, device=device, maths=False) as visit:
            shown = visit.page.locator(".mb-explorer").all()
            assert len(shown) == len(made)
            for explorer, computed in zip(shown, answers, strict=True):
                assert_shows(explorer, computed)
                for hand in hands:
                    operate(visit.page, explorer, computed, hand)
            assert not visit.problems
            if device == "desktop":
                record_property("ms until a page's controls answer", visit.page.evaluate(READY))
                measured = [explorer.evaluate(SHORTEST_ANSWER) for explorer in shown]
                assert all(one["answers"] > 1 for one in measured)
                slowest = max(one["shortest"] for one in measured)
                record_property("ms until an explorer has answered", slowest)


def operate(page, explorer, computed, hand):
    """Move each control to both ends, the others at rest, and compare."""
    controls = explorer.locator(CONTROLS).all()
    assert controls, "an explorer without a control"
    for control in controls:
        for share in (0.99, 0.01):
            hand(page, control, share)
            assert_shows(explorer, computed)
            if control.evaluate("c => !c.options"):
                value = control.evaluate("c => JSON.parse(c.dataset.texts)[c.value]")
                assert control.get_attribute("aria-valuetext") == value
        control.evaluate(RESET)


def does_nothing(made, name):
    """Whether a control of the page never changes the sentence, wherever the others stand."""
    control = made.controls[name]
    first = {name: control.values[0]}
    same = (made.describe(**values) == made.describe(**(values | first)) for values in made.grid)
    return bool(control.html()) and all(same)


@pytest.mark.parametrize("path", WITH_EXPLORERS, ids=name)
def test_explorers_make_sense_without_scripts(browser, path):
    with Visit(browser, name(path), java_script_enabled=False, maths=False) as visit:
        for explorer in visit.page.locator(".mb-explorer").all():
            assert explorer.locator(".mb-panels svg").first.is_visible()
            assert re.search(r"\w{3}", explorer.locator(".mb-says").inner_text())
            assert not explorer.locator(".mb-controls").is_visible()
