"""Measurements of a drift, kept with their inputs so that any of them can be repeated."""

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from .charges import Charge
from .evidence import Witness
from .rendering import row_text

NAMES = {"pi": "old", "p": "new", "towards": "target", "Q": "q"}


@dataclass(frozen=True, eq=False)
class Samples:
    """n measurements of one kind, with the inputs they were made from.

    Attributes
    ----------
    measure : callable
        `(charge, **inputs) -> violation, tolerance`.
    charge : Charge
    inputs : dict of (n, ...) arrays
    """

    measure: Callable
    charge: Charge
    inputs: dict

    def few(self, most=1500):
        """At most about that many of them, evenly spread."""
        n, copies = max(len(next(iter(self.inputs.values()))), 1), self.charge.n_states or 1
        golden = (np.arange(n // copies) * (5**0.5 - 1) / 2) % 1  # evenly spread, in no rhythm
        picked = golden < most / n
        return self.some(np.repeat(picked, copies))

    def some(self, mask):
        """Those of a mask (n,)."""
        return replace(self, inputs={name: x[mask] for name, x in self.inputs.items()})

    @property
    def size(self):
        """Number of actions."""
        return next(iter(self.inputs.values())).shape[-1]

    def results(self):
        """Violations and tolerances, (n,) each."""
        return np.broadcast_arrays(*self.measure(self.charge, **self.inputs))

    def where(self, i):
        """Which rows measurement i was made of."""
        shown = {
            short: self.inputs[name][i] for short, name in NAMES.items() if name in self.inputs
        }
        if not getattr(self.charge.drift, "needs_adv", False):
            shown.pop("Q", None)
        return ", ".join(f"{short} = {row_text(x)}" for short, x in shown.items())

    def witness(self, i):
        """The inputs of measurement i, and how to repeat it."""
        inputs = {name: x[i].copy() for name, x in self.inputs.items()}
        state = i % (self.charge.n_states or 1)

        def measure(**inputs):
            copies = {k: np.stack([x] * (self.charge.n_states or 1)) for k, x in inputs.items()}
            return self.measure(self.charge, **copies)[0][state]

        return Witness(inputs, measure(**inputs), measure)
