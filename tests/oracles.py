"""Slow, obvious versions of what the package computes fast, and makers of random instances.

Nothing here calls the code it is compared with: sums are loops, linear systems are solved in
fractions, optima are found by value iteration, by enumeration or by breadth-first search.
"""

import math
from collections import deque
from fractions import Fraction
from itertools import product

import numpy as np
import scipy.sparse as sp

from mirrorbook import MDP


def random_mdp(rng, n_states, n_actions, gamma, sparse=False):
    """An MDP with a third of its transitions missing and a start that charges every state."""
    shape = (n_states, n_actions, n_states)
    P = rng.dirichlet(np.ones(n_states), size=shape[:2]) * (rng.random(shape) > 1 / 3)
    P[np.arange(n_states), :, np.arange(n_states)] += 0.1
    P /= P.sum(axis=-1, keepdims=True)
    if sparse:
        P = sp.csr_array(P.reshape(-1, n_states))
    r = rng.normal(size=shape[:2])
    return MDP(P, r, gamma, d0=rng.dirichlet(np.full(n_states, 5.0)))


def random_rows(rng, n_rows, n_actions):
    """Rows of the simplex of every kind: inside, on a face, at a corner, next to the boundary."""
    rows = rng.dirichlet(np.ones(n_actions), size=n_rows)
    for s in range(0, n_rows, 4):
        rows[s] = np.eye(n_actions)[rng.integers(n_actions)]
    for s in range(1, n_rows, 4):
        rows[s, rng.integers(n_actions)] = 0.0 if n_actions > 1 else 1.0
    for s in range(2, n_rows, 4):
        rows[s] **= 8
    return rows / rows.sum(axis=1, keepdims=True)


def dense_transitions(mdp):
    """P[s, a, s'] of an MDP, however it is stored."""
    P = mdp.P.toarray() if sp.issparse(mdp.P) else mdp.P
    return np.reshape(P, (mdp.n_states, mdp.n_actions, mdp.n_states))


def stored_otherwise(mdp):
    """The same MDP, sparse if it was dense and dense if it was sparse."""
    P = dense_transitions(mdp)
    if not sp.issparse(mdp.P):
        P = sp.csr_array(P.reshape(-1, mdp.n_states))
    return MDP(P, mdp.r, mdp.gamma, mdp.d0, mdp.terminal)


def induced_by_loops(mdp, pi):
    """P_pi(s, t) and r_pi(s), summed entry by entry."""
    P, states = dense_transitions(mdp), range(mdp.n_states)
    actions = range(mdp.n_actions)
    chain = [[sum(pi[s, a] * P[s, a, t] for a in actions) for t in states] for s in states]
    reward = [sum(pi[s, a] * mdp.r[s, a] for a in actions) for s in states]
    return np.array(chain), np.array(reward)


def sweeps(gamma):
    """So many sweeps from V = 0 leave an error of at most 1e-16 times the largest value."""
    return math.ceil(math.log(1e-16) / math.log(gamma)) if gamma else 1


def values_by_sweeps(mdp, pi):
    """V_pi by V <- r_pi + gamma P_pi V."""
    chain, reward = induced_by_loops(mdp, pi)
    v = np.zeros(mdp.n_states)
    for _ in range(sweeps(mdp.gamma)):
        v = reward + mdp.gamma * chain @ v
    return v


def values_exactly(mdp, pi):
    """V_pi in fractions: Gauss-Jordan on (I - gamma P_pi) V = r_pi, rounded once at the end."""
    P, n, gamma = dense_transitions(mdp), mdp.n_states, Fraction(mdp.gamma)

    def average(row, numbers):
        return sum(
            (Fraction(float(p)) * Fraction(float(x)) for p, x in zip(row, numbers, strict=True)),
            Fraction(0),
        )

    rows = [
        [(s == t) - gamma * average(pi[s], P[s, :, t]) for t in range(n)]
        + [average(pi[s], mdp.r[s])]
        for s in range(n)
    ]
    for i in range(n):  # an M-matrix: no pivot is zero
        rows[i] = [x / rows[i][i] for x in rows[i]]
        for j in range(n):
            if j != i and rows[j][i]:
                factor = rows[j][i]
                rows[j] = [x - factor * y for x, y in zip(rows[j], rows[i], strict=True)]
    return np.array([float(row[-1]) for row in rows])


def occupancy_by_series(mdp, pi, normalised=True):
    """sum_t gamma^t d P_pi^t, term by term, until what is left is below 1e-17."""
    chain, _ = induced_by_loops(mdp, pi)
    term, total = np.array(mdp.d0), np.zeros(mdp.n_states)
    while term.sum() > 1e-17 * (1 - mdp.gamma):
        total += term
        term = mdp.gamma * term @ chain
    return (1 - mdp.gamma) * total if normalised else total


def optimal_values_by_sweeps(mdp):
    """V* by value iteration, V(s) <- max_a r(s, a) + gamma sum_t P(t|s, a) V(t)."""
    P, v = dense_transitions(mdp), np.zeros(mdp.n_states)
    for _ in range(sweeps(mdp.gamma)):
        v = (mdp.r + mdp.gamma * P @ v).max(axis=1)
    return v


def optimal_values_by_enumeration(mdp):
    """V*, the best of all deterministic policies at every state, evaluated in fractions."""
    rules = product(range(mdp.n_actions), repeat=mdp.n_states)
    return np.max(
        [values_exactly(mdp, np.eye(mdp.n_actions)[list(rule)]) for rule in rules], axis=0
    )


def kl(p, q):
    """KL(p, q) of two rows, by the book."""
    total = []
    for x, y in zip(p, q, strict=True):
        if x > 0 and y == 0:
            return math.inf
        if x > 0:
            total.append(x * (math.log(x) - math.log(y)))
    return math.fsum(total)


def total_variation(p, q):
    """TV(p, q): the largest difference of probability over all events."""
    actions = range(len(p))
    events = product((False, True), repeat=len(p))
    return max(abs(math.fsum(p[a] - q[a] for a in actions if event[a])) for event in events)


COSTS = {
    "Zero": lambda new, old: 0.0,
    "KLOldNew": lambda new, old: kl(old, new),
    "KLNewOld": lambda new, old: kl(new, old),
    "L2Squared": lambda new, old: math.fsum((x - y) ** 2 for x, y in zip(new, old, strict=True)),
    "TVSquared": lambda new, old: total_variation(new, old) ** 2,
}
"""What every drift of the gallery charges for one row."""


def one_sided_slope(function, where, direction, step=1e-7):
    """The derivative of a function of one row along a direction, from one side, order two."""
    at = [function(where + k * step * direction) for k in range(3)]
    return (-3 * at[0] + 4 * at[1] - at[2]) / (2 * step)


def grid_distances(shape, start, exits, barrier, wrap):
    """Moves needed from `start` to every cell by breadth-first search; play ends at `exits`."""
    columns, rows = shape

    def neighbours(cell):
        x, y = cell
        east, west = (x + 1, y), (x - 1, y)
        if wrap and x == columns - 1:
            east = (0, y + 1)
        if wrap and x == 0:
            west = (columns - 1, y - 1)
        for target in (east, west, (x, y + 1), (x, y - 1)):
            on_grid = 0 <= target[0] < columns and 0 <= target[1] < rows
            if on_grid and target not in barrier:
                yield target

    distances, queue = {start: 0}, deque([start])
    while queue:
        cell = queue.popleft()
        if cell in exits:
            continue
        for target in neighbours(cell):
            if target not in distances:
                distances[target] = distances[cell] + 1
                queue.append(target)
    return distances


def grid_optimum(shape, goal, bomb, barrier, wrap, gamma):
    """V* of every free cell of a gridworld: walk to the goal, or to the bomb, or for ever."""
    cells = {(x, y) for x in range(shape[0]) for y in range(shape[1])} - set(barrier)

    def walk(steps):
        return -math.fsum(gamma**t for t in range(steps))

    values = {}
    for cell in cells - {goal, bomb}:
        reached = grid_distances(shape, cell, {goal, bomb}, set(barrier), wrap)
        choices = [-1 / (1 - gamma)]
        if goal in reached:
            choices.append(walk(reached[goal]))
        if bomb in reached:
            last = reached[bomb] - 1
            choices.append(walk(last) - 100 * gamma**last)
        values[cell] = max(choices)
    return values
