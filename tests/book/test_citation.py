"""What the page on citing shows comes from one source each, and parses as BibTeX."""

from citation import of_bibliography, of_book
from pages import BUILT, ROOT
from pybtex.database import parse_string

import mirrorbook


def test_the_book_cites_itself_with_its_version():
    entry = parse_string(of_book(ROOT, "2026"), "bibtex").entries["mirrorbook"]
    assert entry.fields["version"] == mirrorbook.__version__
    assert "Mirror Learning" in entry.fields["title"]
    assert entry.persons["author"]


def test_an_entry_of_the_bibliography_is_found_whole():
    (key,) = parse_string(of_bibliography(ROOT, "kuba2022mirror"), "bibtex").entries
    assert key == "kuba2022mirror"
    assert of_bibliography(ROOT, "kuba") == ""


def test_the_page_shows_what_the_files_say():
    page = (BUILT / "chapters" / "cite.html").read_text("utf-8")
    for words in ("kuba2022mirror", "cff-version", "CC BY 4.0", "0.1.0 (unreleased)"):
        assert words in page, words
