"""The batch estimator (6), on- and off-policy (Appendix E), and its mean without sampling."""

from dataclasses import dataclass

import numpy as np

from ..drifts import Drift
from ..simplex import check_finite, check_numbers, check_rows, check_shape, check_weights
from .batches import Batch, check_batch


@dataclass(frozen=True)
class Estimate:
    """A mean over a batch.

    Attributes
    ----------
    value : float
    standard_error : float
        Standard deviation of `value` if the pairs are independent; NaN for a single pair.
    """

    value: float
    standard_error: float


def estimate(batch: Batch, new, old, q, drift: Drift, nu_over_beta=1.0, adv=None) -> Estimate:
    """1/|B| sum_{(s,a) in B} [p(a|s) / pi_B(a|s) Q(s,a) - nu(s) / beta(s) D_old(p|s)]  (Eq. (6)).

    Parameters
    ----------
    batch : Batch
        With pi_B = old on-policy; off-policy with the probabilities of the policies that stored
        the pairs (Appendix E).
    new, old : (S, A) arrays
        The candidate p and the old policy.
    q : (S, A) array, or (B,) array
        Q_old, or A_old, of every pair there is, or a number for each pair of the batch.
    drift : Drift
    nu_over_beta : float or (S,) array
        Must be known: 1 where nu = beta.
    adv : (S, A) array, optional
        Advantages of the old policy, for drifts that depend on them.

    Returns
    -------
    Estimate
        Its mean is E_beta [M^new V](s), see `mirror_operator`, under the conditions named in
        `mirrorbook.sampling`.

    Raises
    ------
    TypeError, ValueError
        If an array is not of its shape or not finite, or the batch holds other states or actions.

    Examples
    --------
    >>> from mirrorbook.drifts import L2Squared
    >>> batch = Batch(np.array([0, 0]), np.array([0, 1]), np.array([0.5, 0.5]))
    >>> old, new = np.array([[0.5, 0.5]]), np.array([[1.0, 0.0]])
    >>> estimate(batch, new, old, np.array([[4.0, 0.0]]), L2Squared()).value
    3.5
    """
    if not isinstance(drift, Drift):
        raise TypeError(f"drift must be a Drift, found {type(drift).__name__}")
    cost, new = drift.value(new, old, adv), np.asarray(new)
    check_batch(batch, *new.shape)
    s, a = batch.states, batch.actions
    whole = np.ndim(q) == 2
    q = check_numbers(q, new.shape if whole else s.shape, "q")
    q = q[s, a] if whole else q
    if np.ndim(nu_over_beta) == 0:
        nu_over_beta = np.full(len(new), nu_over_beta)
    weight = check_weights(nu_over_beta, "nu_over_beta")
    check_shape(weight, cost.shape, "nu_over_beta")
    charge = np.multiply(weight, cost, out=np.zeros(len(new)), where=weight > 0)
    terms = new[s, a] / batch.probabilities * q - charge[s]
    error = terms.std(ddof=1) / np.sqrt(len(s)) if len(s) > 1 else np.nan
    return Estimate(float(terms.mean()), float(error))


def expected_value(new, q, behaviours, h, denominators=None) -> np.ndarray:
    """E[p(a|s) / g(s, a) Q(s, a) | s] with pi_i ~ h(.|s), a ~ pi_i(.|s): exact (Appendix E).

        sum_i h(i|s) sum_{a : pi_i(a|s) > 0} pi_i(a|s) p(a|s) / g_i(s, a) Q(s, a)

    Parameters
    ----------
    new, q : (S, A) arrays
    behaviours : (I, S, A) array
        The policies pi_i that stored the pairs.
    h : (I, S) array
        h(i|s), columns that sum to one: how many of the pairs in s are those of pi_i.
    denominators : (I, S, A) or (S, A) array, optional
        What the estimator divides by, g. Default: pi_i, the paper's choice.
        `balance(behaviours, h)` is another one of the same mean and, when every pi_i has full
        support, no larger variance: p / g is then the mean of p / pi_i given (s, a).

    Returns
    -------
    (S,) array
        E_{a~p} Q(s, a) if g_i = pi_i > 0 wherever p Q is not 0.

    Raises
    ------
    TypeError, ValueError
        If an array is not of its shape or not finite, a share h or a probability is negative, or a
        denominator is not positive where pairs come from.

    Examples
    --------
    >>> new, q = np.array([[0.5, 0.5]]), np.array([[1.0, 2.0]])
    >>> behaviours, h = np.array([[[1.0, 0.0]], [[0.5, 0.5]]]), np.array([[0.5], [0.5]])
    >>> expected_value(new, q, behaviours, h)
    array([1.])
    >>> expected_value(new, q, behaviours, h, balance(behaviours, h))
    array([1.5])
    """
    new, q, behaviours, h = _checked(new, q, behaviours, h)
    g = behaviours
    if denominators is not None:
        g = _checked_denominators(denominators, behaviours, h)
    share = np.divide(behaviours, g, out=np.zeros(g.shape), where=g > 0)
    return np.einsum("is,isa,sa,sa->s", h, share, new, q)


def missing_support_bias(new, q, behaviours, h) -> np.ndarray:
    """-sum_i h(i|s) sum_{a : pi_i(a|s) = 0} p(a|s) Q(s, a), what pi_i cannot see.

    Parameters
    ----------
    new, q : (S, A) arrays
    behaviours : (I, S, A) array
    h : (I, S) array

    Returns
    -------
    (S,) array
        `expected_value(new, q, behaviours, h)` minus E_{a~p} Q(s, a).

    Examples
    --------
    >>> new, q = np.array([[0.5, 0.5]]), np.array([[1.0, 2.0]])
    >>> missing_support_bias(new, q, np.array([[[1.0, 0.0]]]), np.ones((1, 1)))
    array([-1.])
    """
    new, q, behaviours, h = _checked(new, q, behaviours, h)
    return -np.einsum("is,isa,sa,sa->s", h, behaviours == 0, new, q)


def balance(behaviours, h) -> np.ndarray:
    """g(s, a) = sum_i h(i|s) pi_i(a|s), the balance denominator.

    Parameters
    ----------
    behaviours : (I, S, A) array
    h : (I, S) array
        h(i|s), *given the state*. With an h that is the same in every state, although the policies
        visit them with different frequencies, the estimator is biased.

    Returns
    -------
    (S, A) array
        It asks for less support than the paper's denominator: some pi_i, not every one, must play
        each action that p plays.

    Raises
    ------
    TypeError, ValueError
        If an array is not of its shape, not finite, or negative somewhere.

    Examples
    --------
    >>> behaviours = np.array([[[1.0, 0.0]], [[0.5, 0.5]]])
    >>> balance(behaviours, np.array([[0.5], [0.5]]))
    array([[0.75, 0.25]])
    """
    behaviours, h = _checked_behaviours(behaviours, h)
    return np.einsum("is,isa->sa", h, behaviours)


def _checked(new, q, behaviours, h):
    new = check_rows(new, "new")
    q, behaviours = check_numbers(q, new.shape, "q"), check_finite(behaviours, "behaviours")
    check_shape(behaviours, (*behaviours.shape[:1], *new.shape), "behaviours")
    return new, q, *_checked_behaviours(behaviours, h)


def _checked_behaviours(behaviours, h):
    behaviours = check_finite(behaviours, "behaviours")
    for i, pi in enumerate(behaviours):
        check_rows(pi, f"behaviours[{i}]")
    h = check_rows(h, "h")
    check_shape(h, behaviours.shape[:2], "h")
    return behaviours, h


def _checked_denominators(denominators, behaviours, h):
    g = check_finite(denominators, "denominators")
    check_shape(g, behaviours.shape if g.ndim == 3 else behaviours.shape[1:], "denominators")
    g = np.broadcast_to(g, behaviours.shape)
    drawn = h[:, :, None] * behaviours > 0
    for i, s, a in np.argwhere(drawn & (g <= 0)).tolist():
        raise ValueError(
            f"denominators is {g[i, s, a]:.6g} in state {s}, action {a}, "
            f"where behaviours[{i}, {s}, {a}] is {behaviours[i, s, a]:.6g}"
        )
    return g
