import numpy as np
import pytest

from mirrorbook.plots import plot_sparklines, style_of

CURVES = {"GPI": [0.0, 1.0, 1.0], "TRPO": [0.0, 0.2, 0.5]}


def test_every_curve_has_a_band_of_its_own_in_its_colour():
    ax = plot_sparklines(CURVES, title="a game")
    drawn = [line for line in ax.lines if len(line.get_xdata()) == 3]
    for i, (line, (name, shares)) in enumerate(zip(drawn, CURVES.items(), strict=True)):
        height = line.get_ydata() + i
        assert height.min() == 0 and height.max() < 1
        np.testing.assert_allclose(height / height.max(), np.divide(shares, max(shares)))
        assert line.get_color() == style_of(name).color
    assert [label.get_text() for label in ax.get_yticklabels()] == list(CURVES)
    assert ax.get_title() == "a game"


def test_a_star_stands_where_a_curve_arrives():
    ax = plot_sparklines(CURVES, {"GPI": 1, "TRPO": None})
    (star,) = [line for line in ax.lines if line.get_marker() == "*"]
    assert star.get_xdata()[0] == 1 and 0 < star.get_ydata()[0] < 1


@pytest.mark.parametrize("shares", [[0.0, 1.1], [-0.1, 0.5], [0.0, np.nan]])
def test_what_is_no_share_is_refused(shares):
    with pytest.raises(ValueError, match="shares of TRPO"):
        plot_sparklines({"TRPO": shares})


def test_a_star_outside_its_curve_is_refused():
    with pytest.raises(ValueError, match="star of GPI is at 3"):
        plot_sparklines(CURVES, {"GPI": 3})
