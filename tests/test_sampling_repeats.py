"""Many sampled steps at once, against one at a time."""

import numpy as np
import pytest

from mirrorbook import ALGORITHMS, evaluate, expected_return, games, mirror_step, policies
from mirrorbook.sampling import SampledUpdate, draw_batch, sampled_gains, sampled_steps
from mirrorbook.sampling.repeats import VALUES
from mirrorbook.sampling.update import empirical_problem
from mirrorbook.updates import maximise

PPO_KL = ALGORITHMS["PPO-KL"]


@pytest.mark.parametrize("walked", [True, False])
def test_one_repeat_is_a_sampled_update(walked):
    mdp = games.tabular(gamma=0.9)
    pi = policies.random_policy(mdp, np.random.default_rng(0))
    solver = SampledUpdate(30, np.random.default_rng(1), mdp=mdp if walked else None)
    step = mirror_step(mdp, pi, PPO_KL, solver=solver)
    values = "walked" if walked else "advantage"
    [found] = sampled_steps(mdp, pi, PPO_KL, 30, 1, np.random.default_rng(1), values)
    np.testing.assert_array_equal(found.pi, step.pi)
    assert found.problem.objective(found.pi) == step.objective
    found = sampled_gains(mdp, pi, PPO_KL, 30, 1, np.random.default_rng(1), values)
    gained = expected_return(mdp, step.pi) - expected_return(mdp, pi)
    assert found == pytest.approx([gained], abs=1e-9)


@pytest.mark.parametrize(("values", "called"), [("advantage", "adv"), ("action value", "q")])
def test_exact_numbers_are_what_they_are_called(values, called):
    mdp = games.tabular(gamma=0.9)
    pi = policies.random_policy(mdp, np.random.default_rng(0))
    problem = mirror_step(mdp, pi, PPO_KL).problem
    batch = draw_batch(mdp, pi, problem.beta, 30, np.random.default_rng(1))
    numbers = getattr(evaluate(mdp, pi), called)[batch.states, batch.actions]
    [found] = sampled_steps(mdp, pi, PPO_KL, 30, 1, np.random.default_rng(1), values)
    expected = maximise(empirical_problem(problem, batch, numbers))
    np.testing.assert_array_equal(found.pi, expected.pi)


@pytest.mark.parametrize("values", VALUES)
def test_many_pairs_make_the_exact_step(values):
    mdp = games.single_step()
    pi = policies.uniform(mdp)
    exact = mirror_step(mdp, pi, PPO_KL)
    gained = expected_return(mdp, exact.pi) - expected_return(mdp, pi)
    found = sampled_gains(mdp, pi, PPO_KL, 20_000, 5, np.random.default_rng(2), values)
    np.testing.assert_allclose(found, gained, atol=0.1)


def test_one_walked_pair_by_enumeration():
    """Of the 25 pairs of arms 15 improve, 7 tie and 3 mislead."""
    mdp = games.single_step()
    pi = policies.uniform(mdp)
    adv = evaluate(mdp, pi).adv[0]
    signs = np.sign(np.subtract.outer(mdp.r[0], mdp.r[0]) * adv[:, None])
    assert [(signs == sign).sum() for sign in (1, 0, -1)] == [15, 7, 3]
    found = sampled_gains(mdp, pi, PPO_KL, 1, 2000, np.random.default_rng(3))
    shares = [(found > 1e-9).mean(), (abs(found) <= 1e-9).mean(), (found < -1e-9).mean()]
    np.testing.assert_allclose(shares, [15 / 25, 7 / 25, 3 / 25], atol=0.05)


def test_exact_advantages_never_lose():
    for mdp in (games.single_step(), games.tabular(gamma=0.9), games.gridworld(gamma=0.9)):
        pi = policies.random_policy(mdp, np.random.default_rng(4))
        for size in (1, 10):
            found = sampled_gains(
                mdp, pi, PPO_KL, size, 20, np.random.default_rng(5), values="advantage"
            )
            assert found.min() >= -1e-9


def test_bad_input_is_refused():
    mdp = games.single_step()
    pi, rng = policies.uniform(mdp), np.random.default_rng(0)
    with pytest.raises(ValueError, match="values is 'q', expected one of 'walked'"):
        sampled_gains(mdp, pi, PPO_KL, 1, 1, rng, "q")
    with pytest.raises(ValueError, match="repeats is 0"):
        sampled_gains(mdp, pi, PPO_KL, 1, 0, rng)
    with pytest.raises(TypeError, match="nu depends on the candidate"):
        sampled_gains(mdp, pi, ALGORITHMS["TRL"], 1, 1, rng)
