"""The form of the stored notebooks. That their outputs are fresh is nbval's business."""

import gzip
import re
from pathlib import Path

import nbformat
import pytest
from execute import stored_text
from replay import OPERATED

ROOT = Path(__file__).parents[2]
NOTEBOOKS = sorted((ROOT / "chapters").rglob("*.ipynb"))
ADDRESS = re.compile(r"\b0x[0-9a-f]{6,}")
MACHINE_PATH = re.compile(r"(?<![\w./])/(home|root|tmp|Users)/|\b[A-Z]:\\|site-packages|ipykernel_")
DESCRIPTION = re.compile(r'<(?:img|[a-z]+ [^>]*role="img") [^>]*(?:alt|aria-label)="([^"]*)"')
HEAVIEST, HEAVIEST_SENT = 300_000, 60_000  # bytes of an explorer, as it is and as a server sends it
UNFINISHED = re.compile(r"\b(TODO|FIXME|lorem ipsum)\b", re.IGNORECASE)
UNWANTED_CODE = re.compile(r"^\s*from \S+ import \*|sys\.path|warnings\.(simple)?filter", re.M)


@pytest.fixture(scope="module", params=NOTEBOOKS, ids=lambda path: path.name)
def path(request):
    return request.param


@pytest.fixture(scope="module")
def code_cells(path):
    cells = nbformat.read(path, as_version=4).cells
    return [cell for cell in cells if cell.cell_type == "code"]


def outputs(cells):
    return [(cell, output) for cell in cells for output in cell.outputs]


def test_is_stored_as_make_notebooks_stores_it(path):
    text = path.read_text(encoding="utf-8")
    assert text == stored_text(nbformat.reads(text, as_version=4)), "run `make notebooks`"


def test_cells_ran_in_order(code_cells):
    counts = [cell.execution_count for cell in code_cells]
    assert counts == list(range(1, len(code_cells) + 1))


def test_source_is_finished_and_explicit(path):
    for cell in nbformat.read(path, as_version=4).cells:
        assert cell.source.strip(), "an empty cell"
        assert not UNFINISHED.search(cell.source), cell.source
        if cell.cell_type == "code":
            assert not UNWANTED_CODE.search(cell.source), cell.source


def test_no_error_and_no_stderr_is_stored(code_cells):
    for cell, output in outputs(code_cells):
        assert output.output_type != "error", cell.source
        assert output.get("name") != "stderr", cell.source


def test_outputs_tell_nothing_of_the_machine(code_cells):
    for cell, output in outputs(code_cells):
        text = str({**output, "metadata": None})
        assert not ADDRESS.search(text), cell.source
        assert not MACHINE_PATH.search(text), cell.source
        assert str(ROOT) not in text, cell.source


def test_every_figure_is_described(code_cells):
    for cell, output in outputs(code_cells):
        data = output.get("data", {})
        if any(kind.startswith("image/") for kind in data):
            alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
            assert len(alt) >= 30, f"mystnb.image.alt is missing or too short:\n{cell.source}"
        html = data.get("text/html", "")
        if "<svg" in html or "<img" in html:
            words = DESCRIPTION.findall(html)
            assert words and min(map(len, words)) >= 30, f"no or short descriptions:\n{cell.source}"


def test_every_explorer_is_light(code_cells):
    for _, output in outputs(code_cells):
        html = output.get("data", {}).get("text/html", "").encode()
        assert len(html) < HEAVIEST, output.data["text/plain"]
        assert len(gzip.compress(html)) < HEAVIEST_SENT, output.data["text/plain"]


def test_explorers_follow_a_question_and_say_what_was_seen(path):
    cells = nbformat.read(path, as_version=4).cells
    for before, cell, after in zip(cells, cells[1:], cells[2:], strict=False):
        if cell.cell_type == "code" and OPERATED.search(str(cell.outputs)):
            question = before.source.rpartition("\n\n")[2]
            assert before.cell_type == "markdown" and "?" in question, cell.source
            assert after.source.startswith("**What you saw.**"), cell.source
