"""The book as a PDF: two of its pages, joined as all of them are."""

import pytest
import yaml
from pages import BUILT, ROOT
from pdf import make, order
from pypdf import PdfReader
from visit import Visit

PAGES = [("chapters/index", ""), ("chapters/notation", "Before you start")]


@pytest.fixture(scope="module")
def paper(browser, tmp_path_factory):
    target = tmp_path_factory.mktemp("pdf") / "book.pdf"
    make(browser, BUILT, PAGES, title="The title", author="The author").write(target)
    return PdfReader(target)


@pytest.fixture(scope="module")
def text(paper):
    return [" ".join(sheet.extract_text().split()) for sheet in paper.pages]


def links(paper, sheet):
    return [link.get_object() for link in paper.pages[sheet].get("/Annots") or ()]


def test_the_order_is_that_of_the_table_of_contents():
    pages = order(yaml.safe_load((ROOT / "_toc.yml").read_text("utf-8")))
    assert pages[:2] == PAGES
    built = {p.relative_to(BUILT).with_suffix("") for p in (BUILT / "chapters").glob("*.html")}
    assert {str(page) for page in built} == {page for page, _ in pages}


def test_a_title_page_lists_the_chapters_with_their_numbers(paper, text):
    assert paper.page_labels[:3] == ["i", "1", "2"]
    assert "The title" in text[0] and "The author" in text[0]
    number = text[0].split()[-1]
    assert "Notation" in text[int(number)]
    target = links(paper, 0)[-1]["/Dest"][0].get_object()
    assert target == paper.pages[int(number)].get_object()


def test_every_sheet_but_the_first_has_its_number(text):
    assert [sheet.split()[-1] for sheet in text[1:]] == [str(n + 1) for n in range(len(text) - 1)]


def test_bookmarks_lead_to_chapters_and_sections(paper, text):
    first, sections, part, (chapter, parts) = paper.outline
    assert [first.title, part.title, chapter.title] == [
        "Mirror Learning, the executable edition",
        "Before you start",
        "Notation",
    ]
    assert len(sections) > 4 and len(parts) > 3
    for mark in (*sections, *parts):
        assert mark.title in text[paper.get_destination_page_number(mark)]


def test_links_stay_inside(paper):
    of_pages = [link for n in range(len(paper.pages)) for link in links(paper, n)]
    assert not [link for link in of_pages if isinstance(link.get("/Dest"), str)]
    assert not [link for link in of_pages if "file:" in str(link.get("/A", {}).get("/URI", ""))]
    assert sum("/Dest" in link for link in of_pages) > 10


def test_explorers_are_their_main_frames_and_nothing_is_there_to_operate(browser, text):
    with Visit(browser, "chapters/index.html") as visit:
        says = visit.page.locator(".mb-simplex .mb-says").first.text_content()
        labels = visit.page.locator(".mb-simplex label").all_text_contents()
    whole = " ".join(text)
    assert says[:40] in whole
    assert labels and not [label for label in labels if label in whole]


def test_formulas_are_set(text):
    assert "∑" in " ".join(text) and "\\sum" not in " ".join(text)
