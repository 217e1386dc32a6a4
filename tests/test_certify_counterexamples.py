"""The run checker names, for every counterexample, what breaks and which hypothesis is missing."""

import pytest

from mirrorbook.certify import Verdict, check_run
from mirrorbook.counterexamples import COUNTEREXAMPLES

CYCLE = {"(R)", "Lemma 2: (4)", "E_new A >= 0", "monotone", "(14)"}
STUCK = {"(L)", "never stuck"}
BROKEN = {
    "nu cycle": CYCLE,
    "neighbourhood cycle": CYCLE,
    "convex neighbourhood": CYCLE,
    "TRL against Lemma 2": {"Lemma 2: (4)"},
    "TRL against property 1, beta uniform": {"Lemma 2: (4)", "property 1"},
    "TRL against property 1, beta the occupancy": {"Lemma 2: (4)", "property 1"},
    "TRL against property 1 with its own constant": {"Lemma 2: (4)", "property 1"},
    "PPO trap": STUCK | {"Theorem G: greedy PPO"},
    "PPO trap from the uniform policy": STUCK | {"Theorem G: greedy PPO"},
    "PPO fall": {"(R)", "monotone"},
    "slope at home": STUCK,
    "doubling tau": {"(L)", "never stuck"},  # at the end its steps are lost in rounding
    "negative drift": {"(R)", "monotone"},
    "states never sampled": {"b: beta bounded below", "never stuck"},
    "discrete metric": STUCK,
    "slope at the boundary": STUCK,
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_breaks_is_named_and_replayed(name):
    example = COUNTEREXAMPLES[name]
    evidence = check_run(example.replay())
    refuted = {finding.name for finding in evidence.refuted}
    assert BROKEN[name] <= refuted
    assert "every step feasible" not in refuted and "every step optimal" not in refuted
    for finding in evidence.refuted:
        assert finding.witness.replay() == pytest.approx(finding.witness.violation, rel=1e-9)


@pytest.mark.parametrize("name", [name for name in COUNTEREXAMPLES if name.startswith("TRL")])
def test_trl_improves_and_may_be_reset(name):
    example = COUNTEREXAMPLES[name]
    evidence = check_run(example.replay())
    for claim in ("monotone", "E_new A >= 0", "(R)"):
        assert evidence[claim].verdict is Verdict.CERTIFIED


@pytest.mark.parametrize("name", ["adaptive tau", "discontinuous drift"])
def test_failures_in_the_limit_cannot_be_seen_along_a_run(name):
    example = COUNTEREXAMPLES[name]
    evidence = check_run(example.replay())
    assert not evidence.refuted
    assert evidence["limit V*"].verdict is Verdict.NOT_APPLICABLE
