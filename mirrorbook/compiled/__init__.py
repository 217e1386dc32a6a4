"""What is compiled by numba: the optional extra `mirrorbook[compiled]`; see `linear.kernels`.

sweeps    Bellman sweeps and BiCGSTAB over sparse transitions
rows      the update in an average ball of KL(old, new), row after row
"""

from .rows import best_in_ball
from .sweeps import bicgstab, look_ahead, parts, relax, relaxations

__all__ = ["best_in_ball", "bicgstab", "look_ahead", "parts", "relax", "relaxations"]
