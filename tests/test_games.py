"""The games: played move by move on a drawing, and solved by breadth-first search."""

import numpy as np
import pytest
from oracles import grid_optimum

from mirrorbook import games, solve_optimal

# single step


@pytest.mark.parametrize("rewards", [(10, 0, 1, 0, 5), [-2.5], np.array([1, 2])], ids=repr)
def test_single_step_pays_once_and_ends(rewards):
    mdp = games.single_step(rewards)
    np.testing.assert_array_equal(mdp.r, [rewards, [0] * len(rewards)])
    for s in range(2):
        for a in range(len(rewards)):
            np.testing.assert_array_equal(mdp.P[s, a], [0, 1])
    assert mdp.d0.tolist() == [1, 0]
    assert mdp.terminal.tolist() == [False, True]
    assert mdp.gamma == 0
    assert solve_optimal(mdp).v.tolist() == [max(rewards), 0]


def test_single_step_names_and_layout():
    mdp = games.single_step()
    assert mdp.state_names == ("table", "end")
    assert mdp.action_names == ("arm 1", "arm 2", "arm 3", "arm 4", "arm 5")
    assert mdp.layout.positions.tolist() == [[0, 0], [1, 0]]
    assert mdp.layout.shape == (2, 1)
    heights = mdp.layout.moves[:, 1]
    assert (np.diff(heights) < 0).all()  # a fan, the first arm on top
    assert (mdp.layout.moves[:, 0] > 0).all()


def test_the_only_arm_is_drawn_straight_ahead():
    assert games.single_step([3]).layout.moves.tolist() == [[1, 0]]


# tabular


def play_table(n_states, table, action):
    """One move in the row of tables 1, ..., n: where it leads and what it pays."""
    match action:
        case "stay":
            return table, 0.0
        case "left":
            return table - 1, -10 if table == 1 else 0.1
        case "right":
            return table + 1, 10 if table == n_states else -0.1


@pytest.mark.parametrize("n_states", [1, 2, 5, 8])
def test_tabular_is_played_by_its_rules(n_states):
    mdp = games.tabular(n_states)
    assert mdp.P.shape == (n_states + 2, 3, n_states + 2)
    for table in range(1, n_states + 1):
        for a, action in enumerate(mdp.action_names):
            target, reward = play_table(n_states, table, action)
            np.testing.assert_array_equal(mdp.P[table, a], np.eye(n_states + 2)[target])
            assert mdp.r[table, a] == reward


@pytest.mark.parametrize("n_states", [1, 5])
def test_tabular_ends_and_start(n_states):
    mdp = games.tabular(n_states)
    for end in (0, n_states + 1):
        for a in range(3):
            np.testing.assert_array_equal(mdp.P[end, a], np.eye(n_states + 2)[end])
            assert mdp.r[end, a] == 0
    assert np.flatnonzero(mdp.terminal).tolist() == [0, n_states + 1]
    np.testing.assert_array_equal(mdp.d0, [0, *[1 / n_states] * n_states, 0])


def test_tabular_names_and_layout():
    mdp = games.tabular(n_states=2)
    assert mdp.state_names == ("left end", "table 1", "table 2", "right end")
    assert mdp.action_names == ("left", "stay", "right")
    assert mdp.layout.positions.tolist() == [[0, 0], [1, 0], [2, 0], [3, 0]]
    assert mdp.layout.moves.tolist() == [[-1, 0], [0, 0], [1, 0]]
    assert mdp.layout.shape == (4, 1)


def test_tabular_optimum_is_to_walk_right():
    mdp, gamma = games.tabular(), 0.999
    for table in range(1, 6):
        lost = sum(0.1 * gamma**t for t in range(5 - table))
        walk = 10 * gamma ** (5 - table) - lost
        assert solve_optimal(mdp).v[table] == pytest.approx(walk, abs=1e-12)
    assert mdp.d0 @ solve_optimal(mdp).v == pytest.approx(9.780219890022, abs=1e-12)


@pytest.mark.parametrize("game", [games.tabular, games.gridworld])
def test_the_discount_is_an_argument(game):
    assert game().gamma == 0.999
    assert game(gamma=0.5).gamma == 0.5


def test_no_reward_is_a_negative_zero():
    for mdp in (games.single_step(), games.tabular(), games.gridworld()):
        assert not np.signbit(mdp.r[mdp.r == 0]).any()


@pytest.mark.parametrize("count", [np.int8(126), np.uint8(254)], ids=repr)
def test_a_narrow_integer_does_not_overflow(count):
    assert games.tabular(count).n_states == int(count) + 2


# gridworld, on drawings: G goal, B bomb, # barrier, the top row first

PAPER = """....G
           .####
           .....
           .....
           B...."""
OPEN = """.G.
          .B."""
CORRIDOR = "B..G"
COLUMN = "B\n.\nG"
ISLAND = """.#..
            ##.G
            .#B."""
DRAWINGS = {"paper": PAPER, "open": OPEN, "corridor": CORRIDOR, "column": COLUMN, "island": ISLAND}


def read(drawing):
    """What stands on every cell, row by row from the bottom left."""
    lines = drawing.split()[::-1]
    return {(x, y): mark for y, line in enumerate(lines) for x, mark in enumerate(line)}


def arguments(drawing):
    board = read(drawing)
    (goal,) = (cell for cell, mark in board.items() if mark == "G")
    (bomb,) = (cell for cell, mark in board.items() if mark == "B")
    barrier = [cell for cell, mark in board.items() if mark == "#"]
    columns, rows = (1 + max(axis) for axis in zip(*board, strict=True))
    return dict(shape=(columns, rows), goal=goal, bomb=bomb, barrier=barrier)


def play_grid(board, cell, action, wrap):
    """One move on a drawing: the cell it leads to and what it pays."""
    (x, y), line = cell, list(board)
    if wrap and action in ("left", "right"):  # one long row
        place = line.index(cell) + (1 if action == "right" else -1)
        target = line[place] if 0 <= place < len(line) else cell
    else:
        target = dict(right=(x + 1, y), up=(x, y + 1), left=(x - 1, y), down=(x, y - 1))[action]
    if board.get(target, "#") == "#":
        target = cell
    return target, -100 if board[target] == "B" else -1


every_grid = pytest.mark.parametrize("drawing", DRAWINGS.values(), ids=DRAWINGS)
wrapped_or_not = pytest.mark.parametrize("wrap", [False, True])


@every_grid
@wrapped_or_not
def test_gridworld_is_played_by_its_rules(drawing, wrap):
    board = read(drawing)
    mdp = games.gridworld(**arguments(drawing), wrap=wrap)
    cells = [cell for cell, mark in board.items() if mark != "#"]
    assert mdp.P.shape == (len(cells), 4, len(cells))
    for s, cell in enumerate(cells):
        for a, action in enumerate(mdp.action_names):
            target, reward = play_grid(board, cell, action, wrap)
            if board[cell] in "GB":  # play is over
                target, reward = cell, 0
            np.testing.assert_array_equal(mdp.P[s, a], np.eye(len(cells))[cells.index(target)])
            assert mdp.r[s, a] == reward


@every_grid
def test_gridworld_names_start_and_layout(drawing):
    board, mdp = read(drawing), games.gridworld(**arguments(drawing))
    stood_on = {cell: mark for cell, mark in board.items() if mark != "#"}
    called = {"G": "goal", "B": "bomb"}
    assert mdp.state_names == tuple(called.get(mark, str(c)) for c, mark in stood_on.items())
    assert mdp.action_names == ("right", "up", "left", "down")
    free = [mark == "." for mark in stood_on.values()]
    np.testing.assert_array_equal(mdp.terminal, ~np.array(free))
    np.testing.assert_array_equal(mdp.d0, np.array(free) / sum(free))
    np.testing.assert_array_equal(mdp.layout.positions, list(stood_on))
    assert mdp.layout.moves.tolist() == [[1, 0], [0, 1], [-1, 0], [0, -1]]
    assert mdp.layout.shape == arguments(drawing)["shape"]
    assert mdp.layout.walls.tolist() == [list(cell) for cell, mark in board.items() if mark == "#"]


@wrapped_or_not
def test_the_default_grid_is_the_papers(wrap):
    default, drawn = games.gridworld(wrap=wrap), games.gridworld(**arguments(PAPER), wrap=wrap)
    np.testing.assert_array_equal(default.P, drawn.P)
    np.testing.assert_array_equal(default.r, drawn.r)
    np.testing.assert_array_equal(default.d0, drawn.d0)
    assert (default.n_states, np.count_nonzero(default.d0)) == (21, 19)


@pytest.mark.parametrize(
    "shape, barrier",
    [((4, 3), [[1, 1], [2, 1], [3, 1]]), ((3, 2), []), ((1, 4), []), ((3, 1), [])],
)
def test_goal_bomb_and_barrier_of_other_shapes(shape, barrier):
    mdp = games.gridworld(shape)
    position = dict(zip(mdp.state_names, mdp.layout.positions.tolist(), strict=True))
    assert position["bomb"] == [0, 0]
    assert position["goal"] == [shape[0] - 1, shape[1] - 1]
    assert mdp.layout.walls.tolist() == barrier


@every_grid
@wrapped_or_not
def test_gridworld_optimum_is_the_shortest_walk(drawing, wrap):
    mdp = games.gridworld(**arguments(drawing), wrap=wrap)
    walks = grid_optimum(**arguments(drawing), wrap=wrap, gamma=0.999)
    cells = map(tuple, mdp.layout.positions.astype(int).tolist())
    expected = [walks.get(cell, 0.0) for cell in cells]
    # 1e-15 / (1 - gamma) of rewards up to 1000
    np.testing.assert_allclose(solve_optimal(mdp).v, expected, rtol=0, atol=1e-9)


@pytest.mark.parametrize("wrap, optimum", [(False, -7.444704032053), (True, -6.505357366155)])
def test_optimum_of_the_papers_grid_over_its_free_cells(wrap, optimum):
    walks = grid_optimum(**arguments(PAPER), wrap=wrap, gamma=0.999)
    assert len(walks) == 19
    assert np.mean(list(walks.values())) == pytest.approx(optimum, abs=1e-12)
    mdp = games.gridworld(wrap=wrap)
    assert mdp.d0 @ solve_optimal(mdp).v == pytest.approx(optimum, abs=1e-11)


# bad arguments

MALFORMED = [
    (lambda: games.single_step([]), ValueError, r"^rewards has shape \(0,\), expected \(actions,"),
    (lambda: games.single_step(3.0), ValueError, r"^rewards has shape \(\), expected \(actions,"),
    (lambda: games.single_step([[1]]), ValueError, r"^rewards has shape \(1, 1\), expected"),
    (lambda: games.single_step([1, np.inf]), ValueError, r"^rewards\[1\] is inf, not a finite"),
    (lambda: games.single_step("10"), TypeError, r"^rewards must hold real numbers, found dtype"),
    (lambda: games.tabular(0), ValueError, r"^n_states is 0, expected at least 1"),
    (lambda: games.tabular(5.0), TypeError, r"^n_states must be an integer, found 5\.0"),
    (lambda: games.tabular(True), TypeError, r"^n_states must be an integer, found True"),
    (lambda: games.tabular(gamma=1), ValueError, r"^gamma is 1\.0, expected 0 <= gamma < 1"),
    (lambda: games.gridworld(5), TypeError, r"^shape must be a pair of integers .* found 5$"),
    (lambda: games.gridworld((5, 5, 5)), TypeError, r"^shape must be a pair .* \(5, 5, 5\)$"),
    (lambda: games.gridworld((5, 2.0)), TypeError, r"^shape must be a pair .* \(5, 2\.0\)$"),
    (lambda: games.gridworld((0, 5)), ValueError, r"^shape\[0\] is 0, expected at least 1"),
    (lambda: games.gridworld((5, -1)), ValueError, r"^shape\[1\] is -1, expected at least 1"),
    (lambda: games.gridworld(goal=(5, 0)), ValueError, r"^goal is \(5, 0\), outside .* 5 x 5$"),
    (lambda: games.gridworld(goal="top"), TypeError, r"^goal must be a pair .* found 'top'$"),
    (lambda: games.gridworld(goal=(0, 0)), ValueError, r"^goal and bomb are both at \(0, 0\)"),
    (lambda: games.gridworld(goal=(2, 3)), ValueError, r"^goal at \(2, 3\) is inside the barrier"),
    (lambda: games.gridworld(bomb=(0, -1)), ValueError, r"^bomb is \(0, -1\), outside the grid"),
    (lambda: games.gridworld(bomb=None), TypeError, r"^bomb must be a pair .* found None$"),
    (lambda: games.gridworld(bomb=(4, 3)), ValueError, r"^bomb at \(4, 3\) is inside the barrier"),
    (lambda: games.gridworld(barrier=3), TypeError, r"^barrier must be a sequence of .* found 3$"),
    (
        lambda: games.gridworld(barrier=[(1, 1), (1, 5)]), ValueError,
        r"^barrier\[1\] is \(1, 5\), outside the grid of 5 x 5$",
    ),
    (
        lambda: games.gridworld(barrier=[(1, 1), (1, 2, 3)]), TypeError,
        r"^barrier\[1\] must be a pair of integers \(column, row\), found \(1, 2, 3\)$",
    ),
    (lambda: games.gridworld((2, 1)), ValueError, r"^no free cell is left: every cell is goal, "),
    (lambda: games.gridworld((1, 1)), ValueError, r"^goal and bomb are both at \(0, 0\)"),
    (lambda: games.gridworld(wrap=1), TypeError, r"^wrap must be True or False, found 1"),
    (lambda: games.gridworld(gamma="1"), TypeError, r"^gamma must be one real number, found '1'"),
]  # fmt: skip


@pytest.mark.parametrize("call, error, message", MALFORMED)
def test_malformed(call, error, message):
    with pytest.raises(error, match=message) as info:
        call()
    assert info.type is error
