"""The table of drifts: what each is expected to be, against what the certifier finds."""

from dataclasses import dataclass

import numpy as np

from ..certify import check_drift
from ..drifts import (
    DPO,
    L1,
    SPO,
    Alpha,
    ChiSquaredNewOld,
    ChiSquaredOldNew,
    Drift,
    DualClip,
    HellingerSquared,
    Jeffreys,
    JensenShannon,
    KLNewOld,
    KLOldNew,
    L2Squared,
    LInfSquared,
    Memory,
    NegativeTVSquared,
    OneSidedChiSquared,
    OneSidedKL,
    PPOClip,
    PPOFloored,
    Renyi,
    Risk,
    Rollback,
    TotalVariation,
    TVSquared,
    Zero,
    as_drift,
)
from ..mdp import MDP

CLOSED, INTERIOR, NOWHERE = "closed", "interior", "not a drift"
DOMAINS = {"closed simplex": CLOSED, "open simplex": INTERIOR, "nowhere": NOWHERE}


@dataclass(frozen=True)
class ExpectedDrift:
    """What a drift is expected to be.

    Parameters
    ----------
    drift : Drift
    domain : str
        "closed": a drift on the whole closed simplex; "interior": between policies that play every
        action; "not a drift".
    positive, convex : bool
    name : str, optional
        Default: how the drift prints itself.
    """

    drift: Drift
    domain: str
    positive: bool
    convex: bool
    name: str = ""

    def judge(self) -> "DriftRow":
        """Ask the certifier, with random rows from a fixed seed."""
        mdp = _three_arms() if isinstance(self.drift, Risk) else None
        evidence = check_drift(self.drift, mdp, np.random.default_rng(0))
        found = (
            DOMAINS[evidence.domain], evidence["positive"].holds, evidence["convex"].holds
        )  # fmt: skip
        against = [f for f in evidence.refuted if f.name not in ("positive", "convex")]
        return DriftRow(self, *found, tuple(f"{f.name} ({f.worst:.2g})" for f in against))


@dataclass(frozen=True)
class DriftRow:
    """A row of the table of drifts.

    Attributes
    ----------
    expected : ExpectedDrift
    domain : str
    positive, convex : bool
        As found.
    refuted : tuple of str
        The hypotheses of Definition 1 that were refuted, each with its worst violation.
    """

    expected: ExpectedDrift
    domain: str
    positive: bool
    convex: bool
    refuted: tuple[str, ...]

    @property
    def confirmed(self) -> bool:
        """Whether everything found is as expected, and as the drift's class claims."""
        e = self.expected
        if any(name.startswith("claim") for name in self.refuted):
            return False
        return (self.domain, self.positive, self.convex) == (e.domain, e.positive, e.convex)

    @property
    def cells(self) -> tuple[str, ...]:
        """Name, the three findings, and what was refuted; see `Table`."""
        e = self.expected
        pairs = [
            (self.domain, e.domain),
            (_yes(self.positive), _yes(e.positive)),
            (_yes(self.convex), _yes(e.convex)),
        ]
        shown = (found if found == want else f"{found}, not {want}" for found, want in pairs)
        return e.name or repr(e.drift), *shown, ", ".join(self.refuted)


def _yes(x):
    return "yes" if x else "no"


def _three_arms():
    """For drifts with a parameter for each action: a bandit with three arms."""
    return MDP(np.ones((1, 3, 1)), np.zeros((1, 3)), 0.0, [1.0])


DRIFTS = (
    ExpectedDrift(Zero(), CLOSED, False, True),
    ExpectedDrift(L2Squared(), CLOSED, True, True),
    ExpectedDrift(TVSquared(), CLOSED, True, True),
    ExpectedDrift(LInfSquared(), CLOSED, True, True),
    ExpectedDrift(OneSidedKL(), CLOSED, True, True),
    ExpectedDrift(OneSidedChiSquared(), CLOSED, True, True),
    ExpectedDrift(PPOFloored(), CLOSED, False, True),
    ExpectedDrift(Risk([2.0, 0.0, -1.0]), CLOSED, False, True),
    ExpectedDrift(Memory(), CLOSED, True, False),
    ExpectedDrift(
        as_drift(lambda new, old: ((new - old) ** 4).sum(axis=1)),
        CLOSED, True, True, "as_drift(Σ (new - old)⁴)",
    ),
    ExpectedDrift(KLOldNew(), INTERIOR, True, True),
    ExpectedDrift(KLNewOld(), INTERIOR, True, True),
    ExpectedDrift(Jeffreys(), INTERIOR, True, True),
    ExpectedDrift(ChiSquaredOldNew(), INTERIOR, True, True),
    ExpectedDrift(ChiSquaredNewOld(), INTERIOR, True, True),
    ExpectedDrift(HellingerSquared(), INTERIOR, True, True),
    ExpectedDrift(JensenShannon(), INTERIOR, True, True),
    ExpectedDrift(Renyi(0.5), INTERIOR, True, True),
    ExpectedDrift(Renyi(2.0), INTERIOR, True, False),
    ExpectedDrift(Alpha(0.5), INTERIOR, True, True),
    ExpectedDrift(PPOClip(reading="extended"), INTERIOR, False, True),
    ExpectedDrift(PPOClip(reading="original"), INTERIOR, False, True),
    ExpectedDrift(PPOClip(reading="dropped"), INTERIOR, False, True),
    ExpectedDrift(Rollback(), INTERIOR, False, True),
    ExpectedDrift(SPO(), INTERIOR, False, True),
    ExpectedDrift(DPO(), INTERIOR, False, True),
    ExpectedDrift(L2Squared() + 2 * KLOldNew(), INTERIOR, True, True, "L2Squared() + 2 KLOldNew()"),
    ExpectedDrift(TotalVariation(), NOWHERE, True, True),
    ExpectedDrift(L1(), NOWHERE, True, True),
    ExpectedDrift(NegativeTVSquared(), NOWHERE, False, False),
    ExpectedDrift(DualClip(), NOWHERE, False, False),
)  # fmt: skip
"""Every kind of drift of `mirrorbook.drifts`."""
