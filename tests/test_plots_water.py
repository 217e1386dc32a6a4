import numpy as np
import pytest

from mirrorbook.plots import plot_water_level

OLD = np.array([0.2, 0.3, 0.5])
HEIGHTS = np.array([1.5, 0.6, -0.2])


def test_what_sticks_out_is_filled_and_written():
    ax = plot_water_level(OLD, HEIGHTS, 0.55, title="c = 0.25")
    assert [text.get_text() for text in ax.texts] == ["0.95", "0.05", "0.00"]
    _, first, second = ax.collections  # the water, and two columns: the third is submerged
    for shape, top in ((first, 1.5), (second, 0.6)):
        y = shape.get_paths()[0].vertices[:, 1]
        assert y.min() == 0.55 and y.max() == top
    assert ax.get_title() == "c = 0.25"
    assert [label.get_text() for label in ax.get_xticklabels()] == ["a", "b", "c"]


def test_hollow_marks_show_the_old_row_and_a_line_the_level():
    ax = plot_water_level(OLD, HEIGHTS, 0.55)
    level, *rest = ax.lines
    assert set(level.get_ydata()) == {0.55}
    marks = [line for line in rest if line.get_marker() == "o"]
    np.testing.assert_array_equal([mark.get_ydata()[0] for mark in marks], OLD)
    assert {mark.get_markerfacecolor() for mark in marks} == {"none"}


def test_everything_is_inside_the_limits():
    low, high = plot_water_level(OLD, HEIGHTS, 0.55).get_ylim()
    assert low < -0.2 and high > 1.5
    assert plot_water_level(OLD, HEIGHTS, 0.55, limits=(-1, 2)).get_ylim() == (-1, 2)


@pytest.mark.parametrize(
    ("change", "word"), [({"heights": [1.0, 2.0]}, "heights"), ({"actions": "ab"}, "actions")]
)
def test_other_lengths_are_refused(change, word):
    with pytest.raises(ValueError, match=word):
        plot_water_level(**({"old": OLD, "heights": HEIGHTS, "level": 0.0} | change))
