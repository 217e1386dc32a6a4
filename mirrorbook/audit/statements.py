"""The statements of the paper, what the audit expects of each, and where its evidence is.

What is stated for compact spaces of states and actions (footnote 1) is not here: everything in this
package is finite.
"""

from . import conclusions, definitions, graph, instances, samples, setting
from .record import Statement, Verdict

TRUE, CONDITIONAL, REPAIRED = Verdict.TRUE, Verdict.CONDITIONAL, Verdict.REPAIRED
NOT_AN_INSTANCE = Verdict.NOT_AN_INSTANCE
FULL_SUPPORT = "policies that play every action"
LOCAL = "N is closed under resetting single rows, and ν does not depend on the candidate"
CLOSED_SIMPLEX = f"{LOCAL}; the drift is one on the closed simplex, boundary included; β_n ≥ b > 0"

STATEMENTS = (
    Statement(
        "Sec. 2.1", "η is the mean of V over d and of r over the improper ρ and π; in an optimal "
        "policy no action has an advantage",
        TRUE, setting.returns,
    ),
    Statement(
        "Eq. (1)", "Policy iteration never lowers a value, and reaches V*",
        TRUE, setting.policy_iteration,
    ),
    Statement(
        "Sec. 2.2", "Q-iteration converges to Q*: every sweep shrinks the error by γ",
        TRUE, setting.value_iteration,
    ),
    Statement(
        "Sec. 2.2, gradient", "The gradient of η is the mean of Q over ρ and the gradient of π",
        TRUE, setting.policy_gradient,
    ),
    Statement(
        "Eq. (2)", "Schulman's lower bound on η with C and the largest KL; so TRL never lowers η",
        TRUE, setting.trust_region_bound,
    ),
    Statement(
        "Definition 1", "A drift is nonnegative, zero and flat at home, and continuous; the drifts "
        "of PPO, PPO-KL, MDPO and TRL are some",
        CONDITIONAL, definitions.drift, FULL_SUPPORT,
    ),
    Statement(
        "Eq. (10)", "Flat at home: the quotient along π + ε p vanishes as ε falls to 0",
        REPAIRED, definitions.gateaux, "along π + ε (p - π), which stays in the simplex",
    ),
    Statement(
        "Sec. 3, Bregman", "A drift need not be convex, nor differentiable away from home",
        TRUE, definitions.no_bregman,
    ),
    Statement(
        "Definition 2", "A neighbourhood is continuous, compact, and holds a ball of some metric",
        CONDITIONAL, definitions.neighbourhood, "the metric induces the usual topology",
    ),
    Statement(
        "Sec. 3, operator", "ν/β in the mirror operator makes its β-mean the gain minus the total "
        "drift; Q may be replaced by A",
        TRUE, definitions.operator,
    ),
    Statement(
        "Slides, operator", "The same with β/ν",
        REPAIRED, definitions.slides, "ν/β",
    ),
    Statement(
        "Eq. (4), Lemma 1", "If the mirror operator rises at every state, so do the values",
        TRUE, conclusions.lemma_1,
    ),
    Statement(
        "Definition 3, Eq. (5)", "The update maximises the β-mean of the mirror operator over N",
        TRUE, definitions.update,
    ),
    Statement(
        "Definition 3, β", "Any distribution over the states will do for β",
        CONDITIONAL, definitions.sampling_positive, "β(s) > 0 in every state with a choice",
    ),
    Statement(
        "Eq. (6)", "The batch estimator has the objective of (5) as its mean",
        CONDITIONAL, samples.on_policy, "the old policy plays whatever the candidate plays",
    ),
    Statement(
        "Lemma 2", "The update (5) satisfies (4)",
        CONDITIONAL, conclusions.lemma_2, LOCAL,
    ),
    Statement(
        "Eq. (14)", "Every value rises by at least ν/β D",
        CONDITIONAL, conclusions.inequality_14, LOCAL,
    ),
    Statement(
        "Theorem 1, property 1", "η rises by at least the d-mean of ν/β D",
        CONDITIONAL, conclusions.property_1, LOCAL,
    ),
    Statement(
        "Theorem 1, property 2", "The values converge to V*",
        CONDITIONAL, conclusions.property_2, CLOSED_SIMPLEX,
    ),
    Statement(
        "Theorem 1, property 3", "η converges to η*",
        CONDITIONAL, conclusions.property_3, CLOSED_SIMPLEX,
    ),
    Statement(
        "Theorem 1, property 4", "All limit points of the policies are optimal",
        CONDITIONAL, conclusions.property_4, CLOSED_SIMPLEX,
    ),
    Statement(
        "App. C, step 2", "A limit point of the policies is the maximiser of its own update",
        REPAIRED, conclusions.limit_points, "it is one of the maximisers",
    ),
    Statement(
        "App. C, steps 3 and 4", "A fixed point of the update is one of policy iteration, and such "
        "a policy is optimal",
        CONDITIONAL, conclusions.fixed_points, "the drift is flat at home on the boundary too",
    ),
    Statement(
        "Sec. 4, GPI", "No drift, all policies, any β",
        CONDITIONAL, instances.gpi, "β > 0",
    ),
    Statement(
        "Sec. 4, TRL", "(1 - γ) C KL(old, new), all of ν on the worst state: an instance",
        REPAIRED, instances.trl, "values rise and (8) holds because every row maximises within one "
        "level of KL; from full support it converges by Lemma K; at least 3/4 of property 1",
    ),
    Statement(
        "App. D, TRL", "For normalised β the constant of Eq. (2) is multiplied by 1 - γ",
        TRUE, setting.scaled_constant,
    ),
    Statement(
        "Sec. 4, TRPO", "No drift, a ball of average KL(old, new), β the occupancy: an instance",
        CONDITIONAL, instances.trpo, "d(s) > 0 in every state",
    ),
    Statement(
        "Eqs (3) and (7), PPO", "The clipped objective is the gain minus the mean of "
        "ReLU((r - clip r) A)",
        CONDITIONAL, instances.clip_identity, "the old policy plays whatever the new one plays",
    ),
    Statement(
        "Sec. 4, PPO", "The drift (7), all policies: an instance",
        CONDITIONAL, instances.ppo, f"{FULL_SUPPORT}; it converges if spare mass goes to the "
        "largest advantage (Theorem G)",
    ),
    Statement(
        "Sec. 4, PPO-KL", "τ KL in either direction, τ fixed: an instance",
        CONDITIONAL, instances.ppo_kl, f"{FULL_SUPPORT}; from there it converges by Lemma K",
    ),
    Statement(
        "Sec. 4, PPO-KL adaptive", "τ KL, τ set by the KL of the step before",
        NOT_AN_INSTANCE, instances.adaptive, "as the paper says",
    ),
    Statement(
        "Sec. 4, adaptive τ fails", "… which explains that adaptive τ does worse: it need not "
        "improve",
        REPAIRED, instances.adaptive_fails, "τ stays bounded, so that values rise to V*; it would "
        "fail if τ grew at every step",
    ),
    Statement(
        "Sec. 4, MDPO", "KL(new, old), β the occupancy: an instance",
        CONDITIONAL, instances.mdpo, FULL_SUPPORT,
    ),
    Statement(
        "Sec. 4, MDPO off-policy", "KL(new, old), β the mean of the occupancies so far: an "
        "instance",
        CONDITIONAL, instances.mdpo_off_policy, "β may look back as long as β_n ≥ b > 0; here it "
        "cancels",
    ),
    Statement(
        "Definition 4", "The policy DAG has no cycle, and its sinks are the optimal policies",
        CONDITIONAL, graph.dag, "d(s) > 0 in every state, and N holds the small moves",
    ),
    Statement(
        "Definition 4, positive", "Only positive drifts give weights: PPO, TRPO and GPI have none",
        TRUE, graph.refuses_free_moves,
    ),
    Statement(
        "Eq. (8)", "η rises by at least u times the total drift",
        CONDITIONAL, graph.inequality_8, LOCAL,
    ),
    Statement(
        "Eq. (9)", "All the drift that is ever spent is at most (η* - η_0) / u",
        CONDITIONAL, graph.budget, LOCAL,
    ),
    Statement(
        "Sec. 7, L2² and TV²", "Squared L2 and squared total variation, all policies: instances",
        Verdict.INSTANCE, instances.squares,
    ),
    Statement(
        "Sec. 7, single step", "The optimum is 10",
        TRUE, setting.single_step_optimum,
    ),
    Statement(
        "Sec. 7, tabular", "The optimum is about 9.7",
        REPAIRED, setting.tabular_optimum, "9.780220, which rounds to 9.8",
    ),
    Statement(
        "Sec. 7, GridWorld", "The optimum is about -7 (the barrier read as walls)",
        TRUE, setting.grid_optimum,
    ),
    Statement(
        "App. E", "Dividing by the probability that was stored leaves the mean right, whatever the "
        "mixture of policies",
        CONDITIONAL, samples.off_policy, "every stored policy plays whatever the candidate plays; "
        "the draw does not look at actions; the candidate was fixed before the batch",
    ),
)  # fmt: skip
"""Every definition and statement, in the order of the paper."""
