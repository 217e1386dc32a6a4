"""Heaviest and lightest paths of a graph without cycles, and the budget that a path may spend."""

from dataclasses import dataclass

import networkx as nx

from .edges import ROUNDING


@dataclass(frozen=True)
class Budget:
    """What a path weighs, and what (9) allows a path of mirror learning to weigh.

    Attributes
    ----------
    spent : float
        The sum of the drifts along the path.
    allowed : float
        (eta* - eta(pi_0)) / u, infinite if u is 0.
    u : float
        The least d(s) / beta_pi(s), over the policies that the path leaves and the states whose
        row differs between vertices.
    """

    spent: float
    allowed: float
    u: float

    @property
    def holds(self) -> bool:
        """Whether spent <= allowed, up to rounding."""
        return self.spent <= self.allowed * (1 + ROUNDING)


def heaviest_path(graph: nx.DiGraph, start: int, ends: list[int]) -> list[int] | None:
    """The path of largest weight from `start` to any of `ends`, or None if there is none.

    Parameters
    ----------
    graph : networkx.DiGraph
        Without cycles; its edges have a positive "weight".
    start : int
    ends : list of int
        Vertices of which none can be reached from another.

    Returns
    -------
    list of int, or None

    Examples
    --------
    >>> graph = nx.DiGraph()
    >>> graph.add_weighted_edges_from([(0, 1, 1.0), (1, 2, 1.0), (0, 2, 5.0), (2, 3, 9.0)])
    >>> heaviest_path(graph, 0, [2]), lightest_path(graph, 0, [2])
    ([0, 2], [0, 1, 2])
    """
    from_start = nx.descendants(graph, start) | {start}
    to_ends = nx.multi_source_dijkstra_path_length(graph.reverse(copy=False), ends)
    # every vertex that is left lies on a path from start to an end: so does their longest path
    return nx.dag_longest_path(graph.subgraph(from_start & to_ends.keys())) or None


def lightest_path(graph: nx.DiGraph, start: int, ends: list[int]) -> list[int] | None:
    """The path of least weight from `start` to any of `ends`, or None if there is none.

    Parameters
    ----------
    graph : networkx.DiGraph
        Its edges have a positive "weight".
    start : int
    ends : list of int

    Returns
    -------
    list of int, or None

    Examples
    --------
    >>> graph = nx.DiGraph()
    >>> graph.add_weighted_edges_from([(0, 1, 1.0), (1, 2, 1.0), (0, 2, 3.0)])
    >>> lightest_path(graph, 0, [2])
    [0, 1, 2]
    """
    try:
        _, path = nx.multi_source_dijkstra(graph.reverse(copy=False), ends, target=start)
    except nx.NetworkXNoPath:
        return None
    return path[::-1]
