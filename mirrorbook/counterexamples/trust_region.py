r"""Trust-region learning against Lemma 2 and against the bound of Theorem 1, property 1.

TRL charges C KL(old, new) in the state where it is largest.  Its exact update moves every row with
a positive advantage to one common level L of KL, so that the worst state is as a rule a tie of
many; yet the whole charge falls on one of them.  With u = E_new A that state has

    M_new - M_old = u - C L / beta,

which is negative as soon as beta is small: Lemma 2 fails.  For the bound of property 1, let all
plays start in that state, and let it gain nothing itself:

    eta(new) - eta(old)  >=  d / beta * C L      fails.

The tie is exact; here the first state wins it, up to rounding.
Values never fall all the same: every row maximises E_p A within KL <= L, so that E_new A >= 0.

With n equal bandits (reward 1 or 0), pi = (1/2, 1/2) and beta = 1/n a row moves by the delta with
1 - 4 delta^2 = 4 C delta, and L = -log(1 - 4 delta^2) / 2.
"""

from fractions import Fraction
from math import log, sqrt

from ..algorithms import Algorithm
from ..distributions import occupancy, uniform, worst_state
from ..drift_rules import TrustRegionPenalty
from ..drifts import KLOldNew
from ..neighbourhoods import AllPolicies
from .games import bandits, exit_game, relay_game
from .relay import Relay
from .replay import Counterexample


def trust_region_learning(drift, beta=occupancy) -> Algorithm:
    """TRL with a constant of your choice.

    Parameters
    ----------
    drift : Drift or drift rule
    beta : callable

    Returns
    -------
    Algorithm
    """
    return Algorithm(drift, AllPolicies(), beta, nu=worst_state, name="TRL")


def _lemma_2_numbers(replay):
    step = replay.steps[0]
    gained = (step.pi[0] * step.evaluation.adv[0]).sum()
    return {
        "P(good)": replay.policies[1, 0, 0],
        "M_new - M_old at the worst state": gained - step.drift / step.beta[0],
        "V_new - V_old": replay.values[1] - replay.values[0],
    }


def _property_1_numbers(replay):
    step = replay.steps[0]
    return {
        "gain": replay.returns[1] - replay.returns[0],
        "bound": replay.mdp.d0[0] / step.beta[0] * step.drift,
    }


def _relay_numbers(replay):
    numbers = _property_1_numbers(replay)
    return {"gain / bound": numbers["gain"] / numbers["bound"], "in 50 digits": Relay().ratio()}


_TIE = "ν must not depend on the candidate; values rise all the same, by another proof"
_GOLDEN = (sqrt(5) - 1) / 4
_HALVES = [0.5, 0.5]

TRL_LEMMA_2 = Counterexample(
    name="TRL against Lemma 2",
    statement="Lemma 2 for TRL with the constant of its own theory",
    claim="the mirror operator rises at every state",
    what_happens="three equal states share the worst level; the one that is charged falls by 0.052",
    missing=_TIE,
    mdp=bandits(3, gamma=0.2),
    start=[_HALVES] * 3,
    algorithm=trust_region_learning(TrustRegionPenalty()),
    n_steps=1,
    numbers={
        "P(good)": 0.5 + _GOLDEN,
        "M_new - M_old at the worst state": _GOLDEN - 0.75 * log((1 + sqrt(5)) / 2),
        "V_new - V_old": (_GOLDEN / 0.8,) * 3,
    },
    measure=_lemma_2_numbers,
    repaired=Algorithm(TrustRegionPenalty(), AllPolicies(), occupancy, name="PPO-KL"),
)

_STEP = (sqrt(1.49) - 0.7) / 2

TRL_PROPERTY_1_UNIFORM = Counterexample(
    name="TRL against property 1, beta uniform",
    statement="Theorem 1, property 1",
    claim="the return rises by at least E_d[ν/β D]",
    what_happens="five equal bandits of which one is ever started in: 0.260 against 0.553",
    missing=_TIE,
    mdp=bandits(5, d0=[1, 0, 0, 0, 0]),
    start=[_HALVES] * 5,
    algorithm=trust_region_learning(0.7 * KLOldNew(), uniform),
    n_steps=1,
    numbers={"gain": _STEP, "bound": -5 * 0.7 / 2 * log(1 - 4 * _STEP**2)},
    measure=_property_1_numbers,
    repaired=Algorithm(0.7 * KLOldNew(), AllPolicies(), uniform, name="PPO-KL"),
)

TRL_PROPERTY_1_OCCUPANCY = Counterexample(
    name="TRL against property 1, beta the occupancy",
    statement="Theorem 1, property 1",
    claim="the return rises by at least E_d[ν/β D]",
    what_happens="the front turns away from the back as the back improves: 0.036 against 0.052",
    missing=_TIE,
    mdp=exit_game(),
    start=[_HALVES] * 3,
    algorithm=trust_region_learning(0.010125 * KLOldNew()),
    n_steps=1,
    numbers={"gain": Fraction(9, 250), "bound": 81 / 800 * log(5 / 3)},
    measure=_property_1_numbers,
    repaired=Algorithm(0.010125 * KLOldNew(), AllPolicies(), occupancy, name="PPO-KL"),
    tolerance=1e-8,  # of the order of the edge by which leaving the front is better
)

TRL_PROPERTY_1 = Counterexample(
    name="TRL against property 1 with its own constant",
    statement="Theorem 1, property 1",
    claim="the return rises by at least E_d[ν/β D]",
    what_happens="the middle moves away from the last state, for nothing: 0.99968 of the bound",
    missing=_TIE,
    mdp=relay_game(),
    start=[[1 - 1e-12, 1e-12], _HALVES, [1 - 1e-12, 1e-12], _HALVES],
    algorithm=trust_region_learning(TrustRegionPenalty()),
    n_steps=1,
    numbers={"gain / bound": 0.999679, "in 50 digits": 0.999678661},
    measure=_relay_numbers,
    repaired=Algorithm(TrustRegionPenalty(), AllPolicies(), occupancy, name="PPO-KL"),
    tolerance=1e-6,  # six digits are given
)
