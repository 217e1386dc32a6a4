import pytest

from mirrorbook.widgets import path_explorer


@pytest.fixture(scope="module")
def explorer():
    return path_explorer()


def test_every_frame_says_whether_it_arrives(explorer):
    ends = ("It ends at the optimum.", "smaller than a step of the grid.", "than it earns.")
    said = [explorer.describe(**values) for values in explorer.grid]
    assert all(sentence.endswith(ends) for sentence in said)
    assert all(sum(sentence.endswith(end) for sentence in said) >= 12 for end in ends)


def test_one_walk_by_hand(explorer):
    """(0, 0) -> (0, 1) -> (1, 1): 2 * 2 * (0.1 * 1 + 0.8 * 1) = 3.6 of 8.2 - 0.8."""
    said = explorer.describe(start=(0.0, 0.0), radius=1.0, weight=2.0)
    assert said.startswith("2 edges, return 0.8 to 8.2. The path weighs 3.60 of a budget of 7.40")
    assert "(49%)" in said


def test_no_radius_below_the_step_of_the_grid(explorer):
    said = explorer.describe(start=(0.4, 0.0), radius=0.15, weight=2.0)
    assert said.startswith("No edges, return 0.5.") and "smaller than a step" in said
