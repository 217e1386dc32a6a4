"""Explorers: pictures that follow their controls, with a kernel and without one."""

from .controls import Choice, Range
from .explorer import Explorer
from .gallery import learning_explorer, values_explorer

__all__ = ["Choice", "Explorer", "Range", "learning_explorer", "values_explorer"]
