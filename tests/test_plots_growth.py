"""Figures of growing costs: what is drawn, and what is refused."""

import pytest

from mirrorbook.plots import plot_growth


def test_each_cost_has_its_own_look_and_the_limit_is_dashed():
    costs = {name: ([10, 100], [1.0, 10.0 + i]) for i, name in enumerate("abc")}
    ax = plot_growth(costs, ("limit", [10, 100], [0.1, 1.0]), "seconds", "title")
    lines = ax.lines
    assert [line.get_label() for line in lines] == ["a", "b", "c", "limit"]
    assert len({(line.get_color(), line.get_marker()) for line in lines}) == 4
    assert lines[-1].get_linestyle() == "--"
    assert (ax.get_xscale(), ax.get_yscale(), ax.get_ylabel()) == ("log", "log", "seconds")
    assert lines[1].get_ydata().tolist() == [1.0, 11.0]


@pytest.mark.parametrize(
    "values, message",
    [
        ([1.0], r"^a has shape \(1,\), expected \(2,\)"),
        ([1.0, 0.0], r"^a\[1\] is 0, expected a positive number"),
        ([1.0, float("nan")], r"^a\[1\] is nan, not a finite number"),
    ],
)
def test_malformed(values, message):
    with pytest.raises(ValueError, match=message):
        plot_growth({"a": ([10, 100], values)}, ("limit", [10], [1.0]), "s")
