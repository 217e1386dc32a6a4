"""The whole book as one PDF: `python _ext/pdf.py _build/html book.pdf`, or `make pdf`.

Chromium prints the built pages one by one, in the order of `_toc.yml`: in light colours, with
every solution unfolded and every explorer as its main frame (print.css and site.js see to that).
pypdf joins them: a title page with the table of contents goes before, page numbers are laid over,
chapters and sections become bookmarks, and links from page to page lead to places in the PDF.
"""

import io
import sys
from dataclasses import dataclass
from html import escape
from pathlib import Path
from urllib.parse import unquote, urldefrag

import yaml
from chromium import WAIT_FOR_MATHS, launch
from playwright.sync_api import Browser, sync_playwright
from pypdf import PdfReader, PdfWriter
from pypdf.generic import (
    ArrayObject,
    DictionaryObject,
    Fit,
    FloatObject,
    NameObject,
    NullObject,
)

PAPER = {
    "format": "A4",
    "print_background": True,
    "margin": {"top": "16mm", "bottom": "18mm", "left": "16mm", "right": "16mm"},
}
PATIENCE = 300_000  # ms: a long page has thousands of formulas, and machines are slow at times
# Chromium keeps the place of an id that a link on the same page leads to, also an unseen link.
KEEP_PLACES = """() => {
  for (const target of document.querySelectorAll(".bd-article [id]")) {
    if (!(target instanceof HTMLElement)) continue;  // a part of a drawing
    const link = document.createElement("a");
    link.href = "#" + encodeURIComponent(target.id);
    link.hidden = true;
    document.querySelector(".bd-article").append(link);
  }
}"""
# Titles as they are read aloud: a formula by its hidden MathML, without the sign that links to it.
SECTIONS = """() => [...document.querySelectorAll(".bd-article h1, .bd-article h2")].map(h => {
  const words = h.cloneNode(true);
  words.querySelector(".headerlink")?.remove();
  return [h.tagName, h.closest("section").id, words.textContent.trim()];
})"""
NUMBERS = """<style>@page {{ size: A4; margin: 0 }} body {{ margin: 0; font: 9pt sans-serif }}
p {{ margin: 0; height: 297mm; break-after: page; position: relative }}
span {{ position: absolute; bottom: 8mm; left: 16mm; right: 16mm; text-align: center }}</style>
{}"""
FRONT = """<style>body {{ font: 11pt/1.5 sans-serif }} h1 {{ font-size: 26pt; margin-top: 5rem }}
h2 {{ font-size: 12pt; margin: 0.8em 0 0 }} a {{ color: black; text-decoration: none }}
a {{ display: flex; justify-content: space-between }}</style>
<h1>{title}</h1><p>{author}</p>{contents}"""


@dataclass
class Printed:
    """One built page on paper: its address, its part, its sections, and its sheets."""

    address: str
    part: str
    sections: list[tuple[str, str, str]]
    sheets: PdfReader
    first: int = 0  # the number of its first sheet in the book, from 0

    @property
    def title(self) -> str:
        """Its first heading."""
        return self.sections[0][2]


def order(toc: dict) -> list[tuple[str, str]]:
    """The pages as `_toc.yml` has them, each with the title of its part."""
    pages = [(toc["root"], "")]

    def walk(entries, part):
        for entry in entries:
            pages.append((entry["file"], part))
            walk(entry.get("sections", []), part)

    for part in toc["parts"]:
        walk(part["chapters"], part["caption"])
    return pages


def print_page(browser: Browser, address: str, part: str) -> Printed:
    """Print one built page."""
    page = browser.new_page(color_scheme="light", reduced_motion="reduce")
    page.set_default_timeout(PATIENCE)
    page.goto(address)
    page.evaluate(WAIT_FOR_MATHS)
    sections = page.evaluate(SECTIONS)
    page.evaluate(KEEP_PLACES)
    sheets = PdfReader(io.BytesIO(page.pdf(**PAPER, tagged=False)))
    page.close()
    return Printed(address, part, sections, sheets)


def print_html(browser: Browser, html: str, **options) -> PdfReader:
    """Print a page that is not stored anywhere."""
    page = browser.new_page()
    page.set_content(html)
    sheets = PdfReader(io.BytesIO(page.pdf(**options)))
    page.close()
    return sheets


def contents(printed: list[Printed]) -> str:
    """The table of contents: parts, chapters, and the number of the sheet where each begins."""
    lines, part = [], ""
    for page in printed:
        if page.part != part:
            part = page.part
            lines.append(f"<h2>{escape(part)}</h2>")
        number = f"<span>{page.first + 1}</span>"
        lines.append(f'<a href="{page.address}"><span>{escape(page.title)}</span>{number}</a>')
    return "".join(lines)


def place(page: Printed, fragment: str) -> tuple[int, float]:
    """The number of the sheet in the book where an id stands, and the height there."""
    found = page.sheets.named_destinations.get(f"/{fragment}")
    if fragment and not found:
        raise LookupError(f"{page.address} has no #{fragment}")
    if not found or fragment == page.sections[0][1]:
        return page.first, float(page.sheets.pages[0].mediabox.top)
    return page.first + page.sheets.get_destination_page_number(found), float(found.top)


def lead_inside(link: DictionaryObject, here: Printed, pages: dict[str, Printed], book: PdfWriter):
    """Turn a link to an id or to another built page into one to a place in the PDF."""
    if "/Dest" in link:
        address, fragment = here.address, link["/Dest"].removeprefix("/")
    else:
        address, fragment = urldefrag(link["/A"]["/URI"])
    if not address.startswith("file:"):
        return
    if address not in pages:  # not printed: the search, the index
        del link["/A"]
        return
    sheet, top = place(pages[address], unquote(fragment))
    del link["/Dest" if "/Dest" in link else "/A"]
    target = book.pages[sheet].indirect_reference
    link[NameObject("/Dest")] = ArrayObject(
        [target, NameObject("/XYZ"), NullObject(), FloatObject(top), NullObject()]
    )


def join(printed: list[Printed], front: PdfReader, numbers: PdfReader) -> PdfWriter:
    """Put everything into one book."""
    book, pages = PdfWriter(), {page.address: page for page in printed}
    for sheet in (sheet for page in printed for sheet in page.sheets.pages):
        book.add_page(sheet)
    for sheet, number in zip(book.pages, numbers.pages, strict=True):
        sheet.merge_page(number)
    owners = [page for page in printed for _ in page.sheets.pages]
    for sheet in reversed(front.pages):
        book.insert_page(sheet, 0)
    for page in printed:
        page.first += len(front.pages)
    for sheet, owner in zip(book.pages, [None] * len(front.pages) + owners, strict=True):
        for link in sheet.get("/Annots") or ():
            lead_inside(link.get_object(), owner, pages, book)
    book.set_page_label(0, len(front.pages) - 1, style="/r")
    book.set_page_label(len(front.pages), len(book.pages) - 1, style="/D")
    add_bookmarks(book, printed)
    book.compress_identical_objects()
    return book


def add_bookmarks(book: PdfWriter, printed: list[Printed]) -> None:
    """Parts, in them chapters, in them sections."""
    part, over = "", None
    for page in printed:
        if page.part != part:
            part = page.part
            over = book.add_outline_item(title=part, page_number=page.first, is_open=False)
        chapter = book.add_outline_item(
            title=page.title, page_number=page.first, parent=over, is_open=False
        )
        for _, fragment, words in page.sections[1:]:
            sheet, top = place(page, fragment)
            book.add_outline_item(
                title=words, page_number=sheet, parent=chapter, fit=Fit.xyz(top=top)
            )


def make(
    browser: Browser, built: Path, pages: list[tuple[str, str]], title: str, author: str
) -> PdfWriter:
    """Print the pages of a built book, given as (file, part), and join them."""
    printed, n_sheets = [], 0
    for file, part in pages:
        printed.append(print_page(browser, (built / f"{file}.html").as_uri(), part))
        printed[-1].first = n_sheets
        n_sheets += len(printed[-1].sheets.pages)
    words = FRONT.format(title=escape(title), author=escape(author), contents=contents(printed))
    front = print_html(browser, words, **PAPER)
    feet = "".join(f"<p><span>{number + 1}</span></p>" for number in range(n_sheets))
    return join(
        printed, front, print_html(browser, NUMBERS.format(feet), prefer_css_page_size=True)
    )


def main(built: Path, target: Path) -> None:
    """Print the book whose settings are in this folder."""
    settings = yaml.safe_load(Path("_config.yml").read_text("utf-8"))
    pages = order(yaml.safe_load(Path("_toc.yml").read_text("utf-8")))
    with sync_playwright() as playwright:
        browser = launch(playwright)
        book = make(browser, built.resolve(), pages, settings["title"], settings["author"])
        browser.close()
    book.add_metadata({"/Title": settings["title"], "/Author": settings["author"]})
    book.write(target)
    print(f"{target}: {len(book.pages)} pages, {target.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
