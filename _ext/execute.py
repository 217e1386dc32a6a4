"""Execute notebooks in place: `python _ext/execute.py chapters/*.ipynb`.

A second run changes no byte. For that, everything is dropped that differs from run to run or from
machine to machine: timings, front ends' notes, the interpreter's version, the ids of live widgets.

Without the live view, a front end shows an explorer's stored static face until its cell is run;
with it, JupyterLab would show "model not found".
"""

import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
CELL_METADATA = {"mystnb", "tags"}
LIVE_VIEW = "application/vnd.jupyter.widget-view+json"


def execute(notebook: NotebookNode, folder: Path) -> NotebookNode:
    """Run all cells in a fresh kernel, with `folder` as working directory."""
    client = NotebookClient(
        notebook,
        timeout=300,
        kernel_name=KERNEL["name"],
        resources={"metadata": {"path": str(folder)}},
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
        extra_arguments=["--log-level=ERROR"],  # no notes of the kernel's own
    )
    return client.execute()


def tidy(notebook: NotebookNode) -> NotebookNode:
    """Keep what a reader needs and what every run repeats."""
    notebook.metadata = NotebookNode(kernelspec=KERNEL, language_info={"name": "python"})
    for cell in notebook.cells:
        cell.metadata = NotebookNode({k: v for k, v in cell.metadata.items() if k in CELL_METADATA})
        for output in cell.get("outputs", []):
            output.get("data", {}).pop(LIVE_VIEW, None)
    return notebook


def stored_text(notebook: NotebookNode) -> str:
    """Return the notebook as the text of its file."""
    return nbformat.writes(tidy(notebook)) + "\n"


def main(paths: list[str]) -> None:
    """Execute each notebook and store it."""
    for path in map(Path, paths):
        start = time.perf_counter()
        notebook = execute(nbformat.read(path, as_version=4), path.parent)
        path.write_text(stored_text(notebook), encoding="utf-8")
        print(f"{path}: {time.perf_counter() - start:.1f} s")


if __name__ == "__main__":
    main(sys.argv[1:])
