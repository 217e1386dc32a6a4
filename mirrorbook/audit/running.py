"""Running the audit: all tables, or some of their rows, with a progress bar."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product

from tqdm.auto import tqdm

from ..algorithms import ALGORITHMS
from .algorithm_rows import algorithm_row, title
from .cases import GAMES
from .drift_rows import DRIFTS
from .statements import STATEMENTS
from .table import Table

STATEMENT_HEAD = ("where", "what it says", "verdict", "evidence")
LEGEND = (
    "printed, instance: the statement as it stands, where ✗ is a refutation; replayed: that a "
    "counterexample is one; given that: with the extra hypothesis; repaired: its repair"
)
DRIFT_HEAD = ("drift", "where it is one", "positive", "convex", "refuted")
ALGORITHM_HEAD = (
    "algorithm", "game", "findings that hold", "refuted", "theorems", "share of V* - V_0 left",
)  # fmt: skip


@dataclass(frozen=True)
class Report:
    """The three tables.

    Attributes
    ----------
    statements, drifts, algorithms : Table
    """

    statements: Table
    drifts: Table
    algorithms: Table

    @property
    def tables(self) -> tuple[Table, ...]:
        """Those with rows."""
        tables = (self.statements, self.drifts, self.algorithms)
        return tuple(table for table in tables if table)

    @property
    def failing(self) -> tuple[Table, ...]:
        """The rows that are not confirmed."""
        return tuple(table.failing for table in self.tables if not table.confirmed)

    def __str__(self):
        return "\n\n".join(map(str, self.tables))

    def _repr_html_(self):
        return "\n".join(table._repr_html_() for table in self.tables)


class NothingChosen(ValueError):
    """No statement has any of these texts in its number."""


def run(progress: bool = False, only: Iterable[str] = (), statements=STATEMENTS) -> Table:
    """Judge the statements.

    Parameters
    ----------
    progress : bool
        Whether to show a bar, on stderr.
    only : iterable of str
        Judge only statements whose number has one of these in it, whatever the case. Default: all.
    statements : iterable of Statement
        Default: those of the paper.

    Returns
    -------
    tuple of Result
        Which prints as a table, also in a notebook.
    """
    only = tuple(only)
    chosen = [each for each in statements if _wanted(each.number, only)]
    results = [each.judge() for each in _bar(chosen, "statements", progress)]
    return Table(results, "statements of the paper", STATEMENT_HEAD, LEGEND)


def report(progress: bool = False, only: Iterable[str] = (), statements=STATEMENTS) -> Report:
    """The statements, the table of all drifts, and that of all algorithms.

    Parameters
    ----------
    progress : bool
    only : iterable of str
        As in `run`; "drifts" and "algorithms" choose the other two tables.
    statements : iterable of Statement

    Returns
    -------
    Report

    Raises
    ------
    NothingChosen
        If `only` chooses nothing: a ValueError.
    """
    only = tuple(only)
    drifts = DRIFTS if _wanted("drifts", only) else ()
    pairs = tuple(product(ALGORITHMS, GAMES)) if _wanted("algorithms", only) else ()
    if not (drifts or pairs or any(_wanted(each.number, only) for each in statements)):
        raise NothingChosen(f"only is {only}, none of which is in the number of a statement")
    judged = run(progress, only, statements)
    drift_rows = [each.judge() for each in _bar(drifts, "drifts", progress)]
    rows = [algorithm_row(*pair) for pair in _bar(pairs, "algorithms", progress)]
    return Report(
        judged,
        Table(drift_rows, "drifts of mirrorbook.drifts", DRIFT_HEAD),
        Table(rows, title(), ALGORITHM_HEAD),
    )


def _wanted(name, only):
    return not only or any(each.lower() in name.lower() for each in only)


def _bar(rows, name, progress):
    return tqdm(rows, name, disable=not progress, leave=False)
