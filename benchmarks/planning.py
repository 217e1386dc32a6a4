"""Evaluation and planning against quantecon's DiscreteDP, from 25 to a million states.

Planning: each method of quantecon against `solve_optimal`, with the same epsilon, 1e-6: either
policy may earn at most that much less than the best. One look ahead over all actions verifies it
for each answer, whatever its solver says: the gap of `mirrorbook.planning`. A method that would
take longer than 40 s is left out, and its line says so: going by the smaller size before, the time
of sweeps grows with the transitions, that of direct solves with their cube.

Evaluation: of one deterministic policy, the only kind that quantecon evaluates.

All on one core, in processor time; building the two models is not timed.
"""

from time import process_time

import numpy as np
import scipy.sparse as sp
from instances import DENSE_LIMIT, GAMMA, KINDS, made, transitions
from quantecon.markov import DiscreteDP
from timing import one_core, rounded, side_by_side, spread
from tqdm.auto import tqdm

from mirrorbook import evaluate, solve_optimal
from mirrorbook.mdp import expected_next
from mirrorbook.planning import Optimum

SIZES = (25, 1_000, 10_000, 100_000, 1_000_000)
EPSILON, PATIENCE = 1e-6, 40.0
DIRECT = ("policy_iteration", "evaluation")
METHODS = ("modified_policy_iteration", "value_iteration", "policy_iteration")


def results():
    found, last = [], {}
    cases = [
        (kind, size) for kind in KINDS for size in SIZES if kind != "dense" or size <= DENSE_LIMIT
    ]
    with one_core():
        for kind, size in tqdm(cases, unit="instance", leave=False):
            mdp = made(kind, size)
            count, stored = transitions(mdp)
            facts = dict(kind=kind, states=mdp.n_states, transitions=count,
                         bytes_per_transition=rounded(stored / count))  # fmt: skip
            peer = peer_of(mdp)
            found += [facts | planning(mdp, peer, method, last, facts) for method in METHODS]
            found.append(facts | evaluation(mdp, peer, last, facts))
    return found


def peer_of(mdp):
    """The same MDP as quantecon's model."""
    if not mdp.is_sparse:
        return DiscreteDP(np.array(mdp.r), mdp.P, GAMMA)
    S, A = mdp.r.shape
    states, actions = np.repeat(np.arange(S), A), np.tile(np.arange(A), S)
    return DiscreteDP(mdp.r.ravel(), sp.csr_matrix(mdp.P), GAMMA, states, actions)


def planning(mdp, peer, method, last, facts):
    """The line of one of quantecon's methods."""
    found, line = compared(
        lambda: solve_optimal(mdp, EPSILON),
        lambda: peer.solve(method, epsilon=EPSILON, max_iter=10**6),
        last, (facts["kind"], method), facts["transitions"],
    )  # fmt: skip
    line |= dict(solver=found["ours"].solver, gap=rounded(found["ours"].gap))
    if "theirs" in found:
        line["peer_gap"] = rounded(gap_of(mdp, found["theirs"]))
    return dict(task="planning", peer=method.replace("_", " ")) | line


def evaluation(mdp, peer, last, facts):
    """The line of the policy that plays the action of largest reward."""
    actions = mdp.r.argmax(axis=1)
    pi = np.eye(mdp.n_actions)[actions]
    found, line = compared(
        lambda: evaluate(mdp, pi),
        lambda: peer.evaluate_policy(actions),
        last, (facts["kind"], "evaluation"), facts["transitions"],
    )  # fmt: skip
    line |= dict(solver=found["ours"].solver, bound=rounded(found["ours"].bound))
    return dict(task="evaluation", peer="direct solve") | line


def compared(ours, theirs, last, key, size):
    """What both found, and their seconds and ratio; `last` remembers (seconds, size) of theirs."""
    pair = dict(ours=ours, theirs=theirs)
    seconds, before = last.get(key, (0.0, size))
    expected = seconds * (size / before) ** (3 if key[1] in DIRECT else 1)
    if expected > PATIENCE:
        del pair["theirs"]
    found, samples = {}, {}
    for name, function in pair.items():
        start = process_time()
        found[name] = function()
        samples[name] = np.array([process_time() - start])
    if max(samples.values()) < 1:
        samples = side_by_side(pair, 5)
    line = dict(seconds=spread(samples["ours"]))
    if expected > PATIENCE:
        return found, line | dict(skipped=f"about {rounded(expected):g} s expected")
    last[key] = np.median(samples["theirs"]), size
    ratio = spread(samples["theirs"] / samples["ours"])
    return found, line | dict(peer_seconds=spread(samples["theirs"]), ratio=ratio)


def gap_of(mdp, result):
    """The certified gap of quantecon's answer, by one look ahead from its values."""
    q = mdp.r + GAMMA * expected_next(mdp, result.v)
    pi = np.eye(mdp.n_actions)[result.sigma]
    return Optimum(result.v, q, pi, GAMMA, "quantecon", result.num_iter).gap
