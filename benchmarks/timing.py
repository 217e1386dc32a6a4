"""How the timings are taken: side by side, in turns, and what they depend on."""

import os
import platform
import resource
from contextlib import contextmanager
from multiprocessing import get_context
from pathlib import Path
from signal import SIGXCPU
from time import process_time

import numpy as np
import scipy


def side_by_side(functions, repeats=7, clock=process_time, at_least=5e-3):
    """Seconds a call of each function, measured in turns: slow moments meet all of them alike.

    Parameters
    ----------
    functions : dict of str to callable
        Without arguments.
    repeats : int
        Rounds; in each of them every function gives one sample, the mean of a few calls.
    clock : callable
        `process_time` for what computes in this process, `perf_counter` for what waits for others.
    at_least : float
        About how many seconds a sample lasts: that decides how often it repeats its call.

    Returns
    -------
    dict of str to (repeats,) array
    """
    calls = {name: _calls(function, clock, at_least) for name, function in functions.items()}
    samples = {name: np.empty(repeats) for name in functions}
    for i in range(repeats):
        for name, function in functions.items():
            samples[name][i] = _seconds(function, calls[name], clock)
    return samples


def first_call(function, limit):
    """What one call returns, and its seconds; or None if it needs more than `limit` of them.

    It runs in a child process, which the system ends when its processor time is used up: no call
    into compiled code can hold on for longer.

    Parameters
    ----------
    function : callable
        Without arguments. Its result is sent back pickled.
    limit : int
        In seconds.

    Raises
    ------
    RuntimeError
        If the call failed for another reason; the child has printed it.
    """
    context = get_context("fork")  # the child finds models and compiled code as they are
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_send_result, args=(function, limit, sender))
    child.start()
    sender.close()
    try:
        found = receiver.recv()
    except EOFError:
        found = None
    child.join()
    if found is None and child.exitcode != -SIGXCPU:
        raise RuntimeError(f"a call ended with exit code {child.exitcode}")
    return found


def spread(values):
    """Median, and low and high quartile, of seconds or ratios, as a dict.

    Parameters
    ----------
    values : (n,) array
        For a ratio: `samples["slow"] / samples["fast"]`, round by round.
    """
    low, median, high = (rounded(q) for q in np.quantile(values, [0.25, 0.5, 0.75]))
    return dict(median=median, low=low, high=high, repeats=len(values))


def rounded(number):
    """Three significant digits: timings have no more."""
    return float(f"{number:.3g}")


@contextmanager
def one_core():
    """Keep this process, and the threads of its linear algebra, on one core meanwhile."""
    cores = os.sched_getaffinity(0)
    _allow({min(cores)})
    try:
        yield
    finally:
        _allow(cores)


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


def _send_result(function, limit, sender):
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit + 1))
    start = process_time()
    result = function()
    sender.send((result, process_time() - start))


def _allow(cores):
    """Let the threads that this process has now run on some cores only."""
    tasks = Path("/proc/self/task")
    for thread in [int(task.name) for task in tasks.iterdir()] if tasks.exists() else [0]:
        os.sched_setaffinity(thread, cores)


def _calls(function, clock, at_least):
    """How many calls make one sample; the first pays for imports and caches and is not counted."""
    function()
    return max(1, round(at_least / max(_seconds(function, 1, clock), 1e-7)))


def _seconds(function, calls, clock):
    start = clock()
    for _ in range(calls):
        function()
    return (clock() - start) / calls
