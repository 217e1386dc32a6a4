"""How the estimator (6) misses its mean, in exact fractions (Appendix E).

What can be missing: support; a draw that is blind to the action; a candidate that was fixed before
the batch (it may have been maximised on it, or fitted to it); and, with the balance denominator, an
h that knows the state.
"""

from collections.abc import Callable
from dataclasses import dataclass
from fractions import Fraction
from itertools import product
from types import MappingProxyType

HALF = Fraction(1, 2)
THREE_TO_ONE = Fraction(3, 4), Fraction(1, 4)


@dataclass(frozen=True)
class Failure:
    """An estimator that is off.

    Attributes
    ----------
    why : str
        Which condition is missing.
    truth : Fraction
        What it is meant to estimate.
    mean : Fraction
        Its mean, over every batch that can be drawn.
    """

    why: str
    truth: Fraction
    mean: Fraction

    @property
    def bias(self) -> Fraction:
        """mean - truth."""
        return self.mean - self.truth


def missing_support() -> Failure:
    """The stored policy never plays the second action: its half of E_p Q is not seen.

    Returns
    -------
    Failure
        For p = (1/2, 1/2), pi_hist = (1, 0) and Q = (1, 2).

    Examples
    --------
    >>> print(missing_support().truth, missing_support().mean)
    3/2 1/2
    """
    p, stored, q = (HALF, HALF), (1, 0), (1, 2)
    truth = sum(p[a] * q[a] for a in (0, 1))
    seen = (a for a in (0, 1) if stored[a] > 0)
    mean = sum(stored[a] * p[a] / stored[a] * q[a] for a in seen)
    return Failure("pi_hist(a|s) = 0 where p(a|s) Q(s, a) is not", truth, Fraction(mean))


def prioritised() -> Failure:
    """What is drawn looks at the action: of two stored pairs, the one of larger |Q|.

    Returns
    -------
    Failure
        For p = pi_hist = (1/2, 1/2) and Q = (1, 0).

    Examples
    --------
    >>> print(prioritised().truth, prioritised().mean)
    1/2 3/4
    """
    p, q = (HALF, HALF), (1, 0)
    drawn = [max(pair, key=lambda a: abs(q[a])) for pair in product((0, 1), repeat=2)]
    estimates = [p[a] / HALF * q[a] for a in drawn]
    return Failure("the draw looks at the action", p[0] * q[0] + p[1] * q[1], _mean(estimates))


def maximised_on_the_batch(size: int = 4) -> Failure:
    """The largest of unbiased estimates is not unbiased: p maximises the estimate it is judged by.

    Two actions are played half the time each and pay 1 or -1, heads or tails: Q = (0, 0), and no
    p has a value other than 0.

    Parameters
    ----------
    size : int >= 1
        Pairs in a batch; 4^size batches are enumerated.

    Returns
    -------
    Failure

    Examples
    --------
    >>> print(maximised_on_the_batch().truth, maximised_on_the_batch().mean)
    0 3/8
    """
    batches = list(product(product((0, 1), (-1, 1)), repeat=size))
    # an estimate is linear in p: its maximum over the policies is that over the two actions
    estimates = [
        max(sum((reward / HALF for b, reward in batch if b == a), Fraction(0)) for a in (0, 1))
        / size
        for batch in batches
    ]
    return Failure("p was chosen to maximise the estimate", Fraction(0), _mean(estimates))


def fitted_to_the_batch(size: int = 4) -> Failure:
    """The same with Q known exactly: p imitates the batch, and is then judged by it.

    Two actions are played half the time each, Q = (1, 0), and p(a) is the share of action a in
    the batch. On average over the batches p has value 1/2.

    Parameters
    ----------
    size : int >= 1
        Pairs in a batch; 2^size batches are enumerated.

    Returns
    -------
    Failure

    Examples
    --------
    >>> print(fitted_to_the_batch().truth, fitted_to_the_batch().mean)
    1/2 5/8
    """
    q, truths, estimates = (1, 0), [], []
    for batch in product((0, 1), repeat=size):
        p = [Fraction(batch.count(a), size) for a in (0, 1)]
        truths.append(p[0] * q[0] + p[1] * q[1])
        estimates.append(sum(p[a] / HALF * q[a] for a in batch) / size)
    return Failure("p was fitted to the batch", _mean(truths), _mean(estimates))


def unconditional_balance() -> Failure:
    """The balance denominator with one h for all states.

    Policy 0 plays (3/4, 1/4) and policy 1 (1/4, 3/4), everywhere. Each stored half of the pairs,
    but 3/4 of those in state 0 are of policy 0: h(.|s_0) = (3/4, 1/4), while h = (1/2, 1/2).

    Returns
    -------
    Failure
        Of E_p Q in state 0, for p = Q = (1, 0).

    Examples
    --------
    >>> print(unconditional_balance().truth, unconditional_balance().mean)
    1 5/4
    """
    plays_first, h_given_state, h = THREE_TO_ONE, THREE_TO_ONE, (HALF, HALF)
    denominator = sum(h[i] * plays_first[i] for i in (0, 1))
    mean = sum(h_given_state[i] * plays_first[i] / denominator for i in (0, 1))
    return Failure("the denominator's h does not depend on the state", Fraction(1), mean)


FAILURES: MappingProxyType[str, Callable[[], Failure]] = MappingProxyType(
    {
        "missing support": missing_support,
        "prioritised draw": prioritised,
        "maximised on the batch": maximised_on_the_batch,
        "fitted to the batch": fitted_to_the_batch,
        "unconditional balance": unconditional_balance,
    }
)
"""Name -> function that enumerates it, read-only."""


def _mean(numbers):
    return sum(numbers, Fraction(0)) / len(numbers)
