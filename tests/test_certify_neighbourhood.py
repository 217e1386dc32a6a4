"""The neighbourhood checker: legal ones pass, each illegal one fails where it should."""

import numpy as np
import pytest

from mirrorbook import games
from mirrorbook.certify import Verdict, check_neighbourhood
from mirrorbook.counterexamples import bandits
from mirrorbook.drifts import (
    KLNewOld,
    KLOldNew,
    L2Squared,
    PPOFloored,
    TVSquared,
    total_variation,
)
from mirrorbook.neighbourhoods import (
    AllPolicies,
    AverageBall,
    CoupledMoves,
    Product,
    Soft,
    Standstill,
    StatewiseBall,
    VanishingBall,
    as_neighbourhood,
)

SMALL = bandits(2)
LEGAL = [
    AllPolicies(),
    AverageBall(KLOldNew(), 0.01),
    AverageBall(L2Squared(), 0.1),
    StatewiseBall(TVSquared(), 0.0625),
    AverageBall(PPOFloored(), 0.01),
    Product(StatewiseBall(TVSquared(), 0.02)),
    AverageBall(L2Squared(), 0.1) & StatewiseBall(TVSquared(), 0.04),
]


def far(new, old):
    return total_variation(new, old).max()


MUTANTS = {  # name: (contains, what must be refuted)
    "open": (lambda n, o, w: far(n, o) < 0.25, "compact"),
    "open at the corners": (lambda n, o, w: bool((n[o > 0] > 0).all()), "compact"),
    "corners taken out": (lambda n, o, w: far(n, o) <= 0.6 and n.min() > 0, "compact"),
    "a ring": (lambda n, o, w: 0.01 <= far(n, o) <= 0.3, "contains its policy"),
    "a point": (lambda n, o, w: bool((n == o).all()), "closed ball"),
    "one direction only": (lambda n, o, w: bool((n[:, 0] >= o[:, 0]).all()), "closed ball"),
    "one row for two states": (lambda n, o, w: bool(np.allclose(n - o, (n - o)[0], atol=1e-15)),
                               "closed ball"),
    "no revival": (lambda n, o, w: bool((n[o == 0] == 0).all()), "closed ball"),
    "two shells": (lambda n, o, w: not 0.1 < far(n, o) < 0.5, "star-shaped"),
    "a radius that jumps": (lambda n, o, w: far(n, o) <= (0.1 if o[0, 0] > 0.37 else 0.3),
                            "continuous"),
    "a radius that jumps a little": (
        lambda n, o, w: far(n, o) <= (0.29 if o[0, 0] > 0.37 else 0.3), "continuous"),
    "all at the boundary": (lambda n, o, w: far(n, o) <= (1.0 if (o == 0).any() else 0.2),
                            "continuous"),
    "less at the boundary": (lambda n, o, w: far(n, o) <= (0.1 if (o == 0).any() else 0.2),
                             "continuous"),
    "a radius that vanishes": (lambda n, o, w: far(n, o) <= 0.5 * abs(o[0, 0] - 0.8),
                               "radius bounded below"),
    "a radius that vanishes, all there": (
        lambda n, o, w: far(n, o) <= (0.5 * abs(o[0, 0] - 0.8) or 1.0), "radius bounded below"),
    "a slab": (lambda n, o, w: abs((n - o)[:, 0].sum()) <= 0.2, "closed under resets"),
    "moves of one size": (
        lambda n, o, w: bool(np.ptp(total_variation(n, o)) <= 0.1), "closed under resets"),
}  # fmt: skip


def rng():
    return np.random.default_rng(0)


def assert_replays(evidence):
    for finding in evidence.refuted:
        witness = finding.witness
        assert witness.replay() == witness.violation > finding.tolerance


@pytest.mark.parametrize("neighbourhood", LEGAL, ids=repr)
def test_legal_ones_pass(neighbourhood):
    evidence = check_neighbourhood(neighbourhood, SMALL, rng=rng())
    assert not evidence.refuted
    assert all(finding.verdict is Verdict.SUPPORTED for finding in evidence)


@pytest.mark.parametrize("name", MUTANTS)
def test_every_mutant_is_found(name):
    contains, broken = MUTANTS[name]
    evidence = check_neighbourhood(as_neighbourhood(contains), SMALL)
    assert evidence[broken].verdict is Verdict.REFUTED
    assert_replays(evidence)


def test_those_for_teaching_fail_where_they_say():
    assert [f.name for f in check_neighbourhood(CoupledMoves()).refuted] == ["closed under resets"]
    assert check_neighbourhood(Standstill())["closed ball"].verdict is Verdict.REFUTED
    for free in (False, True):
        ball = VanishingBall([[0.7, 0.3], [0.2, 0.8]], free_at_target=free)
        evidence = check_neighbourhood(ball, SMALL)
        assert [finding.name for finding in evidence.refuted] == ["radius bounded below"]
        found = evidence["radius bounded below"].witness.inputs["old"]
        np.testing.assert_allclose(found, ball.target, atol=1e-8)


def test_balls_of_the_other_kl_are_empty_at_the_boundary():
    finding = check_neighbourhood(AverageBall(KLNewOld(), 0.1), SMALL)["closed ball"]
    assert finding.verdict is Verdict.REFUTED
    old = finding.witness.inputs["old"]
    assert (old == 0).any()


def test_soft_policies_are_no_neighbourhood_of_all_policies():
    evidence = check_neighbourhood(Soft(0.1), SMALL)
    assert {"contains its policy", "closed ball"} <= {finding.name for finding in evidence.refuted}
    assert evidence["compact"].holds


def test_one_state_has_nothing_to_reset():
    evidence = check_neighbourhood(StatewiseBall(TVSquared(), 0.04), games.single_step())
    assert evidence["closed under resets"].holds
    alone = bandits(1)
    finding = check_neighbourhood(StatewiseBall(TVSquared(), 0.04), alone)["closed under resets"]
    assert finding.verdict is Verdict.NOT_APPLICABLE


def test_only_neighbourhoods_are_checked():
    with pytest.raises(TypeError, match="must have a `contains` method, found float"):
        check_neighbourhood(0.1)
