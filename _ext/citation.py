"""BibTeX entries on a page, each from its one source, in a box with a button that copies it.

```{bibtex-entry} kuba2022mirror
```

shows an entry of references.bib; the key `book` shows the book itself, as CITATION.cff has it.
"""

import re
from pathlib import Path

import yaml
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

ENTRY = """@software{{mirrorbook,
  title   = {{{{{title}}}}},
  author  = {{{{{authors}}}}},
  version = {{{version}}},
  year    = {{{year}}}
}}"""


def of_book(root: Path, year: str) -> str:
    """The book as a BibTeX entry."""
    cff = yaml.safe_load((root / "CITATION.cff").read_text("utf-8"))
    authors = " and ".join(author["name"] for author in cff["authors"])
    return ENTRY.format(title=cff["title"], authors=authors, version=cff["version"], year=year)


def of_bibliography(root: Path, key: str) -> str:
    """An entry of references.bib as it stands there; empty if there is none."""
    bib = (root / "references.bib").read_text("utf-8")
    found = re.search(rf"^@\w+\{{{re.escape(key)},.*?^\}}", bib, re.M | re.S)
    return found[0] if found else ""


class BibtexEntry(SphinxDirective):
    """The directive; its argument is a key, or `book`."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Return the box."""
        key, root = self.arguments[0], Path(self.env.srcdir)
        for source in ("references.bib", "CITATION.cff"):
            self.env.note_dependency(str(root / source))
        is_book = key == "book"
        year = self.config.copyright
        entry = of_book(root, year) if is_book else of_bibliography(root, key)
        if not entry:
            raise self.error(f"references.bib has no entry {key!r}")
        return [nodes.literal_block(entry, entry, language="bibtex")]


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the directive with Sphinx."""
    app.add_directive("bibtex-entry", BibtexEntry)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
