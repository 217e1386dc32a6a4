"""The explorers that stand in the book's chapters, one module a chapter."""

from .hypotheses import hypotheses_explorer
from .instances import instances_explorer
from .iterations import iterations_explorer
from .learning import learning_explorer
from .neighbourhoods import balls_explorer
from .policy_dag import path_explorer
from .ppo import clip_explorer, trap_explorer
from .runs import runs_explorer
from .sampling import batch_explorer
from .simplex_drift import drift_explorer
from .simplex_neighbourhood import neighbourhood_explorer
from .simplex_step import step_explorer
from .trust_regions import bound_explorer, ppo_explorer
from .values import values_explorer
from .wonderland import designer_explorer

__all__ = [
    "balls_explorer",
    "batch_explorer",
    "bound_explorer",
    "clip_explorer",
    "designer_explorer",
    "drift_explorer",
    "hypotheses_explorer",
    "instances_explorer",
    "iterations_explorer",
    "learning_explorer",
    "neighbourhood_explorer",
    "path_explorer",
    "ppo_explorer",
    "runs_explorer",
    "step_explorer",
    "trap_explorer",
    "values_explorer",
]
