"""Solvers of the update: exact maximisers, and the paper's own gradient procedure."""

from .dispatch import maximise
from .problem import Certificate, Solution, UpdateProblem, certify
from .softmax_gradient import SoftmaxGradient

__all__ = ["Certificate", "Solution", "SoftmaxGradient", "UpdateProblem", "certify", "maximise"]
