"""The bibliography and what is cited from it."""

import re

import nbformat
from pages import ROOT
from pybtex.database import parse_file

CITED = re.compile(r"\{cite(?::\w+)?\}`([^`]+)`")


def test_every_entry_is_cited_and_every_citation_has_its_entry():
    cited = set()
    for path in (ROOT / "chapters").iterdir():
        if path.suffix == ".ipynb":
            cells = nbformat.read(path, as_version=4).cells
            text = "\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
        elif path.suffix == ".md":
            text = path.read_text("utf-8")
        else:
            continue
        for keys in CITED.findall(text):
            cited |= {key.strip() for key in keys.split(",")}
    entries = set(parse_file(str(ROOT / "references.bib"), bib_format="bibtex").entries)
    assert cited - entries == set()
    assert entries - cited == set()
