"""Where the states of a game stand on a board. For drawing: no computation reads it."""

from dataclasses import dataclass, field

import numpy as np

from .simplex import check_finite, check_rectangular


@dataclass(frozen=True, eq=False)
class Layout:
    """Where a game's states stand, and in which direction its actions are drawn.

    Parameters
    ----------
    positions : array_like, shape (S, 2)
        Centre of each state: x to the right, y upwards, one unit a cell.
    moves : array_like, shape (A, 2)
        The direction in which each action is drawn; (0, 0) for an action that stays.
    shape : tuple of two ints
        Columns and rows of the board.
    walls : array_like, shape (K, 2)
        Centres of the cells that nobody can enter. Default: none.

    Raises
    ------
    TypeError, ValueError
        If an array does not have two columns of finite numbers, or `shape` is not two positive
        integers.

    Examples
    --------
    >>> Layout(positions=[(0, 0), (1, 0)], moves=[(-1, 0), (1, 0)], shape=(2, 1)).walls.shape
    (0, 2)
    """

    positions: np.ndarray
    moves: np.ndarray
    shape: tuple[int, int]
    walls: np.ndarray = field(default_factory=lambda: np.empty((0, 2)))

    def __post_init__(self):
        for name in ("positions", "moves", "walls"):
            array = check_finite(getattr(self, name), f"layout.{name}")
            array = array.reshape(-1, 2) if array.size == 0 else array
            if array.ndim != 2 or array.shape[1] != 2:
                raise ValueError(f"layout.{name} has shape {array.shape}, expected (n, 2)")
            array.flags.writeable = False
            object.__setattr__(self, name, array)
        shape = check_rectangular(self.shape, "layout.shape")
        if shape.shape != (2,) or shape.dtype.kind not in "iu" or (shape < 1).any():
            raise ValueError(
                f"layout.shape is {self.shape!r}, expected two positive integers (columns, rows)"
            )
        object.__setattr__(self, "shape", (int(shape[0]), int(shape[1])))
