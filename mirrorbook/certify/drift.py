r"""Is this a drift?  The hypotheses of Definition 1, tried on rows (Sec. 3).

A drift is finite, nonnegative, zero at home, flat there and jointly continuous.  Each of these is
tried twice: between rows that play every action (`open simplex`), and where the old or the new row
leaves an action out (`boundary`), where most divergences fail.  Slopes are one-sided, along
p - pi with p in the simplex.

What is tried, first on systematic rows of two and three actions (corners, edges, lopsided rows,
rows next to a corner), then on random ones of up to five:

    values at pairs of rows and along the segments between them, and the lowest points of these
    quotients D(pi + t (p - pi)) / t down to t = 2^-26
    jumps: the steepest place of a segment of pairs, pursued to a width of 2^-32
    limits at pairs on the boundary, approached at seven speeds, up to h against exp(-1 / h^2)

`supported` therefore means: no violation on these; it is no proof, and a bump narrower than the
sixteenth of a segment can hide between them, as can a jump smaller than what the drift bends within
an eighth of one.  `refuted` of an inequality is as good as the
arithmetic.  `refuted` of a limit (slope, continuity) means that the quotient or the gap settled on
something else, as `limits` explains; a slope below 1e-5 times the size of the drift is not seen.
"""

from dataclasses import dataclass, replace

import numpy as np

from ..mdp import MDP
from .arguments import check_kind, check_setting
from .evidence import Evidence, Finding, Verdict, judge, not_applicable
from .segments import PLACES, samples_of


@dataclass(frozen=True, eq=False)
class DriftEvidence(Evidence):
    """What `check_drift` found."""

    @property
    def domain(self) -> str:
        """Where nothing speaks against it: "closed simplex", "open simplex" or "nowhere".

        A clause that could not be decided by sampling does not count.
        """
        failed = {finding.name.partition(": ")[2] for finding in self.refuted}
        if "open simplex" in failed or self["local"].verdict is Verdict.REFUTED:
            return "nowhere"
        return "open simplex" if "boundary" in failed else "closed simplex"


def check_drift(drift, mdp: MDP | None = None, rng=None) -> DriftEvidence:
    """Try the hypotheses of Definition 1, and what the drift claims to be.

    Parameters
    ----------
    drift : Drift
    mdp : MDP, optional
        Needed for a drift that has parameters for every state or action: rows are then those of
        policies of this MDP. Otherwise they have two, three and, at random, five actions.
    rng : numpy Generator, optional
        For random rows; without it only the systematic ones are tried.

    Returns
    -------
    DriftEvidence
        Its `domain` says where it is a drift.

    Raises
    ------
    TypeError
        If an argument is not of its kind.

    Examples
    --------
    >>> from mirrorbook.drifts import KLOldNew, TVSquared
    >>> check_drift(TVSquared()).domain, check_drift(KLOldNew()).domain
    ('closed simplex', 'open simplex')
    >>> found = check_drift(KLOldNew())["flat: boundary"]
    >>> found.verdict.value, found.witness.inputs["old"], found.witness.inputs["target"]
    ('refuted', array([1., 0.]), array([0., 1.]))
    """
    check_kind(drift, "drift", "value", "be a Drift")
    check_setting(mdp, rng)
    if mdp is None:
        shapes = [(None, 2), (None, 3)] + ([(None, 5)] if rng is not None else [])
    else:
        shapes = [(mdp.n_states, mdp.n_actions)]
    blocks = [samples_of(drift, *shape, rng) for shape in shapes]
    local = _judged("local", [block["local"] for block in blocks])
    if local.verdict is Verdict.REFUTED:  # rows that pay for others cannot be tried one by one
        return DriftEvidence(repr(drift), (local,))
    findings = [
        _judged(f"{name}: {place}", [block[name, place] for block in blocks])
        for name in ("finite", "nonnegative", "zero at home", "flat", "continuous")
        for place in PLACES
    ]
    findings += [
        _judged(name, [block[name] for block in blocks]) for name in ("positive", "convex")
    ]
    evidence = DriftEvidence(repr(drift), (local, *findings))
    return replace(evidence, findings=(*evidence.findings, *_claims(drift, evidence)))


def _judged(name, samples):
    """Judge a claim by several kinds of samples, given as a list of lists."""
    samples = [each for some in samples for each in some if len(next(iter(each.inputs.values())))]
    results = [each.results() for each in samples]
    if not samples:
        return not_applicable(name, "no such rows")
    value, tolerance = map(np.concatenate, zip(*results, strict=True))
    owner = np.repeat(np.arange(len(samples)), [len(result[0]) for result in results])
    first = np.searchsorted(owner, np.arange(len(samples)))
    return judge(
        name, value, tolerance,
        lambda i: samples[owner[i]].where(i - first[owner[i]]),
        lambda i: samples[owner[i]].witness(i - first[owner[i]]),
        size=np.array([each.size for each in samples])[owner],
    )  # fmt: skip


def _claims(drift, evidence) -> list[Finding]:
    """Whether the class's claims agree with what was found."""
    closed = evidence.domain == "closed simplex"
    found = {
        "valid_inside": evidence.domain != "nowhere", "valid_on_boundary": closed,
        "positive": evidence["positive"].holds, "convex": evidence["convex"].holds,
    }  # fmt: skip
    claims = []
    for name, holds in found.items():
        claim = getattr(drift, name, None)
        if claim is None or not getattr(drift, "scale", 1.0):
            why = "claims nothing" if claim is None else "claims are made for scale > 0"
            claims.append(not_applicable(f"claim: {name}", why))
        elif not claim:
            said = "nothing was found against it" if holds else "a violation was found"
            claims.append(not_applicable(f"claim: {name}", f"not claimed; {said}"))
        elif holds:
            claims.append(Finding(f"claim: {name}", Verdict.SUPPORTED, reason="as found"))
        else:
            claims.append(
                Finding(f"claim: {name}", Verdict.REFUTED, reason="a violation was found")
            )
    return claims
