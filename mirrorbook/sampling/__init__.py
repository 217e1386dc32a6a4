r"""Mirror learning from samples: what replaces the exact expectations of an update.

A batch B holds pairs (s, a) with s ~ beta and a ~ pi_B(.|s), and with each pair the probability
pi_B(a|s) of the policy that chose it. The objective of the update is estimated by

    1/|B| sum_{(s, a) in B} [ p(a|s) / pi_B(a|s) Q_old(s, a)  -  nu(s) / beta(s) D_old(p|s) ],  (6)

with pi_B = pi_old in Sec. 3, and with the policy pi_hist that stored the pair in Appendix E. The
mean of (6) is the objective if

1. support: pi_B(a|s) > 0 wherever p(a|s) Q_old(s, a) is not 0,
2. blindness: given s and pi_B, the action of a pair has the law pi_B(.|s). What is stored, evicted
   or drawn again must not look at the action (prioritised replay does),
3. independence: p and Q_old were fixed before the batch was drawn.

`FAILURES` holds a smallest example for each of them missing, in exact fractions. Nothing here looks
at P but the walkers, which draw from it.
"""

from .batches import Batch, draw_batch, occupancy_batch, sample_advantages, sample_q
from .estimators import Estimate, balance, estimate, expected_value, missing_support_bias
from .failures import FAILURES, Failure
from .repeats import sampled_gains, sampled_steps
from .replay import ReplayBuffer
from .rows import RowSampler
from .trajectories import Trajectories, walk
from .update import SampledUpdate, empirical_problem

__all__ = [
    "FAILURES",
    "Batch",
    "Estimate",
    "Failure",
    "ReplayBuffer",
    "RowSampler",
    "SampledUpdate",
    "Trajectories",
    "balance",
    "draw_batch",
    "empirical_problem",
    "estimate",
    "expected_value",
    "missing_support_bias",
    "occupancy_batch",
    "sample_advantages",
    "sample_q",
    "sampled_gains",
    "sampled_steps",
    "walk",
]
