"""Sums of drifts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from .base import Drift, Parametrised


@dataclass(frozen=True)
class Sum(Parametrised):
    """sum_i D_i, what `drift + drift` makes.

    Parameters
    ----------
    parts : sequence of Drift
        Those of a `Sum` among them take its place.
    scale : float >= 0

    Raises
    ------
    TypeError
        If `parts` is no sequence, or a part no drift.
    ValueError
        If there is no part.

    Notes
    -----
    Its claims follow from those of the parts with scale > 0: one of them must be positive, all of
    them must be convex, and so on. A sum may be better than that: False claims nothing here.

    Examples
    --------
    >>> import numpy as np
    >>> from mirrorbook.drifts import KLOldNew, L2Squared
    >>> both = L2Squared() + 2 * KLOldNew()
    >>> both.value(np.array([[0.8, 0.2]]), np.array([[0.5, 0.5]])).round(6)
    array([0.626287])
    >>> both.convex, both.valid_on_boundary
    (True, False)
    """

    parts: tuple[Drift, ...] = ()

    def __post_init__(self):
        super().__post_init__()
        flat = []
        if not isinstance(self.parts, Sequence):
            found = type(self.parts).__name__
            raise TypeError(f"parts must be a sequence of drifts, found {found}")
        for i, part in enumerate(self.parts):
            if not isinstance(part, Drift):
                raise TypeError(f"parts[{i}] must be a Drift, found {type(part).__name__}")
            inner = [part.scale * each for each in part.parts] if isinstance(part, Sum) else [part]
            flat.extend(inner)
        if not flat:
            raise ValueError("parts is empty, expected at least one drift")
        object.__setattr__(self, "parts", tuple(flat))

    def at(self, states) -> "Sum":
        """The same sum for some of the states only; see `Drift.at`."""
        return replace(self, parts=tuple(part.at(states) for part in self.parts))

    def _claims(self, trait):
        return [getattr(part, trait) for part in self.parts if part.scale]

    @property
    def valid_inside(self):
        """Whether every part is a drift inside."""
        return all(self._claims("valid_inside"))

    @property
    def valid_on_boundary(self):
        """Whether every part is a drift on the closed simplex."""
        return all(self._claims("valid_on_boundary"))

    @property
    def positive(self):
        """Whether some part is positive, and no part negative."""
        return any(self._claims("positive")) and self.valid_inside

    @property
    def convex(self):
        """Whether every part is convex."""
        return all(self._claims("convex"))

    @property
    def separable(self):
        """Whether every part is a sum over actions."""
        return all(self._claims("separable"))

    @property
    def needs_adv(self):
        """Whether some part depends on the advantages."""
        return any(part.needs_adv for part in self.parts)

    def _value(self, new, old, adv=None):
        return sum(part.value(new, old, adv) for part in self.parts)

    def _gradient(self, new, old, adv=None):
        return sum(part.gradient(new, old, adv) for part in self.parts)

    def _slack(self, new, old, adv=None):
        return sum(part.slack(new, old, adv) for part in self.parts)
