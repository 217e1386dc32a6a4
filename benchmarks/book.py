"""How long the book takes to build and to prove, in seconds on the clock, and what is wanted."""

import shutil
import subprocess
from pathlib import Path
from time import perf_counter

import numpy as np
from timing import spread
from tqdm.auto import tqdm

ROOT = Path(__file__).parents[1]
COMMANDS = [  # a line of the table, the command, whether what was built goes first, times, target
    ("the book, built from nothing", "book", True, 3, 180),
    ("the book, nothing changed", "book", False, 3, 60),
    ("every notebook run again and compared; JupyterLab", "test-notebooks", False, 1, 240),
    ("all tests", "test", True, 1, 720),
]


def results():
    """One line a command, each of which needs an environment that is installed already."""
    found = []
    for name, target, anew, repeats, wanted in tqdm(COMMANDS, unit="command", leave=False):
        seconds = np.array([timed(target, anew) for _ in range(repeats)])
        command = f"make {target}"
        found.append(dict(name=name, command=command, seconds=spread(seconds), target=wanted))
    return found


def timed(target, anew):
    """Seconds on the clock of `make target`; a target that fails has no time."""
    if anew:
        shutil.rmtree(ROOT / "_build", ignore_errors=True)
    start = perf_counter()
    subprocess.run(["make", target], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    return perf_counter() - start
