"""Which browser opens, photographs and prints the built pages, and how: with no way out."""

import shutil
from pathlib import Path

from playwright.sync_api import Browser, Playwright

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
MISSING = f"no browser found: install one of {', '.join(BROWSERS)}"
WAIT_FOR_MATHS = "async () => { await window.mathsAreSet; }"  # see maths.js


def launch(playwright: Playwright) -> Browser:
    """The system's Chromium or Chrome, else the one that Playwright installed.

    Raises
    ------
    FileNotFoundError
        If there is none.
    """
    candidates = [*map(shutil.which, BROWSERS), playwright.chromium.executable_path]
    program = next((p for p in candidates if p and Path(p).exists()), None)
    if program is None:
        raise FileNotFoundError(MISSING)
    return playwright.chromium.launch(executable_path=program, args=FLAGS)
