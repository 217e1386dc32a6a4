"""A sweep of a minute on two processes beside the same on one: how much of both cores is used.

The work is that of Figure 3, its curves from random policies, as many of them as fill a minute.
The efficiency T1 / (2 T2) is one of time on the clock; it counts the start of the processes, and
whatever else the machine does meanwhile. The work itself, in seconds of processor time, is
reported too: what two processes that share memory and caches take more of is not to be won back.
"""

from itertools import product
from time import perf_counter, process_time

import joblib
import numpy as np
from joblib.externals.loky import get_reusable_executor
from timing import rounded, spread

from mirrorbook.experiments import COLUMNS, COSTS, GAMES, algorithm
from mirrorbook.sweeps import learning_curve, sweep

SECONDS, ROUNDS = 60, 3
SAMPLE = 30
"""Seeds from whose time those of a minute are reckoned: the first of a process takes longer."""
AXES = {
    "mdp": {name: game() for name, game in GAMES.items()},
    "algorithm": {
        f"{drift}, {ball}": algorithm(ball, drift) for ball, drift in product(COLUMNS, COSTS)
    },
}


def results():
    """Times on the clock and of the processors, and the efficiency of two processes."""
    timed(1, 1)  # imports and caches
    seeds = max(1, round(SECONDS / (timed(1, SAMPLE)[1] / SAMPLE)))
    one, two = np.transpose([[timed(n, seeds) for n in (1, 2)] for _ in range(ROUNDS)], (1, 2, 0))
    return [
        dict(
            name="Figure 3 from random policies", tasks=24 * seeds,
            one_process=spread(one[0]), two_processes=spread(two[0]),
            efficiency=spread(one[0] / (2 * two[0])), target=0.9,
            processor_time_ratio=spread(two[1] / one[1]), start_of_two=rounded(start_of(2)),
        )
    ]  # fmt: skip


def timed(n_jobs, seeds):
    """Seconds on the clock of the sweep, with processes started anew, and those of its tasks."""
    get_reusable_executor().shutdown(wait=True)
    start = perf_counter()
    with joblib.parallel_config("loky", n_jobs=n_jobs, inner_max_num_threads=1):
        rows = sweep(work, AXES, seeds)
    return perf_counter() - start, sum(row["seconds"] for row in rows)


def start_of(n_jobs):
    """Seconds until processes started anew have done next to nothing."""
    get_reusable_executor().shutdown(wait=True)
    start = perf_counter()
    sweep(nothing, {}, seeds=n_jobs, n_jobs=n_jobs)
    return perf_counter() - start


def work(mdp, algorithm, rng):
    """The processor time of one curve."""
    start = process_time()
    learning_curve(mdp, algorithm, rng)
    return dict(seconds=process_time() - start)


def nothing(rng):
    return ()
