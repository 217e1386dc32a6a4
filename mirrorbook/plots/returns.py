"""The return along one run, update by update, below the optimum."""

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from ..simplex import check_finite
from .styles import BLUE, DRIFT, HOUSE, INK, NEW, OLD, OPTIMAL_RETURN, RETURN, axes


@mpl.rc_context(HOUSE)
def return_axes(
    last: int, limits: tuple[float, float], optimum: float, title: str = "", ax: Axes | None = None
) -> Axes:
    """Axes for the returns of a run: the updates across, the optimal return dashed.

    Parameters
    ----------
    last : int
        The last update shown.
    limits : pair of float
        The lowest and the highest return shown; a margin is added.
    optimum : float
        The optimal return.
    title : str
    ax : matplotlib Axes, optional

    Returns
    -------
    matplotlib Axes

    Raises
    ------
    ValueError
        If a number is not finite, or `limits` are not increasing.

    Examples
    --------
    >>> ax = return_axes(10, (0.0, 1.0), 1.0)
    >>> ax.get_xlabel(), ax.get_ylabel()
    ('updates', 'return')
    """
    low, high = (float(end) for end in check_finite(limits, "limits"))
    if low >= high:
        raise ValueError(f"limits are ({low}, {high}), expected two increasing numbers")
    ax = axes(3.3, 2.8) if ax is None else ax
    ax.axhline(float(check_finite(optimum, "optimum")), **OPTIMAL_RETURN)
    margin = 0.08 * (high - low)
    ax.set(xlabel="updates", ylabel="return", title=title)
    ax.set(xlim=(-0.03 * last, 1.03 * last), ylim=(low - margin, high + margin))
    ax.xaxis.set_major_locator(MaxNLocator(5, integer=True))
    return ax


@mpl.rc_context(HOUSE)
def plot_returns(returns, broken: bool = False, ax: Axes | None = None) -> Axes:
    """Draw the return of every policy so far: a hollow mark at the first, a filled one at the last.

    Parameters
    ----------
    returns : (n + 1,) array
        In units of reward, the first policy included.
    broken : bool
        Whether a hypothesis is dropped in this run: dotted ink in place of a solid blue line.
    ax : matplotlib Axes, optional
        See `return_axes`.

    Raises
    ------
    ValueError
        If there is no return, or one is not finite.

    Examples
    --------
    >>> ax = plot_returns([0.5, 0.65, 0.725], broken=True)
    >>> [len(line.get_xdata()) for line in ax.lines]
    [3, 1, 1]
    """
    returns = check_finite(returns, "returns")
    if returns.ndim != 1 or not returns.size:
        raise ValueError(f"returns has shape {returns.shape}, expected (n,), at least one")
    ax = axes(3.3, 2.8) if ax is None else ax
    look = {**DRIFT, "color": INK} if broken else {**RETURN, "color": BLUE}
    ax.plot(range(len(returns)), returns, marker="." if broken else None, **look)
    ax.plot([len(returns) - 1], [returns[-1]], **NEW)
    ax.plot([0], [returns[0]], **OLD)
    return ax
