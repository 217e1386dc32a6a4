"""The explorers of a page, operated by mouse, touch and keyboard, against the package.

The explorers are made anew from the chapters' own cells (replay.py); after every movement of a
control the page's sentence and drawings are compared with `describe` and `draw` for what the
controls then say.
"""

from functools import cache
from pathlib import Path

from pages import BUILT, ROOT
from replay import FACE, explorers

from mirrorbook.plots.svg import Drawings

CONTROLS = ".mb-controls input, .mb-controls select"
# The index of every control, what is said, and whether a slider's value is spoken as it is shown.
STATE = f"""explorer => {{
  const controls = [...explorer.querySelectorAll("{CONTROLS}")];
  const shown = c => JSON.parse(c.dataset.texts)[c.value];
  const spoken = c => c.options || c.getAttribute("aria-valuetext") === shown(c);
  const said = explorer.querySelector(".mb-says").textContent;
  return [controls.map(c => +c.value), said, controls.every(spoken)];
}}"""
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
# A key is answered in the next frame: another picture, and both texts speak of the same policy.
MOVED = """([simplex, before]) => {
  const policy = simplex.querySelector(".mb-handle").getAttribute("aria-valuetext");
  const says = simplex.querySelector(".mb-says").textContent;
  return simplex.querySelector(".mb-left svg").innerHTML !== before
    && says.startsWith(`Old policy: ${policy}.`);
}"""
RESET = """control => {
  if (control.options) control.value = control.querySelector("[selected]").value;
  else control.value = control.defaultValue;
  control.dispatchEvent(new Event("input", { bubbles: true }));
}"""


@cache
def made_anew(page: Path) -> list:
    """Of every explorer on a page: the explorer, and positions of its controls -> what it shows."""
    notebook = ROOT / page.relative_to(BUILT).with_suffix(".ipynb")
    if not notebook.exists() or FACE not in page.read_text("utf-8"):
        return []
    return [(made, by_the_package(made)) for made in explorers(notebook)]


def by_the_package(made):
    """Positions of an explorer's controls -> its sentence and drawings, each computed once."""

    @cache
    def computed(*positions):
        stops = iter(positions)
        controls = made.controls.items()
        values = {key: c.values[next(stops) if c.html() else c.start] for key, c in controls}
        return made.describe(**values).split(), "".join(made.frame(values, Drawings()))

    return computed


def does_nothing(made, name):
    """Whether a control of the page never changes the sentence, wherever the others stand."""
    control = made.controls[name]
    first = {name: control.values[0]}
    same = (made.describe(**values) == made.describe(**(values | first)) for values in made.grid)
    return bool(control.html()) and all(same)


def assert_shows(explorer, computed):
    """The page says and draws what the package does for what the controls say."""
    positions, said, spoken = explorer.evaluate(STATE)
    words, drawn = computed(*positions)
    assert said.split() == words
    assert spoken, "a slider speaks another value than it shows"
    assert explorer.evaluate(SAME_PICTURE, drawn), f"another picture than at {positions}"
    return positions


def by_mouse(page, control, share):
    """Click on a slider at a share of its length. (A list opens outside the page: choose in it.)"""
    if not choose(control, share):
        control.click(position=point(control, share))


def by_touch(page, control, share):
    if not choose(control, share):
        control.tap(position=point(control, share))


def point(control, share):
    box = control.bounding_box()
    return {"x": share * box["width"], "y": box["height"] / 2}


def by_keyboard(page, control, share):
    control.focus()
    page.keyboard.press("End" if share > 0.5 else "Home")


def choose(control, share):
    """Choose the option at a share of a list, if the control is one."""
    count = control.evaluate("c => c.options?.length")
    if count:
        control.select_option(index=min(int(share * count), count - 1))
    return bool(count)


def operate(page, explorer, computed, hands):
    """Move each control from end to end, the others at rest, one hand after the other."""
    controls = explorer.locator(CONTROLS).all()
    assert controls, "an explorer without a control"
    before = assert_shows(explorer, computed)
    for control in controls:
        share = 0.01 if control.evaluate("c => +c.value > 0") else 0.99  # where it is not yet
        for hand in hands:
            hand(page, control, share)
            after = assert_shows(explorer, computed)
            assert after != before, f"{hand.__name__} at {share} does not move {before}"
            before = after
            share = 1 - share
        control.evaluate(RESET)


def operate_all(visit, path, hands):
    """Operate every explorer on a page; return them."""
    shown = visit.page.locator(".mb-explorer").all()
    made = made_anew(path)
    assert len(shown) == len(made)
    for explorer, (_, computed) in zip(shown, made, strict=True):
        operate(visit.page, explorer, computed, hands)
    return shown


def move_simplexes(visit):
    """Press a key on the handle of every draggable simplex; words and picture follow."""
    for simplex in visit.page.locator("main .mb-simplex:not(.mb-simplex .mb-simplex)").all():
        before = simplex.locator(".mb-left svg").inner_html()
        simplex.locator(".mb-handle").press("ArrowUp")
        visit.page.wait_for_function(MOVED, arg=[simplex.element_handle(), before])
