import numpy as np
import pytest

from mirrorbook import expected_return, mirror_step
from mirrorbook.counterexamples import trap_game
from mirrorbook.counterexamples.ppo import ppo
from mirrorbook.drifts import PPOClip
from mirrorbook.widgets import clip_explorer, trap_explorer


@pytest.fixture(scope="module", params=[clip_explorer, trap_explorer])
def explorer(request):
    return request.param()


def test_every_stop_has_a_sentence_of_its_own_numbers(explorer):
    said = [explorer.describe(**values) for values in explorer.grid]
    assert all(sentence.endswith(".") for sentence in said)
    assert len(set(said)) > len(said) / 3  # steps past the end of a run repeat its last one


@pytest.mark.parametrize("epsilon", [0.1, 0.2, 0.3])
@pytest.mark.parametrize("advantage", [2.0, -2.0])
@pytest.mark.parametrize("ratio", [0.0, 0.5, 0.9, 1.0, 1.1, 1.6, 2.2])
def test_the_clip_explorer_names_the_packages_charge(ratio, advantage, epsilon):
    """An action of probability 0.4 in a row of two, the other one of advantage zero."""
    old, new = np.array([[0.4, 0.6]]), np.array([[0.4 * ratio, 1 - 0.4 * ratio]])
    charge = PPOClip(epsilon).value(new, old, np.array([[advantage, 0.0]]))[0] / 0.4
    said = clip_explorer().describe(ratio=ratio, advantage=advantage, epsilon=epsilon)
    if charge < 1e-9:
        assert said.endswith("the drift charges nothing.")
    else:
        assert said.endswith(f"the drift charges {charge:.1f}.")


@pytest.mark.parametrize("selection", ["min-kl", "greedy"])
def test_the_trap_explorer_follows_the_package(selection):
    game, pi = trap_game(), np.array([[0.8, 0.2], [0.95, 0.05], [0.5, 0.5]])
    for updates in range(5):
        said = trap_explorer().describe(start=(0.2, 0.05), selection=selection, updates=updates)
        assert f"b has probability {pi[0, 1]:.2f} and d {pi[1, 1]:.2f}" in said
        assert f"The return is {expected_return(game, pi):.1f};" in said
        pi = mirror_step(game, pi, ppo(selection)).pi
