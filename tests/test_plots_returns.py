import numpy as np
import pytest

from mirrorbook.plots import plot_returns, return_axes


def test_a_run_is_drawn_below_the_dashed_optimum_from_a_hollow_to_a_filled_mark():
    ax = plot_returns([0.5, 0.6, 0.7], ax=return_axes(5, (0, 1), 0.9, title="bandit"))
    dashed, path, new, old = ax.lines
    assert set(dashed.get_ydata()) == {0.9}
    np.testing.assert_array_equal(path.get_ydata(), [0.5, 0.6, 0.7])
    assert (list(new.get_xdata()), list(old.get_xdata())) == ([2], [0])
    assert old.get_markerfacecolor() == "none" != new.get_markerfacecolor()
    assert ax.get_title() == "bandit" and ax.get_xlim()[1] > 5 and ax.get_ylim()[0] < 0


def test_a_broken_run_looks_different():
    kept, broken = (plot_returns([0, 1], broken=flag).lines[0] for flag in (False, True))
    assert kept.get_linestyle() == "-" != broken.get_linestyle()
    assert kept.get_color() != broken.get_color()


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="returns"):
        plot_returns([0, np.nan])
    with pytest.raises(ValueError, match="limits are"):
        return_axes(5, (1, 1), 1)
