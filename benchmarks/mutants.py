"""What the last `make mutants` found: how many changed programs the tests caught, part by part.

Prints a table and writes `mutants.json` beside this file. A mutant is caught if a test fails on it
and missed if none does. One whose tests ran out of time, which a busy machine may be the reason of,
or that was not tried, says nothing.
"""

import json
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

CAUGHT, MISSED, LATE = {"killed", "segfault"}, {"survived", "no tests"}, {"timeout"}
COLUMNS = ("made", "caught", "missed", "late")
RESULTS = Path(__file__).with_name("mutants.json")


def verdicts():
    """Every mutant's name, as `mirrorbook.mdp.x_check__mutmut_1`, and what became of it."""
    mutmut = Path(sys.executable).with_name("mutmut")
    lines = subprocess.run(
        [mutmut, "results", "--all", "true"], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    return [line.strip().split(": ") for line in lines]


def count():
    """Mutants by part of the package (`updates` is one part): made, caught, missed, late."""
    parts = defaultdict(Counter)
    for name, verdict in verdicts():
        part = parts[name.split(".")[1]]
        caught, missed, late = (verdict in kind for kind in (CAUGHT, MISSED, LATE))
        part.update(made=1, caught=caught, missed=missed, late=late)
    return dict(sorted(parts.items()))


def main():
    parts = count()
    total = sum(parts.values(), Counter())
    print(f"{'part':16}" + "".join(f"{column:>8}" for column in (*COLUMNS, "%")))
    for name, part in [*parts.items(), ("all", total)]:
        tried = part["caught"] + part["missed"]
        share = f"{100 * part['caught'] / tried:.1f}" if tried else "-"
        print(f"{name:16}" + "".join(f"{part[column]:8}" for column in COLUMNS) + f"{share:>8}")
    RESULTS.write_text(json.dumps(parts, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
