"""The explorers that stand in the book's chapters, one module a chapter."""

from .learning import learning_explorer
from .values import values_explorer

__all__ = ["learning_explorer", "values_explorer"]
