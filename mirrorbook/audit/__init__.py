"""The audit: every definition and statement of the paper, its verdict, and numbers for it.

python -m mirrorbook audit                  all three tables
python -m mirrorbook audit --only Lemma     some statements

STATEMENTS    what the paper says, what is expected of it, and a function that measures
run           measures, and concludes a verdict from the numbers alone
report        the statements, all drifts, and all algorithms on the three games

>>> result, = run(only=["Slides"])
>>> result.verdict.value, result.confirmed
('false as printed, repaired', True)
>>> print(result.checks[1])
✓ repaired: |E_β (ν/β) D - D^ν| = 0 (≤ 1e-10)
"""

from .algorithm_rows import AlgorithmRow
from .drift_rows import DRIFTS, DriftRow
from .record import Check, Reading, Result, Statement, Verdict, conclude
from .running import NothingChosen, Report, report, run
from .statements import STATEMENTS
from .table import Table

__all__ = [
    "DRIFTS",
    "STATEMENTS",
    "AlgorithmRow",
    "Check",
    "DriftRow",
    "NothingChosen",
    "Reading",
    "Report",
    "Result",
    "Statement",
    "Table",
    "Verdict",
    "conclude",
    "report",
    "run",
]
