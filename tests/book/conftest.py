"""A browser with no way out, and a server for the built book."""

import functools
import os
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest
from chromium import launch
from pages import BUILT
from playwright.sync_api import sync_playwright
from xdist.scheduler import LoadScopeScheduling


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
        try:
            browser = launch(playwright)
        except FileNotFoundError as missing:
            required = os.environ.get("MIRRORBOOK_REQUIRE_BROWSER") == "1"
            (pytest.fail if required else pytest.skip)(str(missing))
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


def pytest_xdist_make_scheduler(config, log):
    return SharedTogether(config, log)


class SharedTogether(LoadScopeScheduling):
    """One worker for the tests of a page, which share what is computed for it, or of a module.

    (The marks of xdist's own `loadgroup` have no effect with pytest 9.2: pytest-xdist issue 1386.)
    """

    def _split_scope(self, nodeid):
        module, _, test = nodeid.partition("::")
        return test.partition("[")[2] if module.endswith("test_browser.py") else module
