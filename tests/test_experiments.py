"""Section 7: the theorem on every exact run, and the authors' curves by the authors' procedure."""

from dataclasses import dataclass, replace
from functools import cache
from itertools import islice, product

import numpy as np
import pytest

from mirrorbook import AllPolicies, expected_return, mirror_learning, reference
from mirrorbook.drifts import Drift, KLOldNew, TVSquared
from mirrorbook.experiments import (
    COLUMNS,
    COSTS,
    GAMES,
    Run,
    algorithm,
    figure3,
    initial_policy,
    run,
)
from mirrorbook.updates import SoftmaxGradient

CURVES = reference.load().curves

# How close the runs of this package come to the authors' curves: largest difference of a return,
# and of the drift spent. All differ by single precision, theirs, against double precision: some
# 1e-6. Their KL adds 1e-6 to both probabilities, which is felt once some probability is small:
# hence the larger numbers of KL, and of the KL ball where it binds (zero). On TV² in the
# single-step game a rounding decides which way the ascent goes at a kink; see below.
TOLERANCES = {
    ("single_step", "own ball", "KL"): (3e-4, 6e-4),
    ("single_step", "own ball", "L2²"): (1e-5, 1e-5),
    ("single_step", "own ball", "TV²"): (2.5e-2, 3e-2),
    ("single_step", "own ball", "zero"): (4e-6, 0),
    ("single_step", "KL ball", "KL"): (3e-4, 6e-4),
    ("single_step", "KL ball", "L2²"): (1e-5, 1e-5),
    ("single_step", "KL ball", "TV²"): (2.5e-2, 3e-2),
    ("single_step", "KL ball", "zero"): (1e-4, 0),
    ("tabular", "own ball", "KL"): (6e-5, 6e-5),
    ("tabular", "own ball", "L2²"): (1e-5, 2e-6),
    ("tabular", "own ball", "TV²"): (3e-5, 2e-5),
    ("tabular", "own ball", "zero"): (6e-6, 0),
    ("tabular", "KL ball", "KL"): (6e-5, 6e-5),
    ("tabular", "KL ball", "L2²"): (1e-5, 2e-6),
    ("tabular", "KL ball", "TV²"): (3e-5, 2e-5),
    ("tabular", "KL ball", "zero"): (2e-5, 0),
}


@dataclass(frozen=True)
class SmoothedKL(Drift):
    """The authors' KL: sum_a old(a) log((old(a) + e) / (new(a) + e)), e = 1e-6. No drift."""

    smoothing = 1e-6

    def _value(self, new, old):
        return (old * np.log((old + self.smoothing) / (new + self.smoothing))).sum(axis=1)

    def _gradient(self, new, old):
        return -old / (new + self.smoothing)


@cache
def gradient_run(game, column, drift, n_steps=50):
    return run(game, column, drift, SoftmaxGradient(), n_steps)


@cache
def exact_runs():
    return {(one.game, one.column, one.drift): one for one in figure3()}


def differences(one, key):
    """Largest difference to the authors' curve, of the returns and of the drift spent."""
    n = len(one.returns)
    return (
        np.abs(one.returns - CURVES[key].returns[:n]).max(),
        np.abs(one.cumulative_drift - CURVES[key].cumulative_drift[:n]).max(),
    )


def rounding(one):
    """What the evaluation of a policy may be off by, gamma being close to one."""
    return 1e-13 * np.abs(one.values).max() / (1 - one.mdp.gamma)


# the theorem, on exact runs


@pytest.mark.parametrize("key", list(product(GAMES, COLUMNS, COSTS)), ids="-".join)
def test_exact_runs_obey_the_theorem(key):
    one = exact_runs()[key]
    noise = rounding(one)
    assert len(one.steps) == 50
    assert one.method == "exact"
    assert np.diff(one.values, axis=0).min() >= -noise, "no state gets worse"
    assert (np.diff(one.returns) - one.u * one.drifts).min() >= -noise, "Eq. (8)"
    assert one.cumulative_drift[-1] <= one.budget + noise, "Eq. (9)"
    for step in one.steps:
        assert step.certificate.gap <= 1e-9
        assert step.certificate.infeasibility <= 1e-12


@pytest.mark.parametrize("game", GAMES)
def test_exact_steps_without_drift_reach_the_optimum_in_both_columns(game):
    for column in COLUMNS:
        one = exact_runs()[game, column, "zero"]
        assert one.returns[-1] == pytest.approx(one.optimum, abs=rounding(one))
        assert (one.drifts == 0).all()
    free, held = (exact_runs()[game, column, "zero"].returns for column in COLUMNS)
    assert held[1] < free[1], "the KL ball holds the first step back"


@pytest.mark.parametrize("game", GAMES)
def test_no_exact_step_reaches_its_own_ball(game):
    for drift in ("KL", "L2²", "TV²"):
        for step in exact_runs()[game, "own ball", drift].steps:
            assert step.multiplier == 0
            ball = step.problem.neighbourhood
            assert ball.measure(step.pi, step.pi_old, step.beta) < ball.radius


# the authors' curves, by the authors' procedure


@pytest.mark.parametrize("key", list(TOLERANCES), ids="-".join)
def test_gradient_runs_meet_the_authors_curves(key):
    # the own ball of a drift is out of reach; that shows in the first, largest steps
    n_steps = 10 if key[1] == "own ball" and key[2] != "zero" else 50
    one = gradient_run(*key, n_steps)
    returns, drift = differences(one, key)
    assert returns <= TOLERANCES[key][0]
    assert drift <= TOLERANCES[key][1]
    check_theorem_holds_without_its_hypotheses(one)


@pytest.mark.parametrize("column", COLUMNS)
@pytest.mark.parametrize("drift", COSTS)
def test_gradient_runs_on_the_grid(column, drift):
    check_theorem_holds_without_its_hypotheses(
        run("gridworld", column, drift, SoftmaxGradient(), 8)
    )


def check_theorem_holds_without_its_hypotheses(one):
    """Improvement, (8) and (9), though an approximate update need not satisfy Lemma 2."""
    assert one.method.startswith("approximate")
    assert np.diff(one.values, axis=0).min() >= -rounding(one)
    assert (np.diff(one.returns) - one.u * one.drifts).min() >= -rounding(one)
    assert one.cumulative_drift[-1] <= one.budget


@pytest.mark.parametrize(
    ("game", "drift", "tolerance"),
    [
        ("single_step", "KL", 2e-5),
        ("single_step", "zero", 4e-6),
        ("tabular", "KL", 2e-5),
        ("tabular", "zero", 6e-6),
    ],
)
def test_the_smoothing_of_their_kl_explains_the_larger_differences(game, drift, tolerance):
    plain = algorithm("KL ball", drift)
    cost = 50 * SmoothedKL() if drift == "KL" else plain.drift
    smoothed = replace(
        plain, drift=cost, neighbourhood=replace(plain.neighbourhood, distance=SmoothedKL())
    )
    mdp, pi = GAMES[game](), initial_policy(game)
    steps = tuple(islice(mirror_learning(mdp, pi, smoothed, SoftmaxGradient()), 30))
    one = Run(game, "KL ball", drift, mdp, smoothed, steps)
    key = (game, "KL ball", drift)
    returns, spent = differences(one, key)
    assert max(returns, spent) <= tolerance
    assert returns < 0.7 * differences(gradient_run(*key), key)[0]


def test_a_rounding_decides_between_two_paths_on_tv_squared():
    """Two units in the last place of the start, in single precision, lead to either curve.

    Up to iteration 4 all runs agree; in the fifth some follow the authors' curve, others that of
    double precision, and a few go a third way.
    """
    rng = np.random.default_rng(0)
    n_runs, n_steps = 256, 5
    rewards = np.array([10, 0, 1, 0, 5], np.float32)
    x = np.log(initial_policy("single_step")[:1]).astype(np.float32)
    x = np.repeat(x - x[:, -1:], n_runs, axis=0)
    units = rng.integers(-2, 3, size=(n_runs, 4)).astype(np.float32)
    x[:, :-1] += units * np.spacing(x[:, :-1])
    returns = [single_softmax(x) @ rewards]
    for _ in range(n_steps):
        x = single_ascent(x, rewards)
        returns.append(single_softmax(x) @ rewards)
    returns = np.transpose(returns)
    assert returns.dtype == np.float32
    key = ("single_step", "KL ball", "TV²")
    theirs = np.abs(returns - CURVES[key].returns[: n_steps + 1]).max(axis=1)
    ours = np.abs(returns - gradient_run(*key).returns[: n_steps + 1]).max(axis=1)
    assert np.count_nonzero(theirs < 1e-5) >= 3
    assert np.count_nonzero(ours < 1e-5) >= 3
    apart = np.abs(CURVES[key].returns - gradient_run(*key).returns)
    assert apart[:5].max() < 1e-6 < 1e-3 < apart[5]


def single_ascent(x, rewards):
    """1000 steps of 0.01 on E_p r - 50 / 2 (sum_a |p(a) - old(a)|)^2, every row a run."""
    old = single_softmax(x)
    for _ in range(1000):
        p = single_softmax(x)
        move = p - old
        slope = rewards - np.float32(50) * np.abs(move).sum(axis=1, keepdims=True) * np.sign(move)
        step = p * (slope - (p * slope).sum(axis=1, keepdims=True))
        step[:, -1] = 0
        x = x + np.float32(0.01) * step
    return x


def single_softmax(x):
    weights = np.exp(x - x.max(axis=1, keepdims=True))
    return weights / weights.sum(axis=1, keepdims=True)


# the reference data


def test_both_columns_of_the_reference_agree_where_there_is_a_drift():
    for game in ("single_step", "tabular"):
        for drift in ("KL", "L2²", "TV²"):
            own, kl = (CURVES[game, column, drift] for column in COLUMNS)
            np.testing.assert_array_equal(own, kl)
    largest = max(np.diff(curve.cumulative_drift).max() for curve in CURVES.values())
    assert largest == pytest.approx(0.374, abs=5e-4)  # 50 times 0.0075


def test_the_published_plots_show_the_reference_curves():
    readings = [r for r in reference.load().readings if r.version == "HEAD"]
    assert len(readings) > 100
    for r in readings:
        curve = CURVES[r.game, r.column, r.drift]
        if r.curve == "return":
            value = curve.returns[r.iteration]
        else:
            value = curve.returns[0] + curve.cumulative_drift[r.iteration]
        # a pixel is 0.01 to 0.02; dotted curves hide one another by up to four
        assert r.value == pytest.approx(value, abs=0.02 if r.curve == "return" else 0.08)


def test_reference_is_protected():
    loaded = reference.load()
    with pytest.raises(TypeError):
        loaded.curves["single_step", "KL ball", "KL"] = None
    with pytest.raises(ValueError, match="read-only"):
        loaded.initial_policies["tabular"][0, 0] = 1


# the interface


@pytest.mark.parametrize("game", GAMES)
def test_initial_policies_are_interior_and_the_same_every_time(game):
    mdp, pi = GAMES[game](), initial_policy(game)
    assert pi[~mdp.terminal].min() > 0.05
    assert (pi[mdp.terminal] == 1 / mdp.n_actions).all()
    np.testing.assert_array_equal(pi, initial_policy(game))
    published = reference.load().initial_policies
    if game in published:
        np.testing.assert_allclose(pi[~mdp.terminal], published[game], rtol=0, atol=1e-7)


def test_cost_of_tv_squared_is_the_authors():
    old, new = np.random.default_rng(1).dirichlet(np.ones(4), size=(2, 6))
    theirs = 50 * 0.5 * np.abs(new - old).sum(axis=1) ** 2
    np.testing.assert_allclose(algorithm("KL ball", "TV²").drift.value(new, old), theirs)


def test_algorithms():
    assert algorithm("own ball", "zero").neighbourhood == AllPolicies()
    own, kl = (algorithm(column, "TV²", scale=7, radius=0.3) for column in COLUMNS)
    assert own.drift == kl.drift == 14 * TVSquared()
    assert own.neighbourhood.distance == 2 * TVSquared()
    assert kl.neighbourhood.distance == KLOldNew()
    assert own.neighbourhood.radius == kl.neighbourhood.radius == 0.3


def test_a_run_is_what_its_steps_say():
    one = run("tabular", "KL ball", "L2²", n_steps=4, scale=20, radius=0.01)
    assert one.algorithm.drift.scale == 20
    path = [step.pi_old for step in one.steps] + [one.steps[-1].pi]
    np.testing.assert_allclose(one.returns, [expected_return(one.mdp, pi) for pi in path])
    np.testing.assert_array_equal(path[0], initial_policy("tabular"))
    spent = [np.sum(((q - p) ** 2)[1:-1]) * 20 / 5 for p, q in zip(path, path[1:], strict=False)]
    np.testing.assert_allclose(np.diff(one.cumulative_drift), spent)
    assert one.u == 1
    assert one.optimum == pytest.approx(9.780219890022)


def test_figure3_yields_panel_by_panel(capsys):
    curves = figure3(n_steps=1, games=["tabular"], drifts=["zero", "KL"], progress=True)
    names = [(one.game, one.column, one.drift) for one in curves]
    assert names == list(product(["tabular"], COLUMNS, ["zero", "KL"]))
    assert "4/4" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: figure3(games=["chess"]), ValueError, "games names 'chess', expected among 'sin"),
        (lambda: figure3(games="tabular"), TypeError, "games must be a sequence of names"),
        (lambda: figure3(columns=["left"]), ValueError, "columns names 'left'"),
        (lambda: figure3(drifts=["PPO"]), ValueError, "drifts names 'PPO'"),
        (lambda: figure3(n_steps=0), ValueError, "n_steps is 0, expected at least 1"),
        (lambda: run("tabular", "KL ball", "KL", n_steps=2.0), TypeError, "n_steps must be an int"),
        (lambda: run("chess", "KL ball", "KL"), ValueError, "game names 'chess'"),
        (lambda: algorithm("KL", "KL"), ValueError, "column names 'KL', expected among 'own ball'"),
        (lambda: algorithm("KL ball", "L2"), ValueError, "drift names 'L2'"),
        (lambda: algorithm("KL ball", "KL", radius=0), ValueError, "radius is 0"),
        (lambda: algorithm("KL ball", "KL", scale=-1), ValueError, "-1"),
    ],
)
def test_bad_input_is_named_at_once(call, error, message):
    with pytest.raises(error, match=message):
        call()
