r"""The return along a direction, and what trust-region learning's bound promises there (Sec. 2.3).

With g(s) = E_{a~new} A_old(s, a) the return changes by

    eta(new) - eta(old) = sum_s rho_new(s) g(s)                    performance difference
                        ~ sum_s rho_old(s) g(s)                    the surrogate
                        >= sum_s rho_old(s) g(s) - C max_s KL(old, new)(s)

rho being improper, and C one of the `CONSTANTS` times max |A_old|.
"""

from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType

import numpy as np

from .drifts import KLOldNew
from .evaluation import evaluate, occupancy
from .mdp import MDP
from .policies import check_policy
from .simplex import check_count, check_number

CONSTANTS = MappingProxyType(
    {
        "paper": lambda gamma: 4 * gamma / (1 - gamma) ** 2,
        "half": lambda gamma: 2 * gamma / (1 - gamma) ** 2,
        "better": lambda gamma: min(
            2 * gamma / (1 - gamma) ** 2, 2 * gamma**0.5 / (1 - gamma) ** 1.5
        ),
        "mixed": lambda gamma: 4 * gamma / (1 - gamma),
    }
)
"""Name -> gamma -> constant of the penalty for max |A| = 1: that of Eq. (2); its half, by Pinsker's
inequality; the smaller of the half and one that grows like (1 - gamma)^(-3/2); and, not a bound in
general, the constant that belongs to the normalised occupancy."""


def gain(mdp: MDP, new, old) -> float:
    """eta(new) - eta(old), as sum_s rho_new(s) g(s): exact also where the difference is small.

    Parameters
    ----------
    mdp : MDP
    new, old : array_like, shape (S, A)

    Returns
    -------
    float
        In units of reward.

    Raises
    ------
    TypeError, ValueError
        If one of them is not a policy of `mdp`.

    Examples
    --------
    >>> from mirrorbook import games, policies
    >>> mdp = games.single_step()
    >>> round(gain(mdp, policies.deterministic(mdp, [0, 0]), policies.uniform(mdp)), 6)
    6.8
    """
    earned = _earned(mdp, new, old)
    return float(occupancy(mdp, new, normalised=False) @ earned)


def surrogate_gain(mdp: MDP, new, old) -> float:
    """sum_s rho_old(s) g(s): the same with the occupancy of the old policy.

    Parameters
    ----------
    mdp : MDP
    new, old : array_like, shape (S, A)

    Returns
    -------
    float
        In units of reward.

    Raises
    ------
    TypeError, ValueError
        If one of them is not a policy of `mdp`.

    Examples
    --------
    >>> from mirrorbook import games, policies
    >>> mdp = games.tabular()
    >>> old = policies.uniform(mdp)
    >>> right = policies.deterministic(mdp, [2] * 7)
    >>> round(gain(mdp, right, old), 3), round(surrogate_gain(mdp, right, old), 3)
    (9.78, 33.901)
    """
    earned = _earned(mdp, new, old)
    return float(occupancy(mdp, old, normalised=False) @ earned)


def _earned(mdp, new, old):
    """g(s) = E_{a~new} A_old(s, a), from the change of the row: an unchanged row earns 0."""
    new, old = check_policy(new, mdp, "new"), check_policy(old, mdp, "old")
    return _earned_by(new, old, evaluate(mdp, old).adv)


def _earned_by(new, old, adv):
    return ((new - old) * adv).sum(axis=1)


@dataclass(frozen=True, eq=False)
class Direction:
    """The policies (1 - t) old + t target, 0 <= t <= 1, and what happens on the way.

    Parameters
    ----------
    mdp : MDP
    old, target : array_like, shape (S, A)

    Raises
    ------
    TypeError, ValueError
        If one of them is not a policy of `mdp`; later, if `t` is not between 0 and 1.

    Examples
    --------
    >>> from mirrorbook import games, policies
    >>> mdp = games.tabular(gamma=0.5)
    >>> way = Direction(mdp, policies.uniform(mdp), policies.deterministic(mdp, [2] * 7))
    >>> [round(float(x), 3) for x in (way.gain(0.1), way.surrogate(0.1), way.guaranteed(0.1))]
    [0.385, 0.385, -0.053]
    """

    mdp: MDP
    old: np.ndarray
    target: np.ndarray

    def __post_init__(self):
        for name in ("old", "target"):
            object.__setattr__(self, name, check_policy(getattr(self, name), self.mdp, name))

    def policy(self, t: float) -> np.ndarray:
        """(1 - t) old + t target, (S, A)."""
        t = _checked_share(t)
        return (1 - t) * self.old + t * self.target

    def gain(self, t: float) -> float:
        """eta(policy(t)) - eta(old), as in `gain`, in units of reward."""
        pi = self.policy(t)
        earned = _earned_by(pi, self.old, self._adv)
        return float(occupancy(self.mdp, pi, normalised=False) @ earned)

    def surrogate(self, t: float) -> float:
        """The surrogate at policy(t), in units of reward: linear in t."""
        return _checked_share(t) * self._slope

    def moved(self, t: float) -> float:
        """max_s KL(old, policy(t))(s); infinite at t = 1 if the target drops an action."""
        return float(KLOldNew().value(self.policy(t), self.old).max())

    def guaranteed(self, t: float, constant: str = "paper") -> float:
        """The surrogate minus C times `moved`, in units of reward; if C = 0, moving is free.

        Parameters
        ----------
        t : float in [0, 1]
        constant : key of `CONSTANTS`

        Returns
        -------
        float
            No more than `gain`, if the constant is a valid one.

        Raises
        ------
        ValueError
            If there is no such constant.
        """
        if constant not in CONSTANTS:
            raise ValueError(f"constant is {constant!r}, expected one of {', '.join(CONSTANTS)}")
        price = CONSTANTS[constant](self.mdp.gamma) * float(np.abs(self._adv).max())
        return self.surrogate(t) - (price * self.moved(t) if price else 0.0)

    @cached_property
    def _slope(self):
        return surrogate_gain(self.mdp, self.target, self.old)

    @cached_property
    def _adv(self):
        return evaluate(self.mdp, self.old).adv


def _checked_share(t):
    t = check_number(t, "t")
    if not 0 <= t <= 1:
        raise ValueError(f"t is {t}, expected 0 <= t <= 1")
    return t


def random_walk(gamma: float = 0.99, reach: int = 60) -> MDP:
    """A walk on the line from its middle: a step outwards costs 1, a step inwards pays 1.

    Under the toss of a fair coin every state is worth 0, and an action's advantage is what it pays.
    Who leans to one side gains at first as often as he loses; later on he is on the wrong side.

    Parameters
    ----------
    gamma : float in [0, 1)
    reach : int >= 1
        The states are the integers from `-reach` to `reach`; a step beyond the ends stays there.

    Returns
    -------
    MDP
        Actions: left and right. Every walk starts at 0, where both pay nothing.

    Raises
    ------
    TypeError, ValueError
        If `reach` is not a positive integer, or `gamma` not a discount.

    Examples
    --------
    >>> from mirrorbook import policies
    >>> mdp = random_walk()
    >>> float(np.abs(evaluate(mdp, policies.uniform(mdp)).v).max())
    0.0
    """
    place = np.arange(-check_count(reach, "reach"), reach + 1)
    P = np.zeros((len(place), 2, len(place)))
    for a, step in enumerate((-1, 1)):
        P[place + reach, a, np.clip(place + step, -reach, reach) + reach] = 1
    return MDP(
        P, r=np.stack([np.sign(place), -np.sign(place)], axis=1), gamma=gamma,
        d0=(place == 0).astype(float), state_names=tuple(map(str, place)),
        action_names=("left", "right"),
    )  # fmt: skip
