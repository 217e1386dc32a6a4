"""How soon the explorers of the built pages answer; the book has to be built already.

    controls ready   from the start of the navigation until the last explorer of the page answers
    answer           from a control's event until the new picture stands and is laid out, with the
                     explorer in sight; the page is setting its formulas meanwhile

Each page is opened as a reader opens it, from a server on this machine and as a file, in a fresh
context of the browser, so that nothing is remembered. A script that runs before the page's own
tries every explorer every few milliseconds, until it answers. (Tried without a pause, a page would
take nearly twice as long.)
"""

import re
import shutil
import sys
from contextlib import contextmanager
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen

import numpy as np
from playwright.sync_api import sync_playwright
from timing import spread

BUILT = Path(__file__).parents[1] / "_build" / "html"
TIMES = 5
READY, ANSWER = 0.5, 1 / 60  # seconds wanted
PROBE = """
window.mbReady = [];
const asked = new Set();
const input = (control, value) => {
  control.value = value;
  control.dispatchEvent(new Event("input", { bubbles: true }));
};
// milliseconds until it has changed its picture, or null if it does not answer yet
function answer(explorer, layOut = () => {}) {
  const control = explorer.querySelector(".mb-controls input, .mb-controls select");
  const panels = explorer.querySelector(".mb-panels");
  if (!control || !panels || !window.mirrorbookExplorers) return null;
  const [rest, before] = [control.value, panels.innerHTML];
  const last = control.options ? control.options.length - 1 : +control.max;
  for (let i = 0; i <= last; i++) {
    const start = performance.now();
    input(control, i);
    layOut();
    const took = performance.now() - start;
    if (panels.innerHTML === before) continue;
    input(control, rest);
    return took;
  }
  return null;
}
function look() {
  for (const simplex of document.querySelectorAll(".mb-simplex .mb-handle")) {
    const own = simplex.closest(".mb-simplex[data-alive]");
    if (own && !asked.has(own)) { asked.add(own); mbReady.push(performance.now()); }
  }
  for (const explorer of document.querySelectorAll(".mb-explorer")) {
    if (asked.has(explorer) || answer(explorer) === null) continue;
    asked.add(explorer);
    mbReady.push(performance.now());
  }
  const all = document.querySelectorAll(".mb-explorer, .mb-simplex:not(.mb-simplex .mb-simplex)");
  window.mbDone = document.readyState !== "loading" && asked.size === all.length;
  if (!mbDone) setTimeout(look, 8);
}
look();
const frame = () => new Promise(requestAnimationFrame);
window.mbAnswers = async () => {
  const answers = [];
  for (const explorer of document.querySelectorAll(".mb-explorer")) {
    explorer.scrollIntoView({ behavior: "instant" });
    await frame();
    await frame();
    answers.push(answer(explorer, () => explorer.getBoundingClientRect()));
  }
  return answers;
};
"""


@contextmanager
def served():
    """The address of the built pages, served by a process of its own that keeps connections."""
    command = [sys.executable, "-u", "-m", "http.server", "0", "--bind", "127.0.0.1"]
    command += ["--protocol", "HTTP/1.1", "--directory", BUILT]
    with Popen(command, stdout=PIPE, stderr=DEVNULL, text=True) as server:
        try:
            yield re.search(r"http://[\d.:]+", server.stdout.readline())[0]
        finally:
            server.terminate()


def pages() -> list[Path]:
    """The built pages that have an explorer."""
    texts = ((p, p.read_text("utf-8")) for p in sorted((BUILT / "chapters").glob("*.html")))
    return [p for p, t in texts if 'class="mb-explorer"' in t or 'class="mb-simplex"' in t]


def results():
    """Two lines a page and way to open it: when its controls are ready, how soon they answer."""
    program = next(filter(None, map(shutil.which, ("chromium", "google-chrome"))), None)
    found = []
    with served() as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        roots = {"served": site, "a file": BUILT.as_uri()}
        _visit(browser, f"{site}/chapters/index.html")  # what the browser does once
        for path in pages():
            for how, root in roots.items():
                address = f"{root}/{path.relative_to(BUILT).as_posix()}"
                ready, answers = zip(*(_visit(browser, address) for _ in range(TIMES)), strict=True)
                page = dict(page=path.stem, opened=how)
                found.append(page | _line("controls ready", ready, READY))
                if answers[0]:
                    found.append(page | _line("answer", sum(answers, []), ANSWER))
        browser.close()
    return found


def _visit(browser, address):
    """Milliseconds until the last explorer is ready, and of every explorer's answer."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.add_init_script(PROBE)
    page.goto(address, wait_until="commit")
    page.wait_for_function("window.mbDone", polling=50)
    ready, answers = page.evaluate("mbReady"), page.evaluate("mbAnswers()")
    context.close()
    return max(ready), answers


def _line(what, milliseconds, target):
    return dict(measure=what, seconds=spread(np.array(milliseconds) / 1000), target=target)
