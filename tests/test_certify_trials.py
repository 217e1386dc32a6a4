"""What is valid is never refuted: random drifts, neighbourhoods, MDPs and updates."""

from itertools import islice

import mutants
import numpy as np
import pytest

from mirrorbook import (
    MDP,
    Algorithm,
    distributions,
    drifts,
    mirror_learning,
    neighbourhoods,
    policies,
)
from mirrorbook.certify import check_drift, check_neighbourhood, check_run, check_step
from mirrorbook.counterexamples import bandits
from mirrorbook.drifts import KLNewOld, KLOldNew, L2Squared, TVSquared, Zero
from mirrorbook.neighbourhoods import AllPolicies, AverageBall, StatewiseBall

SMALL = bandits(2)


def norm_power(rng):
    q, order = rng.uniform(1.1, 4), rng.choice([1.0, 2.0, 3.0, np.inf])
    return mutants.drift(
        lambda new, old: np.linalg.norm(new - old, ord=order, axis=1) ** q,
        valid_on_boundary=True, positive=True, convex=True,
    )  # fmt: skip


def bounded(rng):
    c = 10 ** rng.uniform(-2, 2)
    return mutants.drift(
        lambda new, old: -np.expm1(-mutants.l2(new, old) / c),
        valid_on_boundary=True, positive=True,
    )  # fmt: skip


def weighted(rng):
    """Costs that depend on where one starts, and unequally on the actions."""
    slope = rng.uniform(0, 3)

    def cost(new, old):
        tilt = 1 + slope * old[:, 0] ** 2 + np.sin(5 * old[:, -1]) ** 2
        weight = np.linspace(1, 3, new.shape[1])
        return tilt * (weight * (new - old) ** 2).sum(axis=1)

    return mutants.drift(cost, valid_on_boundary=True, positive=True, convex=True)


def floored(rng):
    d = rng.uniform(0.01, 0.5)
    return mutants.drift(
        lambda new, old: np.maximum(mutants.tv(new, old) - d, 0) ** 2,
        valid_on_boundary=True, convex=True,
    )  # fmt: skip


MAKERS = [
    norm_power, bounded, weighted, floored,
    lambda rng: drifts.Alpha(rng.uniform(-2, 3)),
    lambda rng: drifts.Renyi(rng.uniform(0.1, 0.95)),
    lambda rng: drifts.Renyi(rng.uniform(1.05, 4)),
    lambda rng: drifts.Memory(10 ** rng.uniform(-3, -0.5)),
    lambda rng: drifts.OneSidedKL(),
    lambda rng: drifts.OneSidedChiSquared(),
    lambda rng: drifts.JensenShannon(),
    lambda rng: drifts.Jeffreys(),
    lambda rng: KLOldNew(),
    lambda rng: KLNewOld(),
    lambda rng: drifts.HellingerSquared(),
    lambda rng: drifts.LInfSquared(),
    lambda rng: TVSquared(),
    lambda rng: L2Squared(),
]  # fmt: skip
WITH_ADVANTAGES = [
    lambda rng: drifts.PPOClip(rng.uniform(0.05, 0.8), str(rng.choice(drifts.clipped.READINGS))),
    lambda rng: drifts.PPOFloored(rng.uniform(0.05, 0.8), rng.uniform(0.02, 0.3)),
    lambda rng: drifts.Rollback(rng.uniform(0.05, 0.8), rng.uniform(0, 2)),
    lambda rng: drifts.SPO(rng.uniform(0.05, 1)),
]


def random_drift(rng, makers):
    drift = 10 ** rng.uniform(-6, 6) * makers[rng.integers(len(makers))](rng)
    if rng.random() < 0.3:
        drift = drift + 10 ** rng.uniform(-2, 2) * makers[rng.integers(len(makers))](rng)
    return drift


def assert_valid_drift_passes(seed, makers):
    rng = np.random.default_rng(seed)
    drift = random_drift(rng, makers)
    evidence = check_drift(drift, rng=rng)
    allowed = {"positive", "convex"}
    for finding in evidence.refuted:
        assert finding.name in allowed or finding.name.endswith("boundary"), (drift, str(finding))
        assert not finding.name.startswith("claim"), (drift, str(finding))


def random_neighbourhood(rng):
    distances = [
        KLOldNew(), TVSquared(), L2Squared(), drifts.LInfSquared(), drifts.HellingerSquared(),
        drifts.JensenShannon(), drifts.OneSidedKL(),
    ]  # fmt: skip

    def ball():
        kind = (AverageBall, StatewiseBall)[rng.integers(2)]
        return kind(distances[rng.integers(len(distances))], 10 ** rng.uniform(-6, 0.5))

    one = ball()
    draw = rng.random()
    if draw < 0.2:
        one = neighbourhoods.Product(one)
    return one & ball() if draw > 0.8 else one


def assert_valid_neighbourhood_passes(seed):
    rng = np.random.default_rng(seed)
    neighbourhood = random_neighbourhood(rng)
    weights = rng.dirichlet(np.ones(2)) * 0.9 + 0.05
    evidence = check_neighbourhood(neighbourhood, SMALL, weights, rng)
    assert not evidence.refuted, (neighbourhood, str(evidence))


def random_mdp(rng):
    n_states, n_actions = rng.integers(2, 6), rng.integers(2, 5)
    P = rng.dirichlet(np.full(n_states, 10 ** rng.uniform(-1, 1)), (n_states, n_actions))
    r = 10 ** rng.uniform(-3, 3) * rng.normal(size=(n_states, n_actions))
    gamma = 1 - 10 ** rng.uniform(-4, 0)
    return MDP(P, r, gamma, rng.dirichlet(np.ones(n_states)))


def random_algorithm(rng, size):
    # the penalty of the size of the advantages, or the run is one of policy iteration
    kinds = [Zero(), KLOldNew(), KLNewOld(), L2Squared(), TVSquared()]
    drift = size * 10 ** rng.uniform(-2, 1) * kinds[rng.integers(5)]
    ball = AverageBall(kinds[1 + rng.integers(4)], 10 ** rng.uniform(-3, 0))
    neighbourhood = AllPolicies() if rng.random() < 0.5 else ball
    beta = (distributions.uniform, distributions.occupancy)[rng.integers(2)]
    return Algorithm(drift, neighbourhood, beta)


def assert_exact_run_passes(seed):
    rng = np.random.default_rng(seed)
    mdp = random_mdp(rng)
    pi = policies.random_policy(mdp, rng, concentration=10 ** rng.uniform(-0.5, 1))
    algorithm = random_algorithm(rng, float(np.abs(mdp.r).max()))
    steps = list(islice(mirror_learning(mdp, pi, algorithm), 6))
    evidence = check_run(steps)
    assert not evidence.refuted, (algorithm, mdp.gamma, str(evidence))
    for step in steps[::3]:
        assert not check_step(step).refuted, (algorithm, str(check_step(step)))


@pytest.mark.parametrize("block", range(5))
def test_valid_drifts(block):
    for seed in range(20 * block, 20 * block + 20):
        assert_valid_drift_passes(seed, MAKERS)


@pytest.mark.parametrize("seed", range(4))
def test_valid_drifts_with_advantages(seed):
    assert_valid_drift_passes(seed, WITH_ADVANTAGES)


@pytest.mark.parametrize("seed", range(2))
def test_valid_neighbourhoods(seed):
    assert_valid_neighbourhood_passes(seed)


@pytest.mark.parametrize("block", range(5))
def test_exact_runs(block):
    for seed in range(20 * block, 20 * block + 20):
        assert_exact_run_passes(seed)


@pytest.mark.slow
@pytest.mark.parametrize("block", range(20))
def test_a_thousand_valid_ones(block):
    for seed in range(1000 + 50 * block, 1050 + 50 * block):
        assert_valid_drift_passes(seed, MAKERS)
        assert_exact_run_passes(seed)
        if seed % 10 == 0:
            assert_valid_drift_passes(seed, WITH_ADVANTAGES)
            assert_valid_neighbourhood_passes(seed)
