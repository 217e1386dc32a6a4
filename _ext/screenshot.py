"""The picture of the README, of a built page: `python _ext/screenshot.py _build/html out.png`."""

import io
import sys
from pathlib import Path

from chromium import WAIT_FOR_MATHS, launch
from PIL import Image
from playwright.sync_api import sync_playwright

SIZE = {"width": 1120, "height": 760}
PAGE = "chapters/mirror_step.html"
SHOWN = ".mb-simplex, .mb-explorer"
COLOURS = 64  # enough for lines and letters, and a fifth of the bytes


def take(built: Path, target: Path) -> None:
    """Photograph the first explorer of the page, with what stands around it."""
    with sync_playwright() as playwright:
        browser = launch(playwright)
        page = browser.new_page(viewport=SIZE, color_scheme="light", reduced_motion="reduce")
        page.goto((built.resolve() / PAGE).as_uri())
        page.evaluate(WAIT_FOR_MATHS)
        page.locator(SHOWN).first.evaluate("e => scrollBy(0, e.getBoundingClientRect().top - 130)")
        picture = Image.open(io.BytesIO(page.screenshot()))
        browser.close()
    picture.convert("RGB").quantize(COLOURS).save(target, optimize=True)
    print(f"{target}: {target.stat().st_size / 1000:.0f} kB")


if __name__ == "__main__":
    take(*map(Path, sys.argv[1:]))
