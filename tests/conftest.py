"""Settings of every test run."""

import os

import numpy as np
from hypothesis import settings

os.environ["MPLBACKEND"] = "agg"  # figures are drawn, never shown

# the same examples in every run, and no verdict that depends on the speed of a machine
settings.register_profile("deterministic", derandomize=True, deadline=None)
settings.register_profile("quick", settings.get_profile("deterministic"), max_examples=10)
settings.load_profile("deterministic")

# Every division by zero, overflow and NaN of the package stops a test, unless the package says, on
# the spot, why it is meant. Underflow is not among them: the maximisers of a KL penalty have
# probabilities exp(-x) for any x, and one below 1e-308 is 0 as far as floats can tell.
np.seterr(divide="raise", over="raise", invalid="raise")
