"""Where the built book is, and which pages it has."""

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
