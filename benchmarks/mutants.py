"""What `make mutants` found: how many changed programs the tests caught, part by part.

Prints a table and brings `mutants.json` beside this file up to date, for the parts that were tried.
A mutant is caught if a test fails on it and missed if none does. One that was missed is equivalent
if `survivors.tsv` says so, where such changes stand with the reason why no test can or should see
them. One whose tests ran out of time says nothing. Changed texts are left out and counted apart.

    python benchmarks/mutants.py --sample 120 drifts updates

instead prints the names of 120 mutants of each part, always the same, to be tried by
`make mutants MODULES="..."`. The mutants must have been made, by any `make mutants` before.
"""

import ast
import csv
import json
import random
import subprocess
import sys
from argparse import ArgumentParser
from collections import Counter, defaultdict
from functools import cache
from itertools import zip_longest
from pathlib import Path

from scipy.stats import binomtest

CAUGHT, MISSED, LATE = {"killed", "segfault"}, {"survived", "no tests"}, {"timeout"}
COLUMNS = ("made", "texts", "tried", "caught", "missed", "equivalent", "late")
RESULTS = Path(__file__).with_name("mutants.json")
EXPLAINED = Path(__file__).with_name("survivors.tsv")


def verdicts():
    """Every mutant's name, as `mirrorbook.mdp.x_check__mutmut_1`, and what became of it."""
    mutmut = Path(sys.executable).with_name("mutmut")
    lines = subprocess.run(
        [mutmut, "results", "--all", "true"], capture_output=True, text=True, check=True
    ).stdout.splitlines()
    return dict(line.strip().split(": ") for line in lines)


def part(name):
    """The part of the package that a mutant changes; `updates` is one part."""
    return name.split(".")[1]


@cache
def functions(module):
    """The functions of a module's mutated file, each as it was and in every changed form."""
    path = Path("mutants", *module.split("."))
    path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {node.name: node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}


def before_and_after(name):
    """The function that a mutant changes, as it was and as it became."""
    module, changed = name.rsplit(".", 1)
    original = changed.rsplit("__mutmut_", 1)[0] + "__mutmut_orig"
    return functions(module)[original], functions(module)[changed]


def change(name):
    """Where a mutant is and what its line became: `updates.roots.x_bisect: low = high`."""
    bodies = [ast.Module(function.body, []) for function in before_and_after(name)]
    lines = [ast.unparse(body).splitlines() for body in bodies]
    became = next(after for before, after in zip_longest(*lines) if before != after)
    return f"{name.rsplit('__mutmut_', 1)[0].split('.', 1)[1]}: {(became or 'gone').strip()}"


TEXT = "a text, or None in its place"


def without_texts(node):
    """A piece of a program, whatever its texts and its errors say."""
    match node:
        case ast.Constant(value=str() | None) | ast.JoinedStr():
            return TEXT
        case ast.Raise():
            return "an error"
        case ast.AST():
            return type(node), [without_texts(child) for _, child in ast.iter_fields(node)]
        case list():
            return [child for child in map(without_texts, node) if child != TEXT]
    return node


def changes_text(name):
    """Whether a mutant changes a text only, or what an error says, and no mathematics."""
    before, after = (without_texts(function.body) for function in before_and_after(name))
    return before == after


def sample(size, parts):
    """At most so many mutants of each part, drawn from those that change more than a text."""
    names = defaultdict(list)
    for name in sorted(verdicts()):
        if part(name) in parts and not changes_text(name):
            names[part(name)].append(name)
    shuffled = {name: random.Random(name).sample(each, len(each)) for name, each in names.items()}
    return [name for each in shuffled.values() for name in each[:size]]


def explained():
    """The changes after which the program does the same, by `change`, and why."""
    with EXPLAINED.open(encoding="utf-8", newline="") as file:
        return {row["change"]: row["why"] for row in csv.DictReader(file, delimiter="\t")}


def count():
    """Mutants by part of the package: made, of these texts, and what became of the others tried."""
    equivalent, parts = explained(), defaultdict(Counter)
    for name, verdict in verdicts().items():
        text = changes_text(name)
        parts[part(name)].update(made=1, texts=text)
        if text or verdict not in CAUGHT | MISSED | LATE:
            continue
        missed = "equivalent" if change(name) in equivalent else "missed"
        column = "caught" if verdict in CAUGHT else "late" if verdict in LATE else missed
        parts[part(name)].update({"tried": 1, column: 1})
    return {name: {column: counts[column] for column in COLUMNS} for name, counts in parts.items()}


def share(counts):
    """Percent caught of those not equivalent; with its 95 % interval where a sample was tried."""
    viable = counts["caught"] + counts["missed"]
    percent = f"{100 * counts['caught'] / viable:.1f}" if viable else "-"
    if not viable or counts["tried"] == counts["made"] - counts["texts"]:
        return percent
    interval = binomtest(counts["caught"], viable).proportion_ci(method="wilson")
    return percent + f" ({100 * interval.low:.0f} to {100 * interval.high:.0f})"


def everything(parts):
    """The share caught in all parts, each weighing as many mutants as were made of it."""
    tried = [counts for counts in parts.values() if counts["caught"] + counts["missed"]]
    made = [counts["made"] - counts["texts"] for counts in tried]
    shares = [counts["caught"] / (counts["caught"] + counts["missed"]) for counts in tried]
    return sum(n * share for n, share in zip(made, shares, strict=True)) / sum(made)


def main():
    parser = ArgumentParser()
    parser.add_argument("--sample", type=int, metavar="N")
    parser.add_argument("parts", nargs="*")
    given = parser.parse_args()
    if given.sample:
        print(*sample(given.sample, given.parts))
        return
    parts = json.loads(RESULTS.read_text(encoding="utf-8"))
    parts |= {name: counts for name, counts in count().items() if counts["tried"]}
    RESULTS.write_text(json.dumps(dict(sorted(parts.items())), indent=1) + "\n", encoding="utf-8")
    print(f"{'part':16}" + "".join(f"{column:>12}" for column in (*COLUMNS, "%")))
    for name, counts in sorted(parts.items()):
        print(f"{name:16}" + "".join(f"{n:12}" for n in counts.values()) + f"  {share(counts)}")
    print(f"all parts, each by its size: {100 * everything(parts):.1f} %")


if __name__ == "__main__":
    main()
