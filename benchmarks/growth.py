"""How the cost of evaluation, planning and a mirror step grows from 10^2 to 10^6 states.

Beside the times stands the least time that a Bellman sweep can take: the bytes of its transitions,
rewards and values over the bandwidth of the memory, measured by copying a large array.  Memory is
what a call allocates at its peak, beyond the model.
"""

import tracemalloc

import numpy as np
from instances import made, transitions
from timing import one_core, rounded, side_by_side, spread
from tqdm.auto import tqdm

from mirrorbook import ALGORITHMS, evaluate, mirror_step, policies, solve_optimal

LARGE, REPEATS = 50_000, (5, 3)
"""How often every task is timed: below so many states, and from there on."""
SIZES = (100, 1_000, 10_000, 100_000, 1_000_000)
RULES = {"mirror step, no drift": "GPI", "mirror step, KL drift": "MDPO",
         "mirror step, average KL ball": "TRPO"}  # fmt: skip


def results():
    with one_core():
        speed = bandwidth()
        found = [dict(task="memory copy", bytes_per_second=rounded(speed))]
        for task in calls(made("random", 1_000)).values():
            task()  # what is compiled is compiled before it is timed
        for kind in ("random", "slippery"):
            for size in tqdm(SIZES, unit="size", leave=False):
                found += costs(made(kind, size), kind, speed)
    return found


def calls(mdp):
    """What is timed, by name."""
    pi = policies.uniform(mdp)
    tasks = {"planning": lambda: solve_optimal(mdp, 1e-6), "evaluation": lambda: evaluate(mdp, pi)}
    for name, rule in RULES.items():
        tasks[name] = lambda rule=rule: mirror_step(mdp, pi, ALGORITHMS[rule])
    return tasks


def bandwidth(size=2**27):
    """Bytes a second that a copy of a large array reads and writes."""
    source, target = np.ones(size // 8), np.empty(size // 8)
    seconds = side_by_side(dict(copy=lambda: np.copyto(target, source)), 7)["copy"]
    return 2 * size / np.median(seconds)


def costs(mdp, kind, speed):
    """One line a task: seconds, bytes, and how often it could have swept over all transitions."""
    tasks = calls(mdp)
    peaks = {name: peak(task) for name, task in tasks.items()}
    seconds = side_by_side(tasks, REPEATS[mdp.n_states >= LARGE])
    count, stored = transitions(mdp)
    sweep = (stored + mdp.r.nbytes + 2 * 8 * mdp.n_states) / speed
    for name in tasks:
        yield dict(
            kind=kind, states=mdp.n_states, transitions=count, task=name,
            bytes_per_transition=rounded(stored / count), seconds=spread(seconds[name]),
            sweep_seconds=rounded(sweep), peak_bytes=peaks[name], model_bytes=stored,
            to_evaluation=spread(seconds[name] / seconds["evaluation"]),
        )  # fmt: skip


def peak(task):
    """The bytes that a call allocates at its peak."""
    tracemalloc.start()
    try:
        task()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
