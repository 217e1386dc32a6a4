"""The simplex that follows the hand: one mirror step in one state with three actions."""

from .explorer import SimplexExplorer

__all__ = ["SimplexExplorer"]
