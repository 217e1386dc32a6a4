"""The three toy games of Section 7, and any tabular Gymnasium environment, as MDPs.

Every game is a function that returns an `MDP` with names and a drawing layout. The start is
uniform over the states in which there is something to decide.
"""

from collections.abc import Iterable

import numpy as np
import scipy.sparse as sp

from .arguments import check_flag
from .layout import Layout
from .mdp import MDP
from .simplex import check_count, check_finite, check_rectangular

DENSE = 512
"""Up to so many states a grid's transitions are stored dense."""

ARROWS = {"right": (1, 0), "up": (0, 1), "left": (-1, 0), "down": (0, -1)}


def single_step(rewards=(10.0, 0.0, 1.0, 0.0, 5.0)) -> MDP:
    """One decision, then the game is over: a bandit.

    Parameters
    ----------
    rewards : array_like, shape (A,)
        What each action pays.

    Returns
    -------
    MDP
        States: the table and the end. The optimal return is `max(rewards)`.

    Raises
    ------
    TypeError, ValueError
        If `rewards` are not finite real numbers, at least one.

    Examples
    --------
    >>> single_step()
    MDP(2 states, 5 actions, gamma=0, dense)
    """
    rewards = check_finite(rewards, "rewards")
    if rewards.ndim != 1 or rewards.size == 0:
        raise ValueError(f"rewards has shape {rewards.shape}, expected (actions,)")
    n_actions = rewards.size
    P = np.zeros((2, n_actions, 2))
    P[:, :, 1] = 1
    fan = np.linspace(-1, 1, n_actions) if n_actions > 1 else np.zeros(1)
    return MDP(
        P,
        r=np.stack([rewards, np.zeros(n_actions)]),
        gamma=0.0,
        d0=[1.0, 0.0],
        terminal=np.array([False, True]),
        state_names=("table", "end"),
        action_names=tuple(f"arm {a + 1}" for a in range(n_actions)),
        layout=Layout([(0, 0), (1, 0)], np.stack([np.ones(n_actions), -fan], axis=1), (2, 1)),
    )


def tabular(n_states: int = 5, gamma: float = 0.999) -> MDP:
    """A row of tables: small lures to the left, a prize at the right end.

    Left pays +0.1, stay 0, right -0.1; stepping off the left end pays -10 instead and ends the
    game, stepping off the right end pays +10 instead and ends it.

    Parameters
    ----------
    n_states : int >= 1
        Number of tables.
    gamma : float in [0, 1)

    Returns
    -------
    MDP
        States: the left end, the tables from left to right, the right end. With five tables the
        optimal return is 9.780219890022 (the paper rounds it to 9.7).

    Raises
    ------
    TypeError, ValueError
        If `n_states` is not a positive integer, or `gamma` not a discount.

    Examples
    --------
    >>> from mirrorbook import expected_return, solve_optimal
    >>> mdp = tabular()
    >>> round(expected_return(mdp, solve_optimal(mdp).pi), 12)
    9.780219890022
    """
    n_states = check_count(n_states, "n_states")
    n_all = n_states + 2
    inside = np.arange(1, n_states + 1)
    P = np.zeros((n_all, 3, n_all))
    r = np.zeros((n_all, 3))
    for a, (step, reward) in enumerate([(-1, 0.1), (0, 0.0), (1, -0.1)]):
        P[inside, a, inside + step] = 1
        r[inside, a] = reward
    r[1, 0] = -10
    r[n_states, 2] = 10
    P[0, :, 0] = P[-1, :, -1] = 1
    start = np.zeros(n_all)
    start[inside] = 1 / n_states
    return MDP(
        P,
        r,
        gamma,
        d0=start,
        terminal=(start == 0),
        state_names=("left end", *(f"table {i}" for i in inside), "right end"),
        action_names=("left", "stay", "right"),
        layout=Layout(
            np.stack([np.arange(n_all), np.zeros(n_all)], axis=1),
            [(-1, 0), (0, 0), (1, 0)],
            (n_all, 1),
        ),
    )


def gridworld(
    shape=(5, 5), goal=None, bomb=(0, 0), barrier=None, gamma: float = 0.999, wrap: bool = False
) -> MDP:
    """A grid with a goal, a bomb and a barrier.

    Actions are right, up, left, down. A move off the grid or into the barrier stays where it is.
    Every step pays -1, stepping on the bomb -100 instead; goal and bomb end the game.

    Parameters
    ----------
    shape : (columns, rows)
    goal, bomb : (column, row), counted from 0 at the bottom left
        Default: goal in the top right corner, bomb in the bottom left one.
    barrier : sequence of (column, row)
        Cells that cannot be entered. Default: the second row from the top but for its leftmost
        cell (none if there are fewer than three rows).
    gamma : float in [0, 1)
    wrap : bool
        If True, moving right from the last column enters the next row above at its first column,
        and moving left from the first column enters the row below at its last, as in the
        authors' published code (an operator-precedence slip there). For comparison.

    Returns
    -------
    MDP
        States: the cells one can stand on, row by row from the bottom left, called "(x, y)",
        "goal" and "bomb"; more than 512 are stored sparse. With the defaults the optimal return
        is -7.444704032053 over the 19
        free cells (the paper says about -7).

    Raises
    ------
    TypeError, ValueError
        If a cell is off the grid, or cells coincide, or no free cell is left.

    Examples
    --------
    >>> gridworld()
    MDP(21 states, 4 actions, gamma=0.999, dense)
    """
    columns, rows = shape = _checked_cell(shape, "shape")
    check_count(columns, "shape[0]")
    check_count(rows, "shape[1]")
    wrap = check_flag(wrap, "wrap")
    goal = (columns - 1, rows - 1) if goal is None else goal
    if barrier is None:
        barrier = [(x, rows - 2) for x in range(1, columns)] if rows > 2 else []
    goal = _checked_cell(goal, "goal", shape)
    bomb = _checked_cell(bomb, "bomb", shape)
    barrier = _checked_cells(barrier, "barrier", shape)
    special = {goal: "goal", bomb: "bomb"}
    if goal == bomb:
        raise ValueError(f"goal and bomb are both at {goal}")
    for cell, name in special.items():
        if cell in barrier:
            raise ValueError(f"{name} at {cell} is inside the barrier")

    targets, cells = _moves(shape, barrier, wrap)
    n_states = len(cells)
    end, explosion = ((cells == cell).all(axis=1) for cell in (goal, bomb))
    terminal = end | explosion
    if terminal.all():
        raise ValueError("no free cell is left: every cell is goal, bomb or barrier")
    targets[terminal] = np.flatnonzero(terminal)[:, None]
    r = np.where(explosion[targets], -100.0, -1.0)
    r[terminal] = 0
    return MDP(
        _certain(targets, n_states),
        r,
        gamma,
        d0=np.where(terminal, 0, 1 / np.count_nonzero(~terminal)),
        terminal=terminal,
        state_names=tuple(special.get((x, y), f"({x}, {y})") for x, y in cells.tolist()),
        action_names=tuple(ARROWS),
        layout=Layout(cells, list(ARROWS.values()), shape, barrier),
    )


def from_gymnasium(env, gamma: float = 0.99) -> MDP:
    """The MDP of a Gymnasium environment that publishes its tabular model.

    Such environments (FrozenLake, CliffWalking, Taxi) hold `env.unwrapped.P[s][a]`, a list of
    `(probability, next state, reward, terminated)`. A transition that terminates leads to one
    extra state, the last one, which is terminal: the model may describe how play would go on from
    the state it names (Taxi does), and an episode that has ended must not.

    Parameters
    ----------
    env : gymnasium.Env
    gamma : float in [0, 1)

    Returns
    -------
    MDP
        With sparse transitions. States are called by their number, the extra one "end". The start
        distribution is `env.unwrapped.initial_state_distrib`.

    Raises
    ------
    TypeError, ValueError
        If the environment has no tabular model, or it is no MDP, or `gamma` is not a discount.

    Examples
    --------
    >>> import gymnasium
    >>> from_gymnasium(gymnasium.make("FrozenLake-v1"))
    MDP(17 states, 4 actions, gamma=0.99, sparse)
    """
    raw = getattr(env, "unwrapped", None)
    for attribute in ("P", "initial_state_distrib"):
        if not hasattr(raw, attribute):
            raise TypeError(f"env has no tabular model: env.unwrapped.{attribute} is missing")
    n_states = len(raw.P)
    if n_states == 0:
        raise ValueError("env.unwrapped.P has no state")
    n_actions = len(raw.P[0])
    end = n_states  # one state of its own for every game that is over
    entries, r = [], np.zeros((n_states + 1, n_actions))
    for s in range(n_states):
        for a in range(n_actions):
            for outcome in raw.P[s][a]:
                probability, target, reward, done = _checked_outcome(outcome, s, a, n_states)
                entries.append((s * n_actions + a, end if done else target, probability))
                r[s, a] += probability * reward
    entries += [(end * n_actions + a, end, 1.0) for a in range(n_actions)]
    row, column, weight = zip(*entries, strict=True)
    P = sp.csr_array((weight, (row, column)), shape=((n_states + 1) * n_actions, n_states + 1))
    return MDP(
        P,
        r,
        gamma,
        d0=np.append(raw.initial_state_distrib, 0.0),
        terminal=np.arange(n_states + 1) == end,
        state_names=(*map(str, range(n_states)), "end"),
    )


def _moves(shape, barrier, wrap):
    """Where each move leads from each cell, (S, 4), and the cells, (S, 2), row by row."""
    columns, rows = shape
    number = np.zeros((rows, columns), dtype=int)
    for x, y in barrier:
        number[y, x] = -1
    y, x = np.nonzero(number == 0)
    number[y, x] = np.arange(len(x))
    targets = np.empty((len(x), len(ARROWS)), dtype=int)
    for a, (right, up) in enumerate(ARROWS.values()):
        to_x, to_y = x + right, y + up
        if wrap and up == 0:  # cells counted one by one, so that the end of a row is no edge
            to_y, to_x = np.divmod(y * columns + to_x, columns)
        inside = (to_x >= 0) & (to_x < columns) & (to_y >= 0) & (to_y < rows)
        to = np.where(inside, number[to_y * inside, to_x * inside], -1)
        targets[:, a] = np.where(to >= 0, to, number[y, x])
    return targets, np.stack([x, y], axis=1)


def _certain(targets, n_states):
    """Transitions that lead to `targets` for certain, sparse if a dense array would be large."""
    if n_states <= DENSE:
        return np.eye(n_states)[targets]
    rows = np.arange(targets.size + 1)
    return sp.csr_array(
        (np.ones(targets.size), targets.ravel(), rows), shape=(targets.size, n_states)
    )


def _checked_cells(cells, name, shape):
    if not isinstance(cells, Iterable):
        raise TypeError(f"{name} must be a sequence of (column, row), found {cells!r}")
    return [_checked_cell(cell, f"{name}[{i}]", shape) for i, cell in enumerate(cells)]


def _checked_cell(cell, name, shape=None):
    """A (column, row) pair of ints inside the grid."""
    pair = check_rectangular(cell, name)
    if pair.shape != (2,) or pair.dtype.kind not in "iu":
        raise TypeError(f"{name} must be a pair of integers (column, row), found {cell!r}")
    x, y = (int(i) for i in pair)
    if shape is not None and not (0 <= x < shape[0] and 0 <= y < shape[1]):
        raise ValueError(f"{name} is {(x, y)}, outside the grid of {shape[0]} x {shape[1]}")
    return x, y


def _checked_outcome(outcome, s, a, n_states):
    if len(outcome) != 4:
        raise ValueError(
            f"env.unwrapped.P[{s}][{a}] holds {outcome!r}, "
            "expected (probability, next state, reward, terminated)"
        )
    if not 0 <= outcome[1] < n_states:
        raise ValueError(
            f"env.unwrapped.P[{s}][{a}] leads to state {outcome[1]}, expected one of {n_states}"
        )
    return outcome
