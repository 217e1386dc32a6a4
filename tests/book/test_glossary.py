"""Every word of the glossary is linked from a page that uses it."""

import re

import nbformat
import pytest
from pages import BUILT, ROOT

CHAPTERS = ROOT / "chapters"
ENTRY = re.compile(r"^([^\s:#].*)\n  \S", re.M)
LINK = re.compile(r"\{term\}`(?:[^`<]*<)?([^`>]+)>?`")


def text(path):
    """The prose of a page, without the glossary's own."""
    if path.suffix == ".md":
        return path.read_text("utf-8")
    cells = nbformat.read(path, as_version=4).cells
    return "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")


def terms():
    return ENTRY.findall((CHAPTERS / "glossary.md").read_text("utf-8"))


def test_the_glossary_is_in_order():
    assert len(terms()) > 40
    assert terms() == sorted(terms(), key=str.casefold)


def test_every_term_is_linked_from_a_chapter():
    pages = [p for p in CHAPTERS.iterdir() if p.suffix in {".md", ".ipynb"}]
    linked = {t for p in pages if p.stem != "glossary" for t in LINK.findall(text(p))}
    assert set(terms()) - linked == set()
    assert linked - set(terms()) == set()


@pytest.mark.parametrize("chapter", ["mdp", "drifts", "ppo"])
def test_links_lead_to_the_glossary(chapter):
    page = (BUILT / "chapters" / f"{chapter}.html").read_text("utf-8")
    linked = set(LINK.findall(text(CHAPTERS / f"{chapter}.ipynb")))
    assert len(linked) <= page.count('href="glossary.html#term-')
    assert linked
