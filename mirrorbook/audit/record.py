"""What an audit consists of: checks, the statement they are about, and the verdict they lead to.

The verdict is not written down and then defended: it is concluded from the checks, each of which is
one number between two bounds, and compared with the verdict that the statement expects.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from ..certify import Finding


class Reading(StrEnum):
    """What a check is about: a version of the statement, or a counterexample to it.

    The statement as printed, or that something is an instance; that a counterexample is what it is
    said to be; the statement with the hypothesis that is missing; or its repair.
    """

    PRINTED = "printed"
    INSTANCE = "instance"
    WITNESS = "replayed"
    CONDITION = "given that"
    REPAIR = "repaired"


class Verdict(StrEnum):
    """What the checks of a statement lead to."""

    TRUE = "true as printed"
    INSTANCE = "an instance"
    CONDITIONAL = "true under an extra hypothesis"
    REPAIRED = "false as printed, repaired"
    FALSE = "false as printed"
    NOT_AN_INSTANCE = "not an instance"
    UNDECIDED = "undecided"


@dataclass(frozen=True)
class Check:
    """A number that must lie between two bounds for one reading of a statement to hold.

    Parameters
    ----------
    reading : Reading
    says : str
        What was measured, and where.
    number : float
        What was found; NaN holds nowhere.
    most, least : float
        The bounds, of which at least one must be finite.

    Raises
    ------
    ValueError
        If no number could be outside the bounds.

    Examples
    --------
    >>> check = Check(Reading.PRINTED, "V_old - V_new", 1.0, most=0.0)
    >>> check.holds, str(check)
    (False, '✗ printed: V_old - V_new = 1 (≤ 0)')
    """

    reading: Reading
    says: str
    number: float
    most: float = np.inf
    least: float = -np.inf

    def __post_init__(self):
        if not (np.isfinite(self.most) or np.isfinite(self.least)):
            raise ValueError(f"most and least are {self.most} and {self.least}: this cannot fail")

    @property
    def holds(self) -> bool:
        """Whether the number is within the bounds."""
        return bool(self.least <= self.number <= self.most)

    def __str__(self):
        bounds = [("≥", self.least), ("≤", self.most)]
        asked = ", ".join(f"{sign} {bound:.2g}" for sign, bound in bounds if np.isfinite(bound))
        number = f"{self.number + 0.0:.3g}"  # + 0.0: no minus sign before a zero
        return f"{'✓' if self.holds else '✗'} {self.reading}: {self.says} = {number} ({asked})"


def check_of(reading: Reading, finding: Finding, says: str) -> Check:
    """A finding of the certifier as a check; one that was not judged does not hold.

    Parameters
    ----------
    reading : Reading
    finding : Finding
    says : str

    Returns
    -------
    Check
    """
    number = finding.worst if np.isfinite(finding.tolerance) else np.nan
    return Check(reading, says, number, most=float(np.nan_to_num(finding.tolerance)))


def conclude(checks: Iterable[Check]) -> Verdict:
    """The verdict that some checks lead to.

    Counterexamples must be what they are said to be, and conditions and repairs must hold. Then it
    is decided by the checks of the statement as printed (or as an instance): all of them hold, or
    each of them is a refutation.

    Parameters
    ----------
    checks : iterable of Check

    Returns
    -------
    Verdict

    Examples
    --------
    >>> fails = Check(Reading.PRINTED, "x", 1.0, most=0.0)
    >>> holds = Check(Reading.CONDITION, "x if y", 0.0, most=0.0)
    >>> conclude([fails, holds]).value, conclude([fails]).value
    ('true under an extra hypothesis', 'false as printed')
    """
    checks = tuple(checks)
    stated = [each for each in checks if each.reading in (Reading.PRINTED, Reading.INSTANCE)]
    others = [each for each in checks if each not in stated]
    outcomes = {each.holds for each in stated}
    if len(outcomes) != 1 or not all(each.holds for each in others):
        return Verdict.UNDECIDED
    member = stated[0].reading is Reading.INSTANCE
    if outcomes == {True}:
        return Verdict.INSTANCE if member else Verdict.TRUE
    if any(each.reading is Reading.CONDITION for each in others):
        return Verdict.CONDITIONAL
    if any(each.reading is Reading.REPAIR for each in others):
        return Verdict.REPAIRED
    return Verdict.NOT_AN_INSTANCE if member else Verdict.FALSE


@dataclass(frozen=True)
class Statement:
    """A definition or statement of the paper.

    Parameters
    ----------
    number : str
        Where it stands: its number, or its section.
    says : str
        What it says.
    expected : Verdict
    evidence : callable
        `() -> iterable of Check`. Runs that several statements look at are computed once a process.
    remedy : str
        The hypothesis that is missing, or the repair.
    """

    number: str
    says: str
    expected: Verdict
    evidence: Callable[[], Iterable[Check]]
    remedy: str = ""

    def judge(self) -> "Result":
        """Measure the evidence and conclude."""
        checks = tuple(self.evidence())
        return Result(self, checks, conclude(checks))


@dataclass(frozen=True)
class Result:
    """A statement and what was found about it; a row of the first table.

    Attributes
    ----------
    statement : Statement
    checks : tuple of Check
    verdict : Verdict
        Concluded from the checks.
    """

    statement: Statement
    checks: tuple[Check, ...]
    verdict: Verdict

    @property
    def confirmed(self) -> bool:
        """Whether the verdict is the one that was expected."""
        return self.verdict is self.statement.expected

    @property
    def cells(self) -> tuple[str, ...]:
        """Number, statement, verdict and evidence; see `Table`."""
        expected = self.statement.expected
        verdict = expected if self.confirmed else f"expected: {expected}\nfound: {self.verdict}"
        remedy = self.statement.remedy
        shown = f"{verdict}:\n{remedy}" if remedy and self.confirmed else str(verdict)
        return self.statement.number, self.statement.says, shown, "\n".join(map(str, self.checks))
