r"""Is this a neighbourhood?  The hypotheses of Definition 2, and the one that Lemma 2 lacks.

N(pi) is compact, contains a ball around pi in the usual topology of policies, and depends
continuously on pi.  The repaired Lemma 2 also asks that N(pi) be closed under resets: with p it
contains every policy that has one row of p replaced by that of pi.

All that is asked of N is what it contains.  The rest is bisection: how far it reaches from a policy
towards others.  Continuity and a lower bound on the radius are judged by that reach, which is
continuous for the neighbourhoods of the book, but need not be for all that Definition 2 allows: a
set may have spikes, or an edge that leaves the boundary of the simplex.  So a refutation of these
two is a fact about the reach, and one about N where N is convex and its policy plays every action;
where N was found not to be star-shaped about pi they are not judged at all.  (With p such a set
contains the segment from pi to p.  Definition 2 does not ask for that; the sharper bounds of the
drift budget do.)

Compactness is judged at the limits that the arithmetic can hit: the corners and edges of the
simplex, points an exact fraction k/8 of the way, and, where N has a `measure` and a `radius`,
points where both are equal.  Nothing closer than 2^-40 is told apart.
"""

import numpy as np

from ..mdp import MDP
from ..simplex import check_distributions, check_numbers
from . import contents
from .arguments import check_kind, check_setting
from .evidence import Evidence, Finding, Witness, judge, not_applicable
from .reach import SMALLEST, Member, base_policies, distance, targets
from .rendering import row_text


def check_neighbourhood(neighbourhood, mdp: MDP | None = None, weights=None, rng=None) -> Evidence:
    """Try the hypotheses of Definition 2, and closedness under resets.

    Parameters
    ----------
    neighbourhood : Neighbourhood
    mdp : MDP, optional
        Gives the number of states and actions. Default: two and two, then two and three.
    weights : (S,) array, optional
        Sampling distribution. Default: uniform.
    rng : numpy Generator, optional
        For random policies; without it only systematic ones are tried.

    Returns
    -------
    Evidence

    Raises
    ------
    TypeError, ValueError
        If an argument is not of its kind, or `weights` not a distribution over the states.

    Examples
    --------
    >>> from mirrorbook.neighbourhoods import CoupledMoves
    >>> evidence = check_neighbourhood(CoupledMoves())
    >>> [finding.name for finding in evidence.refuted]
    ['closed under resets']
    """
    check_kind(neighbourhood, "neighbourhood", "contains", "have a `contains` method")
    check_setting(mdp, rng)
    if weights is not None:
        n_states = np.size(weights) if mdp is None else mdp.n_states
        weights = check_distributions(check_numbers(weights, (n_states,), "weights"), "weights")
    shapes = [(2, 2), (2, 3)] if mdp is None else [(mdp.n_states, mdp.n_actions)]
    if mdp is None and weights is not None:
        shapes = [(len(weights), n_actions) for n_actions in (2, 3)]
    search = _Search(neighbourhood, shapes, weights, rng)
    star = search.judged("star-shaped", contents.out_and_in, search.moves(), 0.0)
    findings = [
        search.judged("contains its policy", contents.excluded, search.homes(), 0.0),
        search.judged("closed ball", contents.minus_step, search.moves(), -SMALLEST),
        search.compact("compact"),
        star,
    ]
    for name, judged in (("continuous", search.continuous), ("radius bounded below", search.least)):
        findings.append(judged(name) if star.holds else not_applicable(name, "not star-shaped"))
    resets = search.judged("closed under resets", contents.reset_outside, search.resets(), 2.0**-15)
    return Evidence(repr(neighbourhood), (*findings, resets))


class _Search:
    """Policies of a few shapes, and what is tried of each."""

    def __init__(self, neighbourhood, shapes, weights, rng):
        self.rng = rng
        self.spaces = []
        for n_states, n_actions in shapes:
            beta = np.full(n_states, 1 / n_states) if weights is None else np.asarray(weights)
            olds = base_policies(n_states, n_actions, rng)
            self.spaces.append((Member(neighbourhood, beta), olds))

    def judged(self, name, measure, inputs, tolerance) -> Finding:
        """Judge a claim by a measure of (member, **inputs)."""
        inputs = list(inputs)
        results = [measure(member, **given) for member, given in inputs]
        if not results:
            return not_applicable(name, "there is nothing to move")
        value, allowed = np.array(
            [result if isinstance(result, tuple) else (result, tolerance) for result in results]
        ).T

        def first(result):
            return result[0] if isinstance(result, tuple) else result

        def witness(i):
            member, given = inputs[i]
            return Witness(given, value[i], lambda **given: first(measure(member, **given)))

        def where(i):
            return ", ".join(f"{name} = {row_text(x)}" for name, x in inputs[i][1].items())

        size = [given["old"].size for _, given in inputs]
        return judge(name, value, allowed, where, witness, size=size)

    def homes(self):
        """Every policy."""
        for member, olds in self.spaces:
            for old in olds:
                yield member, dict(old=old)

    def moves(self):
        """Every policy and every target from it."""
        for member, olds in self.spaces:
            for old in olds:
                for target in targets(old, self.rng):
                    yield member, dict(old=old, target=target)

    def resets(self):
        """Ways on which several rows move, at the same pace or not, and a row to reset."""
        for member, given in self.moves():
            moved = (given["old"] != given["target"]).any(axis=1)
            if moved.sum() > 1:
                for pace in (1.0, 0.5):
                    yield member, dict(**given, state=int(moved.argmax()), pace=pace)

    def compact(self, name):
        """Limits that are missing: corners and edges of the simplex, and N's own edge.

        A single point of N's edge may be missing by rounding, if others of its kind are not.
        """
        edges = [contents.edges(member, **given) for member, given in self.moves()]
        closed = any(inside for found in edges for inside in found)
        measures = [contents.missing_corner] + ([] if closed else [contents.missing_edge])
        findings = [self.judged(name, measure, self.moves(), 0.0) for measure in measures]
        return next((each for each in findings if each.witness is not None), findings[0])

    def continuous(self, name):
        """Jumps of the reach as the old policy moves, and gaps where it comes to the boundary."""
        inputs = []
        for member, olds in self.spaces:
            for one, other in zip(olds[:-1], olds[1:], strict=True):
                ends = [t for t in targets(one)[1::3] if (t != other).any()][:2]
                inputs += [(member, dict(old=one, old_end=other, target=t)) for t in ends]
        jumps = self.judged(name, contents.jump, inputs, 0.0)
        limits = []
        for member, given in inputs:
            for a, b in (("old", "old_end"), ("old_end", "old")):
                limits.append((member, dict(old=given[a], away=given[b], target=given["target"])))
        gaps = self.judged(name, contents.gap, limits, 0.0)
        worse = [finding for finding in (jumps, gaps) if finding.witness is not None]
        return worse[0] if worse else max(jumps, gaps, key=lambda f: f.worst - f.tolerance)

    def least(self, name):
        """The smallest reach that a search over old policies finds."""
        inputs = []
        for member, olds in self.spaces:
            far = [t for t in targets(olds[0]) if distance(t, olds[0]) >= 0.5]
            if not far:
                continue
            old = min(olds, key=lambda old: contents.least_radius(member, old, far))
            inputs.append((member, dict(old=contents.descend(member, old, far))))

        def minus_radius(member, old):
            return -contents.least_radius(member, old, targets(old))

        return self.judged(name, minus_radius, inputs, -(2.0**-30))
