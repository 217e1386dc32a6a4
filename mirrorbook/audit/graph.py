"""Evidence for Section 6: the policy DAG and the budget.

Each function without parameters yields the checks of one statement.
"""

from dataclasses import replace

import numpy as np

from ..algorithms import ALGORITHMS
from ..counterexamples import NU_CYCLE, bandits
from ..drifts import TVSquared
from ..neighbourhoods import StatewiseBall
from ..policy_dag import PolicyDAG
from .cases import EXACT, all_hold, broken, case, local, random_mdp, replayed, run_of
from .record import Check, Reading

PRINTED, CONDITION, WITNESS = Reading.PRINTED, Reading.CONDITION, Reading.WITNESS


def dag():
    """Definition 4: acyclic; its sinks are the optimal policies, if every state is a start."""
    algorithm = ALGORITHMS["L2²"]
    partial = PolicyDAG.from_grid(bandits(2, d0=[1.0, 0.0]), algorithm, resolution=4)
    full = [
        PolicyDAG.from_grid(bandits(2), algorithm, resolution=4),
        PolicyDAG.from_deterministic(case("random"), algorithm),
        PolicyDAG.from_grid(random_mdp(np.random.default_rng(8), 2, 3), algorithm, resolution=3),
    ]
    yield Check(PRINTED, "sinks that are not optimal, d(s) = 0 somewhere", _false_sinks(partial),
                most=0)  # fmt: skip
    small = replace(algorithm, neighbourhood=StatewiseBall(TVSquared(), 0.01))
    short = PolicyDAG.from_grid(bandits(2), small, resolution=4)
    yield Check(PRINTED, "…, d > 0, N a ball smaller than a step", _false_sinks(short), most=0)
    wrong = sum(map(_false_sinks, full))
    yield Check(CONDITION, "sinks that are not optimal, d > 0", wrong, most=0)
    cyclic = sum(not each.is_acyclic for each in (partial, *full))
    yield Check(CONDITION, "graphs with a cycle, of 4", cyclic, most=0)
    edges = sum(each.weights.nnz for each in full)
    yield Check(CONDITION, "edges, all of positive weight", edges, least=1000)
    least = min(each.weights.data.min() for each in full)
    yield Check(CONDITION, "least weight", least, least=1e-6)


def _false_sinks(graph):
    return len(set(graph.sinks) ^ set(graph.optimal))


def refuses_free_moves():
    """A drift that is not positive has no DAG: PPO's."""
    refused = 0
    for name in ("GPI", "TRPO", "PPO, min-KL"):
        try:
            PolicyDAG.from_deterministic(bandits(), ALGORITHMS[name])
        except ValueError:
            refused += 1
    yield Check(PRINTED, "algorithms of 3 with a drift that is not positive, refused", refused,
                least=3)  # fmt: skip


def inequality_8():
    """eta_{n+1} - eta_n >= u D^nu."""
    yield broken(NU_CYCLE, "(8)")
    yield replayed(NU_CYCLE)
    yield all_hold(CONDITION, "(8)", local())


def budget():
    """(9), along cycles and along runs."""
    run = NU_CYCLE.replay(2)
    back = np.abs(run.policies[2] - run.policies[0]).max()
    yield Check(WITNESS, "“nu cycle”: |π_2 - π_0|", back, most=EXACT)
    spent = sum(step.drift for step in run.steps)
    yield Check(PRINTED, "“nu cycle”: drift spent on every lap, for ever", spent, most=0)
    yield replayed(NU_CYCLE)
    yield all_hold(CONDITION, "(9)", local())
    yield all_hold(CONDITION, "(9), sharpened", local())
    graph = PolicyDAG.from_run(case("random"), ALGORITHMS["L2²"], run_of("L2²", "random")[:10])
    path = graph.budget(range(len(graph.eta)))
    yield Check(CONDITION, "spent / allowed, a path of L2²", path.spent / path.allowed, most=1.0)
