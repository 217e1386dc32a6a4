"""Newton for prices and multiplier at once: against brackets, and where it must give up."""

import numpy as np
import pytest

from mirrorbook import (
    AverageBall,
    KLOldNew,
    L2Squared,
    TVSquared,
    Zero,
)
from mirrorbook.experiments import run
from mirrorbook.updates import UpdateProblem, classic, maximise, newton

DRIFTS = [Zero(), KLOldNew(), L2Squared(), TVSquared()]


def random_update(rng, drift, ball):
    """An update whose ball binds, as a rule."""
    n, n_actions = rng.integers(1, 6), rng.integers(2, 6)
    old = rng.dirichlet(np.ones(n_actions), size=n)
    adv = rng.normal(size=(n, n_actions)) * 10 ** rng.uniform(-3, 3)
    adv -= (old * adv).sum(axis=1, keepdims=True)
    beta = rng.dirichlet(np.ones(n))
    return UpdateProblem(adv, old, drift, ball, beta, beta)


@pytest.fixture(autouse=True)
def without_numba(monkeypatch):
    monkeypatch.setattr(classic, "kernels", lambda: None)


def recorded(monkeypatch, name):
    """What `classic` gets from a function of `newton`, call by call."""
    results, function = [], getattr(newton, name)

    def watched(*arguments):
        results.append(function(*arguments))
        return results[-1]

    monkeypatch.setattr(classic, name, watched)
    return results


def random_updates(drift):
    """Sixty updates with weights, radii and scales of all sizes."""
    rng = np.random.default_rng(0)
    for _ in range(60):
        weight, radius, scale = 10 ** rng.uniform([-3, -4, -1], [1, -0.5, 1])
        yield random_update(rng, weight * drift, AverageBall(scale * KLOldNew(), radius))


def assert_brackets_agree(updates, fast, monkeypatch):
    """The slow way, in arrays and by brackets alone, finds the same."""
    monkeypatch.setattr(classic, "kernels", lambda: None)
    monkeypatch.setattr(classic, "best_in_ball", lambda *arguments: None)
    for update, solution in zip(updates, fast, strict=True):
        bracketed = maximise(update)
        np.testing.assert_allclose(solution.pi, bracketed.pi, rtol=0, atol=2e-9)
        np.testing.assert_allclose(solution.multiplier, bracketed.multiplier, rtol=1e-6)
        assert update.neighbourhood.contains(solution.pi, update.old, update.beta)


@pytest.fixture
def found(monkeypatch):
    return recorded(monkeypatch, "best_in_ball")


@pytest.mark.parametrize("drift", DRIFTS, ids=lambda drift: type(drift).__name__)
def test_agrees_with_brackets(drift, found, monkeypatch):
    updates = list(random_updates(drift))
    fast = [maximise(update) for update in updates]
    assert len(found) >= 30 and sum(each is not None for each in found) >= 0.9 * len(found)
    assert_brackets_agree(updates, fast, monkeypatch)


def test_few_sweeps_on_the_paper_s_steps(monkeypatch):
    """No timing: how often the responses of a step are evaluated until it is exact."""
    sweeps = 0

    def counted(*arguments):
        nonlocal sweeps
        sweeps += 1
        return answers(*arguments)

    answers = newton.answers
    monkeypatch.setattr(newton, "answers", counted)
    most = {"KL": 0, "zero": 8, "L2²": 8, "TV²": 10}
    for game in ("single_step", "tabular", "gridworld"):
        for drift, limit in most.items():
            sweeps = 0
            run(game, "KL ball", drift, n_steps=1)
            assert sweeps <= limit


def test_gives_up_where_no_price_exists(found):
    """Against KL(old, new) alone an unused best action is free: brackets take over."""
    old, adv = np.array([[0.5, 0.5, 0.0]]), np.array([[-1.0, -2.0, 3.0]])
    one, ball = np.ones(1), AverageBall(KLOldNew(), 0.05)
    solution = maximise(UpdateProblem(adv, old, Zero(), ball, one, one))
    assert found == [None]
    assert solution.certificate.gap <= 1e-9 and solution.pi[0, 2] > 0


def test_what_is_dropped_for_nothing_keeps_next_to_nothing(found):
    """L2^2 alone would drop the third action; the ball is then large enough for a trace of it."""
    old, adv = np.array([[0.6, 0.399, 0.001]]), np.array([[0.01, 0.0, -1.0]])
    one, ball = np.ones(1), AverageBall(KLOldNew(), 0.05)
    solution = maximise(UpdateProblem(adv, old, L2Squared(), ball, one, one))
    assert not found and solution.multiplier == 0
    assert 0 < solution.pi[0, 2] <= 1e-15 * old[0, 2]
    assert ball.contains(solution.pi, old, one) and solution.certificate.gap <= 1e-15
