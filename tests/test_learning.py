"""Mirror learning: what every step of every algorithm must satisfy."""

from functools import cache
from itertools import islice

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import induced_by_loops, random_mdp, random_rows, stored_otherwise
from strategies import mdps_with_policies, rows

from mirrorbook import (
    ALGORITHMS,
    Algorithm,
    AllPolicies,
    AverageBall,
    KLNewOld,
    KLOldNew,
    L2Squared,
    StatewiseBall,
    TVSquared,
    Zero,
    distributions,
    evaluate,
    games,
    mirror_learning,
    mirror_step,
    policies,
    solve_optimal,
)
from mirrorbook.learning import q_iteration

GAMES = {
    "single step": games.single_step(),
    "tabular": games.tabular(),
    "gridworld": games.gridworld(),
    "gridworld, rows wrap": games.gridworld(wrap=True),
}
DRIFTS = [Zero(), KLOldNew(), KLNewOld(), L2Squared(), TVSquared()]
N_STEPS = 30


def every_run(test):
    by_game = pytest.mark.parametrize("game", GAMES)
    return by_game(pytest.mark.parametrize("name", ALGORITHMS)(test))


@cache
def steps_of(game, name):
    """The first steps of an algorithm of the table from a random policy of a game."""
    start = policies.random_policy(GAMES[game], np.random.default_rng(0))
    return tuple(islice(mirror_learning(GAMES[game], start, ALGORITHMS[name]), N_STEPS))


def gain(mdp, step):
    """V_new - V_old."""
    return evaluate(mdp, step.pi).v - step.evaluation.v


def rounding(mdp, step):
    """Of values: (I - gamma P)^{-1} amplifies an ulp of the largest by up to 1 / (1 - gamma)."""
    return 1e-15 / (1 - mdp.gamma) * max(np.abs(step.evaluation.q).max(), 1.0)


def assert_optimal(step):
    """No policy of the neighbourhood is better by more than 1e-9 of what is at stake."""
    problem, evidence = step.problem, step.certificate
    stake = problem.beta @ np.ptp(problem.adv, axis=1) + problem.drift.scale
    assert evidence.gap <= 1e-9 * stake + problem.noise  # gaps within the noise are ties
    assert evidence.infeasibility <= 1e-12  # an ulp of a probability near one counts for that
    assert (step.pi >= 0).all()
    np.testing.assert_allclose(step.pi.sum(axis=1), 1, rtol=0, atol=1e-14)
    assert step.objective >= -1e-14 * stake - problem.noise


def assert_improves(mdp, step):
    """Lemmas 1 and 2: E_new A >= (nu / beta) D and V_new - V_old >= (I - gamma P)^{-1} of it."""
    sampled = step.beta > 0
    drift = np.zeros(mdp.n_states)  # a row that is not sampled stays
    np.testing.assert_array_equal(step.pi[~sampled], step.pi_old[~sampled])
    charged = sampled & (step.nu > 0)
    moved = step.problem.drift.value(step.pi, step.pi_old, step.evaluation.adv)[charged]
    drift[charged] = step.nu[charged] / step.beta[charged] * moved
    tolerance = rounding(mdp, step)
    if callable(step.problem.nu):
        # Lemma 2 fails where nu depends on the candidate: on average only
        gained = (step.pi * step.evaluation.adv).sum(axis=1)
        assert step.beta @ gained >= step.drift - tolerance
        drift[:] = 0
    assert ((step.pi * step.evaluation.adv).sum(axis=1) >= drift - tolerance).all()
    chain, _ = induced_by_loops(mdp, step.pi)
    floor = np.linalg.solve(np.eye(mdp.n_states) - mdp.gamma * chain, drift)
    assert (gain(mdp, step) >= floor - tolerance).all()


# every algorithm of the table on every game


@every_run
def test_steps_are_optimal(game, name):
    for step in steps_of(game, name):
        assert_optimal(step)


@every_run
def test_values_rise_in_every_state_by_the_drift_and_more(game, name):
    for step in steps_of(game, name):
        assert_improves(GAMES[game], step)


@every_run
def test_returns_rise_until_they_are_optimal(game, name):
    mdp, steps = GAMES[game], steps_of(game, name)
    returns = [mdp.d0 @ step.evaluation.v for step in steps]
    optimum = mdp.d0 @ solve_optimal(mdp).v
    for before, after in zip(returns, returns[1:], strict=False):
        assert after > before or before == pytest.approx(optimum, abs=1e-9)
    if not name.startswith("TRL"):  # whose bound is so careful that it hardly moves
        assert optimum - returns[-1] < 0.1 * (optimum - returns[0])
    assert max(returns) <= optimum + 1e-9


@pytest.mark.parametrize("game", GAMES)
def test_gpi_reaches_the_optimum(game):
    values = [step.evaluation.v for step in steps_of(game, "GPI")]
    # 1e-15 / (1 - gamma) of values up to about 200
    np.testing.assert_allclose(values[-1], solve_optimal(GAMES[game]).v, rtol=0, atol=2e-10)


@every_run
def test_the_drift_keeps_to_its_budget(game, name):
    """eta_new - eta_old >= u D^nu (8), so sum D^nu <= (eta* - eta_0) / u (9), d / beta >= u."""
    mdp, steps, playing = GAMES[game], steps_of(game, name), ~GAMES[game].terminal
    u = [float((mdp.d0[playing] / step.beta[playing]).min()) for step in steps]
    assert min(u) > 0
    for share, step in zip(u, steps, strict=True):
        assert mdp.d0 @ gain(mdp, step) >= share * step.drift - rounding(mdp, step)
    budget = mdp.d0 @ (solve_optimal(mdp).v - steps[0].evaluation.v) / min(u)
    assert sum(step.drift for step in steps) <= budget
    assert steps[0].drift > 0 or not steps[0].problem.drift.positive or name.startswith("TRL")


@every_run
def test_dense_and_sparse_games_give_the_same_step(game, name):
    first, step, *_ = steps_of(game, name)
    mdp = stored_otherwise(GAMES[game])
    other = mirror_step(mdp, step.pi_old, ALGORITHMS[name], [first.pi_old])
    np.testing.assert_allclose(other.pi, step.pi, rtol=0, atol=1e-12)
    v = step.evaluation.v
    np.testing.assert_allclose(other.evaluation.v, v, rtol=0, atol=1e-12 * np.abs(v).max())


@pytest.mark.parametrize("name", ALGORITHMS)
@pytest.mark.parametrize("gamma", [0.0, 0.9])
def test_dense_and_sparse_mdps_give_the_same_step(gamma, name):
    rng = np.random.default_rng(3)
    for _ in range(5):
        mdp = random_mdp(rng, 6, 3, gamma)
        pi = random_rows(rng, 6, 3)
        dense, sparse = (mirror_step(m, pi, ALGORITHMS[name]) for m in (mdp, stored_otherwise(mdp)))
        np.testing.assert_allclose(dense.pi, sparse.pi, rtol=0, atol=1e-12)


# random algorithms on random MDPs


@st.composite
def distributions_of(draw, mdp, weights):
    """Uniform, occupancy, or fixed weights of an MDP."""
    drawn = draw(rows((1, mdp.n_states), weights))[0]
    choices = [distributions.uniform, distributions.occupancy, distributions.fixed(drawn)]
    return draw(st.sampled_from(choices))


@st.composite
def algorithms(draw, mdp):
    """Any drift, any neighbourhood, any positive beta, and a nu of its own or none."""
    scales = st.sampled_from([0.0, 1e-3, 1.0, 50.0])
    neighbourhood = AllPolicies()
    if draw(st.booleans()):
        distance = draw(scales) * draw(st.sampled_from(DRIFTS))
        radius = draw(st.sampled_from([1e-4, 0.05, 1.0]))
        neighbourhood = draw(st.sampled_from([AverageBall, StatewiseBall]))(distance, radius)
    beta = draw(distributions_of(mdp, weights=(1, 2, 0.01)))
    nu = draw(st.none() | distributions_of(mdp, weights=(0, 0, 1, 2)))
    return Algorithm(draw(scales) * draw(st.sampled_from(DRIFTS)), neighbourhood, beta, nu)


@given(mdps_with_policies(gammas=(0.0, 0.5, 0.9, 0.99), full_start=True), st.data())
@settings(max_examples=200)
def test_any_algorithm_improves_any_policy_of_any_mdp(drawn, data):
    mdp, pi = drawn
    algorithm = data.draw(algorithms(mdp))
    for step in islice(mirror_learning(mdp, pi, algorithm), 3):
        assert_optimal(step)
        assert_improves(mdp, step)


# Q-iteration


@given(mdps_with_policies(gammas=(0.0, 0.5, 0.9)))
@settings(max_examples=50)
def test_q_iteration_closes_in_by_the_discount(drawn):
    mdp, _ = drawn
    best = solve_optimal(mdp).q
    q0 = np.full(best.shape, 3.0)
    error = np.abs(q0 - best).max()
    for q in islice(q_iteration(mdp, q0), 8):
        assert np.abs(q - best).max() <= mdp.gamma * error + 1e-13 * (1 + np.abs(best).max())
        error = np.abs(q - best).max()


def test_q_iteration_sweeps_as_its_equation_says():
    mdp = GAMES["tabular"]
    first, second = islice(q_iteration(mdp), 2)
    np.testing.assert_array_equal(first, mdp.r)
    for s, a in np.ndindex(first.shape):
        ahead = sum(mdp.P[s, a, t] * max(first[t]) for t in range(mdp.n_states))
        assert second[s, a] == pytest.approx(mdp.r[s, a] + mdp.gamma * ahead, rel=1e-14, abs=1e-14)


def test_a_malformed_start_of_q_iteration_is_refused_at_once():
    with pytest.raises(ValueError, match=r"^q0 has shape \(2,\), expected \(7, 3\)"):
        q_iteration(GAMES["tabular"], [0.0, 1.0])
    with pytest.raises(ValueError, match=r"^q0\[0, 1\] is nan"):
        q_iteration(GAMES["tabular"], np.where(np.eye(7, 3, 1), np.nan, 0))


def test_a_drift_distribution_sees_the_policy_and_those_before_it():
    mdp = GAMES["tabular"]
    seen = []

    def nu(mdp, pi, history):
        seen.append((pi, history))
        return distributions.uniform(mdp)

    algorithm = Algorithm(L2Squared(), AllPolicies(), distributions.uniform, nu)
    for step in islice(mirror_learning(mdp, policies.uniform(mdp), algorithm), 3):
        pi, history = seen[-1]
        assert pi is step.pi_old and not step.pi.flags.writeable
        assert len(history) == len(seen) - 1
    assert all(before is pi for before, (pi, _) in zip(history, seen, strict=False))
