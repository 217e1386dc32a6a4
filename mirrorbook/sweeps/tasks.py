"""The tasks of a sweep, and the key by which each is known: a digest of its content.

    key = SHA-256 of (function, value of every axis, seed)
    rng = default_rng(SeedSequence(seed, spawn_key=key))

A changed number, array, MDP or drift gives another key, and with it other random numbers.  What
the function *does* is not part of the key: only its name is.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import partial
from hashlib import sha256
from itertools import product
from types import BuiltinFunctionType, FunctionType
from typing import Any

import numpy as np
import scipy.sparse as sp

PLAIN = (bool, int, float, str, type(None))


@dataclass(frozen=True, eq=False)
class Task:
    """One point of a sweep.

    Attributes
    ----------
    function : callable
    values : dict
        Axis -> what the function gets.
    labels : dict
        Axis -> what the rows show for it; and the seed.
    key : str
        The digest of the function's name, the values and the seed, 64 hexadecimal digits.
    """

    function: Callable
    values: dict[str, Any]
    labels: dict[str, Any]
    key: str

    @property
    def rng(self) -> np.random.Generator:
        """The task's own random numbers, from the start."""
        words = np.frombuffer(bytes.fromhex(self.key), "<u4")
        seed = np.random.SeedSequence(self.labels["seed"], spawn_key=tuple(map(int, words)))
        return np.random.default_rng(seed)

    def __str__(self) -> str:
        return ", ".join(f"{axis}={label!r}" for axis, label in self.labels.items())


def tasks_of(function, axes, seeds) -> dict[str, Task]:
    """The product of the axes and the seeds, the seed running fastest.

    Parameters
    ----------
    function : callable
    axes : dict
        Axis -> list of (label, value).
    seeds : sequence of int

    Returns
    -------
    dict
        Key -> Task.

    Raises
    ------
    TypeError, ValueError
        If a value has no content to be told apart by, or two tasks are the same.
    """
    name = content(function, "function")
    # an array is read once, not once a task: the workers wait for the tasks
    choices = [
        [(label, value, content(value, axis)) for label, value in pairs]
        for axis, pairs in axes.items()
    ]
    tasks = {}
    for *point, seed in product(*choices, seeds):
        labels, values, contents = (
            {axis: choice[i] for axis, choice in zip(axes, point, strict=True)} for i in range(3)
        )
        key = sha256(json.dumps([name, contents, seed], sort_keys=True).encode()).hexdigest()
        task = Task(function, values, labels | {"seed": seed}, key)
        if key in tasks:
            raise ValueError(f"the tasks ({tasks[key]}) and ({task}) are the same")
        tasks[key] = task
    return tasks


def content(value, name):
    """What `value` is, as plain data that are equal if and only if the values are.

    Parameters
    ----------
    value : number, str, bool, None, array, sparse array, dataclass, function that has a name, or
            a sequence or mapping of such
    name : str
        How error messages call it.

    Returns
    -------
    Data that JSON can hold.

    Raises
    ------
    TypeError
        If it is of another kind.
    ValueError
        If it is a NaN, which equals nothing.

    Examples
    --------
    >>> from mirrorbook import KLOldNew
    >>> content(50 * KLOldNew(), "drift")
    ['mirrorbook.drifts.divergences.KLOldNew', {'scale': 50.0}]
    """
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, PLAIN):
        if value != value:
            raise ValueError(f"{name} is nan, which no two tasks can share")
        return value
    if isinstance(value, np.ndarray) and value.dtype.kind in "biuf":
        return [value.dtype.str, value.shape, sha256(value.tobytes()).hexdigest()]
    if sp.issparse(value):
        rows = sp.csr_array(value)
        parts = (rows.data, rows.indices.astype(int), rows.indptr.astype(int))
        return ["sparse", value.shape, [content(part, name) for part in parts]]
    if isinstance(value, FunctionType | BuiltinFunctionType | type):
        return _full_name(value, name)
    if isinstance(value, partial):
        return ["partial", content((value.func, value.args, value.keywords), name)]
    if is_dataclass(value):
        parts = {f.name: content(getattr(value, f.name), f"{name}.{f.name}") for f in fields(value)}
        return [_full_name(type(value), name), parts]
    if isinstance(value, Mapping):
        return {str(key): content(each, f"{name}[{key!r}]") for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [content(each, f"{name}[{i}]") for i, each in enumerate(value)]
    raise TypeError(f"{name} is a {type(value).__name__}, which has no content to tell tasks apart")


def _full_name(thing, name):
    if "<" in thing.__qualname__:
        raise TypeError(
            f"{name} is {thing.__qualname__}, whose name does not tell it apart: "
            "define it at the top of a module or notebook"
        )
    return f"{thing.__module__}.{thing.__qualname__}"
