r"""Neighbourhoods: how far one step may go (Definition 2).

    AllPolicies()                      every policy: no restriction
    AverageBall(distance, radius)      sum_s beta(s) D_old(new|s) <= radius      (TRPO's kind)
    StatewiseBall(distance, radius)    D_old(new|s) <= radius in every state
    Soft(mu)                           new(a|s) >= mu for every action in every state
    Product(parts)                     every row in a neighbourhood of its own
    Intersection(parts)                in all of them; also one & other
    as_neighbourhood(function)         what a function of yours says

A neighbourhood is a small frozen object; `contains(new, old, weights)` says whether a policy is
inside, and a ball's `measure` how far it is.  `distance` is any drift object of
`mirrorbook.drifts`.

Definition 2 asks that N(old) be compact, that it contain a closed ball around `old`, and that it
be continuous in `old`.  The repaired Lemma 2 asks for one thing more, that N(old) be closed under
resetting single rows: with `new` it contains every policy made from `new` by giving a row of `old`
back.  Balls, products, and intersections of such sets are.  Of the neighbourhoods for teaching

    CoupledMoves    meets Definition 2 and is not closed under resets
    VanishingBall   has radii that go to zero along a run, where Definition 2 fails at one policy
    Standstill      is a ball of a metric that does not induce the usual topology
"""

from .balls import AllPolicies, AverageBall, Ball, Neighbourhood, StatewiseBall
from .predicates import Predicate, as_neighbourhood
from .sets import Intersection, Product, Soft
from .teaching import CoupledMoves, Standstill, VanishingBall

__all__ = [
    "AllPolicies",
    "AverageBall",
    "Ball",
    "CoupledMoves",
    "Intersection",
    "Neighbourhood",
    "Predicate",
    "Product",
    "Soft",
    "Standstill",
    "StatewiseBall",
    "VanishingBall",
    "as_neighbourhood",
]
