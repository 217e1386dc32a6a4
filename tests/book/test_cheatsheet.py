"""The cheat sheet, printed by a reader who turned nothing and set nothing."""

import io
from unicodedata import normalize

from pypdf import PdfReader
from visit import Visit

from mirrorbook import ALGORITHMS

USUAL_MARGINS = dict.fromkeys(("top", "right", "bottom", "left"), "10mm")


def plain(text):
    """A text without its spaces and ligatures."""
    return "".join(normalize("NFKC", text).split())


def test_the_cheat_sheet_is_one_sheet_of_paper(browser):
    with Visit(browser, "chapters/cheatsheet.html", color_scheme="dark") as visit:
        paper = PdfReader(io.BytesIO(visit.page.pdf(format="A4", margin=USUAL_MARGINS)))
        assert len(paper.pages) == 1
        text = plain(paper.pages[0].extract_text())
        sections = visit.page.locator(".bd-article h2").all_inner_texts()
        for wanted in ("Cheat sheet", *ALGORITHMS, *(s.strip("#\n ") for s in sections)):
            assert plain(wanted) in text, wanted
        assert "Contents" not in text
