r"""The policy DAG: policies are vertices, improvements are edges (Sec. 6, Definition 4).

For a *positive* drift D^nu, a neighbourhood N and any finite set of policies,

    (pi, p) is an edge   iff   eta(pi) < eta(p)  and  p in N(pi);        its weight is D^nu_pi(p).

eta rises along every edge, so the graph has no cycle. Mirror learning walks one of its paths:
where d(s) / beta_pi(s) >= u > 0 each of its steps obeys

    eta(pi_{n+1}) - eta(pi_n) >= u D^nu_{pi_n}(pi_{n+1}),                                       (8)

so that its path cannot weigh more than the budget

    sum_n D^nu_{pi_n}(pi_{n+1}) <= (eta* - eta(pi_0)) / u.                                      (9)

Both speak of exact steps of mirror learning. Any other path may weigh more; and the lightest path
is no distance, since on finer and finer grids its weight falls to zero: a drift starts flat.

An optimal policy is a sink. The converse needs d > 0 in every state, and an N that holds the small
moves between the vertices: a ball smaller than one step of a grid leaves no edges at all.
"""

from .dag import PolicyDAG
from .paths import Budget
from .vertices import MAX_VERTICES, deterministic_policies, grid_policies
from .walks import best_among

__all__ = [
    "MAX_VERTICES",
    "Budget",
    "PolicyDAG",
    "best_among",
    "deterministic_policies",
    "grid_policies",
]
