"""What is compiled by numba: the optional extra `mirrorbook[compiled]`; see `linear.kernels`.

sweeps    Bellman sweeps and a preconditioner over sparse transitions
rows      the update in an average ball of KL(old, new), row after row
"""

from .rows import best_in_ball
from .sweeps import look_ahead, parts, precondition, relax

__all__ = ["best_in_ball", "look_ahead", "parts", "precondition", "relax"]
