import numpy as np
import pytest

from mirrorbook import MDP, games
from mirrorbook.plots import axes, plot_game_values, plot_stars
from mirrorbook.plots.stars import CORNER, SIZE


@pytest.fixture
def mdp():
    return games.gridworld()


def board(mdp):
    return plot_game_values(mdp, np.zeros(mdp.n_states))


def drawn(ax):
    """The middles of the stars."""
    paths = [path.vertices for path in ax.collections[-1].get_paths() if len(path.vertices) > 1]
    return [(vertices.max(axis=0) + vertices.min(axis=0)) / 2 for vertices in paths]


def test_there_is_a_star_in_every_marked_cell_and_nowhere_else(mdp):
    marked = np.arange(mdp.n_states) % 3 == 0
    ax = plot_stars(mdp, marked, board(mdp))
    cells = np.round(np.array(drawn(ax)) - CORNER)
    np.testing.assert_array_equal(cells, mdp.layout.positions[marked])


def test_a_star_stays_in_its_cell(mdp):
    ax = plot_stars(mdp, ~mdp.terminal, board(mdp))
    centres = np.round(np.array(drawn(ax)) - CORNER)
    assert (np.abs(np.array(drawn(ax)) - centres) + SIZE < 0.5).all()


def test_drawings_with_and_without_stars_have_as_many_paths(mdp):
    none = plot_stars(mdp, np.zeros(mdp.n_states, bool), board(mdp))
    assert drawn(none) == [] and len(none.collections[-1].get_paths()) == mdp.n_states


@pytest.mark.parametrize(
    ("marked", "error", "words"),
    [
        ([True], ValueError, "marked has shape"),
        (np.ones(21), TypeError, "marked must be a boolean mask, found dtype float64"),
    ],
)
def test_marks_that_do_not_fit_are_refused(mdp, marked, error, words):
    with pytest.raises(error, match=words):
        plot_stars(mdp, marked, board(mdp))


def test_a_game_without_a_layout_is_refused():
    plain = MDP(P=[[[1.0]]], r=[[1.0]], gamma=0.5, d0=[1.0])
    with pytest.raises(ValueError, match="no layout"):
        plot_stars(plain, [True], axes())
