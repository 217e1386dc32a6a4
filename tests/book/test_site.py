"""The built pages, read as text: nothing from another host, no dead link, no raw TeX."""

import re
from collections import Counter
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlparse

import pytest
from book_site import repaired
from pages import BUILT, ROOT, pages

# What a page loads without being asked, as (element, attribute).
LOADED = {
    ("audio", "src"),
    ("embed", "src"),
    ("iframe", "src"),
    ("img", "src"),
    ("img", "srcset"),
    ("link", "href"),
    ("object", "data"),
    ("script", "src"),
    ("source", "src"),
    ("source", "srcset"),
    ("track", "src"),
    ("video", "poster"),
    ("video", "src"),
}
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "wbr"}
NOT_PROSE = {"code", "pre", "script", "style", "svg"}
RAW_TEX = re.compile(
    r"\$\$|\\[(\[]|\\(begin|ell|frac|mathbb|mathcal|text|bar|pi|rho|eta|beta|nu|gamma)\b"
)
OUTSIDE_IN_CSS = re.compile(r"(?:url\(|@import)\s*['\"]?(?:https?:)?//")


class Page(HTMLParser):
    """What one page contains: its ids, links, loaded files, and prose outside code and maths."""

    def __init__(self, path: Path):
        super().__init__()
        self.ids, self.links, self.loads, self.prose = [], [], [], []
        self.hidden = []  # the open elements inside (and including) one that holds no prose
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if "id" in values:
            self.ids.append(values["id"])
        if tag == "a" and values.get("href"):
            self.links.append(values["href"])
        self.loads += [value for name, value in attributes if (tag, name) in LOADED and value]
        is_maths = "math" in (values.get("class") or "").split()
        if tag not in VOID and (self.hidden or tag in NOT_PROSE or is_maths):
            self.hidden.append(tag)

    def handle_endtag(self, tag):
        if self.hidden and self.hidden[-1] == tag:
            self.hidden.pop()

    def handle_data(self, data):
        if not self.hidden:
            self.prose.append(data)


@cache
def read(path: Path) -> Page:
    return Page(path)


def is_outside(address: str) -> bool:
    return address.startswith("//") or urlparse(address).scheme in {"http", "https"}


@pytest.fixture(params=pages(), ids=lambda path: path.relative_to(BUILT).as_posix())
def path(request):
    return request.param


def test_every_chapter_has_its_page():
    chapters = [p for p in (ROOT / "chapters").rglob("*") if p.suffix in {".md", ".ipynb"}]
    names = [p.relative_to(ROOT).with_suffix(".html") for p in chapters if p.parent.name[0] != "."]
    assert names and not [name for name in names if not (BUILT / name).exists()]


def test_page_loads_nothing_from_another_host(path):
    assert not [address for address in read(path).loads if is_outside(address)]


def test_style_sheets_load_nothing_from_another_host():
    sheets = list(BUILT.rglob("*.css"))
    assert sheets
    assert not [s for s in sheets if OUTSIDE_IN_CSS.search(s.read_text(encoding="utf-8"))]


def test_page_links_resolve(path):
    dead = []
    for address in read(path).links + read(path).loads:
        if urlparse(address).scheme or is_outside(address):
            continue
        place, fragment = urldefrag(address)
        target = (path.parent / unquote(urlparse(place).path)).resolve() if place else path
        if not target.is_file():
            dead.append(address)
        elif fragment and target.suffix == ".html" and unquote(fragment) not in read(target).ids:
            dead.append(address)
    assert not dead


def test_page_ids_are_unique(path):
    assert not [name for name, count in Counter(read(path).ids).items() if count > 1]


def test_page_shows_no_raw_tex(path):
    assert not RAW_TEX.findall("".join(read(path).prose))


FORMULA = '<span class="math notranslate nohighlight">n</span>'


def test_a_formula_is_kept_with_what_touches_it():
    kept = repaired(f"if ({FORMULA}-th), then “{FORMULA} or {FORMULA}”, or {FORMULA}.")
    unbroken = '<span class="unbroken">'
    assert kept == (
        f"if {unbroken}({FORMULA}-th),</span> then {unbroken}“{FORMULA}</span> or "
        f"{unbroken}{FORMULA}”,</span> or {unbroken}{FORMULA}.</span>"
    )
    assert repaired(kept) == kept


def test_page_is_put_right_once_and_for_all(path):
    text = path.read_text("utf-8")
    assert repaired(text) == text


def test_page_holds_each_drawing_once(path):
    """The images are for Jupyter, where a notebook is not trusted."""
    assert 'class="mb-fallback"' not in path.read_text("utf-8")
