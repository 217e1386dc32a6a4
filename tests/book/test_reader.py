"""What a reader does with the book besides reading: search it, print it, follow the system."""

import io

import pytest
from pypdf import PdfReader
from visit import Visit

CHAPTER = "chapters/mdp.html"


@pytest.mark.parametrize("place", ["served", "file"])
def test_search_finds_a_word_and_opens_its_page(browser, site, place):
    address = site if place == "served" else None
    with Visit(browser, "chapters/index.html", address=address) as visit:
        page = visit.page
        page.locator(".search-button-field:visible, .search-button:visible").first.click()
        page.locator("input[name=q]:visible").first.fill("occupancies")
        page.keyboard.press("Enter")
        result = page.locator("#search-results li a", has_text="Values and occupancies").first
        result.click()
        page.wait_for_url("**/chapters/mdp.html*")
        assert "Values and occupancies" in page.locator("h1").last.inner_text()
        assert not visit.problems


def test_a_printed_page_holds_what_is_read_and_nothing_that_is_operated(browser):
    with Visit(browser, CHAPTER, color_scheme="dark") as visit:
        shown = visit.page.locator(".mb-explorer .mb-says").first.inner_text()
        label = visit.page.locator(".mb-explorer .mb-controls span").first.inner_text()
        chapters = visit.page.locator(".bd-sidebar-primary .caption-text").all_inner_texts()
        paper = PdfReader(io.BytesIO(visit.page.pdf(format="A4")))
        text = [" ".join(sheet.extract_text().split()) for sheet in paper.pages]
        assert 10 < len(text) < 40
        whole = " ".join(text)
        for wanted in ("Values and occupancies", "γ", "∑", "Solution to", shown[:40]):
            assert wanted in whole, wanted
        for unwanted in ("Search", "Click to", "Skip to main", label, *chapters):
            assert unwanted not in whole, unwanted
