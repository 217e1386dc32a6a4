r"""Exact updates that go round in a circle between two bad policies (Theorem 1, Lemma 2).

The game: two states; G pays 1 and leads to the other state, B pays 0 and ends.  With gamma = 0.9
playing G for ever is worth 10 everywhere.  The policies x = (G, B) and y = (B, G) are worth (1, 0)
and (0, 1).  At x, state 2 gains 1.9 by turning to G and state 1 loses 1 by turning to B; an update
that can only turn both rows at once does it, and is at y; and back.
"""

from dataclasses import dataclass
from fractions import Fraction

import numpy as np

from ..algorithms import Algorithm
from ..distributions import fixed
from ..drifts import TVSquared, Zero, total_variation
from ..neighbourhoods import AllPolicies, CoupledMoves, StatewiseBall, as_neighbourhood
from ..simplex import check_number
from .coupled import CoupledChargeUpdate, CoupledMovesUpdate, SlabUpdate
from .games import swap_game
from .replay import Counterexample


@dataclass(frozen=True)
class ApartIsDear:
    r"""A drift distribution that depends on the candidate: moving two rows apart makes both dear.

    nu(1) = nu(2) = w,  nu(end) = 1 - 2 w,  w = least + (1/2 - least) min(1, 2 |t_1 - t_2|),

    t_s = TV(old, new)(s). It is continuous, and charges every state whenever t_1 = t_2, so that
    D^nu is continuous and positive if D is: Definition 1 holds.

    Parameters
    ----------
    least : float, 0 < least < 1/2
        The weight of each of the two states while they move together.

    Raises
    ------
    TypeError, ValueError
        If `least` is no such number.

    Examples
    --------
    >>> rule = ApartIsDear()(None, np.eye(3)[[0, 1, 0], :2])
    >>> rule(np.eye(3)[[1, 1, 0], :2], None)
    array([0.5, 0.5, 0. ])
    """

    least: float = 0.001

    def __post_init__(self):
        least = check_number(self.least, "least")
        if not 0 < least < 0.5:
            raise ValueError(f"least is {least}, expected a number between 0 and 1/2")
        object.__setattr__(self, "least", least)

    def weight(self, apart) -> float:
        """w as a function of |t_1 - t_2|."""
        return self.least + (0.5 - self.least) * min(1.0, 2 * apart)

    def __call__(self, mdp, pi, history=()):
        """The rule at `pi`; see `mirrorbook.distributions`."""

        def rule(new, charge):
            one, other, _ = total_variation(new, pi)
            w = self.weight(abs(one - other))
            return np.array([w, w, 1 - 2 * w])

        return rule


def opposite_moves(new, old, weights) -> bool:
    """|x_1 + x_2| <= 0.2, x_s = new(G|s) - old(G|s): a slab, convex and closed, around `old`.

    Parameters
    ----------
    new, old : (3, 2) arrays
    weights : (3,) array

    Returns
    -------
    bool
    """
    return abs((new - old)[:2, 0].sum()) <= 0.2


def _cycle_numbers(replay):
    return {
        "V before": replay.values[0, :2],
        "V after": replay.values[1, :2],
        "V after two steps": replay.values[2, :2],
        "eta": replay.returns,
        "eta*": replay.best_return,
        "F(new)": [step.objective for step in replay.steps],
    }


def _slab_numbers(replay):
    return {
        "P(G) after": replay.policies[1, :2, 0],
        "V(1)": replay.values[:2, 0],
        "eta at the end": replay.returns[-1],
    }


_X = [[1, 0], [0, 1], [1, 0]]
_BETA = fixed([1 / 3, 1 / 3, 1 / 3])
_CYCLE = {
    "V before": (1, 0),
    "V after": (0, 1),
    "V after two steps": (1, 0),
    "eta": (Fraction(3, 5), Fraction(3, 10), Fraction(3, 5)),
    "eta*": 9,
}
_NU = ApartIsDear()

NU_CYCLE = Counterexample(
    name="nu cycle",
    statement="Lemma 2 and Theorem 1, properties 1 to 4",
    claim="values never fall, and go to the optimum, for every drift distribution of Definition 1",
    what_happens="two exact updates swap the rows and swap them back, for ever; η* is never met",
    missing="the total drift must not rise when a single row is reset: "
    "ν must not make one row's charge depend on the move of another",
    mdp=swap_game(),
    start=_X,
    algorithm=Algorithm(10 * TVSquared(), AllPolicies(), _BETA, nu=_NU, name="nu cycle"),
    n_steps=2,
    numbers=_CYCLE | {"F(new)": (Fraction(7, 25), Fraction(7, 25))},
    measure=_cycle_numbers,
    solver=CoupledChargeUpdate(weight=_NU.weight, steepness=1 - 2 * _NU.least),
    repaired=Algorithm(10 * TVSquared(), AllPolicies(), _BETA, name="nu = beta"),
)

NEIGHBOURHOOD_CYCLE = Counterexample(
    name="neighbourhood cycle",
    statement="Lemma 2 and Theorem 1, properties 1 to 4",
    claim="values never fall, and go to the optimum, for every neighbourhood of Definition 2",
    what_happens="rows that must move together swap, and swap back, for ever; η* is never met",
    missing="N(old) must be closed under resetting a single row",
    mdp=swap_game(),
    start=_X,
    algorithm=Algorithm(Zero(), CoupledMoves(), _BETA, name="neighbourhood cycle"),
    n_steps=2,
    numbers=_CYCLE | {"F(new)": (Fraction(3, 10), Fraction(3, 10))},
    measure=_cycle_numbers,
    solver=CoupledMovesUpdate(),
    repaired=Algorithm(Zero(), StatewiseBall(TVSquared(), 1 / 36), _BETA, name="a product"),
)

CONVEX_NEIGHBOURHOOD = Counterexample(
    name="convex neighbourhood",
    statement="Lemma 2 and Eq. (14)",
    claim="values never fall in any state, for every neighbourhood of Definition 2",
    what_happens="rows that must move in opposite directions: the value of state 1 falls to 0.45",
    missing="N(old) must be closed under resetting a single row; that it is convex does not help",
    mdp=swap_game(),
    start=_X,
    algorithm=Algorithm(Zero(), as_neighbourhood(opposite_moves), _BETA, name="slab"),
    n_steps=40,
    numbers={
        "P(G) after": (Fraction(1, 5), 1),
        "V(1)": (1, Fraction(190, 419)),
        "eta at the end": 9,
    },
    measure=_slab_numbers,
    solver=SlabUpdate(),
    repaired=Algorithm(Zero(), StatewiseBall(TVSquared(), 1 / 100), _BETA, name="a product"),
)
