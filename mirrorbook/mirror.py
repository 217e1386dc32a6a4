r"""The mirror operator and the objective of the update, without any optimisation (Sec. 3).

Fix an old policy pi with values Q, A, a drift D, a drift distribution nu and a sampling
distribution beta.  The mirror operator values a candidate p at every state,

    [M^p V](s) = E_{a~p} Q(s, a) - nu(s) / beta(s) * D_pi(p|s),

and the update of Definition 3 maximises its beta-average over a neighbourhood N(pi):

    pi_new in argmax_{p in N(pi)}  E_{s~beta} [M^p V](s)                                  (5)

Replacing Q by A subtracts the constant E_beta V.  What the package maximises is therefore

    F(p) = sum_s beta(s) E_{a~p} A(s, a) - sum_s nu(s) D_pi(p|s),        F(pi) = 0,

so that F(pi_new) is what the step gains.  (The authors' slides print beta / nu in the operator;
only nu / beta makes the beta-average of the second term the total drift D^nu.)

The definition lets nu depend on the candidate p.  Such a nu is a *rule*, a function
`(new, charge) -> (S,)` of the candidate and of what each of its rows is charged, D_old(new|s):
trust-region learning puts all weight on the state that is charged most.
"""

import numpy as np

from .simplex import check_numbers, check_shape, check_weights


def weights_at(nu, new, charge) -> np.ndarray:
    """nu^new_old, the drift distribution at a candidate.

    Parameters
    ----------
    nu : (S,) array or rule
        A drift distribution; a rule is a function `(new, charge) -> (S,)`.
    new : (S, A) array
        The candidate.
    charge : (S,) array
        D_old(new|s).

    Returns
    -------
    (S,) array

    Raises
    ------
    TypeError, ValueError
        If it is not one finite number >= 0 a state.

    Examples
    --------
    >>> def where_it_moved(new, charge):
    ...     return charge / charge.sum()
    >>> weights_at(where_it_moved, new=[[1.0], [1.0]], charge=np.array([0.1, 0.3]))
    array([0.25, 0.75])
    """
    weights = check_weights(nu(new, charge) if callable(nu) else nu, "nu")
    check_shape(weights, np.shape(charge), "nu")
    return weights


def total_drift(new, old, drift, nu, adv=None) -> float:
    """D^nu_old(new) = sum_s nu(s) D_old(new|s), over the states that nu charges.

    Parameters
    ----------
    new, old : (S, A) arrays
    drift : Drift
    nu : (S,) array or rule
        Drift distribution.
    adv : (S, A) array, optional
        Advantages of the old policy, for drifts that depend on them.

    Returns
    -------
    float
        Infinite if the drift is, somewhere that nu charges.

    Raises
    ------
    TypeError, ValueError
        If an array is not of its shape or kind, or not finite.

    Examples
    --------
    >>> from mirrorbook.drifts import L2Squared
    >>> old, new = np.array([[0.5, 0.5], [0.5, 0.5]]), np.array([[1.0, 0.0], [0.0, 1.0]])
    >>> total_drift(new, old, L2Squared(), np.array([0.25, 0.0]))
    0.125
    """
    charge = drift.value(new, old, adv)
    weight = weights_at(nu, new, charge)
    charged = weight > 0  # 0 times an infinite drift is 0 here, not NaN
    return float(weight[charged] @ charge[charged])


def objective(new, old, adv, drift, beta, nu) -> float:
    """F(new) = sum_s beta(s) E_{a~new} A(s, a) - D^nu_old(new), zero at new = old.

    Parameters
    ----------
    new, old, adv : (S, A) arrays
        Candidate, old policy, and the advantages of the old policy.
    drift : Drift
    beta : (S,) array
        Sampling distribution.
    nu : (S,) array or rule
        Drift distribution.

    Returns
    -------
    float

    Raises
    ------
    TypeError, ValueError
        If an array is not of its shape or kind, or not finite.

    Examples
    --------
    >>> from mirrorbook.drifts import L2Squared
    >>> old, new = np.array([[0.5, 0.5]]), np.array([[1.0, 0.0]])
    >>> beta = nu = np.array([1.0])
    >>> objective(new, old, np.array([[2.0, -2.0]]), L2Squared(), beta, nu)
    1.5
    """
    adv, beta = check_numbers(adv, np.shape(new), "adv"), check_weights(beta, "beta")
    check_shape(beta, np.shape(new)[:1], "beta")
    return float(beta @ (new * adv).sum(axis=1)) - total_drift(new, old, drift, nu, adv)


def mirror_operator(new, old, q, drift, beta, nu, adv=None) -> np.ndarray:
    """[M^new V](s) = E_{a~new} Q(s, a) - nu(s) / beta(s) D_old(new|s).

    Parameters
    ----------
    new, old, q : (S, A) arrays
    drift : Drift
    beta : (S,) array
        Sampling distribution; must be positive wherever nu is.
    nu : (S,) array or rule
        Drift distribution.
    adv : (S, A) array, optional
        Advantages of the old policy, for drifts that depend on them.

    Returns
    -------
    (S,) array
        In units of reward.

    Raises
    ------
    TypeError, ValueError
        If nu charges a state that beta does not sample, or an array is not of its shape or kind.

    Examples
    --------
    >>> from mirrorbook.drifts import L2Squared
    >>> old, new = np.array([[0.5, 0.5]]), np.array([[1.0, 0.0]])
    >>> mirror_operator(new, old, np.array([[4.0, 0.0]]), L2Squared(), np.ones(1), np.ones(1))
    array([3.5])
    """
    q, beta = check_numbers(q, np.shape(new), "q"), check_weights(beta, "beta")
    check_shape(beta, np.shape(new)[:1], "beta")
    charge = drift.value(new, old, adv)
    nu = weights_at(nu, new, charge)
    lost = np.flatnonzero((nu > 0) & (beta == 0))
    if lost.size:
        raise ValueError(f"beta[{lost[0]}] is 0 but nu[{lost[0]}] is {nu[lost[0]]:.6g}")
    charged = nu > 0  # 0 times an infinite drift is 0 here, not NaN
    weight = np.divide(nu, beta, out=np.zeros(len(new)), where=charged)
    cost = np.multiply(weight, charge, out=np.zeros(len(new)), where=charged)
    return (new * q).sum(axis=1) - cost
