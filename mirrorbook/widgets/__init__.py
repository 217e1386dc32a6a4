"""Explorers: pictures that follow their controls, with a kernel and without one."""

from .controls import Choice, Range
from .explorer import Explorer

__all__ = ["Choice", "Explorer", "Range"]
