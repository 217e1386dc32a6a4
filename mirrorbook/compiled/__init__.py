"""What is compiled by numba: the optional extra `mirrorbook[compiled]`; see `linear.kernels`.

sweeps    Bellman sweeps and BiCGSTAB over sparse transitions
rows      the update in an average ball of KL(old, new), row after row
tables    policies of small games, checked and evaluated
"""

from .rows import best_in_ball
from .sweeps import bicgstab, look_ahead, parts, relax, relaxations
from .tables import are_distributions, values

__all__ = [
    "are_distributions",
    "best_in_ball",
    "bicgstab",
    "look_ahead",
    "parts",
    "relax",
    "relaxations",
    "values",
]
