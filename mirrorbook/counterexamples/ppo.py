r"""Exact PPO: where it stops for good, what gets it out, and how its values can fall.

PPO's update has many maximisers as soon as mass is left over after every action of positive
advantage has reached its clip.  Which of them is taken decides where the run ends:

    "min-kl"   never revives an action of probability zero: it can stop short of the optimum
    "greedy"   gives spare mass to the largest advantage: it reaches the optimum from every start

With the drift read like Eq. (3), which leaves unused actions out of the sum, a maximiser may even
send mass to an unused action of negative advantage, for which it is charged nothing.
"""

from fractions import Fraction

from ..algorithms import Algorithm
from ..distributions import occupancy
from ..drifts import PPOClip
from ..neighbourhoods import AllPolicies
from .games import bandits, trap_game
from .replay import Counterexample


def ppo(selection, reading="extended") -> Algorithm:
    """PPO with clip 0.2, sampled by its own occupancy.

    Parameters
    ----------
    selection : str or numpy Generator
        Which maximiser is taken; see `mirrorbook.updates.UpdateProblem`.
    reading : str
        Of the clip at unused actions; see `mirrorbook.drifts.PPOClip`.

    Returns
    -------
    Algorithm
    """
    drift = PPOClip(epsilon=0.2, reading=reading)
    name = f"PPO ({selection})"
    return Algorithm(drift, AllPolicies(), occupancy, name=name, selection=selection)


def _trap_numbers(replay):
    return {
        "A(s0) at the start": replay.steps[0].problem.adv[0],
        "P(a|s0)": replay.policies[:, 0, 0],
        "A(s0, b) at the end": replay.steps[-1].problem.adv[0, 1],
        "eta at the end": replay.returns[-1],
        "eta*": replay.best_return,
    }


def _fall_numbers(replay):
    return {
        "pi": replay.policies[1, 0],
        "F(new)": replay.steps[0].objective,
        "V": replay.values[:, 0],
    }


_TRAPPED = {
    "A(s0, b) at the end": 8,
    "eta at the end": Fraction(9, 5),
    "eta*": Fraction(41, 5),
}
_MISSING = (
    "PPO's drift is a drift only between policies that play every action; with spare mass to the "
    "action of largest advantage the values go to the optimum all the same"
)

PPO_TRAP = Counterexample(
    name="PPO trap",
    statement="Theorem 1, properties 2 to 4, for PPO (Sec. 4)",
    claim="values go to the optimum from every start",
    what_happens="the first step drops b before the second state has learnt what b is good for; "
    "a selection that revives no unused action stays there",
    missing=_MISSING,
    mdp=trap_game(),
    start=[[0.9, 0.1], [0.95, 0.05], [0.5, 0.5]],
    algorithm=ppo("min-kl"),
    n_steps=12,
    numbers=_TRAPPED
    | {
        "A(s0) at the start": (Fraction(55, 1000), Fraction(-495, 1000)),
        "P(a|s0)": (Fraction(9, 10), *[1] * 12),
    },
    measure=_trap_numbers,
    repaired=ppo("greedy"),
)

PPO_TRAP_FROM_UNIFORM = Counterexample(
    name="PPO trap from the uniform policy",
    statement=PPO_TRAP.statement,
    claim=PPO_TRAP.claim,
    what_happens="with a punishment of 1000 for c even the uniform policy leads into the trap",
    missing=_MISSING,
    mdp=trap_game(reward_of_c=-1000.0),
    start=[[0.5, 0.5], [0.5, 0.5], [0.5, 0.5]],
    algorithm=ppo("min-kl"),
    n_steps=40,
    numbers=_TRAPPED,
    measure=lambda replay: {key: _trap_numbers(replay)[key] for key in _TRAPPED},
    repaired=ppo("greedy"),
)

PPO_FALL = Counterexample(
    name="PPO fall",
    statement="Lemma 2 and Theorem 1, property 1, for the clipped objective of Eq. (3)",
    claim="no value ever falls, whichever maximiser is taken",
    what_happens="spare mass goes to an unused arm that costs 100: the value falls by 39.4",
    missing="the value of the drift at unused actions: Eq. (3) leaves them out, its continuous "
    "extension does not",
    mdp=bandits(rewards=(1.0, -1.0, -100.0)),
    start=[[0.5, 0.5, 0.0]],
    algorithm=ppo("worst", reading="original"),
    n_steps=1,
    numbers={
        "pi": (Fraction(3, 5), 0, Fraction(2, 5)),
        "F(new)": Fraction(1, 5),
        "V": (0, Fraction(-197, 5)),
    },
    measure=_fall_numbers,
    repaired=ppo("worst", reading="extended"),
)
