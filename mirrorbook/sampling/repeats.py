"""The same sampled mirror step many times over: how its outcome is distributed."""

import numpy as np

from ..algorithms import Algorithm
from ..evaluation import expected_return
from ..learning import mirror_step
from ..mdp import MDP
from ..simplex import check_count
from ..updates import Solution, maximise
from .batches import Batch, draw_batch, sample_advantages
from .update import empirical_problem

VALUES = ("walked", "advantage", "action value")


def sampled_steps(
    mdp: MDP,
    pi,
    algorithm: Algorithm,
    size: int,
    repeats: int,
    rng: np.random.Generator,
    values: str = "walked",
) -> list[Solution]:
    """`repeats` independent sampled steps from pi, each from its own batch.

    Parameters
    ----------
    mdp : MDP
    pi : (S, A) array
        Where every step begins.
    algorithm : Algorithm
        Its nu must not depend on the candidate.
    size : int >= 1
        Pairs in a batch.
    repeats : int >= 1
    rng : numpy.random.Generator
    values : str
        What stands for Q_old in (6): "walked", the difference of two walks (`sample_advantages`);
        "advantage" or "action value", A_old or Q_old of the sampled pairs, known exactly.

    Returns
    -------
    list of Solution
        Each of its own empirical problem, see `empirical_problem`.

    Raises
    ------
    TypeError, ValueError
        If `values` is unknown, or an argument is not of its kind.

    Notes
    -----
    A step is that of `SampledUpdate`. The walks of all batches are taken side by side, which is
    many times faster than one batch after another.

    Examples
    --------
    >>> from mirrorbook import ALGORITHMS, games, policies
    >>> mdp = games.single_step()
    >>> rng, pi = np.random.default_rng(0), policies.uniform(mdp)
    >>> steps = sampled_steps(mdp, pi, ALGORITHMS["GPI"], 20, 5, rng)
    >>> [int(step.pi[0].argmax()) for step in steps]
    [4, 0, 0, 0, 0]
    """
    if values not in VALUES:
        raise ValueError(f"values is {values!r}, expected one of {', '.join(map(repr, VALUES))}")
    size, repeats = check_count(size, "size"), check_count(repeats, "repeats")
    exact = mirror_step(mdp, pi, algorithm)
    batch = draw_batch(mdp, pi, exact.problem.beta, size * repeats, rng)
    s, a = batch.states, batch.actions
    if values == "walked":
        numbers = sample_advantages(mdp, pi, s, a, rng)
    else:
        numbers = (exact.evaluation.adv if values == "advantage" else exact.evaluation.q)[s, a]
    steps = []
    for k in range(repeats):
        part = slice(k * size, (k + 1) * size)
        own = Batch(s[part], a[part], batch.probabilities[part])
        steps.append(maximise(empirical_problem(exact.problem, own, numbers[part])))
    return steps


def sampled_gains(
    mdp: MDP,
    pi,
    algorithm: Algorithm,
    size: int,
    repeats: int,
    rng: np.random.Generator,
    values: str = "walked",
) -> np.ndarray:
    """eta(pi_new) - eta(pi) of many independent sampled steps; see `sampled_steps`.

    Parameters
    ----------
    mdp, pi, algorithm, size, repeats, rng, values
        As those of `sampled_steps`.

    Returns
    -------
    (repeats,) array
        In units of reward. The returns are exact, the steps are not.

    Raises
    ------
    TypeError, ValueError
        As `sampled_steps`.

    Examples
    --------
    >>> from mirrorbook import ALGORITHMS, games, policies
    >>> mdp = games.single_step()
    >>> rng, pi = np.random.default_rng(0), policies.uniform(mdp)
    >>> found = sampled_gains(mdp, pi, ALGORITHMS["PPO-KL"], 20, 5, rng)
    >>> found.shape, bool((found > 0).all())
    ((5,), True)
    """
    steps = sampled_steps(mdp, pi, algorithm, size, repeats, rng, values)
    returns = [expected_return(mdp, step.pi) for step in steps]
    return np.array(returns) - expected_return(mdp, pi)
