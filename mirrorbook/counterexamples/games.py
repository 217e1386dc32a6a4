"""The small MDPs in which the claims break."""

import numpy as np

from ..mdp import MDP
from ..simplex import check_count, check_finite


def bandits(n_states: int = 1, rewards=(1.0, 0.0), gamma=0.0, d0=None) -> MDP:
    """Bandits side by side: every state has the same arms, and what is pulled changes nothing.

    Parameters
    ----------
    n_states : int
    rewards : sequence of float
        Of the arms: a good one that pays 1 and a bad one that pays 0, unless stated.
    gamma : float
    d0 : array_like, shape (S,), optional
        Default: every state is equally often the first.

    Returns
    -------
    MDP
        Whose states never change.

    Raises
    ------
    TypeError, ValueError
        If `n_states` is no positive integer, or `rewards` are not finite real numbers.

    Examples
    --------
    >>> bandits()
    MDP(1 state, 2 actions, gamma=0, dense)
    """
    n_states, rewards = check_count(n_states, "n_states"), check_finite(rewards, "rewards")
    if rewards.ndim != 1 or rewards.size == 0:
        raise ValueError(f"rewards has shape {rewards.shape}, expected (actions,)")
    P = np.repeat(np.eye(n_states)[:, None], len(rewards), axis=1)
    d0 = np.full(n_states, 1 / n_states) if d0 is None else d0
    return MDP(P, np.tile(rewards, (n_states, 1)), gamma, d0)


def side_road() -> MDP:
    """Three choices in a row, of which the first ends the game for a fair price.

    Returns
    -------
    MDP
        first: stop pays 3, or go to middle; middle: stop pays 2, or go to last; last: stop pays 0,
        go pays 10. Every play starts in first; gamma = 0.9, eta* = 0.81 * 10.

    Examples
    --------
    >>> from mirrorbook import solve_optimal
    >>> solve_optimal(side_road()).v.round(9)
    array([ 8.1,  9. , 10. ,  0. ])
    """
    P = np.zeros((4, 2, 4))
    P[:, :, 3] = 1
    P[[0, 1], 1] = np.eye(4)[[1, 2]]
    return MDP(
        P, r=[[3, 0], [2, 0], [0, 10], [0, 0]], gamma=0.9, d0=[1, 0, 0, 0],
        terminal=[False, False, False, True], state_names=("first", "middle", "last", "end"),
        action_names=("stop", "go"),
    )  # fmt: skip


def swap_game() -> MDP:
    """Two states: G pays 1 and leads to the other state, B pays 0 and ends the game.

    Returns
    -------
    MDP
        States 1, 2 and the end; d0 = (0.6, 0.3, 0.1), gamma = 0.9.

    Examples
    --------
    >>> from mirrorbook import solve_optimal
    >>> solve_optimal(swap_game()).v.round(9)
    array([10., 10.,  0.])
    """
    P = np.zeros((3, 2, 3))
    P[0, 0, 1] = P[1, 0, 0] = P[0, 1, 2] = P[1, 1, 2] = 1
    P[2, :, 2] = 1
    return MDP(
        P, r=[[1, 0], [1, 0], [0, 0]], gamma=0.9, d0=[0.6, 0.3, 0.1], terminal=[False, False, True],
        state_names=("1", "2", "end"), action_names=("G", "B"),
    )  # fmt: skip


def trap_game(reward_of_c: float = 0.0) -> MDP:
    """Two choices in a row: a pays 1 and ends, b leads on to c, which pays little, and d, 10.

    Parameters
    ----------
    reward_of_c : float

    Returns
    -------
    MDP
        States s0, s1 and the end; d0 = (0.8, 0.1, 0.1), gamma = 0.9, eta* = 0.8 * 9 + 0.1 * 10.

    Examples
    --------
    >>> from mirrorbook import solve_optimal
    >>> solve_optimal(trap_game()).v.round(9)
    array([ 9., 10.,  0.])
    """
    P = np.zeros((3, 2, 3))
    P[:, :, 2] = 1
    P[0, 1] = [0, 1, 0]
    return MDP(
        P, r=[[1, 0], [reward_of_c, 10], [0, 0]], gamma=0.9, d0=[0.8, 0.1, 0.1],
        terminal=[False, False, True], state_names=("s0", "s1", "end"),
        action_names=("a or c", "b or d"),
    )  # fmt: skip


def exit_game(edge: float = 1e-9) -> MDP:
    """In front one may go back, where a bandit pays 1 or 0, or leave for what that is worth now.

    Parameters
    ----------
    edge : float > 0
        By how much leaving is better than going back to a bandit played at random.

    Returns
    -------
    MDP
        States front, back and the end; gamma = 0.9, every play starts in front.
    """
    P = np.zeros((3, 2, 3))
    P[:, :, 2] = 1
    P[0, 1] = [0, 1, 0]
    return MDP(
        P, r=[[0.45 + edge, 0], [1, 0], [0, 0]], gamma=0.9, d0=[1, 0, 0],
        terminal=[False, False, True], state_names=("front", "back", "end"),
    )  # fmt: skip


def relay_game(gamma: float = 0.1737, rare: float = 1e-12, edge: float = 1e-9) -> MDP:
    """A chain of three states; in the middle one may leave for what staying is worth now.

    Parameters
    ----------
    gamma : float
    rare : float
        How often the start policy plays the good action, 1, in the first and the last state.
    edge : float > 0
        By how much leaving the middle is better than going on to the last state.

    Returns
    -------
    MDP
        States first, middle, last and the end. In the first and the last state action 1 pays 1 and
        action 0 nothing; the first leads to the middle, the last to itself.
    """
    P = np.zeros((4, 2, 4))
    P[0, :, 1] = P[1, 0, 2] = P[1, 1, 3] = P[2, :, 2] = P[3, :, 3] = 1
    leave = gamma * rare / (1 - gamma) + edge
    return MDP(
        P, r=[[0, 1], [0, leave], [0, 1], [0, 0]], gamma=gamma, d0=[1, 0, 0, 0],
        terminal=[False, False, False, True], state_names=("first", "middle", "last", "end"),
    )  # fmt: skip
