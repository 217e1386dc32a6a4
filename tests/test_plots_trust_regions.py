"""Pictures of bounds and of how far steps went."""

import numpy as np
import pytest

from mirrorbook.plots import Picture, plot_bound, plot_largest_kl, plot_ratios
from mirrorbook.plots.trust_regions import kl_heights

T = np.linspace(0, 1, 5)


def test_the_three_curves_are_told_apart_by_colour_dash_and_name():
    ax = plot_bound(T, T, 2 * T, T - 5 * T**2)
    curves = ax.lines[1:]
    assert [line.get_label() for line in curves] == ["return", "surrogate", "bound"]
    assert len({line.get_color() for line in curves}) == 3
    assert len({str(line._dash_pattern) for line in curves}) == 3


def test_a_bound_that_falls_without_limit_leaves_the_panel():
    bound = np.append(T[:-1] - 100 * T[:-1] ** 2, -np.inf)
    ax = plot_bound(T, T, 2 * T, bound)
    assert ax.get_ylim()[0] == pytest.approx(-1.0)
    drawn = ax.lines[3].get_ydata()
    assert np.isfinite(drawn).all() and drawn.min() < ax.get_ylim()[0]
    assert "inf" not in Picture(ax, alt="A bound that falls out of the panel.").html.lower()


def test_falling_returns_are_seen_whole():
    ax = plot_bound(T, -3 * T, 0 * T, -T)
    low, high = ax.get_ylim()
    assert low <= -3 and high >= 0


def test_curves_of_different_length_are_refused():
    with pytest.raises(ValueError, match="surrogate"):
        plot_bound(T, T, T[:-1], T)
    with pytest.raises(ValueError, match="guaranteed"):
        plot_bound(T, T, T, T[:-1])


def test_zero_and_infinity_have_places_of_their_own():
    heights = kl_heights([0.0, 1e-9, 1e-3, 1.0, 99.0, np.inf])
    assert (np.diff(heights) >= 0).all()
    assert heights[0] < heights[1] == heights[2] < heights[4] < heights[5]
    ax = plot_largest_kl({"PPO, greedy": [np.inf, 0.0]})
    shown = {text.get_text(): y for text, y in zip(ax.get_yticklabels(), ax.get_yticks())}  # noqa: B905
    assert shown["0"] == heights[0] and shown["∞"] == heights[5]


@pytest.mark.parametrize("bad", [-1.0, np.nan])
def test_a_kl_that_is_none_is_refused(bad):
    with pytest.raises(ValueError, match="kl has"):
        kl_heights([0.1, bad])


def test_ratios_outside_are_filled():
    ax = plot_ratios([[1.1, 0.5], [np.inf, 1.0]], [[False, True], [True, False]], 0.2)
    (dots,) = ax.collections
    np.testing.assert_array_equal(dots.get_facecolors()[:, 3], [0, 1, 1, 0])  # filled: outside
    np.testing.assert_array_equal(dots.get_offsets()[:, 0], [1, 1, 2, 2])
    np.testing.assert_allclose(dots.get_offsets()[:, 1], [1.1, 0.5, ax.get_yticks()[-1], 1.0])


def test_a_ratio_off_the_scale_is_refused():
    with pytest.raises(ValueError, match="the scale to 4"):
        plot_ratios([[5.0]], [[True]], 0.2)
    with pytest.raises(ValueError, match="outside"):
        plot_ratios([[1.0]], [True], 0.2)
