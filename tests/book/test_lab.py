"""The chapters in JupyterLab: a real server, a real kernel, every cell run, a control moved."""

import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pages import ROOT
from replay import explorers

from mirrorbook.widgets import Range

CHAPTERS = ["mdp", "drifts"]  # each runs in seconds
PATIENCE = 120  # seconds, on a machine with much else to do
# Cells that are not in sight count too, and no question interrupts.
SETTINGS = {
    "@jupyterlab/notebook-extension/tracker": {"windowingMode": "none"},
    "@jupyterlab/apputils-extension/notification": {"fetchNews": "false", "checkForUpdates": False},
}
RUN_ALL = """async patience => {
  const { shell, commands } = window.jupyterapp;
  const late = new Promise((_, no) => setTimeout(no, patience * 1000, new Error("too late")));
  await Promise.race([shell.currentWidget.sessionContext.ready, late]);
  await Promise.race([commands.execute("notebook:run-all-cells"), late]);
}"""
OPEN = """async name => {
  const { context } = await window.jupyterapp.commands.execute("docmanager:open", { path: name });
  await context.ready;
}"""
IN_FRONT = ".jp-NotebookPanel:not(.lm-mod-hidden)"
PROMPTS = ".jp-CodeCell .jp-InputPrompt"
ERRORS = '.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.error"]'


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """Root address and token of a JupyterLab that knows nothing of this machine's settings."""
    home = tmp_path_factory.mktemp("lab")
    for chapter in CHAPTERS:
        shutil.copy(ROOT / "chapters" / f"{chapter}.ipynb", home)
    for name, setting in SETTINGS.items():
        path = home / "settings" / f"{name}.jupyterlab-settings"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(setting), encoding="utf-8")
    places = {
        "JUPYTER_CONFIG_DIR": "config",
        "JUPYTER_RUNTIME_DIR": "runtime",
        "JUPYTERLAB_SETTINGS_DIR": "settings",
        "JUPYTERLAB_WORKSPACES_DIR": "workspaces",
        "IPYTHONDIR": "ipython",
    }
    token = secrets.token_hex(16)
    options = {
        "ServerApp.root_dir": home,
        "ServerApp.ip": "127.0.0.1",
        "ServerApp.port": free_port(),
        "ServerApp.open_browser": False,
        "ServerApp.allow_root": True,
        "ServerApp.log_level": "WARN",
        "IdentityProvider.token": token,
        "LabApp.expose_app_in_browser": True,
        "LabApp.extension_manager": "readonly",
    }
    command = [sys.executable, "-m", "jupyterlab", *(f"--{k}={v}" for k, v in options.items())]
    environment = os.environ | {name: str(home / place) for name, place in places.items()}
    with open(home / "log", "w") as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log, cwd=home)
    try:
        yield _address(server, home), token
    finally:
        server.terminate()  # it ends its kernels itself
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _address(server, home: Path):
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end and server.poll() is None:
        for notes in (home / "runtime").glob("jpserver-*.json"):
            return f"http://127.0.0.1:{json.loads(notes.read_text())['port']}"
        time.sleep(0.1)
    pytest.fail(f"JupyterLab did not start:\n{(home / 'log').read_text()}")


@pytest.fixture(scope="module")
def page(browser, lab):
    """JupyterLab in the browser, with nothing open."""
    address, token = lab
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    page = context.new_page()
    page.set_default_timeout(PATIENCE * 1000)
    page.goto(f"{address}/lab?token={token}")
    page.wait_for_function("window.jupyterapp?.restored")
    yield page
    context.close()


@pytest.mark.parametrize("chapter", CHAPTERS)
def test_a_chapter_runs_in_jupyterlab_and_its_explorer_is_alive(page, chapter):
    made = explorers(ROOT / "chapters" / f"{chapter}.ipynb")[0]
    page.evaluate(OPEN, f"{chapter}.ipynb")
    page.evaluate(RUN_ALL, PATIENCE)
    notebook = page.locator(IN_FRONT)
    prompts = notebook.locator(PROMPTS).all_inner_texts()
    assert prompts == [f"[{i + 1}]:" for i in range(len(prompts))]
    assert notebook.locator(ERRORS).count() == 0
    move_a_control(notebook, made)


def move_a_control(notebook, made):
    """Press an arrow key on the first slider; words and picture follow, as the package says."""
    live = notebook.locator(".jp-OutputArea-output:has(.widget-slider):has(.mb-explorer)").first
    says, panels = live.locator(".mb-says"), live.locator(".mb-panels")
    values = {name: control.values[control.start] for name, control in made.controls.items()}
    assert says.inner_text().split() == made.describe(**values).split()
    before = panels.inner_html()
    live.locator(".noUi-handle").first.press("ArrowRight")
    name, slider = next((n, c) for n, c in made.controls.items() if isinstance(c, Range))
    step = slider.live[2] if slider.live else slider.values[slider.start + 1] - values[name]
    values[name] += step
    live.locator(".mb-says", has_text=made.describe(**values)).wait_for()
    assert panels.inner_html() != before
