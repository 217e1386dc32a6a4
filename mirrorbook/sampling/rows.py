"""Draws from the rows of a stochastic matrix, many at a time, dense or sparse."""

import numpy as np
import scipy.sparse as sp


class RowSampler:
    """Column t of row k with probability matrix[k, t].

    All rows share one cumulative sum; a draw looks up a point between the sums at which its row
    begins and ends.

    Parameters
    ----------
    matrix : (K, n) array or scipy sparse array
        Its rows are probability vectors. That is the caller's to check.

    Notes
    -----
    The common sum resolves probabilities down to about 1e-16 K. Columns of probability zero are
    never drawn.

    Examples
    --------
    >>> sampler = RowSampler(np.array([[0.0, 1.0, 0.0], [0.5, 0.0, 0.5]]))
    >>> sampler.draw(np.array([0, 0, 1, 1, 1]), np.random.default_rng(0))
    array([1, 1, 0, 0, 2])
    """

    def __init__(self, matrix):
        matrix = sp.csr_array(matrix)
        self._columns = matrix.indices.astype(int)
        self._sums = np.cumsum(matrix.data)
        ends = np.concatenate([[0.0], self._sums])[matrix.indptr]
        self._low, self._high = ends[:-1], ends[1:]
        self._last = np.nextafter(self._high, 0)
        self._certain = bool((np.diff(matrix.indptr) == 1).all())

    def draw(self, rows: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        """One column for each of some rows, independently.

        Parameters
        ----------
        rows : (W,) array of int
            The same row may stand there many times.
        rng : numpy.random.Generator

        Returns
        -------
        (W,) array of int
        """
        if self._certain:  # one column a row: nothing is left to chance
            return self._columns[rows]
        low, high = self._low[rows], self._high[rows]
        mark = low + (high - low) * rng.random(len(rows))
        mark = np.minimum(mark, self._last[rows])  # rounding may carry it to the next row
        return self._columns[np.searchsorted(self._sums, mark, side="right")]
