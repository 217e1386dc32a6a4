"""Settings of every test run."""

import os

from hypothesis import settings

os.environ["MPLBACKEND"] = "agg"  # figures are drawn, never shown

# the same examples in every run, and no verdict that depends on the speed of a machine
settings.register_profile("deterministic", derandomize=True, deadline=None)
settings.load_profile("deterministic")
