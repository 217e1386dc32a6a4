"""A browser with no way out, and a server for the built book."""

import functools
import os
import shutil
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pages import BUILT
from playwright.sync_api import sync_playwright

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


class QuietHandler(SimpleHTTPRequestHandler):
    def log_message(self, *args):
        pass


@pytest.fixture(scope="session")
def site():
    """The address of the built book, served on this machine."""
    handler = functools.partial(QuietHandler, directory=str(BUILT))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(scope="session")
def browser():
    """Chromium or Chrome: the system's, else the one that Playwright installed."""
    with sync_playwright() as playwright:
        candidates = [*map(shutil.which, BROWSERS), playwright.chromium.executable_path]
        program = next((p for p in candidates if p and Path(p).exists()), None)
        if program is None:
            required = os.environ.get("MIRRORBOOK_REQUIRE_BROWSER") == "1"
            (pytest.fail if required else pytest.skip)(
                f"no browser found: install one of {', '.join(BROWSERS)}"
            )
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        yield browser
        browser.close()


def pytest_terminal_summary(terminalreporter):
    """Report what was measured and is not judged, since it depends on the machine."""
    measured = {}
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for what, value in report.user_properties if report.when == "call" else ():
            measured.setdefault(what, []).append((value, report.nodeid.rpartition("[")[2][:-1]))
    for what, values in measured.items():
        value, where = max(values)
        terminalreporter.write_line(f"{what}: at most {value:.0f} ({where})")
