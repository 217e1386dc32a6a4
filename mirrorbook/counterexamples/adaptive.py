r"""PPO-KL with an adaptive penalty: no instance of the theory, and yet it improves and converges.

After a step with average KL d the coefficient tau is doubled if d > 1.5 target and halved if
d < target / 1.5.  So tau depends on the history, and jumps: this is no drift.  The paper takes
that for the reason why the adaptive variant does worse in practice.  But every single step is an
exact PPO-KL update with some tau, so no value falls; and tau stays bounded, since a step obeys

    tau d <= E_beta E_new A <= max A,    so    tau <= max(tau_0, 2 max A / (1.5 target)),

which is what convergence needs.  It fails where tau grows at every step, whatever the KL was.

With one state, a good arm paying 1 and a bad one 0, x = P(good) moves to the y with
y - x = y (1 - y) / tau: for tau = 1 to sqrt(x).
"""

from itertools import islice
from math import log, sqrt

from ..algorithms import Algorithm
from ..distributions import occupancy
from ..drift_rules import AdaptiveKL
from ..drifts import KLOldNew
from ..learning import mirror_learning
from ..neighbourhoods import AllPolicies
from .games import bandits
from .replay import Counterexample


def doubling(mdp, pi, values, history=()):
    """2^n KL(old, new) in step n, whatever happened: a drift rule.

    Parameters
    ----------
    mdp : MDP
    pi : (S, A) array
    values : Evaluation
        None of them is looked at.
    history : tuple
        The n policies before `pi`.

    Returns
    -------
    KLOldNew
    """
    return 2.0 ** len(history) * KLOldNew()


_TARGET = log(3) / 2 - 2 * log(2) / 3  # the KL of the step from x = 1/4 to 1/2, divided by 1.5
_APART = 1e-9
_START, _NEIGHBOUR = ([[0.25 + side, 0.75 - side]] for side in (-_APART / 2, _APART / 2))
_ADAPTIVE = Algorithm(
    AdaptiveKL(_TARGET), AllPolicies(), occupancy, name="PPO-KL, adaptive",
    source="Schulman et al. (2017)", note="no instance: tau depends on the history",
)  # fmt: skip


def _adaptive_numbers(replay):
    neighbour = tuple(islice(mirror_learning(replay.mdp, _NEIGHBOUR, _ADAPTIVE), 2))
    runs = (replay.steps[:2], neighbour)
    return {
        "distance of the starts": float(neighbour[0].pi_old[0, 0] - replay.start[0, 0]),
        "tau in the second step": [second.problem.drift.scale for _, second in runs],
        "P(good) after one step": [first.pi[0, 0] for first, _ in runs],
        "P(good) after two steps": [second.pi[0, 0] for _, second in runs],
        "eta at the end": replay.returns[-1],
    }


ADAPTIVE_TAU = Counterexample(
    name="adaptive tau",
    statement="Sec. 4, that adaptive PPO-KL fails because it is no instance",
    claim="what jumps, and hence is no drift, need not improve or converge",
    what_happens="starts 1e-9 apart are 0.089 apart after two steps; still no value ever falls, "
    "and the run converges",
    missing="nothing that monotone improvement needs: a bounded τ replaces continuity",
    mdp=bandits(),
    start=_START,
    algorithm=_ADAPTIVE,
    n_steps=60,
    numbers={
        "distance of the starts": _APART,
        "tau in the second step": (2, 1),
        "P(good) after one step": (1 / 2, 1 / 2),
        "P(good) after two steps": ((sqrt(5) - 1) / 2, sqrt(1 / 2)),
        "eta at the end": 1,
    },
    measure=_adaptive_numbers,
    tolerance=1e-9,  # the starts are as far from 1/4
)

DOUBLING_TAU = Counterexample(
    name="doubling tau",
    statement="Sec. 4, on PPO-KL whose penalty changes",
    claim="values go to the optimum, whatever the penalties are",
    what_happens="τ grows so fast that all steps together do not reach the optimum",
    missing="a bounded τ",
    mdp=bandits(),
    start=[[0.5, 0.5]],
    algorithm=Algorithm(doubling, AllPolicies(), occupancy),
    n_steps=60,
    numbers={"eta at the end": 0.858},
    measure=lambda replay: {"eta at the end": replay.returns[-1]},
    repaired=Algorithm(KLOldNew(), AllPolicies(), occupancy),
    tolerance=5e-4,  # three digits are given
)
