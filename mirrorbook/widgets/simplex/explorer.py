"""The simplex that follows the hand.

One ES module draws it wherever it stands: in Jupyter, through anywidget, and in the built page,
through a model of a few lines (`page.js`) that keeps the state which no kernel keeps there.  The
module solves the update itself, since it has to answer within a frame; the tests compare what it
finds with `mirrorbook.updates` to 1e-12.
"""

import json
from html import escape
from importlib.resources import files

import anywidget
import numpy as np
import traitlets

from ... import drifts
from ...neighbourhoods import AllPolicies, AverageBall
from ...plots import short_number, style_of
from ...plots.picture import CSS, fallback_images, finished, side_by_side
from ...plots.svg import Drawings
from ...simplex import check_distributions, check_finite, check_number, check_shape
from ...updates import UpdateProblem, maximise
from .still import draw

DRIFTS = (
    "Zero", "KLOldNew", "KLNewOld", "L2Squared", "TVSquared", "PPOClip", "OneSidedKL",
)  # fmt: skip
DISTANCES = ("KLOldNew", "KLNewOld", "L2Squared", "TVSquared")
CONTOURS = ("both", "objective F", "drift D", "none")
WORDS = {name: style_of(name).label for name in DRIFTS}
COLOURS = {name: style_of(name).color for name in DRIFTS}

BY_HAND = "Drag it, tap where it should go, or focus it and use the arrow keys. "
STILL_HINT = (
    "Hollow: the old policy. Filled: the exact new policy. "
    "Thin lines: equal F, in steps of 0.1; the bold one is F = 0. "
    "Dotted: equal drift, twice as much from line to line. Shaded: the ball."
)
HINT = STILL_HINT.replace("Filled", f"{BY_HAND}Filled")

_HERE = files(__package__)
MODULE = "\n".join(
    (_HERE / name).read_text(encoding="utf-8") for name in ("mirror.js", "picture.js", "simplex.js")
)
PAGE = (_HERE / "page.js").read_text(encoding="utf-8")
STYLE = CSS + "".join(
    path.read_text(encoding="utf-8")
    for path in (_HERE.parent / "explorer.css", _HERE / "simplex.css")
)


class SimplexExplorer(anywidget.AnyWidget):
    r"""One mirror step in one state with three actions, under the reader's hand.

    Shown is what `mirrorbook.updates.maximise` solves,

        new = argmax over p of  F(p) = E_{a~p} A(a) - weight D_old(p),   distance(p, old) <= radius,

    with the advantages  A(a) = Q(a) - E_{b~old} Q(b).

    Parameters
    ----------
    actions : three strings
        Names of the corners: bottom left, bottom right, top.
    old : (3,) array
        The old policy, positive everywhere.
    q : (3,) array
        Q(a), what each action is worth; advantages will do, since only differences matter.
    drift : str
        Class name of D in `mirrorbook.drifts`: "Zero", "KLOldNew", "KLNewOld", "L2Squared",
        "TVSquared", "PPOClip" (with epsilon 0.2) or "OneSidedKL".
    weight : float > 0
        What D is multiplied with.
    ball : str or None
        Class name of the distance: "KLOldNew", "KLNewOld", "L2Squared" or "TVSquared"; None leaves
        all policies.
    radius : float > 0
        In the units of the distance.
    contours : str
        Whose level lines are drawn: "both", "objective F", "drift D" or "none".

    Attributes
    ----------
    old, q, drift, weight, ball, radius, contours : traits
        As above. They follow the reader's hand and can be observed; what is set here moves the
        picture.

    Raises
    ------
    TypeError, ValueError
        If a parameter is none of these.

    Examples
    --------
    >>> explorer = SimplexExplorer(old=[0.5, 0.3, 0.2], q=[0, 0.5, 1], weight=0.5)
    >>> explorer
    SimplexExplorer: KL(old, new) with weight 0.5, all policies. A draggable simplex of a, b, c.
    >>> explorer.new.round(3)
    array([0.212, 0.222, 0.566])
    >>> explorer.old = [0.2, 0.3, 0.5]
    >>> explorer.advantages.round(2)
    array([-0.65, -0.15,  0.35])
    """

    _esm = MODULE
    _css = STYLE

    actions = traitlets.List().tag(sync=True)
    old = traitlets.Any().tag(sync=True)
    q = traitlets.Any().tag(sync=True)
    drift = traitlets.Any().tag(sync=True)
    weight = traitlets.Any().tag(sync=True)
    ball = traitlets.Any().tag(sync=True)
    radius = traitlets.Any().tag(sync=True)
    contours = traitlets.Any().tag(sync=True)
    words = traitlets.Dict(WORDS).tag(sync=True)
    colours = traitlets.Dict(COLOURS).tag(sync=True)
    distances = traitlets.List(DISTANCES).tag(sync=True)
    alt = traitlets.Unicode().tag(sync=True)
    hint = traitlets.Unicode(HINT).tag(sync=True)

    def __init__(
        self,
        actions=("a", "b", "c"),
        old=(0.4, 0.35, 0.25),
        q=(-0.5, 0.2, 0.5),
        drift="KLOldNew",
        weight=1.0,
        ball=None,
        radius=0.1,
        contours="both",
    ):
        actions = [str(action) for action in actions]
        if len(actions) != 3 or len(set(actions)) != 3:
            raise ValueError(f"actions are {actions}, expected three different names")
        super().__init__(
            actions=actions, old=old, q=q, drift=drift, weight=weight, ball=ball, radius=radius,
            contours=contours,
        )  # fmt: skip
        self.alt = f"The simplex of {self._names}: an old and a new policy, level lines and a ball."

    @property
    def _names(self):
        return ", ".join(self.actions)

    @traitlets.validate("old", "q")
    def _check_row(self, proposal):
        name, row = proposal["trait"].name, proposal["value"]
        row = check_distributions(row, name) if name == "old" else check_finite(row, name)
        check_shape(row, (3,), name)
        if name == "old" and (row <= 0).any():
            a = int(row.argmin())
            raise ValueError(f"old[{a}] is {row[a]:g}, expected every action to be played")
        return row.tolist()

    @traitlets.validate("weight", "radius")
    def _check_size(self, proposal):
        name = proposal["trait"].name
        number = check_number(proposal["value"], name)
        if number <= 0:
            raise ValueError(f"{name} is {number:g}, expected a positive number")
        return number

    @traitlets.validate("drift", "ball", "contours")
    def _check_name(self, proposal):
        name, value = proposal["trait"].name, proposal["value"]
        options = {"drift": DRIFTS, "ball": (None, *DISTANCES), "contours": CONTOURS}[name]
        if value not in options:
            raise ValueError(f"{name} is {value!r}, expected one of {', '.join(map(str, options))}")
        return value

    @property
    def advantages(self) -> np.ndarray:
        """A(a) = Q(a) - E_{b~old} Q(b), (3,)."""
        return np.array(self.q) - np.dot(self.old, self.q)

    @property
    def problem(self) -> UpdateProblem:
        """The update that is shown, of one state."""
        neighbourhood, one = AllPolicies(), np.ones(1)
        if self.ball:
            neighbourhood = AverageBall(getattr(drifts, self.ball)(), self.radius)
        drift = self.weight * getattr(drifts, self.drift)()
        old = np.array([self.old])
        return UpdateProblem(self.advantages[None], old, drift, neighbourhood, one, one)

    @property
    def new(self) -> np.ndarray:
        """The exact new policy, (3,), by `mirrorbook.updates.maximise`."""
        return maximise(self.problem).pi[0]

    def describe(self) -> str:
        """What is seen, in a few sentences; the module says the same."""
        problem, new = self.problem, self.new
        said = [f"Old policy: {self._spoken(self.old)}."]
        if np.max(np.abs(new - self.old)) < 0.0005:
            said.append("The new policy is the old one, to three digits.")
        else:
            gain, rise = problem.objective(new[None]), float(new @ self.advantages)
            drift = f" less a drift of {short_number(rise - gain, 3)}"
            said.append(f"New policy: {self._spoken(new)}.")
            said.append(
                f"F rises by {short_number(gain, 3)}: advantage {short_number(rise, 3)}"
                f"{'' if self.drift == 'Zero' else drift}."
            )
        if self.ball:
            covered = problem.neighbourhood.measure(new[None], problem.old, np.ones(1))
            binds = covered >= self.radius * (1 - 1e-6)
            place = "at" if binds else f"{short_number(covered, 3)}, within"
            said.append(f"{WORDS[self.ball]} is {place} the radius {self.radius:g}.")
        return " ".join(said)

    def _spoken(self, policy):
        pairs = zip(self.actions, policy, strict=True)
        return ", ".join(f"{action} {p:.2f}" for action, p in pairs)

    @property
    def html(self) -> str:
        """The static face of the present state: its picture, and the module that revives it."""
        drawn = Drawings().svg(draw(self.actions, self.problem, self.new, self.contours))
        names = ("actions", "old", "q", "drift", "weight", "ball", "radius", "contours",
                 "words", "colours", "distances", "alt", "hint")  # fmt: skip
        state = {name: getattr(self, name) for name in names}
        stored = json.dumps(state, ensure_ascii=False).replace("</", r"<\/")
        return finished(
            f'<div class="mb-simplex"><style>{STYLE}</style>{fallback_images([drawn], self.alt)}'
            f'<div class="mb-still">{side_by_side([drawn], self.alt)}'
            f'<p class="mb-says">{escape(self.describe())}</p>'
            f'<p class="mb-hint">{escape(STILL_HINT)}</p></div>'
            f'<script type="application/json">{stored}</script>'
            f'<script type="module" async>{MODULE}{PAGE}</script></div>'
        )

    def __repr__(self):
        drift, ball = WORDS[self.drift], "all policies"
        drift += "" if self.drift == "Zero" else f" with weight {self.weight:g}"
        if self.ball:
            ball = f"a ball of {WORDS[self.ball]} with radius {self.radius:g}"
        return f"SimplexExplorer: {drift}, {ball}. A draggable simplex of {self._names}."

    def _repr_mimebundle_(self, **kwargs):
        view, metadata = super()._repr_mimebundle_(**kwargs)
        return {**view, "text/plain": repr(self), "text/html": self.html}, metadata
