"""Segments between rows: where a drift is tried, and what is measured there; see `drift`."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from . import charges
from .charges import SPEEDS, Charge, between
from .limits import lowest
from .rows import action_values, boundary_rows, interior_rows
from .samples import Samples

GRID = np.array([0.0, 2.0**-10, 2.0**-7, *np.arange(1, 17) / 16])
EVEN = np.arange(3, len(GRID) - 1)  # inner points of the evenly spaced part
PLACES = ("open simplex", "boundary")


def samples_of(drift, n_states, n_actions, rng=None) -> dict:
    """Samples of everything that is measured of a drift, for rows of one length.

    Parameters
    ----------
    drift : Drift
    n_states : int or None
        Rows are handed over as policies of that many states, or all at once.
    n_actions : int
    rng : numpy Generator, optional
        For random rows.

    Returns
    -------
    dict
        Lists of `Samples` by claim, or by (claim, place).
    """
    inner, outer = (rows(n_actions, rng) for rows in (interior_rows, boundary_rows))
    if n_actions > 3 and n_states is None:  # random rows, and a few systematic ones
        inner, outer = (rows[np.r_[0:2, -3:0]] for rows in (inner, outer))
    q = action_values(n_actions, rng)
    q = q if getattr(drift, "needs_adv", False) else q[:1]
    copies = n_states or 1
    charge = Charge(drift, n_states)
    moderate = _products(inner[: n_actions + 1], inner[: n_actions + 1], q, copies)
    size = np.abs(charge(*moderate))
    charge = replace(charge, unit=float(size[np.isfinite(size)].max(initial=0.0)))
    rows = np.concatenate([inner, outer])
    return Segments(charge, *_products(rows, rows, q, copies)).samples()


def _products(one, other, q, copies):
    """All combinations of rows, `copies` times each."""
    i, j, k = (axis.ravel() for axis in np.indices((len(one), len(other), len(q))))
    return (np.repeat(rows, copies, axis=0) for rows in (one[i], other[j], q[k]))


@dataclass(frozen=True, eq=False)
class Segments:
    """n segments from old rows towards others, with the Q-values of the old rows' state.

    Attributes
    ----------
    charge : Charge
    old, target, q : (n, A) arrays
    """

    charge: Charge
    old: np.ndarray
    target: np.ndarray
    q: np.ndarray

    def of(self, measure, **inputs) -> Samples:
        """Samples of one measure."""
        return Samples(measure, self.charge, inputs)

    @cached_property
    def from_inside(self):
        """Where the old row plays every action, (n,)."""
        return (self.old > 0).all(axis=1)

    @cached_property
    def inside(self):
        """Where both rows do, (n,)."""
        return self.from_inside & (self.target > 0).all(axis=1)

    @cached_property
    def points(self):
        """Points of the segments, a list of (n, A) arrays."""
        return [between(self.old, self.target, share) for share in GRID]

    @cached_property
    def pairs(self):
        """Inputs of all points: new, old and q, (n_points * n, A)."""
        times = (len(GRID), 1)
        old, q = np.tile(self.old, times), np.tile(self.q, times)
        return dict(new=np.concatenate(self.points), old=old, q=q)

    @cached_property
    def dips(self):
        """Inputs of the lowest points of the segments: new, old and q."""
        low, some = _lowest(self)
        return dict(new=low, old=self.old[some], q=self.q[some])

    def samples(self) -> dict:
        """Samples of everything, by claim or by (claim, place)."""
        return {**self._values(), **self._limits(), **self._shapes()}

    def _values(self):
        """At single pairs of rows."""
        home = self.of(charges.at_home, old=self.old, q=self.q)
        below = [self.of(charges.negative, **each) for each in (self.pairs, self.dips)]
        return {
            **_by_place("finite", [self.of(charges.infinite, **self.pairs)]),
            **_by_place("nonnegative", below),
            **_by_place("zero at home", [home]),
        }

    def _limits(self):
        """Of sequences of pairs."""
        moves = (self.old != self.target).any(axis=1)
        flat = self.of(charges.slope, old=self.old, target=self.target, q=self.q).some(moves)
        paths = self.of(charges.jumps, **_paths(self))
        inside = np.tile(self.inside, 3)
        approaches = self.of(charges.gaps, **_approaches(self))
        return {
            **_by_place("flat", [flat]),
            ("continuous", PLACES[0]): [paths.some(inside).few()],
            ("continuous", PLACES[1]): [paths.some(~inside).few(), approaches.few()],
        }

    def _shapes(self):
        """Of the whole cost: where it is zero, how it bends, and whose rows it looks at."""
        far = np.abs(self.pairs["new"] - self.pairs["old"]).sum(axis=1) >= GRID[1]
        nothing = np.zeros(len(far))
        rounding = np.full(len(self.dips["new"]), self.charge.noise())
        policies = replace(self.charge, n_states=None)
        return {
            "positive": [
                self.of(charges.free, **self.pairs, floor=nothing).some(far),
                self.of(charges.free, **self.dips, floor=rounding),
            ],
            "convex": [self.of(charges.bent, **_chords(self))],
            "local": [Samples(charges.elsewhere, policies, _policies(self))],
        }


def _by_place(name, samples):
    """Samples between rows that play every action, and the others."""
    rows = [[x for k, x in each.inputs.items() if k in ("old", "new")] for each in samples]
    inside = [np.all([(x > 0).all(axis=1) for x in some], axis=0) for some in rows]
    parts = (inside, [~mask for mask in inside])
    return {
        (name, place): [each.some(mask) for each, mask in zip(samples, part, strict=True)]
        for place, part in zip(PLACES, parts, strict=True)
    }


def _lowest(segments):
    """The lowest points of the segments away from home, (m, A), and which segments they are on."""
    charge, copies = segments.charge, segments.charge.n_states or 1
    values = np.array([charge(new, segments.old, segments.q) for new in segments.points])
    inner, at = values[EVEN], np.arange(len(segments.old))
    best = inner.argmin(axis=0)
    dip = (inner[best, at] <= values[EVEN - 1][best, at]) & (best > 0)
    dip &= inner[best, at] <= values[EVEN + 1][best, at]
    some = np.repeat(dip.reshape(-1, copies).any(axis=1), copies)
    old, target, q = segments.old[some], segments.target[some], segments.q[some]
    middle = GRID[EVEN][best[some]]

    def along(position):
        return charge(between(old, target, position), old, q)

    return between(old, target, lowest(along, middle - 1 / 16, middle + 1 / 16)), some


def _paths(segments):
    """Segments of pairs: the new row moves, the old row moves, both change places."""
    old, target = segments.old, segments.target
    ends = [(old, target, old, old), (target, target, old, target), (old, target, target, old)]
    names = ("new", "new_end", "old", "old_end")
    parts = map(np.concatenate, zip(*ends, strict=True))
    return dict(zip(names, parts, strict=True), q=np.tile(segments.q, (3, 1)))


def _approaches(segments):
    """Pairs on the boundary, and from where both rows come to them."""
    outside = ~segments.inside
    old, new, q = (x[outside] for x in (segments.old, segments.target, segments.q))
    centre = np.full_like(old, 1 / old.shape[1])
    tilted = between(centre, np.eye(old.shape[1])[[0]], 0.5)
    ways = [(speed, away) for speed in SPEEDS for away in (centre, tilted)]
    times = (len(ways), 1)
    return dict(
        new=np.tile(new, times),
        old=np.tile(old, times),
        new_from=np.concatenate([away for _, away in ways]),
        old_from=np.tile(centre, times),
        q=np.tile(q, times),
        speed=np.repeat([speed for speed, _ in ways], len(old), axis=0),
    )


def _chords(segments):
    """Neighbouring points of segments from home, and the ends of segments elsewhere."""
    points, target = segments.points, segments.target
    other = np.roll(target, 3 * (segments.charge.n_states or 1), axis=0)
    left = [*(points[i - 1] for i in EVEN), target, target]
    right = [*(points[i + 1] for i in EVEN), other, between(target, other, 0.5)]
    times = (len(left), 1)
    return dict(
        left=np.concatenate(left), right=np.concatenate(right),
        old=np.tile(segments.old, times), q=np.tile(segments.q, times),
    )  # fmt: skip


def _policies(segments):
    """A few policies made of different rows, (n, S, A)."""
    n_states = segments.charge.n_states or 3
    count = min(len(segments.old) // n_states, 20)
    shape = (count, n_states, segments.old.shape[1])
    picked = np.linspace(0, len(segments.old) - 1, count * n_states).astype(int)
    rows = dict(new=segments.target, old=segments.old, q=segments.q)
    return {name: x[picked].reshape(shape) for name, x in rows.items()}
