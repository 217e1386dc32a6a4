"""The theory in numbers: `make theory` tries it on 10,000 random MDPs (fewer: `MDPS=1000`).

Every algorithm of the table takes a few exact steps from every kind of start in every family of
MDPs, and all claims of `tests/claims.py` and `tests/rates.py` are computed for each of them. A
violation is measured in the unit of its claim: for values, the largest |Q| or |r| plus 1e-5 of the
drift's scale. Beyond 1e-9 it counts. What the theory predicts to go wrong is counted as well.

Prints a table and writes `theory.json` beside this file; fails if a claim is violated. A gap of a
certificate is counted too, but leaves open only what the policy may still gain: whether it does is
the claim "no challenger".
"""

import argparse
import json
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import reduce
from pathlib import Path
from time import time

import numpy as np
from timing import machine
from tqdm import tqdm

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
from claims import ALLOWED  # noqa: E402
from trials import EXCLUDED, PREDICTED, trial, updates, violations  # noqa: E402

from mirrorbook import ALGORITHMS  # noqa: E402
from mirrorbook.random_mdps import FAMILIES, STARTS  # noqa: E402

OPEN = "certificate gap"
"""No claim of the theory: what the solver leaves open where the weight of TRL is huge."""
RESULTS = Path(__file__).with_name("theory.json")
STEPS = 5


def examine(i):
    """All that is tried on the i-th MDP: counts by claim, the worst violations, and cases found."""
    rng = np.random.default_rng([2022, i])
    family = FAMILIES[i % len(FAMILIES)]
    start = list(STARTS)[i // len(FAMILIES) % len(STARTS)]
    mdp, pi = trial(rng, family, start)
    checked, broken, worst, cases, found = Counter(), Counter(), {}, Counter(), Counter()
    for algorithm in ALGORITHMS.values():
        for name, excess in violations(updates(mdp, pi, algorithm, STEPS), rng):
            checked[name] += 1
            broken[name] += not excess <= ALLOWED  # NaN is no success
            worst[name] = max(worst.get(name, (-np.inf,)), (excess, i, algorithm.name))
    for name, happens in (PREDICTED | EXCLUDED).items():
        seen = happens(mdp, pi)
        cases[name] += len(seen)
        found[name] += sum(map(bool, seen))
        cases[f"{name} ({start})"] += len(seen)
        found[f"{name} ({start})"] += sum(map(bool, seen))
    return checked, broken, worst, cases, found


def added(one, other):
    """The results of two sets of MDPs together."""
    worst = dict(one[2])
    for name, value in other[2].items():
        worst[name] = max(worst.get(name, value), value)
    return one[0] + other[0], one[1] + other[1], worst, one[3] + other[3], one[4] + other[4]


def show(checked, broken, worst, cases, found):
    print(f"{'claim':34}{'checked':>10}{'violated':>10}  worst, in its unit")
    for name, count in checked.items():
        excess, i, algorithm = worst[name]
        print(f"{name:34}{count:10,}{broken[name]:10}  {excess:9.1e}  MDP {i}, {algorithm}")
    print(f"\n{'predicted':40}{'cases':>10}{'found':>10}")
    for name in PREDICTED | EXCLUDED:
        by_start = (f"{start} {share(f'{name} ({start})', cases, found):.0%}" for start in STARTS)
        note = "never, as it must be" if name in EXCLUDED and not found[name] else ""
        shares = "  ".join(by_start) if name in PREDICTED else note
        print(f"{name:40}{cases[name]:10,}{found[name]:10,}  {shares}")


def share(name, cases, found):
    return found[name] / max(cases[name], 1)


def record(n_mdps, seconds, checked, broken, worst, cases, found):
    """What is written to disk."""
    claims = [
        dict(claim=name, checked=count, violated=broken[name], worst=float(f"{worst[name][0]:.2g}"),
             mdp=worst[name][1], algorithm=worst[name][2])
        for name, count in checked.items()
    ]  # fmt: skip
    predicted = [dict(what=name, cases=cases[name], found=found[name]) for name in cases]
    run = dict(mdps=n_mdps, algorithms=len(ALGORITHMS), steps=STEPS, seconds=round(seconds))
    return dict(machine=machine(), **run, allowed=ALLOWED, claims=claims, predicted=predicted)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--mdps", type=int, default=10_000)
    n_mdps = parser.parse_args().mdps
    start = time()
    with ProcessPoolExecutor() as pool:
        results = tqdm(pool.map(examine, range(n_mdps), chunksize=4), total=n_mdps, unit=" MDPs")
        total = reduce(added, results)
    print(f"{n_mdps:,} MDPs x {len(ALGORITHMS)} algorithms x {STEPS} steps\n")
    show(*total)
    text = json.dumps(record(n_mdps, time() - start, *total), indent=1, ensure_ascii=False)
    RESULTS.write_text(text + "\n", encoding="utf-8")
    print(f"wrote {RESULTS.parent.name}/{RESULTS.name}")
    checked, broken, _, _, found = total
    broken = broken - Counter({OPEN: broken[OPEN]})
    wrong = [name for name in checked if broken[name]] + [name for name in EXCLUDED if found[name]]
    if wrong:
        sys.exit(f"violated: {', '.join(wrong)}")


if __name__ == "__main__":
    main()
