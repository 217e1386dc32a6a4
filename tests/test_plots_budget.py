import numpy as np
import pytest

from mirrorbook.plots import plot_budget


def test_a_run_is_a_solid_and_a_dotted_line_below_the_dashed_one():
    ax = plot_budget({"L2Squared": ([0, 2, 3], [0, 1, 1.5])}, 4.0, "bandit")
    dashed, earned, charged = ax.lines
    assert set(dashed.get_ydata()) == {4.0}
    np.testing.assert_array_equal(earned.get_ydata(), [0, 2, 3])
    np.testing.assert_array_equal(charged.get_ydata(), [0, 1, 1.5])
    assert earned.get_linestyle() == "-" and charged.get_linestyle() != "-"
    assert earned.get_color() == charged.get_color()
    assert ax.get_title() == "bandit" and ax.get_ylim()[1] > 4


@pytest.mark.parametrize("charged", [[0, 1], [0, 1, np.nan]])
def test_what_does_not_fit_is_refused(charged):
    with pytest.raises(ValueError, match="what L2² was charged"):
        plot_budget({"L2Squared": ([0, 2, 3], charged)}, 4.0)
