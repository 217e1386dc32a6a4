"""Timings of exact mirror learning on one core: `make bench`.

Prints a table and writes `results.json` beside this file, in seconds of processor time, which is
the time on the clock if nothing else runs. A step is timed at the start policy of
the run, and once at each of the 50 policies that the run visits, because some are harder: the
slowest of them is shown too.
"""

import json
import os
import platform
from itertools import islice
from pathlib import Path
from time import process_time

import numpy as np
import scipy

from mirrorbook import evaluate, mirror_learning, mirror_step, occupancy, solve_optimal
from mirrorbook.experiments import GAMES, algorithm, figure3, initial_policy
from mirrorbook.updates import SoftmaxGradient

RESULTS = Path(__file__).with_name("results.json")
MS = 1e-3
STEP_TARGETS = {
    ("own ball", "zero"): 1 * MS,
    ("own ball", "KL"): 1 * MS,
    ("own ball", "L2²"): 1 * MS,
    ("own ball", "TV²"): 1 * MS,
    ("KL ball", "zero"): 1 * MS,
    ("KL ball", "KL"): 1 * MS,
    ("KL ball", "L2²"): 1 * MS,
    ("KL ball", "TV²"): 5 * MS,
}


def measured(name, function, repeats, target=None):
    """Median, quartiles and target of the seconds that a call takes, as a dict."""
    function()  # the first call pays for imports and caches
    seconds = []
    for _ in range(repeats):
        start = process_time()
        function()
        seconds.append(process_time() - start)
    low, median, high = (rounded(q) for q in np.quantile(seconds, [0.25, 0.5, 0.75]))
    result = dict(name=name, median=median, low=low, high=high, repeats=repeats, target=target)
    show(result)
    return result


def slowest_step(mdp, pi, rule):
    """Seconds of the slowest of the 50 steps of a run, each the best of three."""
    visited = [step.pi_old for step in islice(mirror_learning(mdp, pi, rule), 50)]
    return rounded(max(min(seconds(mirror_step, mdp, p, rule) for _ in range(3)) for p in visited))


def seconds(function, *arguments):
    start = process_time()
    function(*arguments)
    return process_time() - start


def steps_on_the_grid(mdp, pi):
    """One exact step for every drift and ball of Figure 3, and the slowest of a run."""
    results = []
    for (column, drift), target in STEP_TARGETS.items():
        rule = algorithm(column, drift)
        name = f"exact step, {drift}, {column}"
        result = measured(name, lambda rule=rule: mirror_step(mdp, pi, rule), 200, target)
        result["slowest_of_run"] = slowest_step(mdp, pi, rule)
        print(f"{'':14}slowest of its run {result['slowest_of_run'] / MS:8.2f} ms")
        results.append(result)
    return results


def gradient_against_exact(mdp, pi):
    """The paper's solver on one step, and how many exact steps take as long."""
    results = []
    for drift in ("KL", "TV²"):
        rule, solver = algorithm("KL ball", drift), SoftmaxGradient()
        name = f"gradient step, {drift}, KL ball"
        slow = measured(name, lambda r=rule, s=solver: mirror_step(mdp, pi, r, solver=s), 7)
        fast = np.median([seconds(mirror_step, mdp, pi, rule) for _ in range(50)])
        slow["exact_steps"] = rounded(slow["median"] / fast)
        print(f"{'':14}as long as {slow['exact_steps']:.0f} exact steps")
        results.append(slow)
    return results


def rounded(number):
    """Three significant digits: timings have no more."""
    return float(f"{number:.3g}")


def show(result):
    low, median, high = (result[key] / MS for key in ("low", "median", "high"))
    target = result["target"]
    verdict = ""
    if target is not None:
        verdict = f"target {target / MS:g} ms: {'met' if result['median'] <= target else 'MISSED'}"
    print(f"{result['name']:32}{median:10.3f} ms  [{low:.3f}, {high:.3f}]  {verdict}")


def machine():
    """What the timings depend on, without naming the machine."""
    model = platform.machine()
    cpuinfo = Path("/proc/cpuinfo")
    if cpuinfo.exists():
        names = [line for line in cpuinfo.read_text().splitlines() if "model name" in line]
        model = names[0].split(":", 1)[1].strip() if names else model
    return dict(
        cpu=model,
        cores=os.cpu_count(),
        python=platform.python_version(),
        numpy=np.__version__,
        scipy=scipy.__version__,
    )


def main():
    if hasattr(os, "sched_setaffinity"):  # one core, also for the threads of the linear algebra
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    facts = machine()
    print(", ".join(f"{key} {value}" for key, value in facts.items()))
    print(f"{'median [quartiles], one core':32}")
    mdp, pi = GAMES["gridworld"](), initial_policy("gridworld")
    results = [
        *steps_on_the_grid(mdp, pi),
        measured("Figure 3, exact half", lambda: list(figure3()), 3, target=5.0),
        *gradient_against_exact(mdp, pi),
        measured("evaluate", lambda: evaluate(mdp, pi), 200),
        measured("occupancy", lambda: occupancy(mdp, pi), 200),
        measured("solve_optimal", lambda: solve_optimal(mdp), 50),
    ]
    text = json.dumps(dict(machine=facts, seconds=results), indent=1, ensure_ascii=False)
    RESULTS.write_text(text + "\n", encoding="utf-8")
    print(f"wrote {RESULTS.parent.name}/{RESULTS.name}")


if __name__ == "__main__":
    main()
