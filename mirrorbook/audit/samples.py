"""Evidence for the estimators: Eq. (6) and Appendix E.

Each function without parameters yields the checks of one statement.
"""

import numpy as np

from .. import policies
from ..drifts import TVSquared
from ..evaluation import evaluate
from ..mirror import mirror_operator
from ..sampling import FAILURES, draw_batch, estimate, expected_value
from .cases import EXACT, case
from .record import Check, Reading

PRINTED, CONDITION = Reading.PRINTED, Reading.CONDITION


def on_policy():
    """(6): the mean of the batch estimator is the objective of (5)."""
    rng, mdp = np.random.default_rng(9), case("random")
    old, new = (policies.random_policy(mdp, rng) for _ in range(2))
    beta, nu = rng.dirichlet(np.ones(mdp.n_states), size=2)
    values, d = evaluate(mdp, old), TVSquared()
    yield _biased("missing support")
    mean = beta @ (
        expected_value(new, values.q, old[None], np.ones((1, mdp.n_states)))
        - nu / beta * d.value(new, old)
    )
    truth = beta @ mirror_operator(new, old, values.q, d, beta, nu)
    yield Check(CONDITION, "|exact mean - E_β M|, full support", abs(mean - truth), most=EXACT)
    batch = draw_batch(mdp, old, beta, 40_000, rng)
    found = estimate(batch, new, old, values.q, d, nu / beta)
    z = abs(found.value - truth) / found.standard_error
    yield Check(CONDITION, "standard errors that 40,000 pairs are off", z, most=4)


def off_policy():
    """Appendix E: the ratio of each pair's own policy, whatever the mixture."""
    rng, mdp = np.random.default_rng(10), case("random")
    behaviours = np.array([policies.random_policy(mdp, rng) for _ in range(3)])
    new = policies.random_policy(mdp, rng)
    q = evaluate(mdp, policies.random_policy(mdp, rng)).q
    h = rng.dirichlet(np.ones(3), size=mdp.n_states).T
    for name in ("missing support", "prioritised draw", "maximised on the batch",
                 "fitted to the batch"):  # fmt: skip
        yield _biased(name)
    off = np.abs(expected_value(new, q, behaviours, h) - (new * q).sum(axis=1)).max()
    yield Check(CONDITION, "|exact mean - E_new Q|, h depends on s", off, most=EXACT)


def _biased(name):
    failure = FAILURES[name]()
    says = f"|mean - truth|, {name}: {failure.mean} for {failure.truth}"
    return Check(PRINTED, says, float(abs(failure.bias)), most=EXACT)
