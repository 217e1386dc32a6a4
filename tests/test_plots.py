import re
import subprocess
import sys
from html import unescape
from itertools import combinations
from urllib.parse import unquote
from xml.etree import ElementTree

import numpy as np
import pytest
from drift_table import DRIFTS as GALLERY
from matplotlib.colors import to_rgb

from mirrorbook import ALGORITHMS, evaluate, games, policies, solve_optimal
from mirrorbook.experiments import COSTS, algorithm
from mirrorbook.plots import (
    INK,
    NEW,
    OLD,
    STYLES,
    Picture,
    axes,
    layer_over,
    plot_game_values,
    plot_iterate,
    plot_learning_curves,
    plot_legend,
    plot_shortfalls,
    short_number,
    style_of,
)
from mirrorbook.plots.boards import COLOURS, REACH, _readable_on
from mirrorbook.plots.svg import Drawings

# one of each kind that can be made
DRIFTS = list({type(drift): drift for drift in GALLERY}.values())
SECTION_7 = [drift for drift in DRIFTS if type(drift) in map(type, COSTS.values())]
GAMES = {"single step": games.single_step, "tabular": games.tabular, "grid": games.gridworld}
PAGES = {"light": "#ffffff", "dark": "#121212"}


def linear(color):
    c = np.array(to_rgb(color))
    return np.where(c <= 0.04045, c / 12.92, ((c + 0.055) / 1.055) ** 2.4)


def luminance(color):
    return linear(color) @ [0.2126, 0.7152, 0.0722]


def contrast(one, other):
    """WCAG's contrast ratio, 1 to 21."""
    low, high = sorted([luminance(one), luminance(other)])
    return (high + 0.05) / (low + 0.05)


def board(make, pi=None):
    mdp = make()
    pi = policies.uniform(mdp) if pi is None else pi
    return plot_game_values(mdp, evaluate(mdp, pi).v, pi)


@pytest.mark.parametrize("drift", DRIFTS, ids=lambda drift: type(drift).__name__)
def test_every_drift_has_a_style_whatever_its_scale(drift):
    assert style_of(drift) is style_of(7 * drift) is STYLES[type(drift).__name__]


def test_every_algorithm_and_every_drift_of_section_7_has_a_style():
    for thing in (*ALGORITHMS.values(), *ALGORITHMS, *COSTS.values()):
        assert style_of(thing).label


def test_an_algorithm_without_a_row_looks_like_its_drift():
    assert style_of(algorithm("own ball", "TV²")) is STYLES["TVSquared"]


def test_no_two_drifts_look_alike_or_are_called_alike():
    styles = [style_of(drift) for drift in DRIFTS]
    assert len({(s.color, s.marker) for s in styles}) == len({s.label for s in styles})
    assert len({s.label for s in styles}) == len(styles) == len(DRIFTS)


def test_no_two_algorithms_look_alike():
    styles = [STYLES[name] for name in ALGORITHMS]
    assert len({(s.color, s.marker) for s in styles}) == len(styles)
    assert [s.label for s in styles] == list(ALGORITHMS)


def test_no_two_drifts_of_section_7_share_a_colour_or_a_marker():
    styles = [style_of(drift) for drift in SECTION_7]
    assert len({s.color for s in styles}) == len({s.marker for s in styles}) == len(styles)


def test_what_has_no_style_is_named():
    with pytest.raises(KeyError, match="'SARSA' has no style"):
        style_of("SARSA")


@pytest.mark.parametrize("page", PAGES)
def test_colours_stand_out_on_both_pages(page):
    for style in STYLES.values():
        if style.color != INK:
            assert contrast(style.color, PAGES[page]) >= 3, style


# What a reader without red or without green cones sees of linear RGB (Machado et al. 2009).
PROTANOPIA = "0.152286 1.052583 -0.204868; 0.114503 0.786281 0.099216; -0.003882 -0.048116 1.051998"
DEUTERANOPIA = (
    "0.367322 0.860646 -0.227968; 0.280085 0.672501 0.047413; -0.011820 0.042940 0.968881"
)


@pytest.mark.parametrize("seen", [PROTANOPIA, DEUTERANOPIA], ids=["protanopia", "deuteranopia"])
def test_colours_stay_apart_for_colour_blind_readers(seen):
    matrix = np.array([row.split() for row in seen.split(";")], dtype=float)
    style = {drift: style_of(drift) for drift in DRIFTS}
    perceived = {
        drift: np.cbrt(np.clip(matrix @ linear(style[drift].color), 0, 1)) for drift in DRIFTS
    }
    for one, other in combinations(DRIFTS, 2):
        apart = np.abs(perceived[one] - perceived[other]).max() > 0.1
        assert apart or style[one].marker != style[other].marker, (one, other)
    for one, other in combinations(SECTION_7, 2):
        assert np.abs(perceived[one] - perceived[other]).max() > 0.1, (one, other)


def test_text_is_readable_on_every_cell():
    for i in range(COLOURS.N):
        assert contrast(_readable_on(COLOURS(i)), COLOURS(i)[:3]) >= 4.5


def test_importing_the_package_draws_nothing():
    code = "import mirrorbook, sys; print({'matplotlib', 'ipywidgets'} & set(sys.modules))"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "set()"


# pictures


@pytest.mark.parametrize("game", GAMES)
def test_a_picture_is_the_same_on_every_run(game):
    assert Picture(board(GAMES[game]), alt="A game.").html == (
        Picture(board(GAMES[game]), alt="A game.").html
    )


@pytest.mark.parametrize("game", GAMES)
@pytest.mark.parametrize("towards", [-np.inf, np.inf])
def test_the_last_bit_of_a_number_changes_no_picture(game, towards):
    mdp = GAMES[game]()
    for pi in (policies.uniform(mdp), solve_optimal(mdp).pi):
        v = evaluate(mdp, pi).v
        one, other = (
            Picture(plot_game_values(mdp, values, pi), alt="A game.").html
            for values in (v, np.nextafter(v, towards))
        )
        assert one == other


def test_a_picture_follows_the_page():
    picture = Picture(plot_learning_curves({"Zero": ([0, 1, 3], None)}), alt="A curve.")
    svg = picture.panels[0]
    assert "currentColor" in svg
    assert not re.search("#000|font-family|<style|<metadata|white|#fff", svg)
    assert ">iteration</text>" in svg


def test_what_a_reader_draws_by_hand_follows_the_page_too():
    ax = axes()
    ax.plot([0, 1], [0, 1], label="mine")
    ax.legend(title="a legend with its default frame")
    svg = Picture(ax, alt="A line.").panels[0]
    assert style_of("KLOldNew").color in svg  # the first colour of the palette
    assert ">mine</text>" in svg
    assert "#fff" not in svg and "#000" not in svg


@pytest.mark.parametrize("game", GAMES)
def test_coordinates_keep_one_decimal(game):
    svg = Picture(board(GAMES[game]), alt="A game.").panels[0]
    numbers = re.findall(r" (?:d|x|y)='([^']*)'", svg)
    assert numbers and not any(re.search(r"\.\d\d", text) for text in numbers)


def test_a_board_is_small():
    picture = Picture(board(games.gridworld), alt="A game.")
    assert len(picture.panels[0]) < 16_000


def test_relative_paths_draw_the_same_points():
    ax = axes()
    ax.set(xlim=(0, 1), ylim=(0, 1))
    ax.plot([0.1, 0.5, 0.2, 0.9], [0.3, 0.4, 0.1, 0.8], gid="line")
    expected = ax.transData.transform([[0.1, 0.3], [0.5, 0.4], [0.2, 0.1], [0.9, 0.8]]) * 0.72
    svg = Picture(ax, alt="A line.").panels[0]
    start, *steps = re.search(r"d='M([^']*)' [^>]*stroke='#0072b2'", svg)[1].split("l")
    pairs = [re.findall(r"-?[\d.]+", step) for step in (start, *steps)]
    points = np.cumsum(np.array(pairs, dtype=float), axis=0)
    height = float(re.search(r"viewBox='0 0 [\d.]+ ([\d.]+)'", svg)[1])
    expected = ax.transData.transform([[0.1, 0.3], [0.5, 0.4], [0.2, 0.1], [0.9, 0.8]])
    expected *= 72 / ax.figure.dpi
    np.testing.assert_allclose(points, np.c_[expected[:, 0], height - expected[:, 1]], atol=0.06)


def test_no_identifier_repeats_on_a_page():
    curves = {"Zero": ([0, 1, 3], None)}
    still = plot_learning_curves(curves, title="still")
    layers = [still, plot_iterate("Zero", 1, 1, ax=layer_over(still))]
    one = Picture(plot_learning_curves(curves), layers, alt="Two panels.").html
    two = Picture(plot_learning_curves(curves, title="other"), alt="One panel.").html
    pages = [html[html.index("<div") :] for html in (one, two)]
    ids = [re.findall(r" id='([^']*)'", page) for page in pages]
    assert ids[0] and ids[1] and not set(ids[0]) & set(ids[1])
    for page, known in zip(pages, ids, strict=True):
        assert len(set(known)) == len(known)
        assert set(re.findall(r"#(mb-[\w-]+)", page)) == set(known)


def test_a_figure_is_drawn_once_in_each_place():
    drawn, ax = Drawings(), axes()
    ax.plot([0, 1], marker="o")
    first = drawn.svg(ax)
    assert drawn.svg(ax) is first and drawn.svg([axes(), ax]) != first
    assert "mb-ID-0-" in first and "mb-ID-1-" in drawn.svg(ax, "1")


def test_a_hollow_mark_and_a_filled_one_share_their_outline():
    ax = axes()
    ax.plot(0, 0, **OLD)
    ax.plot(1, 1, **NEW)
    drawn = Picture(ax, alt="Two marks.").panels[0]
    identifiers = re.findall(" id='([^']*)'", drawn)
    assert len(identifiers) == len(set(identifiers))
    assert set(re.findall("href='#([^']*)'", drawn)) <= set(identifiers)
    assert drawn.count("<use ") >= 2


def test_the_image_for_untrusted_notebooks_is_the_same_drawing():
    picture = Picture(board(games.tabular), alt="Five tables & two ends.")
    address = re.search(r'src="data:image/svg\+xml,([^"]*)"', picture.html)[1]
    words = [node.text for node in ElementTree.fromstring(unquote(unescape(address))).iter()]
    assert {"left", "right", "0.0"} <= set(words)
    assert picture.html.count("Five tables &amp; two ends.") == 2


def test_a_picture_shows_itself():
    picture = Picture(axes(), alt="Nothing yet.")
    assert picture._repr_mimebundle_() == {
        "text/plain": "Picture: Nothing yet.",
        "text/html": picture.html,
    }


@pytest.mark.parametrize(
    ("drawings", "alt", "error", "words"),
    [
        ((), "A game.", ValueError, "at least one drawing"),
        (("circle",), "A game.", TypeError, "found str"),
        ((axes(),), " ", ValueError, "alt is ' '"),
        ((axes(),), None, ValueError, "alt is None"),
    ],
)
def test_pictures_refuse_what_cannot_be_shown(drawings, alt, error, words):
    with pytest.raises(error, match=words):
        Picture(*drawings, alt=alt)


def test_a_layer_lies_exactly_over_its_axes():
    still = plot_learning_curves({"Zero": ([0, 10, 30], None)}, title="still")
    moving = plot_iterate("Zero", 1, 10, ax=layer_over(still))
    for point in ([0, 0], [2, 30]):
        np.testing.assert_allclose(
            still.transData.transform(point), moving.transData.transform(point), atol=1e-9
        )
    svg = Picture([still, moving], alt="A curve and a mark.").panels[0]
    assert ElementTree.fromstring(svg) is not None
    assert svg.count("<svg") == svg.count("</svg>") == 1
    assert len(svg) > len(Picture(still, alt="A curve.").panels[0])


# games


@pytest.mark.parametrize("game", GAMES)
def test_every_state_shows_its_value_or_its_name(game):
    mdp = GAMES[game]()
    v = evaluate(mdp, policies.uniform(mdp)).v
    shown = [text.get_text().replace("\n", " ") for text in board(GAMES[game]).texts]
    for s in range(mdp.n_states):
        assert (mdp.state_names[s] if mdp.terminal[s] else short_number(v[s])) in shown


def test_an_arrow_is_as_long_as_its_action_is_probable():
    mdp = games.gridworld()
    pi = np.tile([0.4, 0.1, 0.5, 0.0], (mdp.n_states, 1))
    paths = board(games.gridworld, pi).collections[0].get_paths()
    arrows = [path for path in paths if len(path.vertices) == 7]
    s = next(s for s in range(mdp.n_states) if not mdp.terminal[s])
    centre = mdp.layout.positions[s] - (0, 0.12)
    right, up, left = (np.abs(arrow.vertices - centre).max() for arrow in arrows[:3])
    assert len(arrows) == 3 * np.count_nonzero(~mdp.terminal)
    np.testing.assert_allclose(np.diff([up, right, left]) / REACH, [0.3, 0.1])


def test_a_bar_is_as_long_as_its_action_is_probable():
    pi = np.array([[0.5, 0.25, 0.25, 0, 0], [0.2] * 5])
    paths = board(games.single_step, pi).collections[0].get_paths()
    lengths = [np.ptp(path.vertices[:, 0]) for path in paths[1:11]]
    np.testing.assert_allclose(np.array(lengths[1::2]) / lengths[0], pi[0], atol=1e-12)


def test_colours_run_between_the_limits():
    mdp = games.tabular()
    v = evaluate(mdp, policies.uniform(mdp)).v
    fills = plot_game_values(mdp, v, limits=(-6.666, 20)).collections[0].get_facecolors()
    np.testing.assert_allclose(fills[1], COLOURS(0.0), atol=0.01)
    assert luminance(fills[5][:3]) < luminance(COLOURS(0.6)[:3])


@pytest.mark.parametrize(
    ("columns", "decimals", "shown"), [(5, 1, "−99.9"), (12, 1, "−99.9"), (12, 0, "−100")]
)
def test_the_numbers_of_a_board_fit_their_cells(columns, decimals, shown):
    mdp = games.gridworld(shape=(columns, 4))
    ax = plot_game_values(mdp, np.where(mdp.terminal, 0, -99.9), decimals=decimals)
    ax.figure.canvas.draw()
    numbers = [text for text in ax.texts if text.get_text() == shown]
    assert len(numbers) == np.count_nonzero(~mdp.terminal)
    cell = np.diff(ax.transData.transform([(0, 0), (1, 0)])[:, 0])
    assert all(text.get_window_extent().width <= 0.85 * cell for text in numbers)
    usual = {text.get_fontsize() for text in numbers} == {11}
    assert usual == (columns == 5)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"v": [1.0]}, r"v has shape \(1,\), expected \(7,\)"),
        ({"v": [np.nan] * 7}, r"v\[0\] is nan"),
        ({"pi": np.ones((7, 3))}, r"pi\[0\]"),
        ({"limits": (0, np.inf)}, "limits"),
    ],
)
def test_boards_refuse_what_does_not_fit(change, words):
    with pytest.raises(ValueError, match=words):
        plot_game_values(**{"mdp": games.tabular(), "v": np.zeros(7), **change})


def test_a_game_without_a_layout_cannot_be_drawn():
    from mirrorbook import MDP

    mdp = MDP(P=[[[1.0]]], r=[[0.0]], gamma=0.5, d0=[1.0])
    with pytest.raises(ValueError, match="no layout"):
        plot_game_values(mdp, [0.0])


@pytest.mark.parametrize(
    ("value", "words"),
    [(0.25, "0.2"), (-0.04, "0.0"), (-7.4447, "−7.4"), (99.96, "100"), (-146.2, "−146")],
)
def test_numbers_are_short(value, words):
    assert short_number(value) == short_number(np.nextafter(value, np.inf)) == words


# curves


def test_returns_are_solid_and_drifts_dotted_from_the_first_return():
    ax = plot_learning_curves({"KLOldNew": ([1, 2, 3], [0, 0.5, 0.6])}, optimum=4)
    optimum, solid, dotted = ax.lines
    assert list(optimum.get_ydata()) == [4, 4]
    assert list(solid.get_ydata()) == [1, 2, 3]
    assert list(dotted.get_ydata()) == [1, 1.5, 1.6]
    assert (solid.get_linestyle(), dotted.get_linestyle()) == ("-", "--")
    assert dotted.get_marker() == "None"
    assert solid.get_color() == dotted.get_color() == style_of("KLOldNew").color
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("iteration", "return")


def test_what_others_report_is_drawn_as_crosses_at_every_fifth_iteration():
    returns, drift = np.arange(12.0), np.arange(12.0) / 2
    theirs = {"L2Squared": (returns + 1, drift), "Zero": (returns, None)}
    ax = plot_learning_curves({"Zero": (returns, None)}, reference=theirs)
    _, solid, dotted, free = ax.lines
    assert [line.get_marker() for line in (solid, dotted, free)] == ["x"] * 3
    assert list(solid.get_xdata()) == [0, 5, 10]
    assert list(solid.get_ydata()) == [1, 6, 11]
    assert list(dotted.get_ydata()) == [1, 3.5, 6]
    assert list(free.get_ydata()) == [0, 5, 10]


def test_the_legend_names_every_curve():
    ax = plot_learning_curves({drift: ([0, 1], None) for drift in DRIFTS})
    (legend,) = ax.figure.legends
    assert [t.get_text() for t in legend.get_texts()] == [style_of(d).label for d in DRIFTS]
    assert not plot_learning_curves({"Zero": ([0, 1], None)}, legend=False).figure.legends
    (legend,) = plot_learning_curves({"Zero": ([0, 1], [0, 0])}).figure.legends
    assert [text.get_text() for text in legend.get_texts()] == ["no drift", "drift so far"]
    strip = plot_legend(["Zero", "TVSquared"], optimum=False).get_legend()
    words = [text.get_text() for text in strip.get_texts()]
    assert words == ["no drift", "TV²", "return", "drift so far"]
    bare = plot_legend(["Zero"], optimum=False, lines=False).get_legend()
    assert [text.get_text() for text in bare.get_texts()] == ["no drift"]
    crossed = plot_legend(["Zero"], reference="theirs").get_legend()
    assert [text.get_text() for text in crossed.get_texts()][-1] == "theirs"


def test_shortfalls_leave_the_panel_where_they_fall_below_its_floor():
    ax = plot_shortfalls({"KLOldNew": [10, 0.1, 0.02], "Zero": [10, 1e-16, 0]}, floor=0.01)
    slow, fast = ax.lines
    assert list(slow.get_ydata()) == [10, 0.1, 0.02]
    assert fast.get_ydata()[0] == 10 and fast.get_ydata()[1:].max() < ax.get_ylim()[0] == 0.01
    assert slow.get_color() == style_of("KLOldNew").color
    assert (ax.get_yscale(), ax.get_xlabel()) == ("log", "iteration")


@pytest.mark.parametrize(
    ("lacking", "floor", "words"),
    [
        ([1, np.inf], 0.1, r"shortfall of no drift\[1\] is inf"),
        ([1, 0], 0, "floor is 0, expected a positive number"),
    ],
)
def test_shortfalls_refuse_what_has_no_place_on_the_scale(lacking, floor, words):
    with pytest.raises(ValueError, match=words):
        plot_shortfalls({"Zero": lacking}, floor)


@pytest.mark.parametrize(
    ("returns", "drift", "words"),
    [
        ([0, np.nan], None, r"returns of no drift\[1\] is nan"),
        ([0, 1], [0, 1, 2], r"cumulative drift of no drift has shape \(3,\), expected \(2,\)"),
    ],
)
def test_curves_refuse_what_does_not_fit(returns, drift, words):
    with pytest.raises(ValueError, match=words):
        plot_learning_curves({"Zero": (returns, drift)})
