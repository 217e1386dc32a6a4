import numpy as np
import pytest

from mirrorbook.plots import plot_reach, plot_square_region, square_axes

SIDE = np.linspace(0, 1, 41)
MOVE = abs(SIDE - 0.5)


def edge(ax):
    (patch,) = ax.patches
    return patch.get_path().vertices


def test_a_state_wise_ball_is_a_square():
    ax = plot_square_region(SIDE, np.maximum.outer(MOVE, MOVE), 0.25)
    assert np.abs(abs(edge(ax) - 0.5).max(axis=1) - 0.25).max() < 0.03
    np.testing.assert_allclose(edge(ax).min(axis=0), 0.25)


def test_the_first_probability_is_on_the_horizontal_axis():
    ax = plot_square_region(SIDE, np.add.outer(0 * MOVE, MOVE), 0.25)
    np.testing.assert_allclose(edge(ax).min(axis=0), [0.25, 0])
    np.testing.assert_allclose(edge(ax).max(axis=0), [0.75, 1])


def test_infinite_measures_are_outside():
    measure = np.add.outer(MOVE, MOVE)
    measure[:, 0] = np.inf
    assert edge(plot_square_region(SIDE, measure, 0.8))[:, 0].min() > 0


def test_the_last_bits_of_a_measure_do_not_matter():
    measure = np.add.outer(MOVE**2, MOVE**2)
    one = edge(plot_square_region(SIDE, measure, 0.1))
    np.testing.assert_array_equal(one, edge(plot_square_region(SIDE, measure * (1 + 1e-15), 0.1)))


def test_an_empty_region_draws_nothing():
    assert not plot_square_region(SIDE, 1 + np.add.outer(MOVE, MOVE), 0.5).patches


@pytest.mark.parametrize("measure", [np.ones((41, 40)), np.full((41, 41), np.nan)])
def test_measures_that_do_not_fit_are_refused(measure):
    with pytest.raises(ValueError, match="measure"):
        plot_square_region(SIDE, measure, 0.1)


def test_the_stairs_of_a_run_go_up_to_the_edge_and_across_to_the_diagonal():
    ax = plot_reach(SIDE, np.maximum(SIDE - 0.2, 0), np.minimum(SIDE + 0.2, 1), [0.5, 0.7, 0.9])
    _, stairs, old, new = ax.lines
    corners = [(0.5, 0.5), (0.5, 0.7), (0.7, 0.7), (0.7, 0.9), (0.9, 0.9)]
    np.testing.assert_array_equal(stairs.get_xydata(), corners)
    assert old.get_markerfacecolor() == "none" != new.get_markerfacecolor()


def test_ends_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="high"):
        plot_reach(SIDE, SIDE, SIDE[:-1])


def test_the_square_has_its_names():
    ax = square_axes(("p", "q"), title="ball")
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_title()) == ("p", "q", "ball")
