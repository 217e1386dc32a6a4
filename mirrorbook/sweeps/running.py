"""Running the tasks of a sweep wherever joblib finds workers."""

import inspect
import traceback
from collections.abc import Callable, Iterable, Mapping
from contextlib import nullcontext
from itertools import islice
from math import isfinite

import numpy as np
from joblib import Parallel, delayed, effective_n_jobs
from tqdm.auto import tqdm

from ..simplex import check_count
from . import record_file
from .tasks import PLAIN, tasks_of

BLOCK = 8
"""Tasks a worker between two writes, where a backend hands over results only in blocks."""


class SweepError(RuntimeError):
    """Some tasks of a sweep failed; the others are here, and in the sweep's file.

    Attributes
    ----------
    rows : list of dict
        Of the tasks that did not fail.
    failures : dict
        The task in words -> its traceback.
    """

    def __init__(self, message, rows, failures):
        super().__init__(message)
        self.rows = rows
        self.failures = failures


def sweep(
    function: Callable,
    axes: Mapping,
    seeds=1,
    file=None,
    n_jobs: int | None = None,
    progress: bool = False,
) -> list[dict]:
    """Call `function` at every point of the product of `axes`, with every seed.

    Parameters
    ----------
    function : callable
        `(rng, **one value of each axis) -> dict or list of dicts`, the rows of a task, whose
        entries are strings, finite numbers, bools or None. It is known by its name, so it stands
        at the top of a module or notebook. `learning_curve` is one.
    axes : mapping of str to values
        A sequence of numbers and strings, or a mapping from what the rows shall show to any value
        whose content can be told apart: an MDP, an Algorithm, a drift, an array.
    seeds : int, or sequence of int >= 0
        A number n stands for 0, ..., n - 1. The generator `rng` of a task is spawned from its seed
        and its content, hence independent of those of all other tasks; to pair tasks, make what
        they share an axis.
    file : path, optional
        Where each task is recorded as soon as it is done; tasks found there are not run again. One
        sweep at a time. Start a new file after a change of what `function` does.
    n_jobs : int, optional
        Workers, as in `joblib.Parallel`; default: what `joblib.parallel_config` says, else 1.
    progress : bool
        Whether to show a progress bar.

    Returns
    -------
    list of dict
        For each task, in the order of the product, its rows: the labels of the axes, `seed`, and
        what the function gave. Backend and order of work leave no trace in them, if all workers
        compute alike (one thread each for linear algebra is what the small models here want).

    Raises
    ------
    TypeError, ValueError
        At once, if an argument is not of its kind, two tasks are the same, or `file` holds other
        things.
    SweepError
        At the end, if some tasks failed; it holds the rows of the others.

    Examples
    --------
    >>> from mirrorbook import ALGORITHMS, games
    >>> from mirrorbook.sweeps import learning_curve
    >>> axes = {
    ...     "mdp": {"five tables": games.tabular()},
    ...     "algorithm": {name: ALGORITHMS[name] for name in ("GPI", "TRPO")},
    ...     "n_steps": [2],
    ... }
    >>> rows = sweep(learning_curve, axes, seeds=3)
    >>> len(rows), list(rows[0])
    (18, ['mdp', 'algorithm', 'n_steps', 'seed', 'iteration', 'eta', 'drift'])
    """
    axes, seeds = _checked_axes(axes), _checked_seeds(seeds)
    _check_function(function, axes)
    _check_n_jobs(n_jobs)
    tasks = tasks_of(function, axes, seeds)
    done = {} if file is None else record_file.read(file)
    missing = [task for key, task in tasks.items() if key not in done]
    failures = {}
    with (
        nullcontext() if file is None else open(file, "a", encoding="utf-8") as lines,
        tqdm(total=len(tasks), initial=len(tasks) - len(missing), disable=not progress) as bar,
    ):
        for key, rows, failure in _outcomes(missing, n_jobs):
            if failure:
                failures[key] = failure
            else:
                done[key] = rows
                record_file.append(lines, tasks[key], rows)
            bar.update()
    rows = [
        {**task.labels, **row} for key, task in tasks.items() if key in done for row in done[key]
    ]
    if failures:
        told = {str(task): failures[key] for key, task in tasks.items() if key in failures}
        raise SweepError(_summary(told, len(tasks)), rows, told)
    return rows


def _outcomes(tasks, n_jobs):
    """The outcome of every task, in the order in which they come in."""
    calls = (delayed(_outcome)(task) for task in tasks)
    try:
        parallel = Parallel(n_jobs, return_as="generator_unordered")
    except ValueError:  # a pool of processes, or Ray's, hands over whole blocks only
        parallel = Parallel(n_jobs)
        size = BLOCK * effective_n_jobs(parallel.n_jobs)
        while block := parallel(islice(calls, size)):
            yield from block
    else:
        yield from parallel(calls)


def _outcome(task):
    """(key, rows, None), or (key, None, traceback) if the task failed."""
    try:
        return task.key, _checked_rows(task.function(**task.values, rng=task.rng), task), None
    except Exception:
        return task.key, None, traceback.format_exc()


def _checked_rows(rows, task):
    rows = [rows] if isinstance(rows, Mapping) else list(rows)
    return [_checked_row(row, f"row {i}", task) for i, row in enumerate(rows)]


def _checked_row(row, where, task):
    if not isinstance(row, Mapping):
        raise TypeError(f"{where} must be a dict, found {type(row).__name__}")
    plain = {}
    for name, value in row.items():
        if not isinstance(name, str):
            raise TypeError(f"{where} has the name {name!r}, expected a string")
        if name in task.labels:
            raise ValueError(f"{where} has an entry {name!r}, which is the name of an axis")
        plain[name] = _checked_entry(value, f"{where}, {name!r}")
    return plain


def _checked_entry(value, where):
    value = value.item() if isinstance(value, np.generic) else value
    if not isinstance(value, PLAIN):
        raise TypeError(f"{where} is a {type(value).__name__}, expected a number, string or None")
    if isinstance(value, float) and not isfinite(value):
        raise ValueError(f"{where} is {value}, not a finite number")
    return value


def _checked_axes(axes):
    """Axis -> list of (label, value)."""
    if not isinstance(axes, Mapping):
        raise TypeError(f"axes must be a mapping from names to values, found {axes!r}")
    return {name: _checked_axis(choices, name) for name, choices in axes.items()}


def _checked_axis(choices, name):
    where = f"axes[{name!r}]"
    if not isinstance(name, str):
        raise TypeError(f"{where}: the name of an axis must be a string")
    if name in ("seed", "rng"):
        raise ValueError(f"{where}: this name is taken")
    if isinstance(choices, str) or not isinstance(choices, Iterable):
        raise TypeError(f"{where} must be a sequence or a mapping of values, found {choices!r}")
    if not isinstance(choices, Mapping):
        pairs = [(_checked_entry(value, f"{where}[{i}]"),) * 2 for i, value in enumerate(choices)]
    else:
        pairs = [(_checked_entry(label, f"{where}: a label"), v) for label, v in choices.items()]
    if not pairs:
        raise ValueError(f"{where} is empty, expected at least one value")
    return pairs


def _checked_seeds(seeds):
    if not isinstance(seeds, Iterable):
        return range(check_count(seeds, "seeds"))
    seeds = list(seeds)
    if not seeds:
        raise ValueError("seeds is empty, expected at least one seed")
    for i, seed in enumerate(seeds):
        if isinstance(seed, bool) or not isinstance(seed, int | np.integer):
            raise TypeError(f"seeds[{i}] must be an integer, found {seed!r}")
        if seed < 0:
            raise ValueError(f"seeds[{i}] is {seed}, expected at least 0")
    return [int(seed) for seed in seeds]


def _check_function(function, axes):
    if not callable(function):
        raise TypeError(f"function must be callable, found {type(function).__name__}")
    try:
        inspect.signature(function).bind(**dict.fromkeys(axes), rng=None)
    except TypeError as error:
        names = ", ".join(map(repr, axes))
        raise TypeError(f"function does not take the axes ({names}) and rng: {error}") from None


def _check_n_jobs(n_jobs):
    if n_jobs is None:
        return
    if isinstance(n_jobs, bool) or not isinstance(n_jobs, int):
        raise TypeError(f"n_jobs must be an integer, found {n_jobs!r}")
    if n_jobs == 0:
        raise ValueError("n_jobs is 0, expected a number of workers, or -1 for all cores")


def _summary(failures, n_tasks):
    task, text = next(iter(failures.items()))
    reason = text.strip().splitlines()[-1]
    return f"{len(failures)} of {n_tasks} tasks failed, the first ({task}) by {reason}"
