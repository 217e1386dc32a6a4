import numpy as np
import pytest

from mirrorbook.plots import plot_landscape, plot_path

SIDE = np.linspace(0, 1, 11)
RETURNS = SIDE[None, :] + 2 * SIDE[:, None]  # x + 2 y


def test_the_contours_are_those_of_the_returns():
    ax = plot_landscape(SIDE, SIDE, RETURNS, [1.0, 2.0], ("p", "q"), title="plane")
    (contours,) = [c for c in ax.collections if hasattr(c, "levels")]
    for level, path in zip(contours.levels, contours.get_paths(), strict=True):
        x, y = path.vertices.T
        np.testing.assert_allclose(x + 2 * y, level, atol=1e-12)
    assert [text.get_text() for text in ax.texts] == ["1", "2"]
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_title()) == ("p", "q", "plane")


def test_levels_below_zero_have_a_true_minus_sign():
    ax = plot_landscape(SIDE, SIDE, -RETURNS, [-1.5], ("p", "q"))
    assert [text.get_text() for text in ax.texts] == ["−1.5"]


def test_returns_that_do_not_fit_are_refused():
    with pytest.raises(ValueError, match="returns"):
        plot_landscape(SIDE, SIDE[:-1], RETURNS, [1.0], ("p", "q"))


def test_a_path_starts_hollow_and_ends_filled():
    points = [(0.1, 0.05), (0.0, 0.24), (0.0, 1.0)]
    line, old, new, star = plot_path(points, optimum=(1, 1)).lines
    np.testing.assert_array_equal(star.get_xydata(), [[1, 1]])
    np.testing.assert_array_equal(line.get_xydata(), points)
    np.testing.assert_array_equal(old.get_xydata(), points[:1])
    np.testing.assert_array_equal(new.get_xydata(), points[-1:])
    assert old.get_markerfacecolor() == "none" != new.get_markerfacecolor()
    assert line.get_markevery() == slice(1, -1)  # nothing stands in the hollow mark


@pytest.mark.parametrize("path", [[], [1.0, 2.0], [(0.0, 0.0, 1.0)], [(0.0, np.nan)]])
def test_what_is_no_path_is_refused(path):
    with pytest.raises(ValueError, match="path"):
        plot_path(path)
