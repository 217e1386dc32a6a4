"""The reference of the package holds every public name, and its first page all short ones."""

import pkgutil
import re
from importlib import import_module

from api_pages import as_rst, public_names
from pages import BUILT, ROOT

import mirrorbook

PAGES = sorted((ROOT / "chapters").glob("api_*.md"))
MODULE = re.compile(r"public-names:: (\S+)")
# Its public names are documented one floor up.
INSIDE = {"mirrorbook.widgets.simplex"}


def built(page):
    return (BUILT / "chapters" / f"{page}.html").read_text("utf-8")


def modules():
    return [name for page in PAGES for name in MODULE.findall(page.read_text("utf-8"))]


def test_every_public_module_has_its_section():
    top = {module.name for module in pkgutil.iter_modules(mirrorbook.__path__, "mirrorbook.")}
    below = pkgutil.walk_packages(mirrorbook.__path__, "mirrorbook.")
    declaring = {m.name for m in below if m.ispkg and hasattr(import_module(m.name), "__all__")}
    assert set(modules()) == (top | declaring) - INSIDE - {"mirrorbook.__main__"}
    assert len(modules()) == len(set(modules()))


def test_every_public_name_is_documented_once():
    text = "".join(built(page.stem) for page in PAGES)
    names = [f"{m}.{name}" for m in modules() for name in public_names(import_module(m))]
    assert len(names) > 200
    assert [name for name in names if text.count(f' id="{name}"') != 1] == []


def test_nothing_stands_there_without_words():
    text = "".join(built(page.stem) for page in PAGES)
    assert re.findall(r'id="(mirrorbook[^"]*)">(?:(?!</dt>).)*</dt>\s*<dd></dd>', text, re.S) == []


def test_the_first_page_links_every_short_name():
    page = built("api")
    for name in mirrorbook.__all__:
        words = rf'<code[^>]*><span class="pre">{name}(\(\))?</span>'
        assert re.search(rf'href="api_\w+\.html#[\w.-]+"[^>]*>{words}', page), name


def test_marks_of_rst_are_letters_and_formulas_keep_their_lines():
    doc = ["pi^* = |x|, see `f(x)`", "", "    a = b", "      + c", "", "Parameters", "----------"]
    made = as_rst([*doc, "x : (S,) array", "    In `s`.", "", ">>> 2 * 3 * 4", "24"])
    assert made[0] == r"pi^\* = \|x\|, see ``f(x)``"
    assert made[2:6] == [".. code-block:: text", "", "        a = b", "          + c"]
    assert made[-6:] == ["x : (S,) array", "    In ``s``.", "", ">>> 2 * 3 * 4", "24", ""]
