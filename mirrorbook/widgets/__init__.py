"""Explorers: pictures that follow their controls, with a kernel and without one.

step_explorer()                              show one of the book's, as the last line of a cell
Explorer(draw, describe, controls, alt=alt)  make your own

Where a kernel runs the controls take every value; in a stored notebook or a built page they stop
at those whose pictures were drawn beforehand.  `describe` of an explorer says in words what its
picture shows for given values of the controls: that is what the examples here print.
"""

from .controls import Choice, Range
from .explorer import Explorer
from .gallery.hypotheses import hypotheses_explorer
from .gallery.instances import instances_explorer
from .gallery.iterations import iterations_explorer
from .gallery.learning import learning_explorer
from .gallery.neighbourhoods import balls_explorer
from .gallery.policy_dag import path_explorer
from .gallery.ppo import clip_explorer, trap_explorer
from .gallery.runs import runs_explorer
from .gallery.sampling import batch_explorer
from .gallery.simplex_drift import drift_explorer
from .gallery.simplex_neighbourhood import neighbourhood_explorer
from .gallery.simplex_step import step_explorer
from .gallery.trust_regions import bound_explorer, ppo_explorer
from .gallery.values import values_explorer
from .gallery.wonderland import designer_explorer
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
