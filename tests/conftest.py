"""Settings of every test run."""

import os

os.environ["MPLBACKEND"] = "agg"  # figures are drawn, never shown
