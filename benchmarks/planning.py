"""Evaluation and planning against quantecon's DiscreteDP, from 25 to a million states.

Planning: each method of quantecon against `solve_optimal`, with the same epsilon, 1e-6: either
policy may earn at most that much less than the best. One look ahead over all actions verifies it
for each answer, whatever its solver says: the gap of `mirrorbook.planning`.

A method of quantecon is stopped after `PATIENCE` seconds, and left out if even growth in
proportion to the transitions, from its time at the size before, would lead beyond them; its line
says so. Calls shorter than a second are repeated side by side.

Evaluation: of one deterministic policy, the only kind that quantecon evaluates.

All on one core, in processor time; building the two models is not timed.
"""

import numpy as np
import scipy.sparse as sp
from instances import DENSE_LIMIT, GAMMA, KINDS, made, transitions
from quantecon.markov import DiscreteDP
from timing import first_call, one_core, rounded, side_by_side, spread
from tqdm.auto import tqdm

from mirrorbook import evaluate, solve_optimal
from mirrorbook.planning import Optimum

SIZES = (25, 1_000, 10_000, 100_000, 1_000_000)
EPSILON, PATIENCE = 1e-6, 60
METHODS = ("modified_policy_iteration", "value_iteration", "policy_iteration")


def results():
    found, last = [], {}
    cases = [
        (kind, size) for kind in KINDS for size in SIZES if kind != "dense" or size <= DENSE_LIMIT
    ]
    with one_core():
        for kind in ("dense", "random"):
            compile_all(made(kind, SIZES[0]))
        for kind, size in tqdm(cases, unit="instance", leave=False):
            mdp = made(kind, size)
            count, stored = transitions(mdp)
            facts = dict(kind=kind, states=mdp.n_states, transitions=count,
                         bytes_per_transition=rounded(stored / count))  # fmt: skip
            peer = peer_of(mdp)
            found += [facts | planning(mdp, peer, method, last, facts) for method in METHODS]
            found.append(facts | evaluation(mdp, peer, last, facts))
    return found


def compile_all(mdp):
    """Call each of quantecon's methods once: what is compiled is compiled before it is timed."""
    peer = peer_of(mdp)
    for method in METHODS:
        peer.solve(method)


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
        lambda: answer(peer.solve(method, epsilon=EPSILON, max_iter=10**6)),
        last, (facts["kind"], method), facts["transitions"],
    )  # fmt: skip
    line |= dict(solver=found["ours"].solver, gap=rounded(found["ours"].gap))
    if "theirs" in found:
        line["peer_gap"] = rounded(gap_of(mdp, *found["theirs"]))
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
    seconds, before = last.get(key, (0.0, size))
    least, pair = seconds * size / before, dict(ours=ours, theirs=theirs)
    if least > PATIENCE:
        del pair["theirs"]
    calls = {name: first_call(function, PATIENCE) for name, function in pair.items()}
    found = {name: call[0] for name, call in calls.items() if call}
    samples = {name: np.array([calls[name][1]]) for name in found}
    if max(samples.values()) < 1:
        samples = side_by_side({name: pair[name] for name in found}, 5)
    line = dict(seconds=spread(samples["ours"]))
    if "theirs" in found:
        last[key] = np.median(samples["theirs"]), size
        ratio = spread(samples["theirs"] / samples["ours"])
        return found, line | dict(peer_seconds=spread(samples["theirs"]), ratio=ratio)
    last[key] = max(least, PATIENCE), size
    stopped, expected = f"stopped after {PATIENCE} s", f"at least {rounded(least):g} s expected"
    return found, line | dict(skipped=expected if least > PATIENCE else stopped)


def answer(result):
    """Values and actions that quantecon found."""
    return result.v, result.sigma


def gap_of(mdp, v, actions):
    """The certified gap of quantecon's answer, by one look ahead from its values."""
    return Optimum(v, np.eye(mdp.n_actions)[actions], mdp, "quantecon", 0).gap
