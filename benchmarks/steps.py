"""The exact update of every curve of Figure 3, beside the paper's own procedure.

That is a thousand softmax gradient steps with backtracking: our vectorised `SoftmaxGradient`,
measured in turns with the exact step. The authors' code, which differentiates automatically, was
measured elsewhere, and the result says so. A step is timed at the start policy of its run, and at
each of the 50 policies that the run visits, because some are harder: the slowest is shown too.
In balls of KL(old, new) the exact step is compiled, as numba is installed where this runs.
"""

from itertools import product

from timing import one_core, rounded, side_by_side, spread
from tqdm.auto import tqdm

from mirrorbook import evaluate, mirror_step
from mirrorbook.experiments import COLUMNS, COSTS, GAMES, figure3, run
from mirrorbook.updates import SoftmaxGradient

TARGET = 0.15e-3
AUTOGRAD = [0.110, 0.150]
"""Seconds of the authors' step, by automatic differentiation; measured elsewhere."""


def results():
    """One exact step of every curve, and all curves."""
    curves = list(product(GAMES, COLUMNS, COSTS))
    with one_core():
        steps = [curve(*names) for names in tqdm(curves, unit="curve", leave=False)]
        whole = side_by_side({"figure": lambda: list(figure3())}, repeats=5)["figure"]
    return [*steps, dict(name="Figure 3, all curves", target=2.0, exact=spread(whole))]


def curve(game, column, drift):
    """An exact step and a gradient one at the start of a curve, and the slowest exact step."""
    full = run(game, column, drift)
    mdp, rule, solver = full.mdp, full.algorithm, SoftmaxGradient()
    pi = full.steps[0].pi_old
    samples = side_by_side(
        {
            "exact": lambda: mirror_step(mdp, pi, rule),
            "gradient": lambda: mirror_step(mdp, pi, rule, solver=solver),
            "evaluate": lambda: evaluate(mdp, pi),
        }
    )
    return dict(
        name=f"{game}, {column}, {drift}", target=TARGET,
        exact=spread(samples["exact"]), gradient=spread(samples["gradient"]),
        evaluate=spread(samples["evaluate"]),
        ratio=spread(samples["gradient"] / samples["exact"]),
        slowest_of_run=slowest([step.pi_old for step in full.steps], mdp, rule),
        autograd_measured_elsewhere=AUTOGRAD,
    )  # fmt: skip


def slowest(policies, mdp, rule):
    """Seconds of the slowest step from these policies, each the best of three samples."""
    functions = {i: lambda p=p: mirror_step(mdp, p, rule) for i, p in enumerate(policies)}
    samples = side_by_side(functions, repeats=3, at_least=0)
    return rounded(max(times.min() for times in samples.values()))
