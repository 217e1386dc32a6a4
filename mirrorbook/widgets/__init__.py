"""Explorers: pictures that follow their controls, with a kernel and without one."""

from .controls import Choice, Range
from .explorer import Explorer
from .gallery import (
    balls_explorer,
    batch_explorer,
    bound_explorer,
    clip_explorer,
    designer_explorer,
    drift_explorer,
    hypotheses_explorer,
    instances_explorer,
    iterations_explorer,
    learning_explorer,
    neighbourhood_explorer,
    path_explorer,
    ppo_explorer,
    runs_explorer,
    step_explorer,
    trap_explorer,
    values_explorer,
)
from .simplex import SimplexExplorer

__all__ = [
    "Choice",
    "Explorer",
    "Range",
    "SimplexExplorer",
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
