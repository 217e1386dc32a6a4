import numpy as np
import pytest

from mirrorbook.plots import plot_bill, plot_policy_edges, plot_policy_graph

SQUARE = [(0, 0), (1, 0), (0, 1), (1, 1)]


def shafts(ax):
    """Where the edges start and end, (E, 2, 2)."""
    return ax.patches[0].get_path().vertices.reshape(-1, 2, 2)


def test_edges_lead_from_the_first_point_to_the_second():
    ax = plot_policy_graph(SQUARE, [(0, 1), (3, 2)])
    (start, end), (back, home) = shafts(ax)
    assert 0 < start[0] < 0.1 and 0.9 < end[0] < 1 and start[1] == end[1] == 0
    assert 0.9 < back[0] < 1 and 0 < home[0] < 0.1 and back[1] == home[1] == 1


def test_heads_point_forward():
    ax = plot_policy_graph(SQUARE, [(0, 3)])
    tip, *base = ax.patches[1].get_path().vertices[:3].sum(axis=1)
    assert tip > max(base)


def test_sinks_are_squares_and_the_others_dots():
    ax = plot_policy_graph(SQUARE, [(0, 3), (1, 3), (2, 3)], sinks=[3])
    dots, squares = ax.lines
    assert dots.get_marker() == "o" and len(dots.get_xydata()) == 3
    assert squares.get_marker() == "s" and squares.get_xydata().tolist() == [[1, 1]]


def test_edges_alone_have_no_dots_and_may_have_no_heads():
    ax = plot_policy_edges(SQUARE, [(0, 1)], heads=False)
    assert not ax.lines and len(ax.patches) == 1


def test_no_edges_no_patches():
    assert not plot_policy_graph(SQUARE).patches


def test_the_last_bits_of_a_place_do_not_matter():
    places = np.random.default_rng(0).random((6, 2)).round(3)
    edges = [(0, 1), (2, 3), (4, 5)]
    one = shafts(plot_policy_graph(places, edges))
    np.testing.assert_array_equal(one, shafts(plot_policy_graph(places * (1 + 1e-15), edges)))


@pytest.mark.parametrize("kind", ["edges", "sinks"])
def test_entries_that_are_no_points_are_refused(kind):
    with pytest.raises(ValueError, match=f"{kind} has an entry that is none of the 4 points"):
        plot_policy_graph(SQUARE, **{kind: [(0, 4)] if kind == "edges" else [4]})


def test_points_must_lie_in_the_plane():
    with pytest.raises(ValueError, match="points has shape"):
        plot_policy_graph([(0, 0, 0)])


def test_a_bill_under_its_budget():
    ax = plot_bill([0, 1, 2], 5.0, gained=[0, 2, 5], names=("return", "bill"))
    budget, gained, bill = ax.lines
    assert set(budget.get_ydata()) == {5.0}
    assert gained.get_ydata().tolist() == [0, 2, 5] and bill.get_ydata().tolist() == [0, 1, 2]
    (legend,) = ax.figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["budget", "return", "bill"]


def test_a_bill_without_gain_and_legend():
    ax = plot_bill([0, 1], 2.0, legend=False)
    assert len(ax.lines) == 2 and not ax.figure.legends


def test_a_bill_and_its_gain_have_one_length():
    with pytest.raises(ValueError, match="gained has shape"):
        plot_bill([0, 1], 2.0, gained=[0, 1, 2])
