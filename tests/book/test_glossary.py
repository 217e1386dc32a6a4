"""Every word of the glossary is linked from a page that uses it."""

import re

import pytest
from pages import BUILT, ROOT, chapters, prose

CHAPTERS = ROOT / "chapters"
ENTRY = re.compile(r"^([^\s:#].*)\n  \S", re.M)
LINK = re.compile(r"\{term\}`(?:[^`<]*<)?([^`>]+)>?`")


def terms():
    return ENTRY.findall((CHAPTERS / "glossary.md").read_text("utf-8"))


def test_the_glossary_is_in_order():
    assert len(terms()) > 40
    assert terms() == sorted(terms(), key=str.casefold)


def test_every_term_is_linked_from_a_chapter():
    pages = [path for path in chapters() if path.stem != "glossary"]
    linked = {term for path in pages for term in LINK.findall(prose(path))}
    assert set(terms()) - linked == set()
    assert linked - set(terms()) == set()


@pytest.mark.parametrize("chapter", ["mdp", "drifts", "ppo"])
def test_links_lead_to_the_glossary(chapter):
    page = (BUILT / "chapters" / f"{chapter}.html").read_text("utf-8")
    linked = set(LINK.findall(prose(CHAPTERS / f"{chapter}.ipynb")))
    assert len(linked) <= page.count('href="glossary.html#term-')
    assert linked
