"""Where the built book is, which pages it has, and what is written in its chapters."""

import json
from pathlib import Path

ROOT = Path(__file__).parents[2]
BUILT = ROOT / "_build" / "html"


def pages() -> list[Path]:
    """Return every page that a reader sees, without the page that only leads to the first one."""
    found = sorted(p for p in BUILT.rglob("*.html") if "_static" not in p.parts)
    return [page for page in found if page != BUILT / "index.html"]


def name(path: Path) -> str:
    """What a page is called in the book's address."""
    return path.relative_to(BUILT).as_posix()


def cells(notebook: Path, kind: str) -> list[dict]:
    """The cells of a notebook that are "code" or "markdown", the source of each in one piece.

    (The library for this takes a second to import, in each process of a test run.)
    """
    every = json.loads(notebook.read_text("utf-8"))["cells"]
    return [c | {"source": "".join(c["source"])} for c in every if c["cell_type"] == kind]


def prose(chapter: Path) -> str:
    """What a chapter says, without its code."""
    if chapter.suffix == ".md":
        return chapter.read_text("utf-8")
    return "\n".join(cell["source"] for cell in cells(chapter, "markdown"))


def chapters() -> list[Path]:
    """Every page as it was written."""
    return sorted(p for p in (ROOT / "chapters").iterdir() if p.suffix in {".md", ".ipynb"})
