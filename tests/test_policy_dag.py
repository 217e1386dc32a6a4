"""The policy DAG against loops over all pairs and all paths, and what Section 6 says of it."""

from dataclasses import dataclass, replace
from functools import partial
from itertools import islice, pairwise, product
from typing import ClassVar

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import COSTS, random_mdp, stored_otherwise, values_by_sweeps
from strategies import mdps, rows

from mirrorbook import (
    ALGORITHMS,
    MDP,
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
    expected_return,
    games,
    mirror_learning,
    mirror_step,
    occupancy,
    policies,
    solve_optimal,
)
from mirrorbook.drifts import Drift, Risk
from mirrorbook.neighbourhoods import Soft
from mirrorbook.policy_dag import PolicyDAG, deterministic_policies, grid_policies
from mirrorbook.policy_dag.edges import edges
from mirrorbook.policy_dag.vertices import MAX_VERTICES

L2 = ALGORITHMS["L2²"]
DRIFTS = (L2Squared(), TVSquared(), 3.0 * KLOldNew(), 0.5 * KLNewOld())
NEIGHBOURHOODS = (
    AllPolicies(),
    AverageBall(TVSquared(), 0.1),
    StatewiseBall(TVSquared(), 0.25),
    AverageBall(KLOldNew(), 0.3),
    StatewiseBall(KLNewOld(), 0.5),
)


def edges_by_loops(dag, mdp, algorithm, tolerance):
    """{(i, j): weight}, pair by pair from the definition; costs and values are the oracles'."""

    def cost(distance, new, old):
        name = type(distance).__name__
        return [distance.scale * COSTS[name](p, q) for p, q in zip(new, old, strict=True)]

    def average(weights, costs):
        return sum(w * c for w, c in zip(weights, costs, strict=True) if w > 0)

    def inside(neighbourhood, new, old, beta):
        if isinstance(neighbourhood, AllPolicies):
            return True
        costs = cost(neighbourhood.distance, new, old)
        averaged = isinstance(neighbourhood, AverageBall)
        measure = average(beta, costs) if averaged else max(costs)
        return measure <= neighbourhood.radius + 1e-9

    eta = [float(mdp.d0 @ values_by_sweeps(mdp, pi)) for pi in dag]
    found = {}
    for (i, old), (j, new) in product(enumerate(dag), repeat=2):
        beta = algorithm.beta(mdp, old, ())
        if eta[j] > eta[i] + tolerance and inside(algorithm.neighbourhood, new, old, beta):
            weight = average(beta, cost(algorithm.drift, new, old))
            if weight < np.inf:
                found[i, j] = weight
    return found


def as_dict(dag):
    coordinates = dag.weights.tocoo()
    return dict(zip(zip(*coordinates.coords, strict=True), coordinates.data, strict=True))


def all_paths(graph, start, ends):
    """Every path with its weight, by depth-first search."""
    if start in ends:
        yield [start], 0.0
    for target, data in graph[start].items():
        for path, weight in all_paths(graph, target, ends):
            yield [start, *path], weight + data["weight"]


@pytest.mark.parametrize("neighbourhood", NEIGHBOURHOODS, ids=repr)
@pytest.mark.parametrize("drift", DRIFTS, ids=repr)
@pytest.mark.parametrize("sparse", [False, True])
def test_edges_are_those_of_the_definition(drift, neighbourhood, sparse):
    mdp = random_mdp(np.random.default_rng(5), 2, 2, gamma=0.8, sparse=sparse)
    algorithm = Algorithm(drift, neighbourhood, distributions.occupancy)
    dag = PolicyDAG.from_grid(mdp, algorithm, resolution=4)
    expected = edges_by_loops(grid_policies(mdp, 4), mdp, algorithm, dag.tolerance)
    assert as_dict(dag) == pytest.approx(expected, rel=1e-9)
    assert expected


@settings(max_examples=60)
@given(st.data())
def test_edges_among_any_policies(data):
    mdp = data.draw(mdps(gammas=(0.0, 0.9, 0.99), max_states=3))
    n = data.draw(st.integers(1, 6))
    vertices = data.draw(rows((n, mdp.n_states, mdp.n_actions), weights=(0, 1, 2)))
    vertices[:, mdp.terminal] = 1 / mdp.n_actions
    algorithm = Algorithm(
        data.draw(st.sampled_from(DRIFTS)),
        data.draw(st.sampled_from(NEIGHBOURHOODS)),
        distributions.uniform,
    )
    dag = PolicyDAG(mdp, vertices, algorithm)
    expected = edges_by_loops(vertices, mdp, algorithm, dag.tolerance)
    assert as_dict(dag) == pytest.approx(expected, rel=1e-9)
    assert dag.is_acyclic
    assert dag.sinks.tolist() == [i for i in range(n) if all(i != j for j, _ in expected)]
    assert set(dag.best) <= set(dag.sinks)


@settings(max_examples=40)
@given(mdps(max_states=2, full_start=True), st.integers(1, 3))
def test_the_sinks_of_a_grid_are_its_optimal_policies(mdp, resolution):
    dag = PolicyDAG.from_grid(mdp, L2, resolution)
    assert dag.sinks.tolist() == dag.optimal.tolist() == dag.best.tolist()
    assert dag.optimal.size


@settings(max_examples=40)
@given(st.data())
def test_paths_against_all_paths(data):
    mdp = data.draw(mdps(gammas=(0.5, 0.9), max_states=2))
    neighbourhood = data.draw(st.sampled_from(NEIGHBOURHOODS))
    vertices = data.draw(rows((7, mdp.n_states, mdp.n_actions), weights=(0, 1, 2)))
    vertices[:, mdp.terminal] = 1 / mdp.n_actions
    dag = PolicyDAG(mdp, vertices, Algorithm(TVSquared(), neighbourhood, distributions.uniform))
    start, end = data.draw(st.integers(0, 6)), data.draw(st.none() | st.integers(0, 6))
    paths = list(all_paths(dag.graph, start, dag.best if end is None else [end]))
    if not paths:
        for search in (dag.heaviest_path, dag.lightest_path):
            with pytest.raises(ValueError, match=f"no path leads from vertex {start} to"):
                search(start, end)
        return
    weights = [weight for _, weight in paths]
    for search, extreme in ((dag.heaviest_path, max), (dag.lightest_path, min)):
        path = search(start, end)
        assert path in [path for path, _ in paths]
        assert dag.path_weight(path) == pytest.approx(extreme(weights), rel=1e-12)


def test_the_graph_is_networkx_own():
    dag = PolicyDAG.from_grid(games.single_step((1.0, 0.0, 2.0)), L2, 3)
    assert isinstance(dag.graph, nx.DiGraph)
    assert nx.is_directed_acyclic_graph(dag.graph)
    for i in range(len(dag.eta)):
        targets, weights = dag.out_edges(i)
        assert {j: data["weight"] for j, data in dag.graph[i].items()} == dict(
            zip(targets.tolist(), weights.tolist(), strict=True)
        )


def test_a_cycle_would_be_found():
    dag = PolicyDAG.from_deterministic(games.single_step((1.0, 0.0, 2.0)), L2)
    dag.graph.add_edge(2, 1)
    assert not dag.is_acyclic


@pytest.mark.parametrize("name", ["L2²", "TV²", "MDPO", "PPO-KL"])
def test_runs_stay_within_the_budget(name):
    """(8) at every step and (9); squared norms spend at most half of it (audit C7)."""
    rng = np.random.default_rng(11)
    for _ in range(20):
        mdp = random_mdp(rng, 3, 3, gamma=0.9)
        algorithm = replace(ALGORITHMS[name], drift=rng.uniform(0.1, 10) * ALGORITHMS[name].drift)
        steps = list(islice(mirror_learning(mdp, policies.uniform(mdp), algorithm), 12))
        dag = PolicyDAG.from_run(mdp, algorithm, steps)
        path = [0]
        while path[-1] + 1 in dag.out_edges(path[-1])[0]:
            path.append(path[-1] + 1)
        budget = dag.budget(path)
        assert len(path) > 1 and budget.holds
        assert budget.spent == pytest.approx(sum(step.drift for step in steps[: len(path) - 1]))
        for i, j in pairwise(path):
            rise = dag.eta[j] - dag.eta[i]
            assert rise >= budget.u * dag.path_weight([i, j]) * (1 - 1e-9) - dag.tolerance
        if name in ("L2²", "TV²"):
            assert budget.spent <= budget.allowed / 2 + dag.tolerance


def test_the_budget_by_hand():
    """Bandit paying 2 or 0, from the worse arm halfway: d / beta = 1, TV² = 1/4, gap 2."""
    mdp = games.single_step((2.0, 0.0))
    dag = PolicyDAG.from_grid(mdp, Algorithm(TVSquared(), AllPolicies(), distributions.uniform), 2)
    budget = dag.budget([2, 1])
    assert (budget.spent, budget.allowed, budget.u) == pytest.approx((0.25, 2.0, 1.0))
    assert dag.budget([0]).spent == 0 and dag.budget([0]).allowed == 0


def test_u_is_the_least_ratio_of_the_policies_that_the_path_leaves():
    rng = np.random.default_rng(3)
    mdp = random_mdp(rng, 3, 2, gamma=0.9)
    run = sorted(
        (policies.random_policy(mdp, rng) for _ in range(4)), key=partial(expected_return, mdp)
    )
    dag = PolicyDAG(mdp, run, replace(L2, beta=distributions.occupancy))
    ratios = [(mdp.d0 / occupancy(mdp, pi)).min() for pi in run]
    gap = expected_return(mdp, solve_optimal(mdp).pi) - dag.eta
    least = int(np.argmin(ratios))
    assert least > 0  # a path may end where the ratio is least, and does not leave from there
    for path in ([0, least], [0, 1, 2, 3], [0, 2], [1, 3], [2, 3], [3]):
        u = min(ratios[i] for i in path[:-1] or path)
        budget = dag.budget(path)
        assert budget.u == pytest.approx(u, rel=1e-12)
        assert budget.allowed == pytest.approx(gap[path[0]] / u, rel=1e-9)


def test_other_paths_may_exceed_the_budget():
    algorithm = Algorithm(TVSquared(), AllPolicies(), distributions.uniform)
    dag = PolicyDAG.from_grid(games.single_step((1.0, 0.0, 2.0)), algorithm, 10)
    worst = int(dag.eta.argmin())
    assert not dag.budget(dag.heaviest_path(worst)).holds
    assert dag.budget(dag.lightest_path(worst)).holds


def test_without_start_weight_the_budget_has_no_end():
    mdp = detour()
    dag = PolicyDAG.from_deterministic(mdp, L2)
    budget = dag.budget(dag.lightest_path(0))
    assert budget.u == 0 and budget.allowed == np.inf and budget.holds


@pytest.mark.parametrize("resolution", [4, 8, 16, 32])
def test_the_lightest_path_gets_lighter_on_finer_grids(resolution):
    """n steps of TV 1/n weigh n / n^2: the infimum over all grids is 0, attained on none."""
    algorithm = Algorithm(TVSquared(), AllPolicies(), distributions.uniform)
    dag = PolicyDAG.from_grid(games.single_step((1.0, 0.0)), algorithm, resolution)
    path = dag.lightest_path(resolution)
    assert len(path) == resolution + 1
    assert dag.path_weight(path) == pytest.approx(1 / resolution)


def detour():
    """s0: a pays 1 and ends, b leads to s1; s1: c pays 0, d pays 10. Play starts in s0."""
    P = np.zeros((3, 2, 3))
    P[0, 0, 2] = P[0, 1, 1] = P[1, :, 2] = P[2, :, 2] = 1
    r = [[1.0, 0.0], [0.0, 10.0], [0.0, 0.0]]
    return MDP(P, r, gamma=0.9, d0=[1.0, 0.0, 0.0], terminal=[False, False, True])


def test_a_sink_need_not_be_optimal_without_full_start():
    mdp = detour()
    small = Algorithm(TVSquared(), StatewiseBall(TVSquared(), 0.05**2), distributions.uniform)
    dag = PolicyDAG.from_grid(mdp, small, resolution=20)
    assert dag.eta[0] == 1.0 and dag.eta[dag.best] == pytest.approx([9.0])
    assert 0 in dag.sinks and 0 not in dag.optimal
    full = MDP(mdp.P, mdp.r, mdp.gamma, d0=[0.5, 0.5, 0.0], terminal=mdp.terminal)
    dag = PolicyDAG.from_grid(full, small, resolution=20)
    assert dag.sinks.tolist() == dag.optimal.tolist() == dag.best.tolist()


def test_balls_smaller_than_a_step_of_the_grid_leave_no_edges():
    for tv, connected in ((0.24, False), (0.25, True)):
        algorithm = Algorithm(TVSquared(), StatewiseBall(TVSquared(), tv**2), L2.beta)
        dag = PolicyDAG.from_grid(games.tabular(n_states=2), algorithm, 4)
        assert (dag.weights.nnz > 0) == connected


def test_the_surface_of_a_ball_belongs_to_it():
    """0.3 - 0.2 is less than 0.1 in floats, 0.8 - 0.7 is more: both are one step of the grid."""
    algorithm = Algorithm(TVSquared(), StatewiseBall(TVSquared(), 0.1**2), L2.beta)
    dag = PolicyDAG.from_grid(games.single_step((1.0, 0.0)), algorithm, 10)
    assert list(as_dict(dag)) == [(i, i - 1) for i in range(1, 11)]


def test_kl_balls_strand_policies_next_to_the_corners():
    algorithm = Algorithm(L2Squared(), StatewiseBall(KLOldNew(), 0.05), L2.beta)
    dag = PolicyDAG.from_grid(games.single_step((1.0, 0.0)), algorithm, 4)
    assert set(dag.sinks) == {0, 1, 2, 3, 4}


def test_infinite_drifts_are_left_out_and_counted():
    algorithm = Algorithm(KLOldNew(), AllPolicies(), distributions.uniform)
    dag = PolicyDAG.from_grid(games.single_step((1.0, 0.0)), algorithm, 2)
    assert dag.infinite == 2  # to (1, 0), which drops an action, from either of the others
    assert as_dict(dag) == {(2, 1): pytest.approx(np.log(2))}


def test_rises_below_rounding_are_no_edges():
    mdp = games.single_step((1e6, 1e6 * (1 + 1e-15)))
    assert PolicyDAG.from_deterministic(mdp, L2).weights.nnz == 0
    mdp = games.single_step((1e6, 1e6 * (1 + 1e-11)))
    dag = PolicyDAG.from_deterministic(mdp, L2)
    assert list(as_dict(dag)) == [(0, 1)] and dag.tolerance == pytest.approx(1e-6)


def test_nu_may_depend_on_the_candidate():
    def worst(mdp, pi, history):
        return lambda new, charge: np.eye(len(charge))[charge.argmax()]

    mdp = games.tabular(n_states=2)
    dag = PolicyDAG.from_grid(mdp, replace(L2, nu=worst), 2)
    for (i, j), weight in as_dict(dag).items():
        charge = L2Squared().value(dag.policies[j], dag.policies[i])
        assert weight == charge.max()


def test_the_drift_may_follow_a_rule_and_the_history():
    mdp = games.single_step((1.0, 0.0, 2.0))
    algorithm = Algorithm(
        lambda mdp, pi, evaluation, history: (1 + len(history)) * L2Squared(),
        AllPolicies(),
        lambda mdp, pi, history: distributions.uniform(mdp),
    )
    steps = list(islice(mirror_learning(mdp, policies.uniform(mdp), algorithm), 3))
    dag = PolicyDAG.from_run(mdp, algorithm, steps)
    for n, step in enumerate(steps):
        if n + 1 in dag.out_edges(n)[0]:
            assert dag.path_weight([n, n + 1]) == step.drift
    assert dag.path_weight([0, 1]) == steps[0].drift > 0


def test_other_neighbourhoods_are_asked_pair_by_pair():
    mdp, soft = games.tabular(n_states=2), Soft(0.2)
    ball = StatewiseBall(TVSquared(), 0.25)
    found = PolicyDAG.from_grid(mdp, replace(L2, neighbourhood=soft & ball), 4)
    expected = PolicyDAG.from_grid(mdp, replace(L2, neighbourhood=ball), 4).weights.toarray()
    expected[:, (found.policies < 0.2).any(axis=(1, 2))] = 0
    np.testing.assert_array_equal(found.weights.toarray(), expected)
    assert 0 < found.weights.nnz


def test_a_drift_may_charge_each_state_its_own_price():
    mdp = games.tabular(n_states=2)
    prices = np.arange(12.0).reshape(4, 3)
    risk = Risk(prices)
    algorithm = replace(L2, drift=L2Squared() + risk)
    dag = PolicyDAG.from_grid(mdp, algorithm, 2)
    for (i, j), weight in as_dict(dag).items():
        pair = dag.policies[j], dag.policies[i]
        costs = L2Squared().value(*pair) + risk.value(*pair)
        assert weight == pytest.approx(distributions.uniform(mdp) @ costs, rel=1e-12)


def test_storage_does_not_matter():
    mdp = games.tabular(n_states=2)
    expected = PolicyDAG.from_grid(mdp, L2, 2)
    found = PolicyDAG.from_grid(stored_otherwise(mdp), L2, 2)
    np.testing.assert_allclose(found.weights.toarray(), expected.weights.toarray(), rtol=1e-9)


def test_thousands_of_vertices():
    mdp = games.tabular(n_states=3)
    ball = StatewiseBall(TVSquared(), 0.25**2)
    dag = PolicyDAG.from_grid(mdp, Algorithm(TVSquared(), ball, distributions.uniform), 4)
    assert repr(dag) == f"PolicyDAG({15**3} vertices, {dag.weights.nnz} edges)"
    assert dag.is_acyclic and dag.sinks.tolist() == dag.optimal.tolist()
    for i in (0, 1000, 2000):
        step = mirror_step(mdp, dag.policies[i], L2)
        better = [dag.eta[j] > dag.eta[i] for j in dag.out_edges(i)[0]]
        assert all(better) and len(better) > 1 and step.objective > 0


# ---------------------------------------------------------------- vertices


def test_grids_hold_every_policy_once():
    mdp = games.tabular(n_states=2)
    grid = grid_policies(mdp, 3)
    assert grid.shape == (10**2, 4, 3)
    assert len({policy.tobytes() for policy in grid}) == 100
    counts = grid[:, 1:3] * 3
    np.testing.assert_allclose(counts, counts.round(), atol=1e-12)
    np.testing.assert_allclose(grid.sum(axis=2), 1, rtol=1e-15)
    assert (grid[:, [0, 3]] == 1 / 3).all()
    np.testing.assert_array_equal(deterministic_policies(mdp), grid_policies(mdp, 1))
    assert deterministic_policies(mdp)[1, 1:3].tolist() == [[1, 0, 0], [0, 1, 0]]
    assert grid_policies(games.single_step((1.0,)), 5).shape == (1, 2, 1)


@pytest.mark.parametrize(
    "resolution, error", [(0, ValueError), (1.5, TypeError), (True, TypeError)]
)
def test_grids_need_a_resolution(resolution, error):
    with pytest.raises(error, match="resolution"):
        grid_policies(games.single_step(), resolution)


def test_too_many_vertices_are_refused():
    with pytest.raises(ValueError, match=r"the grid of resolution 10 has \d+ policies, expected"):
        grid_policies(games.gridworld(), 10)
    many = np.broadcast_to(policies.uniform(games.single_step()), (MAX_VERTICES + 1, 2, 5))
    with pytest.raises(ValueError, match="the graph has 10001 policies"):
        PolicyDAG(games.single_step(), many, L2)


# ---------------------------------------------------------------- refusals


@dataclass(frozen=True)
class Liar(Drift):
    """Claims to be positive, and charges nothing for the first action."""

    positive: ClassVar[bool] = True

    def value(self, new, old, adv=None):
        return (new - old)[:, 1] ** 2


@pytest.mark.parametrize("drift", [Zero(), 0.0 * L2Squared()], ids=repr)
def test_drifts_that_are_not_positive_are_refused(drift):
    with pytest.raises(ValueError, match="is not positive: policies could move for free"):
        PolicyDAG.from_deterministic(games.single_step(), replace(L2, drift=drift))


def test_nu_must_charge_every_row_that_may_move():
    algorithm = replace(L2, nu=distributions.fixed([0.0, 1.0, 0.0, 0.0]))
    with pytest.raises(ValueError, match=r"nu\[2\] is 0 at vertex 0, so a policy could change in"):
        PolicyDAG.from_deterministic(games.tabular(n_states=2), algorithm)


def test_edges_of_weight_zero_are_refused():
    with pytest.raises(ValueError, match="the edge from vertex 2 to vertex 0 weighs 0"):
        PolicyDAG.from_deterministic(games.single_step((1.0, 0.0, 0.0)), replace(L2, drift=Liar()))


def test_bad_paths_are_refused():
    dag = PolicyDAG.from_deterministic(games.single_step((1.0, 0.0, 2.0)), L2)
    with pytest.raises(ValueError, match="from 0 to 1, which is no edge: eta rises by -1"):
        dag.path_weight([0, 1])
    with pytest.raises(ValueError, match="path is empty"):
        dag.path_weight([])
    with pytest.raises(ValueError, match=r"path\[1\] is 3, expected 0 <= vertex < 3"):
        dag.budget([1, 3])
    with pytest.raises(TypeError, match="vertex must be an integer, found 0.5"):
        dag.out_edges(0.5)
    with pytest.raises(ValueError, match="start is -1"):
        dag.heaviest_path(-1)
    with pytest.raises(ValueError, match="no path leads from vertex 2 to vertex 1"):
        dag.lightest_path(2, 1)


def test_the_budget_needs_beta_where_rows_move():
    algorithm = replace(L2, beta=distributions.fixed([0, 1, 0, 0]), nu=distributions.uniform)
    dag = PolicyDAG.from_deterministic(games.tabular(n_states=2), algorithm)
    with pytest.raises(ValueError, match="beta is 0 in a state whose row moves"):
        dag.budget(dag.lightest_path(0))


def test_bad_vertices_are_refused():
    mdp = games.single_step((1.0, 0.0))
    with pytest.raises(ValueError, match="policies is empty"):
        PolicyDAG(mdp, [], L2)
    with pytest.raises(ValueError, match=r"policies\[0\]\[0\] is not a probability vector"):
        PolicyDAG(mdp, [[[0.5, 0.4], [0.5, 0.5]]], L2)
    with pytest.raises(ValueError, match="histories are 2, expected 1"):
        PolicyDAG(mdp, [policies.uniform(mdp)], L2, histories=[(), ()])
    steps = list(islice(mirror_learning(mdp, policies.uniform(mdp), L2), 3))
    with pytest.raises(ValueError, match=r"steps\[1\] does not start where steps\[0\] ended"):
        PolicyDAG.from_run(mdp, L2, [steps[0], steps[0]])
    with pytest.raises(ValueError, match="steps is empty"):
        PolicyDAG.from_run(mdp, L2, [])


def test_edges_knows_its_problems():
    """`edges` is what the class calls: the same answer from the parts."""
    mdp = games.single_step((1.0, 0.0, 2.0))
    dag = PolicyDAG.from_grid(mdp, L2, 2)
    problems = [mirror_step(mdp, pi, L2).problem for pi in dag.policies]
    weights, infinite = edges(dag.policies, dag.eta, problems, dag.tolerance, ~mdp.terminal)
    assert infinite == 0
    np.testing.assert_array_equal(weights.toarray(), dag.weights.toarray())
