"""Reference curves for Section 7: what the authors' own experiment code computes and published.

The data stand beside this file, with a README that says what they are and where they come from.
"""

import csv
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from types import MappingProxyType
from typing import NamedTuple

import numpy as np


class Curve(NamedTuple):
    """One run of the authors' code.

    Attributes
    ----------
    returns, cumulative_drift : (51,) arrays
        Return of each policy from the first on, and the sum of the total drifts so far.
    """

    returns: np.ndarray
    cumulative_drift: np.ndarray


class Reading(NamedTuple):
    """One point read off a plot that the authors published.

    Attributes
    ----------
    game, column, drift : str
        Names as in `mirrorbook.experiments`.
    version : str
        Which state of their code drew the plot.
    curve : {"return", "drift"}
        The solid or the dotted curve; the dotted one starts at the first return.
    iteration : int
    value : float
    """

    game: str
    column: str
    version: str
    drift: str
    curve: str
    iteration: int
    value: float


@dataclass(frozen=True, eq=False)
class Reference:
    """All reference data.

    Attributes
    ----------
    curves : mapping (game, column, drift) -> Curve
    initial_policies : mapping game -> (S, A) array
        The rows from which the runs start, as published: in single precision, so that their sums
        are off one by about 1e-8, and without the terminal states of this package's games.
    readings : tuple of Reading
    """

    curves: Mapping[tuple[str, str, str], Curve]
    initial_policies: Mapping[str, np.ndarray]
    readings: tuple[Reading, ...]


@cache
def load() -> Reference:
    """The reference curves, the policies they start from, and readings of the published plots.

    Returns
    -------
    Reference
        The same one at every call; its arrays are write-protected.

    Examples
    --------
    >>> load().curves["single_step", "KL ball", "zero"].returns[:3]
    array([3.55520216, 4.78162413, 6.04729652])
    """
    policies = json.loads(_file("initial_policies.json").read_text(encoding="utf-8"))
    return Reference(
        curves=MappingProxyType(_curves()),
        initial_policies=MappingProxyType({g: _protected(rows) for g, rows in policies.items()}),
        readings=tuple(
            Reading(**{**row, "iteration": int(row["iteration"]), "value": float(row["value"])})
            for row in _rows("readings.csv")
        ),
    )


def _curves():
    points = {}
    for row in _rows("curves.csv"):
        key = row["game"], row["column"], row["drift"]
        points.setdefault(key, []).append((float(row["return"]), float(row["cumulative_drift"])))
    return {key: Curve(*(_protected(c) for c in np.transpose(v))) for key, v in points.items()}


def _rows(name):
    with _file(name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _file(name):
    return resources.files(__package__) / name


def _protected(values):
    array = np.array(values)
    array.flags.writeable = False
    return array
