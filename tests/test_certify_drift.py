"""The drift checker against the audit's table, mutants of good drifts, and what classes claim."""

from functools import cache

import mutants
import numpy as np
import pytest

from mirrorbook import games
from mirrorbook.certify import Verdict, check_drift
from mirrorbook.drifts import (
    DPO,
    L1,
    SPO,
    Alpha,
    ChiSquaredNewOld,
    ChiSquaredOldNew,
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

CLOSED, OPEN, NOWHERE = "closed simplex", "open simplex", "nowhere"
AUDIT = [  # (drift, domain, positive, convex), table B10 of the audit with the referees' readings
    (Zero(), CLOSED, False, True),
    (L2Squared(), CLOSED, True, True),
    (TVSquared(), CLOSED, True, True),
    (LInfSquared(), CLOSED, True, True),
    (TotalVariation(), NOWHERE, True, True),
    (L1(), NOWHERE, True, True),
    (KLOldNew(), OPEN, True, True),
    (KLNewOld(), OPEN, True, True),
    (Jeffreys(), OPEN, True, True),
    (Renyi(0.5), OPEN, True, True),
    (Renyi(2), OPEN, True, False),
    (ChiSquaredOldNew(), OPEN, True, True),
    (ChiSquaredNewOld(), OPEN, True, True),
    (JensenShannon(), OPEN, True, True),
    (HellingerSquared(), OPEN, True, True),
    (PPOClip(reading="extended"), OPEN, False, True),
    (PPOClip(reading="original"), OPEN, False, True),
    (PPOClip(reading="dropped"), OPEN, False, True),
    (Rollback(), OPEN, False, True),
    (DualClip(), NOWHERE, False, False),
    (SPO(), OPEN, False, True),
    (DPO(), OPEN, False, True),
    (OneSidedChiSquared(), CLOSED, True, True),
    (OneSidedKL(), CLOSED, True, True),
    (PPOFloored(), CLOSED, False, True),
    (NegativeTVSquared(), NOWHERE, False, False),
    (Memory(), CLOSED, True, False),
    (Alpha(0.3), OPEN, True, True),
    (KLNewOld() + KLOldNew(), OPEN, True, True),
    (1e6 * L2Squared(), CLOSED, True, True),
    (1e-9 * TVSquared(), CLOSED, True, True),
]


def rng():
    return np.random.default_rng(0)


@cache
def checked(drift):
    return check_drift(drift, rng=rng())


def assert_replays(evidence):
    for finding in evidence.refuted:
        if finding.witness is not None:
            witness = finding.witness
            assert witness.replay() == witness.violation
            assert witness.violation > 0


@pytest.mark.parametrize("drift, domain, positive, convex", AUDIT, ids=lambda x: repr(x)[:40])
def test_agrees_with_the_audit(drift, domain, positive, convex):
    evidence = checked(drift)
    assert evidence.domain == domain
    assert evidence["positive"].holds == positive
    assert evidence["convex"].holds == convex
    assert_replays(evidence)


@pytest.mark.parametrize("name", mutants.TABLE)
def test_agrees_with_the_rest_of_the_audit(name):
    cost, domain, positive, convex = mutants.TABLE[name]
    evidence = check_drift(mutants.drift(cost), rng=rng())
    assert evidence.domain == domain
    assert evidence["positive"].holds == positive
    assert evidence["convex"].holds == convex


@pytest.mark.parametrize("drift", [row[0] for row in AUDIT], ids=repr)
def test_classes_claim_what_is_found_no_more_and_no_less(drift):
    evidence = checked(drift)
    for trait in ("valid_inside", "valid_on_boundary", "positive", "convex"):
        claim = evidence[f"claim: {trait}"]
        assert claim.verdict is not Verdict.REFUTED, trait
        assert "nothing was found" not in claim.reason, trait


@pytest.mark.parametrize("random", [False, True])
@pytest.mark.parametrize("name", mutants.MUTANTS)
def test_every_mutant_is_found(name, random):
    cost, broken = mutants.MUTANTS[name]
    evidence = check_drift(mutants.drift(cost), rng=rng() if random else None)
    assert evidence[broken].verdict is Verdict.REFUTED
    assert evidence[broken].worst > evidence[broken].tolerance
    assert_replays(evidence)


def test_a_witness_is_small_and_can_be_checked_by_hand():
    cost, broken = mutants.MUTANTS["not zero in corners"]
    witness = check_drift(mutants.drift(cost), rng=rng())[broken].witness
    assert witness.inputs["old"].tolist() == [1.0, 0.0]
    assert witness.replay() == pytest.approx(1e-6)
    with pytest.raises(ValueError, match="read-only"):
        witness.inputs["old"][0] = 0.5


def test_where_a_drift_fails_is_told_apart():
    kl = check_drift(KLOldNew())
    failed = [finding.name for finding in kl.refuted]
    assert failed == ["finite: boundary", "flat: boundary", "continuous: boundary"]
    # the slope of KL(old, new) from a corner is the probability that goes elsewhere
    assert kl["flat: boundary"].witness.violation == pytest.approx(1.0, rel=1e-5)
    assert kl["continuous: boundary"].worst > 1e-4


def test_bounded_kl_jumps_only_along_the_fastest_approach():
    cost, broken = mutants.MUTANTS["a bounded KL"]
    evidence = check_drift(mutants.drift(cost))
    assert evidence["continuous: open simplex"].holds
    inputs = evidence[broken].witness.inputs
    assert (inputs["new"] == inputs["old"]).all()
    assert inputs["speed"].min() < 1e-200


def test_parameters_of_every_state_need_an_mdp():
    mdp = games.tabular(n_states=2)
    cost = np.array([[1.0, 0, 0], [0, 0, 0], [0, 2.0, 1.0], [0, 0, 0]])
    evidence = check_drift(Risk(cost), mdp, rng())
    assert evidence.domain == CLOSED
    assert not evidence["positive"].holds
    with pytest.raises(ValueError, match="cost has shape"):
        check_drift(Risk(cost))

    def only_in_state_2(new, old):
        slope = np.array([0.0, 0.0, 1.0, 0.0])
        return mutants.l2(new, old) + slope * mutants.tv(new, old)

    found = check_drift(as_drift(only_in_state_2), mdp)["flat: open simplex"]
    assert found.verdict is Verdict.REFUTED
    assert found.witness.replay() == found.witness.violation > 0.01


def test_wrong_claims_are_refuted():
    lies = mutants.drift(mutants.MUTANTS["free within a range"][0], positive=True, convex=True)
    evidence = check_drift(lies)
    assert evidence["claim: positive"].verdict is Verdict.REFUTED
    assert evidence["claim: convex"].verdict is Verdict.SUPPORTED
    lies = mutants.drift(mutants.TABLE["k3"][0], valid_on_boundary=True)
    assert check_drift(lies)["claim: valid_on_boundary"].verdict is Verdict.REFUTED
    nothing = check_drift(0 * KLOldNew())
    assert nothing["claim: positive"].verdict is Verdict.NOT_APPLICABLE
    assert nothing.domain == CLOSED


def test_only_drifts_are_checked():
    with pytest.raises(TypeError, match="drift must be a Drift, found str"):
        check_drift("KL")
