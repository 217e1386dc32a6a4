import numpy as np
import pytest

from mirrorbook.plots import plot_histogram


def test_shares_sum_to_one_and_the_outermost_bins_take_the_rest():
    ax = plot_histogram(
        [-9.0, 0.1, 0.2, 0.6, 9.0], [0.0, 0.5, 1.0], truth=0.25, title="five", top=0.8
    )
    np.testing.assert_allclose(ax.patches[0].get_data().values, [0.6, 0.4])
    assert {0.25} == set(ax.lines[1].get_xdata())
    assert ax.get_title() == "five" and ax.get_xlim() == (0.0, 1.0) and ax.get_ylim() == (0.0, 0.8)


def test_a_number_on_an_edge_is_counted_above_it_whatever_its_last_digit():
    for number in (0.5, np.nextafter(0.5, 0), np.nextafter(0.5, 1)):
        bars = plot_histogram([number, 1.0], [0.0, 0.5, 1.0]).patches[0].get_data().values
        np.testing.assert_array_equal(bars, [0, 1])
    bars = plot_histogram([0.5 - 1e-6], [0.0, 0.5, 1.0]).patches[0].get_data().values
    np.testing.assert_array_equal(bars, [1, 0])


def test_without_truth_there_is_no_dashed_line():
    assert len(plot_histogram([0.1], [0.0, 1.0]).lines) == 1


@pytest.mark.parametrize(
    "numbers, edges, message",
    [
        ([], [0, 1], "numbers has shape"),
        ([np.nan], [0, 1], "numbers"),
        ([0.5], [0, 1, 1], "edges is"),
        ([0.5], [0], "edges is"),
    ],
)
def test_what_does_not_fit_is_refused(numbers, edges, message):
    with pytest.raises(ValueError, match=message):
        plot_histogram(numbers, edges)
