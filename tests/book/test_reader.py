"""What a reader does with the book besides reading: search it, print it, do without scripts."""

import io
import re

import pytest
from pages import BUILT, pages
from pypdf import PdfReader
from replay import FACE
from visit import Visit, window

CHAPTER = "chapters/mdp.html"
EXPLORER = rf"<div {FACE}>.*?</script></div>"


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
        shown = visit.page.locator(".mb-explorer .mb-says").first.text_content()
        label = visit.page.locator(".mb-explorer .mb-controls span").first.text_content()
        chapters = visit.page.locator(".bd-sidebar-primary .caption-text").all_inner_texts()
        paper = PdfReader(io.BytesIO(visit.page.pdf(format="A4")))
        text = [" ".join(sheet.extract_text().split()) for sheet in paper.pages]
        assert 10 < len(text) < 40
        whole = " ".join(text)
        for wanted in ("Values and occupancies", "γ", "∑", "Solution to", shown[:40]):
            assert wanted in whole, wanted
        for unwanted in ("Search", "Click to", "Skip to main", label, *chapters):
            assert unwanted not in whole, unwanted


def test_explorers_make_sense_without_scripts(browser, tmp_path):
    """All explorers of the book, on one page with the style sheets of its first chapter."""
    texts = [page.read_text("utf-8") for page in pages()]
    head = re.sub('(href|src)="../_static', rf'\1="{(BUILT / "_static").as_uri()}', texts[0])
    explorers = [part for text in texts for part in re.findall(EXPLORER, text, re.DOTALL)]
    assert len(explorers) == sum(text.count(FACE) for text in texts) > 10
    book = tmp_path / "explorers.html"
    body = f'<body><article class="bd-article">{"".join(explorers)}</article></body></html>'
    book.write_text(head.partition("<body")[0] + body, encoding="utf-8")
    page = window(browser, "phone", java_script_enabled=False)
    page.goto(book.as_uri())
    for explorer in page.locator(".mb-explorer").all():
        assert explorer.locator(".mb-panels svg").first.is_visible()
        assert re.search(r"\w{3}", explorer.locator(".mb-says").inner_text())
        assert not explorer.locator(".mb-controls").is_visible()
