"""What every page must pass. Each gate returns what is wrong, as a list."""

import gzip
from functools import cache
from importlib.resources import files
from pathlib import Path

from pages import BUILT
from visit import DEVICES

AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
RUN_AXE = """async options => {
  const found = await axe.run(document, {...options, resultTypes: ["violations"], preload: false});
  return found.violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.html.slice(0, 200)}`));
}"""
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
# What depends on the colours is asked for in each theme, everything else on each device.
OF_COLOURS = {"runOnly": ["color-contrast", "link-in-text-block"]}
BUT_COLOURS = {"runOnly": WCAG, "rules": {r: {"enabled": False} for r in OF_COLOURS["runOnly"]}}
# Formulas are MathJax's thousands of elements, all of the colour of their formula: once their size
# is judged a few stay, and each of the others becomes a letter, which makes no line longer.
PLAIN_FORMULAS = """() => {
  const formulas = [...document.querySelectorAll("mjx-container")].slice(5);
  for (const formula of formulas) formula.textContent = "xx";
}"""
# Code is thousands of coloured words, and a drawing hundreds of lines: contrast.js judges their
# colours in an instant, axe-core in a minute. Of drawings stays what is told or operated, of code
# the words, and of formulas in a line the letters: axe-core holds MathJax's boxes for hidden there.
FLATTEN = """() => {
  for (const code of document.querySelectorAll("pre, code")) code.textContent = code.textContent;
  const formulas = [...document.querySelectorAll("mjx-container:not([display])")].slice(5);
  for (const formula of formulas) formula.replaceWith("xx");
  const drawn = "path, use, line, polyline, rect, circle, polygon, clipPath";
  const silent = `svg :is(${drawn}):not([role], [tabindex]), [role=img] :is(text, defs)`;
  for (const line of document.querySelectorAll(silent)) line.remove();
}"""
# Words of one kind have the same colours: same tags, classes and own styles all the way up, same
# computed colours in every theme (`NOTE_COLOURS` is asked for in each, on the device on which
# axe-core sees the colours: the last). One of a kind is enough for axe-core, whose rule of contrast
# takes seconds for a page of thousands of words.
NOTE_COLOURS = """() => {
  for (const e of document.querySelectorAll("body, body *")) {
    const { color, backgroundColor, opacity } = getComputedStyle(e);
    e.mbColours = [e.mbColours, color, backgroundColor, opacity].join();
  }
}"""
THIN_OUT = """() => {
  const numbers = new Map(), kinds = new Map(), met = new Set(), kept = new Set();
  const numbered = (name) => numbers.get(name) ?? numbers.set(name, numbers.size).get(name);
  const elements = [...document.querySelectorAll("body, body *")];
  for (const e of elements) {
    const attributes = [e.localName, e.getAttribute("class"), e.getAttribute("style")];
    const kind = numbered([kinds.get(e.parentElement), ...attributes, e.mbColours].join("|"));
    kinds.set(e, kind);
    const words = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
    const speaks = words && !e.closest("svg")
      || e.matches("button, input, select, textarea");
    if (!speaks || met.has(kind)) continue;
    met.add(kind);
    for (let up = e; up && !kept.has(up); up = up.parentElement) kept.add(up);
  }
  // emptied, not removed: the seventh row stays the seventh
  for (const e of elements) if (!kept.has(e)) e.replaceChildren();
}"""
# What a reader can open is judged too.
OPEN = """() => {
  for (const closed of document.querySelectorAll("details")) closed.open = true;
  for (const e of document.querySelectorAll(".toggle-hidden > .admonition-title")) e.click();
}"""
# Sections out of sight are laid out like the others.
IN_SIGHT = "section { content-visibility: visible !important }"
CONTRAST = Path(__file__).with_name("contrast.js").read_text(encoding="utf-8")
# The page and its article must not scroll sideways; a long equation or line of code in them may.
OVERFLOWS = """() =>
  [...document.querySelectorAll("html, main, .bd-content, .bd-article-container")]
  .filter(e => e.scrollWidth > e.clientWidth).map(e => e.outerHTML.slice(0, 100))"""
# Formulas that were not set, hold an error, or a command that MathJax does not know (in red).
BAD_MATHS = """() => [...document.querySelectorAll(".math")]
  .filter(e => !e.querySelector("mjx-container") || e.querySelector("mjx-merror, [mathcolor=red]"))
  .map(e => e.outerHTML.slice(0, 200))"""
# Displayed formulas wider than their column. Those that fit on a desktop fit on paper, where the
# column is as wide and letters are smaller, and where nobody can scroll.
CUT = """() => [...document.querySelectorAll("mjx-container[display=true]")]
  .filter(e => e.scrollWidth > e.clientWidth + 1).map(e => e.parentElement.id || e.textContent)"""
# What ends where its place ends: formulas in a line of words, and the options of a list.
CUT_OFF = """() => {
  const right = e => e.getBoundingClientRect().right;
  const end = e => right(e.closest("p, li, td, th, dt, dd, h1, h2, h3"));
  const formulas = [...document.querySelectorAll("main mjx-container:not([display])")];
  const wide = formulas.filter(e => right(e) > end(e) + 1);
  const narrow = [...document.querySelectorAll("main select")].filter(list => {
    const free = list.cloneNode(true);
    free.style.cssText += "width: auto; position: absolute";
    list.after(free);
    const wanted = free.offsetWidth;
    free.remove();
    return wanted > list.offsetWidth;
  });
  return [...wide, ...narrow].map(e => e.parentElement.textContent.slice(0, 100));
}"""
HEAVIEST = 600  # kB, for gates.weight
# Readers who asked for no motion get none: nothing runs, nothing is set to run.
MOTION = """() => [...document.getAnimations().map(a => `running: ${a.effect?.target?.outerHTML}`),
  ...[...document.querySelectorAll("body *")]
  .filter(e => getComputedStyle(e).scrollBehavior === "smooth"
            || parseFloat(getComputedStyle(e).transitionDuration) > 0.01
            || parseFloat(getComputedStyle(e).animationDuration) > 0.01)
  .map(e => e.outerHTML.slice(0, 100))]"""


def judge(visit, turn, devices=tuple(DEVICES), themes=("light", "dark")):
    """What is wrong on a page, each fault under the name of its gate; `turn(theme)` turns it."""
    page, found = visit.page, {}
    page.evaluate(OPEN)
    page.add_style_tag(content=IN_SIGHT)
    found["formulas not set"] = page.evaluate(BAD_MATHS)
    for device in devices:
        visit.hold(device)
        found[f"wider than the screen, {device}"] = page.evaluate(OVERFLOWS)
        found[f"cut off, {device}"] = page.evaluate(CUT_OFF)
        if device == "desktop":
            found["formulas too wide for paper"] = page.evaluate(CUT)
    page.evaluate(PLAIN_FORMULAS)
    for device in reversed(devices):
        visit.hold(device)
        found[f"moves though asked not to, {device}"] = page.evaluate(MOTION)
        for theme in themes:
            turn(theme)
            found[f"too little contrast, {theme}, {device}"] = page.evaluate(CONTRAST)
            if device == devices[-1]:
                page.evaluate(NOTE_COLOURS)
        themes = themes[::-1]  # as the page stands: to turn it costs much
    page.evaluate(AXE)
    page.evaluate(FLATTEN)
    for device in devices:
        visit.hold(device)
        visit.settle()
        found[f"axe, {device}"] = page.evaluate(RUN_AXE, BUT_COLOURS)
    page.evaluate(THIN_OUT)
    for theme in themes:
        turn(theme)
        found[f"axe, {theme}"] = page.evaluate(RUN_AXE, OF_COLOURS)
    return {gate: wrong for gate, wrong in found.items() if wrong}


def weight(visit):
    """Bytes of all that a page loads, compressed as a server sends it, without MathJax's files.

    Counted are the page itself, pictures in it, and what all pages share: style sheets, scripts and
    fonts of the theme. MathJax is as large for every page and every reader keeps it.
    """
    return sum(_compressed(name) for name in visit.files if "/mathjax/" not in name)


@cache
def _compressed(name):
    content = (BUILT / name).read_bytes()
    return min(len(content), len(gzip.compress(content)))
