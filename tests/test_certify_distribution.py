"""The checker of sampling and drift distributions."""

import numpy as np
import pytest

from mirrorbook import distributions, games
from mirrorbook.certify import Verdict, check_distribution

MDP = games.tabular(gamma=0.9)
PLAYING = ~MDP.terminal


def spread(weights):
    vector = np.zeros(MDP.n_states)
    vector[PLAYING] = weights
    return vector


def vanishing(mdp, pi, history):
    x = abs(pi[1, 0] - 0.8) / 2
    return spread([x, 0.4 - x, 0.2, 0.2, 0.2])


def jumping(mdp, pi, history):
    return spread([0.2] * 5 if pi[1, 0] > 0.37 else [0.1, 0.3, 0.2, 0.2, 0.2])


def apart(mdp, pi, history):
    def rule(new, charge):
        return spread([0.6, 0.1, 0.1, 0.1, 0.1] if np.ptp(charge) > 0.1 else [0.2] * 5)

    return rule


MUTANTS = {
    "too much": (lambda mdp, pi, history: np.full(7, 0.2), "probability vector"),
    "negative": (lambda mdp, pi, history: spread([-0.2, 0.3, 0.3, 0.3, 0.3]),
                 "probability vector"),
    "too short": (lambda mdp, pi, history: np.full(5, 0.2), "probability vector"),
    "a blind spot": (lambda mdp, pi, history: spread([0, 0.25, 0.25, 0.25, 0.25]),
                     "positive, bounded below"),
    "vanishing at a policy": (vanishing, "positive, bounded below"),
    "a jump": (jumping, "continuous"),
    "a rule that jumps": (apart, "continuous"),
    "a rule": (apart, "independent of the candidate"),
}  # fmt: skip


@pytest.mark.parametrize(
    "distribution",
    [distributions.uniform, distributions.occupancy, distributions.fixed(spread([0.2] * 5))],
)
def test_those_of_the_package_pass(distribution):
    evidence = check_distribution(distribution, MDP, rng=np.random.default_rng(0))
    assert not evidence.refuted
    assert evidence["independent of the candidate"].verdict is Verdict.CERTIFIED


@pytest.mark.parametrize("name", MUTANTS)
def test_every_mutant_is_found(name):
    distribution, broken = MUTANTS[name]
    finding = check_distribution(distribution, MDP)[broken]
    assert finding.verdict is Verdict.REFUTED
    assert finding.witness.replay() == pytest.approx(finding.witness.violation)


def test_occupancy_never_falls_below_the_start():
    start = games.tabular(gamma=0.9).d0
    evidence = check_distribution(distributions.occupancy, MDP)
    assert -evidence["positive, bounded below"].worst >= 0.1 * start[PLAYING].min() - 1e-12


def test_history_and_worst_state_depend_on_what_they_say():
    mixed = check_distribution(distributions.history_mixture, MDP)
    assert [finding.name for finding in mixed.refuted] == ["independent of the history"]
    worst = check_distribution(distributions.worst_state, MDP)
    assert [finding.name for finding in worst.refuted] == ["independent of the candidate"]
    assert worst["continuous"].holds  # the total drift, a maximum
    assert worst["positive, bounded below"].verdict is Verdict.NOT_APPLICABLE


def test_only_functions_are_checked():
    with pytest.raises(TypeError, match="distribution must be a function, found list"):
        check_distribution([0.5, 0.5], MDP)
