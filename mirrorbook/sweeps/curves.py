"""The task that most sweeps are made of: a run of mirror learning, a row an iteration."""

from collections.abc import Callable
from itertools import islice

import numpy as np

from ..algorithms import Algorithm
from ..arguments import check_function
from ..evaluation import expected_return
from ..learning import mirror_learning
from ..mdp import MDP
from ..policies import random_policy
from ..simplex import check_count


def learning_curve(
    mdp: MDP,
    algorithm: Algorithm,
    rng: np.random.Generator,
    n_steps: int = 50,
    start: Callable[[MDP, np.random.Generator], np.ndarray] = random_policy,
) -> list[dict]:
    """The returns of a run of mirror learning from a random policy, and the drift it spends.

    Parameters
    ----------
    mdp : MDP
    algorithm : Algorithm
    rng : numpy.random.Generator
        For the start.
    n_steps : int >= 1
    start : callable
        `(mdp, rng) -> (S, A) array`, such as those of `mirrorbook.random_mdps.STARTS`.

    Returns
    -------
    list of dict, n_steps + 1 of them
        `iteration` k, `eta` of pi_k in units of reward, and `drift`, the total drift of the step
        that led there (0 at the start).

    Raises
    ------
    TypeError, ValueError
        As `mirror_learning`, or if `n_steps` is no positive integer, or `start` no function.

    Examples
    --------
    >>> from mirrorbook import ALGORITHMS, games
    >>> rng = np.random.default_rng(0)
    >>> curve = learning_curve(games.tabular(), ALGORITHMS["L2²"], rng, n_steps=2)
    >>> [round(row["eta"], 3) for row in curve]
    [0.306, 9.758, 9.76]
    """
    check_count(n_steps, "n_steps")
    check_function(start, "start")
    pi = start(mdp, rng)
    rows = [dict(iteration=0, eta=expected_return(mdp, pi), drift=0.0)]
    for k, step in enumerate(islice(mirror_learning(mdp, pi, algorithm), n_steps), start=1):
        rows.append(dict(iteration=k, eta=expected_return(mdp, step.pi), drift=step.drift))
    return rows
