import os
import re
import subprocess
import sys

import numpy as np
import pytest

from mirrorbook.drifts import KLNewOld, KLOldNew, OneSidedKL, TVSquared
from mirrorbook.plots import (
    Picture,
    layer_over,
    plot_simplex_contours,
    plot_simplex_path,
    plot_simplex_region,
    plot_simplex_step,
    plot_slices,
    simplex_axes,
    simplex_grid,
    slice_axes,
    to_plane,
)
from mirrorbook.plots.lines import thinned
from mirrorbook.plots.simplex import CORNERS, SIDE, snapped

GRID = simplex_grid()
OLD = np.array([0.2, 0.3, 0.5])


def costs(drift, old=OLD, grid=GRID):
    return drift.value(grid, np.tile(old, (len(grid), 1)))


def barycentric(xy):
    third = xy[..., 1] / CORNERS[2, 1]
    second = xy[..., 0] - third / 2
    return np.stack([1 - second - third, second, third], axis=-1)


def drawn(ax):
    """The vertices of the last path, as policies."""
    path = ax.patches[-1].get_path()
    return barycentric(path.vertices[path.codes != path.CLOSEPOLY])


# geometry


def test_the_map_to_the_plane_is_affine_and_keeps_the_corners():
    np.testing.assert_array_equal(to_plane(np.eye(3)), CORNERS)
    np.testing.assert_allclose(to_plane(GRID), GRID @ CORNERS, atol=1e-15)
    np.testing.assert_allclose(barycentric(to_plane(GRID)), GRID, atol=1e-15)
    assert to_plane(np.ones((4, 2, 3)) / 3).shape == (4, 2, 2)


@pytest.mark.parametrize("resolution", [1, 2, 7, 120])
def test_the_grid_holds_every_multiple_once(resolution):
    grid = simplex_grid(resolution)
    whole = np.rint(grid * resolution).astype(int)
    assert len(grid) == len(set(map(tuple, whole))) == (resolution + 1) * (resolution + 2) // 2
    assert (whole.sum(axis=1) == resolution).all() and (whole >= 0).all()
    np.testing.assert_allclose(grid.sum(axis=1), 1, atol=1e-15)
    np.testing.assert_array_equal(grid[[0, resolution, -1]], np.eye(3))


def test_the_panel_is_made_to_measure():
    for options in ({}, {"advantages": [1, 0, -1]}, {"title": "A panel"}):
        ax = simplex_axes(**options)
        assert ax.figure.get_size_inches()[0] == pytest.approx(3.3)
        points = ax.transData.transform(CORNERS) * 72 / ax.figure.dpi
        np.testing.assert_allclose(np.linalg.norm(points - points[[1, 2, 0]], axis=1), SIDE)
        tenths = 10 * points[0]  # no corner lies where rounding could go either way
        np.testing.assert_allclose(tenths, np.rint(tenths), atol=1e-6)


def test_a_panel_that_was_drawn_can_still_be_laid_over():
    ax = simplex_axes()
    assert Picture(ax, alt="Empty.") and ax.figure.get_layout_engine() is None
    np.testing.assert_allclose(layer_over(ax).transData.transform(CORNERS[2]),
                               ax.transData.transform(CORNERS[2]))  # fmt: skip


def test_corners_carry_the_names_in_order():
    ax = simplex_axes(["left", "stay", "right"])
    places = [text.get_position() for text in ax.texts]
    assert [text.get_text() for text in ax.texts] == ["left", "stay", "right"]
    nearest = np.linalg.norm(CORNERS[:, None] - places, axis=2).argmin(axis=1)
    assert nearest.tolist() == [0, 1, 2]


# marks


def test_marks_lie_where_their_policies_do():
    ax = plot_simplex_step(OLD, [0.6, 0.1, 0.3], optimum=[1, 0, 0])
    star, old, new = (barycentric(np.ravel(line.get_xydata())) for line in ax.lines)
    np.testing.assert_allclose([star, old, new], [[1, 0, 0], OLD, [0.6, 0.1, 0.3]], atol=1e-3)
    assert ax.lines[1].get_markerfacecolor() == "none"
    assert ax.lines[2].get_markerfacecolor() == "black"


def test_an_arrow_leads_to_the_new_policy_if_there_is_room():
    ax = plot_simplex_step(OLD, [0.6, 0.1, 0.3])
    tip = drawn(ax)[3]
    back, ahead = to_plane(OLD - tip), to_plane(np.array([0.6, 0.1, 0.3]) - tip)
    assert np.linalg.norm(ahead) * SIDE == pytest.approx(6, abs=0.2)
    assert ahead @ back < 0
    for options in ({"new": OLD + [0.02, 0, -0.02]}, {"new": [1, 0, 0], "arrow": False}, {}):
        assert len(plot_simplex_step(OLD, **options).patches) == 1  # the triangle


def test_a_path_begins_hollow_and_ends_filled():
    ax = plot_simplex_path([[1, 0, 0], OLD, [0, 0, 1]])
    joined, first, last = ax.lines
    np.testing.assert_allclose(barycentric(joined.get_xydata())[1], OLD, atol=1e-3)
    assert first.get_markerfacecolor() == "none" and last.get_markerfacecolor() == "black"
    assert len(plot_simplex_path([[1, 0, 0], OLD], marks=False).lines) == 1


# lines and regions


@pytest.mark.parametrize("drift", [KLOldNew(), KLNewOld(), TVSquared(), OneSidedKL()])
def test_contours_lie_where_the_function_has_their_levels(drift):
    ax = plot_simplex_contours(costs(drift), [0.1])
    on_line = drawn(ax)
    assert on_line.min() > -1e-3  # an end on a side may be snapped to beyond it
    assert len(on_line) > 5
    np.testing.assert_allclose(costs(drift, grid=np.maximum(on_line, 0)), 0.1, atol=0.005)


def test_the_region_is_what_the_contour_surrounds():
    ax = plot_simplex_region(costs(KLOldNew()), 0.1)
    edge = drawn(ax)
    np.testing.assert_allclose(costs(KLOldNew(), grid=edge), 0.1, atol=0.005)
    path = ax.patches[-1].get_path()
    inside = costs(KLOldNew()) < 0.095
    assert path.contains_points(to_plane(GRID[inside])).all()
    assert not path.contains_points(to_plane(GRID[costs(KLOldNew()) > 0.105])).any()


def test_a_region_may_be_the_whole_simplex_or_nothing():
    whole = plot_simplex_region(np.zeros(len(GRID)), 0.1)
    assert {(0, 0, 1), (0, 1, 0), (1, 0, 0)} <= set(map(tuple, drawn(whole).round(2) + 0.0))
    np.testing.assert_allclose(drawn(whole).min(axis=1), 0, atol=1e-3)
    assert len(plot_simplex_region(np.ones(len(GRID)), 0.1).patches) == 1


def test_truth_values_make_a_region():
    ax = plot_simplex_region(GRID.min(axis=1) > 0.0999)
    np.testing.assert_allclose(drawn(ax).min(axis=1), 0.1, atol=0.01)


def test_a_region_without_area_shows_as_a_line():
    ax = plot_simplex_region(costs(KLNewOld(), [0, 0.5, 0.5]), 0.1)
    np.testing.assert_allclose(drawn(ax)[:, 0], 0, atol=0.01)
    assert np.ptp(drawn(ax)[:, 1]) > 0.3


def test_values_far_beyond_every_level_do_no_harm():
    far = np.where(GRID[:, 0] < 0.5, 1e308, 0.0)
    assert len(drawn(plot_simplex_region(far, 1e-6))) > 2
    assert len(drawn(plot_simplex_contours(far, [1.0]))) > 1


def test_a_line_between_the_outermost_policies_of_the_grid_and_an_infinite_side_is_whole():
    ax = plot_simplex_contours(costs(KLOldNew()), [0.8])
    path = ax.patches[-1].get_path()
    assert (path.codes == path.MOVETO).sum() == 1
    np.testing.assert_allclose(path.vertices[0], path.vertices[-1])


def test_no_line_is_drawn_next_to_an_infinite_value():
    values = costs(KLNewOld(), [0, 0.5, 0.5])
    assert len(plot_simplex_contours(values, [0.1]).patches) == 1
    assert len(plot_simplex_contours(np.full(len(GRID), np.inf), [0.1]).patches) == 1
    assert len(plot_simplex_contours(GRID[:, 0], []).patches) == 1


def test_labels_stand_on_their_lines_apart_and_in_gaps():
    levels = [0.02, 0.1, 0.3]
    ax = plot_simplex_contours(costs(KLOldNew()), levels, labels=True)
    texts = ax.texts[3:]
    assert [text.get_text() for text in texts] == ["0.02", "0.1", "0.3"]
    places = np.array([text.get_position() for text in texts])
    np.testing.assert_allclose(costs(KLOldNew(), grid=barycentric(places)), levels, atol=0.01)
    for one in places:
        gap = np.linalg.norm(ax.patches[-1].get_path().vertices - one, axis=1).min()
        assert gap * SIDE > 5
    close = plot_simplex_contours(costs(KLOldNew()), np.linspace(0.1, 0.11, 4), labels=True)
    apart = [np.array(text.get_position()) for text in close.texts[3:]]
    assert all(np.linalg.norm(a - b) * SIDE > 12 for a, b in zip(apart, apart[1:], strict=False))


def test_labels_keep_away_from_marks():
    mark = barycentric(np.array(plot_simplex_contours(costs(KLOldNew()), [0.1], labels=True)
                                .texts[-1].get_position()))  # fmt: skip
    ax = plot_simplex_contours(costs(KLOldNew()), [0.1], labels=True, clear=[mark])
    away = np.array(ax.texts[-1].get_position()) - to_plane(mark)
    assert 12 < np.linalg.norm(away) * SIDE < 25


def test_labels_touch_no_side_where_there_is_room():
    ax = plot_simplex_contours(GRID @ [0, 0.4, -1], [-0.5], labels=True)  # highest on a side
    (place,) = (text.get_position() for text in ax.texts[3:])
    assert min(barycentric(np.array(place))[:2]) * SIDE > 3 + 2.6 * len("−0.5")


def test_negative_levels_have_a_true_minus_sign():
    ax = plot_simplex_contours(GRID @ [-1, 0, 0.5], [-0.5], labels=True)
    assert ax.texts[-1].get_text() == "−0.5"


# slices


def test_slices_have_a_dash_each_and_a_gap_where_infinite():
    shares = np.linspace(0, 1, 3)
    ax = plot_slices(shares, [shares, shares**2, [0, 0.5, np.inf]], color="red")
    assert len({line._unscaled_dash_pattern for line in ax.lines}) == 3
    np.testing.assert_array_equal(ax.lines[2].get_ydata(), [0, 0.5, np.nan])
    assert {line.get_color() for line in ax.lines} == {"red"}
    names = [text.get_text() for text in slice_axes(["to a", "to b"]).figure.legends[0].texts]
    assert names == ["to a", "to b"] and not ax.figure.legends


# the same on every processor


def test_thinning_keeps_lines_where_they_were():
    angle = np.linspace(0, 2 * np.pi, 400)
    circle = np.rint(500 * np.stack([np.cos(angle), np.sin(angle)], axis=1)).astype(int)
    few = thinned(circle)
    assert len(few) < 80 and (few[0] == circle[0]).all() and (few[-1] == circle[-1]).all()
    np.testing.assert_allclose(np.linalg.norm((few[1:] + few[:-1]) / 2, axis=1), 500, atol=2.5)
    assert len(thinned(np.array([[3, 4]]))) == 1


def everything(nudge=lambda values: values):
    ax = simplex_axes(["left", "stay", "right"], advantages=[1, 0, -0.5])
    plot_simplex_region(nudge(costs(TVSquared(), np.ones(3) / 3)), 0.01, ax=ax)
    plot_simplex_contours(nudge(costs(KLOldNew())), [0.01, 0.1, 0.4], labels=True, ax=ax)
    plot_simplex_contours(nudge(costs(TVSquared(), [0.25, 0.25, 0.5])), [0.0625, 0.25], ax=ax)
    plot_simplex_path([OLD, [0.25, 0.5, 0.25], [0.5, 0.5, 0]], ax=ax)
    return Picture(plot_simplex_step(OLD, [0.6, 0.1, 0.3], [1, 0, 0], ax=ax), alt="All.").html


@pytest.mark.parametrize("towards", [-np.inf, np.inf])
def test_the_last_bit_of_a_value_changes_no_picture(towards):
    def nudge(values):
        return np.where(np.isinf(values), values, np.nextafter(values, towards))

    assert everything() == everything(nudge)


def test_halves_of_a_tenth_do_not_depend_on_the_last_bit():
    ax = simplex_axes()
    half = np.array([10.5, 0.5]) / (10 * SIDE)
    for towards in (-np.inf, np.inf):
        np.testing.assert_array_equal(snapped(np.nextafter(half, towards), ax), snapped(half, ax))


def test_an_older_processor_draws_the_same():
    code = "import test_plots_simplex as t; print(t.everything())"
    here = os.path.dirname(__file__)
    plain = {"OPENBLAS_CORETYPE": "Prescott", "NPY_DISABLE_CPU_FEATURES": "X86_V3 X86_V4"}
    found = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", code],
        env={**os.environ, **plain}, cwd=here, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert found.stdout.strip() == everything()


def test_pictures_are_small():
    assert len(re.search(r"<svg.*?</svg>", everything())[0]) < 5_000


# errors


@pytest.mark.parametrize(
    ("make", "error", "words"),
    [
        (lambda: to_plane([0.5, 0.5]), ValueError, r"p has shape \(2,\), expected three actions"),
        (lambda: to_plane([0.5, np.nan, 0]), ValueError, r"p\[1\] is nan"),
        (lambda: simplex_grid(0), ValueError, "resolution is 0"),
        (lambda: simplex_axes("ab"), ValueError, "actions has 2 entries"),
        (lambda: simplex_axes(advantages=[1, 2]), ValueError, r"advantages has shape \(2,\)"),
        (lambda: plot_simplex_step([0.5, 0.6, 0]), ValueError, "old is not .* sums to 1.1"),
        (lambda: plot_simplex_step(OLD, [1.0]), ValueError, r"new has shape \(1,\)"),
        (lambda: plot_simplex_path([OLD, [2, -1, 0]]), ValueError, r"policies\[1\] is not"),
        (lambda: plot_simplex_contours(np.zeros(11), [0]), ValueError, r"values has shape \(11,\)"),
        (lambda: plot_simplex_contours([0, 0, np.nan], [0]), ValueError, r"values\[2\] is nan"),
        (lambda: plot_simplex_contours(["a"] * 3, [0]), TypeError, "values must hold real"),
        (lambda: plot_simplex_contours(np.zeros(3), [np.inf]), ValueError, r"levels\[0\] is inf"),
        (lambda: plot_simplex_region(np.zeros(3)), ValueError, "radius is missing"),
        (lambda: plot_simplex_region(np.ones(3, bool), 1), ValueError, "radius is superfluous"),
        (lambda: plot_simplex_region(np.zeros(3), np.inf), ValueError, "radius is inf"),
        (lambda: plot_slices([0, np.nan], [[0, 1]]), ValueError, r"shares\[1\] is nan"),
        (lambda: plot_slices([0, 1], [[0, 1]] * 4), ValueError, r"costs has shape \(4, 2\)"),
        (lambda: plot_simplex_contours([0] * 3, [0], clear=[[1]]), ValueError, "three actions"),
        (lambda: plot_simplex_region(np.zeros((3, 1)), 1), ValueError, "measure has shape"),
    ],
)
def test_what_has_no_place_on_the_simplex_is_named(make, error, words):
    with pytest.raises(error, match=words):
        make()
