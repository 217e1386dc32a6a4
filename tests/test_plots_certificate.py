import numpy as np
import pytest

from mirrorbook.plots import certificate_axes, plot_certificate

DECADES = (-3, 2)


def test_marks_stand_at_their_logarithms_and_zero_at_the_lower_end():
    ax = certificate_axes(["one", "two"], DECADES)
    plot_certificate([0.0, 1.0], [0.1, 1.0], [10.0, 1e9], [False, True], DECADES, ax)
    earned, charged, broken = ax.lines[-3:]
    assert earned.get_xdata() == pytest.approx([-1, 0])
    assert charged.get_xdata() == pytest.approx([-3, 0])
    assert list(broken.get_ydata()) == [1]
    ends = [path.vertices[-1, 0] for path in ax.collections[0].get_paths()]
    assert ends == pytest.approx([1, 2])  # what is above the scale stands at its upper end


def test_states_are_read_from_the_top():
    ax = certificate_axes(["one", "two"], DECADES)
    low, high = ax.get_ylim()
    assert low > high
    assert [label.get_text() for label in ax.get_yticklabels()] == ["one", "two"]


def test_what_does_not_fit_is_refused():
    with pytest.raises(ValueError, match="names is empty"):
        certificate_axes([], DECADES)
    with pytest.raises(ValueError, match="increasing"):
        certificate_axes(["one"], (2, 2))
    ax = certificate_axes(["one"], DECADES)
    with pytest.raises(ValueError, match="rise"):
        plot_certificate([0], [0], [0, 1], [False], DECADES, ax)
    with pytest.raises(ValueError, match="charged"):
        plot_certificate([np.inf], [0], [0], [False], DECADES, ax)
