r"""Evidence: what was measured, how bad it got and where, and what that shows.

A check measures violations: numbers that must not exceed a tolerance.  A hypothesis or conclusion
is judged by the worst of them:

    certified        no violation, computed for all cases there are (one step, one run), or bounded
                     by an optimality certificate
    supported        no violation in the samples that were tried; others might violate it
    refuted          at least one, and a witness from which it is computed again
    not applicable   there was nothing to measure, with the reason
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np

from .rendering import html_table, text_table

ROUNDING = 2.0**-44
"""Relative rounding error granted to a cost of a row: 256 units in the last place (5.7e-14).

A sum of n terms of size x is off by up to n units of x; costs that subtract nearly equal terms, as
a KL written with logarithms does, add a few units of the terms that cancel.
"""


class Verdict(StrEnum):
    """What the evidence shows."""

    CERTIFIED = "certified"
    SUPPORTED = "supported"
    REFUTED = "refuted"
    NOT_APPLICABLE = "not applicable"


@dataclass(frozen=True, eq=False)
class Witness:
    """Inputs at which a hypothesis fails.

    Attributes
    ----------
    inputs : mapping from name to array or number
        Write-protected.
    violation : float
        What was measured.
    measure : callable
        Computes the violation from the inputs, passed by name.
    """

    inputs: Mapping
    violation: float
    measure: Callable[..., float] = field(repr=False)

    def __post_init__(self):
        for value in self.inputs.values():
            if isinstance(value, np.ndarray):
                value.flags.writeable = False

    def replay(self) -> float:
        """The violation, computed anew from the inputs."""
        return float(self.measure(**self.inputs))


@dataclass(frozen=True, eq=False)
class Finding:
    """One hypothesis or conclusion, judged.

    Attributes
    ----------
    name : str
        What is claimed.
    verdict : Verdict
    worst : float
        The measurement that exceeds its tolerance by most, or comes nearest to doing so.
    tolerance : float
        What rounding explains of it.
    where : str
        Where that was.
    samples : int
        Number of measurements.
    reason : str
        What was measured; or why there was nothing to measure.
    witness : Witness or None
        Only of a refutation: the smallest found, which need not be the worst.
    """

    name: str
    verdict: Verdict
    worst: float = np.nan
    tolerance: float = np.nan
    where: str = ""
    samples: int = 0
    reason: str = ""
    witness: Witness | None = None

    @property
    def holds(self) -> bool:
        """Certified or supported."""
        return self.verdict in (Verdict.CERTIFIED, Verdict.SUPPORTED)

    def __str__(self):
        return text_table(self.name, [self])


@dataclass(frozen=True, eq=False)
class Evidence:
    """The findings of one check, by name and in order.

    Attributes
    ----------
    subject : str
        What was checked.
    findings : tuple of Finding

    Examples
    --------
    >>> from mirrorbook import TVSquared, check_drift
    >>> found = check_drift(TVSquared())
    >>> found["positive"].holds, found.refuted, len(list(found)) == len(found)
    (True, (), True)
    """

    subject: str
    findings: tuple[Finding, ...]

    def __getitem__(self, name) -> Finding:
        for finding in self.findings:
            if finding.name == name:
                return finding
        names = ", ".join(repr(finding.name) for finding in self.findings)
        raise KeyError(f"{name!r} is no finding, expected one of {names}")

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __len__(self):
        return len(self.findings)

    @property
    def refuted(self) -> tuple[Finding, ...]:
        """The findings that were refuted."""
        return tuple(finding for finding in self if finding.verdict is Verdict.REFUTED)

    def __str__(self):
        return text_table(self.subject, self.findings)

    def _repr_html_(self):
        return html_table(self.subject, self.findings)


def judge(
    name: str,
    value,
    tolerance,
    where: Callable[[int], str],
    witness: Callable[[int], Witness],
    *,
    size=0,
    certified: bool = False,
    reason: str = "",
) -> Finding:
    """Judge a claim by measurements of how far it is violated.

    Parameters
    ----------
    name : str
        The claim.
    value : (n,) array
        Violations; NaN counts as an infinite one.
    tolerance : float or (n,) array
        What rounding explains; infinite where a measurement says nothing.
    where : callable
        Says where measurement i was made.
    witness : callable
        Makes the witness of measurement i.
    size : int or (n,) array
        How large the inputs are. The witness is the largest violation among the smallest inputs.
    certified : bool
        Whether these are all cases there are.
    reason : str
        What was measured.

    Returns
    -------
    Finding

    Examples
    --------
    >>> def nowhere(i):
    ...     return Witness({"x": 3.0 + i}, 3.0 + i, lambda x: x)
    >>> found = judge("x <= 2", [1.0, 3.0, 4.0], 2.0, "sample {}".format, nowhere)
    >>> found.verdict.value, found.worst, found.where, found.witness.replay()
    ('refuted', 4.0, 'sample 2', 5.0)
    """
    value = np.asarray(value, dtype=float)
    value = np.where(np.isnan(value), np.inf, value)
    tolerance = np.broadcast_to(np.asarray(tolerance, dtype=float), value.shape)
    tried = tolerance < np.inf
    if not tried.any():
        why = "no measurement said anything" if value.size else "nothing to measure"
        return Finding(name, Verdict.NOT_APPLICABLE, reason=why)
    excess = np.subtract(value, tolerance, out=np.full(value.shape, -np.inf), where=tried)
    # of equal excesses the largest value, of equal values the first
    worst = int(np.lexsort((-np.arange(len(value)), value, excess))[-1])
    verdict = Verdict.CERTIFIED if certified else Verdict.SUPPORTED
    shown = None
    if excess[worst] > 0:
        verdict = Verdict.REFUTED
        size = np.broadcast_to(size, value.shape)
        smallest = (excess > 0) & (size == size[excess > 0].min())
        shown = witness(int(np.where(smallest, excess, -np.inf).argmax()))
    return Finding(
        name, verdict, float(value[worst]), float(tolerance[worst]), where(worst),
        int(tried.sum()), reason, shown,
    )  # fmt: skip


def not_applicable(name: str, reason: str, worst: float = np.nan) -> Finding:
    """A claim that was not judged, and why.

    Parameters
    ----------
    name, reason : str
    worst : float
        A number to report, if there is one.

    Returns
    -------
    Finding
    """
    return Finding(name, Verdict.NOT_APPLICABLE, worst=worst, reason=reason)
