"""Certificates: what of the paper's hypotheses and conclusions holds, with the evidence.

    check_drift           Definition 1
    check_neighbourhood   Definition 2, and closedness under resets
    check_distribution    what is asked of beta and nu
    check_step            Definition 3, Lemmas 1 and 2, (14), (8)
    check_run             Theorem 1, its repair, (9), Lemma K, Theorem G

Each returns `Evidence`: a table of findings, in a terminal and in a notebook.
"""

from .distribution import check_distribution
from .drift import DriftEvidence, check_drift
from .evidence import Evidence, Finding, Verdict, Witness
from .neighbourhood import check_neighbourhood
from .run import check_run
from .step import check_step

__all__ = [
    "DriftEvidence",
    "Evidence",
    "Finding",
    "Verdict",
    "Witness",
    "check_distribution",
    "check_drift",
    "check_neighbourhood",
    "check_run",
    "check_step",
]
