import numpy as np
import pytest

from mirrorbook.plots import plot_charge, plot_clip

RATIO = np.array([0.0, 0.8, 1.2, 2.0])
GAIN = 2 * RATIO
CLIPPED = np.minimum(GAIN, 2 * np.clip(RATIO, 0.8, 1.2))


def test_the_lines_are_the_arrays_and_the_gap_is_shaded():
    ax = plot_clip(RATIO, GAIN, CLIPPED, (0.8, 1.2), title="A = 2")
    plain, clipped = ax.lines
    np.testing.assert_array_equal(plain.get_xydata(), np.transpose([RATIO, GAIN]))
    np.testing.assert_array_equal(clipped.get_xydata(), np.transpose([RATIO, CLIPPED]))
    (shade,) = ax.collections
    corners = shade.get_paths()[0].vertices
    assert {(2.0, 4.0), (2.0, 2.4)} <= {tuple(corner.round(9)) for corner in corners}
    assert list(ax.get_xticks()) == [0, 0.8, 1, 1.2, 2]
    assert ax.get_title() == "A = 2"
    assert ax.get_xlabel() and ax.get_ylabel()


def test_no_number_stands_between_the_edges_of_a_narrow_clip():
    ax = plot_clip(RATIO, GAIN, CLIPPED, (0.9, 1.1))
    assert list(ax.get_xticks()) == [0, 0.9, 1.1, 2]


@pytest.mark.parametrize("name", ["gain", "clipped"])
def test_arrays_of_another_length_are_refused(name):
    arrays = {"gain": GAIN, "clipped": CLIPPED, name: [0.0, 1.0]}
    with pytest.raises(ValueError, match=name):
        plot_clip(RATIO, **arrays, edges=(0.8, 1.2))


def test_a_charge_joins_what_is_kept_to_what_is_earned():
    dotted, earned, kept = plot_charge(1.5, 3.0, 2.4).lines
    np.testing.assert_array_equal(dotted.get_ydata(), [2.4, 3.0])
    assert earned.get_ydata()[0] == 3.0 and earned.get_markerfacecolor() == "none"
    assert kept.get_ydata()[0] == 2.4
