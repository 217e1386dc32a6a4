"""Rows of policies on which costs are tried: the systematic ones first, then random ones."""

import numpy as np

LEAST = 1e-3
"""Smallest probability in a row that counts as interior: far above every step that is taken."""


def interior_rows(n_actions: int, rng=None, n_random: int = 3) -> np.ndarray:
    """Rows that play every action: equal, lopsided, next to a corner; and random ones.

    Parameters
    ----------
    n_actions : int
    rng : numpy Generator, optional
        Without it there are no random rows.
    n_random : int

    Returns
    -------
    (n, A) array

    Examples
    --------
    >>> interior_rows(2)
    array([[0.5  , 0.5  ],
           [0.9  , 0.1  ],
           [0.1  , 0.9  ],
           [0.999, 0.001]])
    """
    if n_actions == 1:
        return np.ones((1, 1))
    favourite = np.full((n_actions, n_actions), 0.1 / (n_actions - 1))
    np.fill_diagonal(favourite, 0.9)
    corner = np.full((1, n_actions), LEAST)
    corner[0, 0] = 1 - LEAST * (n_actions - 1)
    rows = [np.full((1, n_actions), 1 / n_actions), favourite, corner]
    if rng is not None:
        floor = LEAST * np.ones(n_actions)
        rows.append(floor + (1 - floor.sum()) * rng.dirichlet(np.ones(n_actions), n_random))
    return np.concatenate(rows)


def boundary_rows(n_actions: int, rng=None, n_random: int = 3) -> np.ndarray:
    """Rows that leave an action out: corners, edges' middles, lopsided ones; and random ones.

    Parameters
    ----------
    n_actions : int
    rng : numpy Generator, optional
        Without it there are no random rows.
    n_random : int

    Returns
    -------
    (n, A) array

    Examples
    --------
    >>> boundary_rows(2)
    array([[1., 0.],
           [0., 1.]])
    """
    corners = np.eye(n_actions)
    if n_actions == 1:
        return np.empty((0, 1))
    if n_actions == 2:
        return corners
    following = np.roll(corners, 1, axis=1)
    rows = [corners, 0.5 * corners + 0.5 * following, 0.9 * corners + 0.1 * following]
    if rng is not None:
        some = interior_rows(n_actions - 1, rng, n_random)[-n_random:]
        rows.append(np.insert(some, rng.integers(n_actions), 0.0, axis=1))
    return np.concatenate(rows)


def action_values(n_actions: int, rng=None, n_random: int = 2) -> np.ndarray:
    """Q-values, whose differences from their mean are advantages: single good and bad actions.

    Parameters
    ----------
    n_actions : int
    rng : numpy Generator, optional
        Without it there are no random ones.
    n_random : int

    Returns
    -------
    (n, A) array
        Between -1 and 1, the first of them zero.

    Examples
    --------
    >>> action_values(2)
    array([[ 0.,  0.],
           [ 1.,  0.],
           [ 0.,  1.],
           [-1., -0.],
           [-0., -1.]])
    """
    corners = np.eye(n_actions)
    rows = [np.zeros((1, n_actions)), corners, -corners]
    if n_actions > 2:
        rows.append(np.linspace(-1, 1, n_actions)[None])
    if rng is not None:
        rows.append(rng.uniform(-1, 1, (n_random, n_actions)))
    return np.concatenate(rows)
