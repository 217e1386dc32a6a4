"""The table of algorithms: what the certifier says of their runs on the three games."""

from dataclasses import dataclass

from ..certify import Verdict
from ..updates import UpdateProblem
from .cases import STEPS, case, evidence_of, left, run_of

LEMMA_K, THEOREM_G = "Lemma K: KL rows, full support", "Theorem G: greedy PPO"


@dataclass(frozen=True)
class AlgorithmRow:
    """A run of an algorithm on a game; a row of the table of algorithms.

    Attributes
    ----------
    algorithm, game : str
    refuted : tuple of str
        The findings that were refuted.
    excused : frozenset of str
        Those that may be, of this algorithm.
    certified, supported : int
        How many findings hold for the run as it was, and on all samples.
    left : float
        max (V* - V_n) after the last step, as a share of what it was.
    theorems : tuple of str
        Which convergence theorems' hypotheses hold along the run, beside the repaired one.
    """

    algorithm: str
    game: str
    refuted: tuple[str, ...]
    excused: frozenset[str]
    certified: int
    supported: int
    left: float
    theorems: tuple[str, ...]

    @property
    def confirmed(self) -> bool:
        """Whether nothing was refuted that should hold."""
        return set(self.refuted) <= self.excused

    @property
    def cells(self) -> tuple[str, ...]:
        """Algorithm, game, findings; see `Table`."""
        shown = [f"{name}{'' if name in self.excused else ' (!)'}" for name in self.refuted]
        named = [name.partition(":")[0] for name in self.theorems]
        return (
            self.algorithm, self.game, f"{self.certified} certified, {self.supported} supported",
            ", ".join(shown) or "nothing", ", ".join(named),
            f"{max(self.left, 0.0):.2g}",
        )  # fmt: skip


def algorithm_row(name: str, game: str) -> AlgorithmRow:
    """Run an algorithm of the table on a game.

    Parameters
    ----------
    name : str
        Of `ALGORITHMS`.
    game : str
        "single step", "tabular" or "grid".

    Returns
    -------
    AlgorithmRow
    """
    evidence, steps = evidence_of(name, game), run_of(name, game)
    return AlgorithmRow(
        algorithm=name,
        game=game,
        refuted=tuple(f.name for f in evidence.refuted),
        excused=excused(steps[0].problem),
        certified=sum(f.verdict is Verdict.CERTIFIED for f in evidence),
        supported=sum(f.verdict is Verdict.SUPPORTED for f in evidence),
        left=left(case(game), steps[0].pi_old, steps[-1].pi),
        theorems=tuple(theorem for theorem in (LEMMA_K, THEOREM_G) if evidence[theorem].holds),
    )


def excused(problem: UpdateProblem) -> frozenset[str]:
    """The findings that the theory does not promise for an algorithm.

    Where nu depends on the candidate, Lemma 2 and what rests on it; where the drift is one between
    policies of full support only, that the update gains near every policy that is not optimal.
    Lemma K is about a penalty that is not zero, Theorem G about the greedy selection.

    Parameters
    ----------
    problem : UpdateProblem
        Of its first step.

    Returns
    -------
    frozenset of str
    """
    names = set()
    if callable(problem.nu):
        names |= {"Lemma 2: (4)", "(14)", "property 1", "(9), sharpened"}
    if not problem.drift.valid_on_boundary:
        names |= {"(L)", "never stuck"}
    if problem.drift.scale == 0:
        names.add(LEMMA_K)
    if problem.selection != "greedy":
        names.add(THEOREM_G)
    return frozenset(names)


def title() -> str:
    """Of the table."""
    return f"algorithms on the games of Section 7, {STEPS} steps from the uniform policy"
