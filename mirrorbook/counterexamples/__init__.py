"""Counterexamples: claims of the paper that break, as runs that can be replayed.

Each is an object with all the parts of a run: the MDP, the start, the algorithm (with its
selection), the solver, the statement it breaks, what happens instead, which hypothesis is missing,
and the numbers, exact where they are fractions.  `replay()` performs the steps again and measures
the numbers, and `replay_repaired()` runs the algorithm with the hypothesis put back.

    >>> from mirrorbook.counterexamples import NU_CYCLE
    >>> NU_CYCLE.replay().returns
    array([0.6, 0.3, 0.6])
    >>> round(float(NU_CYCLE.replay_repaired(100).returns[-1]), 9)
    9.0
"""

from types import MappingProxyType

from .adaptive import ADAPTIVE_TAU, DOUBLING_TAU
from .cycles import CONVEX_NEIGHBOURHOOD, NEIGHBOURHOOD_CYCLE, NU_CYCLE, ApartIsDear
from .games import bandits, exit_game, relay_game, side_road, swap_game, trap_game
from .necessity import NECESSITY
from .ppo import PPO_FALL, PPO_TRAP, PPO_TRAP_FROM_UNIFORM
from .relay import Relay
from .replay import Counterexample, Replay
from .trust_region import (
    TRL_LEMMA_2,
    TRL_PROPERTY_1,
    TRL_PROPERTY_1_OCCUPANCY,
    TRL_PROPERTY_1_UNIFORM,
)

COUNTEREXAMPLES = MappingProxyType(
    {
        each.name: each
        for each in (
            NU_CYCLE,
            NEIGHBOURHOOD_CYCLE,
            CONVEX_NEIGHBOURHOOD,
            TRL_LEMMA_2,
            TRL_PROPERTY_1_UNIFORM,
            TRL_PROPERTY_1_OCCUPANCY,
            TRL_PROPERTY_1,
            PPO_TRAP,
            PPO_TRAP_FROM_UNIFORM,
            PPO_FALL,
            ADAPTIVE_TAU,
            DOUBLING_TAU,
            *NECESSITY,
        )
    }
)
"""All of them, read-only: name -> Counterexample."""

__all__ = [
    "ADAPTIVE_TAU",
    "CONVEX_NEIGHBOURHOOD",
    "COUNTEREXAMPLES",
    "DOUBLING_TAU",
    "NECESSITY",
    "NEIGHBOURHOOD_CYCLE",
    "NU_CYCLE",
    "PPO_FALL",
    "PPO_TRAP",
    "PPO_TRAP_FROM_UNIFORM",
    "TRL_LEMMA_2",
    "TRL_PROPERTY_1",
    "TRL_PROPERTY_1_OCCUPANCY",
    "TRL_PROPERTY_1_UNIFORM",
    "ApartIsDear",
    "Counterexample",
    "Relay",
    "Replay",
    "bandits",
    "exit_game",
    "relay_game",
    "side_road",
    "swap_game",
    "trap_game",
]
