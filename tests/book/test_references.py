"""The bibliography and what is cited from it."""

import re

from pages import ROOT, chapters, prose
from pybtex.database import parse_file

CITED = re.compile(r"\{cite(?::\w+)?\}`([^`]+)`")


def test_every_entry_is_cited_and_every_citation_has_its_entry():
    listed = [keys for path in chapters() for keys in CITED.findall(prose(path))]
    cited = {key.strip() for keys in listed for key in keys.split(",")}
    entries = set(parse_file(str(ROOT / "references.bib"), bib_format="bibtex").entries)
    assert cited - entries == set()
    assert entries - cited == set()
