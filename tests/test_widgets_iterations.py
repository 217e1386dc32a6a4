import re

import numpy as np
import pytest

from mirrorbook import evaluate, expected_return, games, policies, solve_optimal
from mirrorbook.mdp import expected_next
from mirrorbook.widgets import iterations_explorer

GAMES = {
    "Single step": games.single_step(),
    "Five tables": games.tabular(),
    "Grid": games.gridworld(),
}
ALGORITHMS = ("Policy iteration", "Value iteration", "Q-iteration")


@pytest.fixture(scope="module")
def explorer():
    return iterations_explorer(GAMES, start=2)


def greedy(q):
    best = q >= q.max(axis=1, keepdims=True) - 1e-9
    return best / best.sum(axis=1, keepdims=True)


def by_hand(mdp, algorithm, n):
    """The policy after n iterations and the numbers shown with it, by other means."""
    if algorithm == "Policy iteration":
        pi = policies.uniform(mdp)
        for _ in range(n):
            values = evaluate(mdp, pi)
            pi = np.where(values.adv.max() > 1e-9, greedy(values.q), pi)
        return pi, evaluate(mdp, pi).v
    q = np.zeros((mdp.n_states, mdp.n_actions))
    for _ in range(n + (algorithm == "Value iteration")):
        q = mdp.r + mdp.gamma * expected_next(mdp, q.max(axis=1))
    pi = greedy(q)
    return pi, q.max(axis=1) if algorithm == "Q-iteration" else evaluate(mdp, pi).v


def number(value, decimals=1):
    return f"{round(value, 9) + 0.0:.{decimals if abs(value) < 99.95 else 0}f}".replace("-", "−")


@pytest.mark.parametrize("algorithm", ALGORITHMS)
@pytest.mark.parametrize("name", GAMES)
def test_the_sentence_and_the_cells_are_right(explorer, name, algorithm):
    mdp, best = GAMES[name], solve_optimal(GAMES[name])
    playing = ~mdp.terminal
    for n in (0, 1, 2, 5, 13, 20):
        pi, shown = by_hand(mdp, algorithm, n)
        values = evaluate(mdp, pi)
        right = (best.v - values.v < 1e-8)[playing].sum()
        said = explorer.describe(mdp, algorithm, n)
        assert f"After {n} iteration" in said
        assert f"returns {number(expected_return(mdp, pi))};" in said
        assert f"{right} of {playing.sum()} state" in said
        assert f"left is {number(max(0, values.adv.max()))}." in said
        ax = explorer.draw(mdp, algorithm, n)
        texts = [text.get_text() for text in ax.texts]
        assert [number(v) for v in shown[playing]] == [t for t in texts if re.match(r"−?\d", t)]
        stars = [path for path in ax.collections[-1].get_paths() if len(path.vertices) > 1]
        assert len(stars) == right


def test_every_algorithm_ends_at_the_optimum(explorer):
    for name, mdp in GAMES.items():
        for algorithm in ALGORITHMS:
            said = explorer.describe(mdp, algorithm, 13)
            n = np.count_nonzero(~mdp.terminal)
            assert f"{n} of {n} state" in said and "left is 0.0." in said, (name, algorithm)


def test_policy_iteration_never_falls_and_value_iteration_does(explorer):
    mdp = GAMES["Grid"]

    def returns(algorithm):
        said = [explorer.describe(mdp, algorithm, n) for n in range(14)]
        return [float(re.search(r"returns ([−\d.]+\d);", s)[1].replace("−", "-")) for s in said]

    assert np.diff(returns("Policy iteration")).min() >= 0
    assert returns("Q-iteration")[1] < returns("Q-iteration")[0]
    assert returns("Value iteration")[:13] == returns("Q-iteration")[1:]


def test_it_starts_before_the_first_iteration_on_the_grid(explorer):
    start = explorer.grid[explorer.start]
    assert start == {"game": GAMES["Grid"], "algorithm": "Policy iteration", "iteration": 0}


def test_the_live_face_goes_on_to_thirty():
    live = iterations_explorer({"Grid": GAMES["Grid"]}).live
    *_, algorithm, iteration, picture = live.children
    algorithm.value, iteration.value = 2, 30
    assert "After 30 iterations" in picture.value and "19 of 19" in picture.value
