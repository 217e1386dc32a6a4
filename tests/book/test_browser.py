"""The built pages in a browser: whole, offline, readable and operable by everyone."""

from importlib.resources import files

import pytest
from pages import BUILT, pages

DESKTOP = {"viewport": {"width": 1280, "height": 900}}
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
MODES = {
    "light-desktop": {**DESKTOP, "color_scheme": "light"},
    "dark-desktop": {**DESKTOP, "color_scheme": "dark"},
    "light-phone": {**PHONE, "color_scheme": "light"},
    "dark-phone": {**PHONE, "color_scheme": "dark"},
}
AXE = files("axe_playwright_python").joinpath("axe.min.js").read_text(encoding="utf-8")
RUN_AXE = """async () => {
  const tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"];
  const found = await axe.run(document, {runOnly: tags});
  return found.violations.flatMap(v => v.nodes.map(n => `${v.id}: ${n.html.slice(0, 200)}`));
}"""
WAIT_FOR_MATHS = "async () => { await window.MathJax?.startup?.promise; }"
# The page and its article must not scroll sideways; a long equation or line of code in them may.
OVERFLOWS = """() =>
  [...document.querySelectorAll("html, main, .bd-content, .bd-article-container")]
  .filter(e => e.scrollWidth > e.clientWidth).map(e => e.outerHTML.slice(0, 100))"""
# Formulas that were not set, hold an error, or a command that MathJax does not know (in red).
BAD_MATHS = """() => [...document.querySelectorAll(".math")]
  .filter(e => !e.querySelector("mjx-container") || e.querySelector("mjx-merror, [mathcolor=red]"))
  .map(e => e.outerHTML.slice(0, 200))"""
# What an explorer shows, and what it says: the pictures in sight, and its spoken description.
SEEN = """explorer => [...explorer.querySelectorAll("svg, img, [role=img], table")]
  .filter(e => e.checkVisibility()).map(e => e.outerHTML).join()"""
SAID = """explorer => [...explorer.querySelectorAll("[aria-live]")]
  .map(e => e.textContent.trim()).join()"""


def name(path):
    return path.relative_to(BUILT).as_posix()


class Visit:
    """One page, open in a browser, and what went wrong on it."""

    def __init__(self, browser, site, path, mode):
        self.site = site
        self.problems = []
        self.context = browser.new_context(**MODES[mode], reduced_motion="reduce")
        self.page = self.context.new_page()
        self.page.on("pageerror", lambda error: self.problems.append(f"error: {error}"))
        self.page.on("console", self.note_message)
        self.page.on("request", self.note_request)
        self.page.on("response", self.note_response)
        self.page.goto(f"{site}/{name(path)}")
        self.page.evaluate(WAIT_FOR_MATHS)

    def note_message(self, message):
        if message.type == "error":
            self.problems.append(f"console: {message.text}")

    def note_request(self, request):
        if not request.url.startswith((self.site, "data:", "blob:")):
            self.problems.append(f"outside request: {request.url}")

    def note_response(self, response):
        if response.status >= 400:
            self.problems.append(f"{response.status}: {response.url}")

    def __enter__(self):
        return self

    def __exit__(self, *exception):
        self.context.close()


def assert_whole(visit):
    assert visit.page.evaluate(BAD_MATHS) == []
    assert visit.problems == []


@pytest.mark.parametrize("mode", MODES)
@pytest.mark.parametrize("path", pages(), ids=name)
def test_page_is_whole_fits_and_is_accessible(browser, site, path, mode):
    with Visit(browser, site, path, mode) as visit:
        assert_whole(visit)
        assert visit.page.evaluate("innerWidth") == MODES[mode]["viewport"]["width"]
        assert visit.page.evaluate(OVERFLOWS) == []
        visit.page.evaluate(AXE)
        assert visit.page.evaluate(RUN_AXE) == []


@pytest.mark.parametrize("path", pages(), ids=name)
def test_page_works_from_a_file(browser, path):
    with Visit(browser, BUILT.as_uri(), path, "light-desktop") as visit:
        assert_whole(visit)


@pytest.mark.parametrize("path", pages(), ids=name)
def test_explorers_answer_the_keyboard(browser, site, path):
    with Visit(browser, site, path, "light-desktop") as visit:
        for explorer in visit.page.locator(".mb-explorer").all():
            controls = explorer.locator("input[type=range], select").all()
            assert controls, "an explorer without a control"
            for control in controls:
                control.focus()
                visit.page.keyboard.press("Home")
                seen, said = explorer.evaluate(SEEN), explorer.evaluate(SAID)
                assert seen, "an explorer that shows nothing"
                assert said, "an explorer that says nothing"
                visit.page.keyboard.press("End")
                assert explorer.evaluate(SEEN) != seen
                assert explorer.evaluate(SAID) != said
        assert visit.problems == []
