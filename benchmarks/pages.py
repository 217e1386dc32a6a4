"""How soon the explorers of the built pages answer: `python benchmarks/pages.py`, after a build.

    controls ready   from the start of the navigation until the last explorer of the page answers
    answer           from a control's event until the new picture stands and is laid out

Each page is opened as a reader opens it, from a server on this machine and as a file, in a fresh
context of the browser, so that nothing is remembered. A script that runs before the page's own
tries every explorer in the pauses of the parser, until it answers.
"""

import functools
import shutil
import statistics
import threading
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from playwright.sync_api import sync_playwright

BUILT = Path(__file__).parents[1] / "_build" / "html"
TIMES = 5
PROBE = """
window.mbReady = [];
window.mbAnswers = [];
const asked = new Set();
const channel = new MessageChannel();
const input = (control, value) => {
  control.value = value;
  control.dispatchEvent(new Event("input", { bubbles: true }));
};
const key = (handle, key) => handle.dispatchEvent(new KeyboardEvent("keydown", { key }));
function answer(explorer) { // milliseconds, or null if it does not answer yet
  const control = explorer.querySelector(".mb-controls input, .mb-controls select");
  const says = explorer.querySelector(".mb-panels");
  if (!control || !says) return null;
  const [start, rest, before] = [performance.now(), control.value, says.innerHTML];
  const last = control.options ? control.options.length - 1 : +control.max;
  for (let i = 0; i <= last && says.innerHTML === before; i++) input(control, i);
  const answered = says.innerHTML !== before;
  input(control, rest);
  const again = performance.now();
  if (answered) input(control, rest);
  explorer.getBoundingClientRect();
  return answered ? performance.now() - again : null;
}
function look() {
  for (const simplex of document.querySelectorAll(".mb-simplex .mb-handle")) {
    const own = simplex.closest(".mb-simplex[data-alive]");
    if (own && !asked.has(own)) { asked.add(own); mbReady.push(performance.now()); }
  }
  for (const explorer of document.querySelectorAll(".mb-explorer")) {
    if (asked.has(explorer)) continue;
    const took = answer(explorer);
    if (took === null) continue;
    asked.add(explorer);
    mbReady.push(performance.now());
    mbAnswers.push(took);
  }
  if (document.readyState !== "complete") channel.port2.postMessage(0);
}
channel.port1.onmessage = look;
look();
"""


class Quiet(SimpleHTTPRequestHandler):
    """A server without a log."""

    def log_message(self, *args):
        """Say nothing."""


def pages() -> list[Path]:
    """The built pages that have an explorer."""
    texts = ((p, p.read_text("utf-8")) for p in sorted((BUILT / "chapters").glob("*.html")))
    return [p for p, t in texts if 'class="mb-explorer"' in t or 'class="mb-simplex"' in t]


def results() -> list[dict]:
    """Median, lowest and highest seconds of both measures, for every page with explorers."""
    handler = functools.partial(Quiet, directory=str(BUILT))
    with (
        sync_playwright() as playwright,
        ThreadingHTTPServer(("127.0.0.1", 0), handler) as server,
    ):
        threading.Thread(target=server.serve_forever, daemon=True).start()
        program = shutil.which("chromium") or shutil.which("google-chrome")
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        roots = {"http": f"http://127.0.0.1:{server.server_port}", "file": BUILT.as_uri()}
        found = []
        for path in pages():
            for how, root in roots.items():
                address = f"{root}/{path.relative_to(BUILT)}"
                ready, answers = zip(*(_visit(browser, address) for _ in range(TIMES)), strict=True)
                found.append(_row(f"{path.stem}, {how}: controls ready", ready))
                if answers[0]:
                    found.append(_row(f"{path.stem}, {how}: answer", sum(answers, [])))
        browser.close()
        server.shutdown()
    return found


def _visit(browser, address):
    """Milliseconds until the last explorer is ready, and of every explorer's answer."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.add_init_script(PROBE)
    page.goto(address, wait_until="load")
    ready, answers = page.evaluate("[mbReady, mbAnswers]")
    context.close()
    return max(ready), answers


def _row(name, milliseconds):
    seconds = [each / 1000 for each in milliseconds]
    low, high = min(seconds), max(seconds)
    return {"name": name, "median": statistics.median(seconds), "low": low, "high": high}


if __name__ == "__main__":
    for row in results():
        print(f"{row['name']:42s} {row['median']:.4f} s ({row['low']:.4f} to {row['high']:.4f})")
