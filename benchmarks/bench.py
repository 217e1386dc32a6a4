"""All timings of the project: `make bench`, or some topics: `python benchmarks/bench.py steps`.

A topic is a file beside this one with a function `results() -> list of dicts`, one a line of its
table; times are in seconds, ratios are taken side by side (see `timing`).  What a topic found is
merged into `results.json` as soon as it is done: {"machine": ..., topic: [...], ...}.
"""

import argparse
import json
import sys
import traceback
from importlib import import_module
from pathlib import Path

from timing import machine
from tqdm.auto import tqdm

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"
TOPICS = sorted(
    {path.stem for path in HERE.glob("*.py")} - {"bench", "instances", "timing", "theory"}
)


def stored(path, facts):
    """What is known so far of this machine; another machine's timings are no company for its own.

    Parameters
    ----------
    path : Path
    facts : dict
        What `machine()` says.
    """
    known = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    return known if known.get("machine") == facts else {"machine": facts}


def run(topics, path):
    """Run one topic after the other, writing what each found; the names of those that failed."""
    facts, failed = machine(), []
    for topic in tqdm(topics, unit="topic", leave=False):
        try:
            found = import_module(topic).results()
        except Exception:  # reported here and at the end: the other topics go on
            traceback.print_exc()
            failed.append(topic)
            continue
        text = json.dumps(stored(path, facts) | {topic: found}, indent=1, ensure_ascii=False)
        path.write_text(text + "\n", encoding="utf-8")
        show(topic, found)
    return failed


def show(topic, found):
    """Print the results of one topic, a line each; of a spread, its median and quartiles."""
    tqdm.write(f"\n{topic}")
    for result in found:
        tqdm.write("  " + ", ".join(f"{key} {_short(value)}" for key, value in result.items()))


def _short(value):
    if isinstance(value, dict) and "median" in value:
        return "{median:g} [{low:g}, {high:g}]".format(**value)
    return value


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("topics", nargs="*", metavar="topic", help=", ".join(TOPICS))
    topics = parser.parse_args().topics or TOPICS
    unknown = sorted(set(topics) - set(TOPICS))
    if unknown:
        parser.error(f"unknown topic {unknown[0]!r}, expected among {', '.join(TOPICS)}")
    failed = run(topics, RESULTS)
    if failed:
        sys.exit(f"failed: {', '.join(failed)}")


if __name__ == "__main__":
    main()
