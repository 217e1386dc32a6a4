"""Calls functions of an ES module with JSON: in node, or in Chromium where there is no node."""

import base64
import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
# Infinity is no JSON: it is written as a word, which float() understands.
ASK = """async (address, name, cases) => {
  const module = await import(address);
  const plain = (key, x) => (typeof x === "number" && !Number.isFinite(x) ? String(x) : x);
  return JSON.stringify(cases.map((each) => module[name](...each)), plain);
}"""


def call(module: str, name: str, cases: list[list]) -> list:
    """What an exported function of a module answers to each list of arguments."""
    address = "data:text/javascript;base64," + base64.b64encode(module.encode()).decode()
    if node := shutil.which("node"):
        given = json.dumps([address, name, cases])
        script = f"""
          import {{ readFileSync }} from "node:fs";
          process.stdout.write(await ({ASK})(...JSON.parse(readFileSync(0, "utf-8"))));
        """
        command = [node, "--input-type=module", "--eval", script]
        done = subprocess.run(command, input=given, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)
    return json.loads(_in_browser(address, name, cases))


def _in_browser(address, name, cases):
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        candidates = [*map(shutil.which, BROWSERS), playwright.chromium.executable_path]
        program = next((p for p in candidates if p and Path(p).exists()), None)
        if program is None:
            required = os.environ.get("MIRRORBOOK_REQUIRE_BROWSER") == "1"
            (pytest.fail if required else pytest.skip)("found neither node nor a browser")
        browser = playwright.chromium.launch(executable_path=program, args=FLAGS)
        try:
            given = [address, name, cases]
            return browser.new_page().evaluate(f"(given) => ({ASK})(...given)", given)
        finally:
            browser.close()
