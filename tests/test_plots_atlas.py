import numpy as np
import pytest

from mirrorbook.plots import plot_atlas, style_of

PLACES = {"GPI": (1.0, 1.0), "MDPO": (0.5, 0.3)}
TRACE = [(0.0, 0.0), (0.5, 0.3), (1.0, 1.0)]


def test_marks_and_traces_are_where_their_numbers_say():
    ax = plot_atlas(PLACES, {"KLNewOld": TRACE}, {"MDPO": (0.52, 0.3, "left")})
    _, _, trace, *marks = ax.lines
    np.testing.assert_array_equal(trace.get_xydata(), TRACE)
    assert trace.get_color() == style_of("KLNewOld").color
    for mark, (name, place) in zip(marks, PLACES.items(), strict=True):
        assert tuple(mark.get_xydata()[0]) == place
        assert mark.get_marker() == style_of(name).marker
    assert [words.get_text() for words in ax.texts] == ["MDPO"]


def test_the_borders_are_nothing_paid_and_half_paid():
    diagonal, half, *_ = plot_atlas({}).lines
    np.testing.assert_array_equal(diagonal.get_ydata(), diagonal.get_xdata())
    np.testing.assert_array_equal(half.get_ydata(), 0.5 * half.get_xdata())


@pytest.mark.parametrize("place", [(0.5, 0.6), (1.2, 0.5), (0.5, -0.1), (np.nan, 0.0), (0.5,)])
def test_a_place_outside_the_triangle_is_refused(place):
    with pytest.raises(ValueError, match="place of TRPO"):
        plot_atlas({"TRPO": place})


def test_a_trace_outside_the_triangle_is_refused():
    with pytest.raises(ValueError, match="place of L2²"):
        plot_atlas({}, {"L2Squared": [(0.0, 0.0), (0.5, 0.7)]})
