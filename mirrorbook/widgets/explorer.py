"""Explorers: a picture, the controls that change it, and a sentence that says what is seen.

One object, two faces.  Where a kernel runs (Jupyter, Binder) an explorer is made of ordinary
ipywidgets, and calls the package for whatever the reader sets.  Where none does (the built page, a
downloaded copy, a notebook not yet run) it is HTML with native controls and one drawing, computed
beforehand, for every combination of their values.  Notebooks store the second face; it is the same
text on every run, so that re-executing a notebook proves its explorers fresh.
"""

import itertools
import json
from collections.abc import Callable, Mapping
from functools import cached_property
from html import escape
from importlib.resources import files
from typing import Any

import ipywidgets
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from ..plots.picture import CSS, fallback_images, finished, side_by_side
from ..plots.svg import Drawings
from .controls import Choice, Range
from .frames import pack

_HERE = files(__package__)
STYLE = f"<style>{CSS}{(_HERE / 'explorer.css').read_text(encoding='utf-8')}</style>"
SCRIPT = f"<script>{(_HERE / 'explorer.js').read_text(encoding='utf-8')}</script>"


class Explorer:
    """A picture that follows its controls, with a kernel and without one.

    Parameters
    ----------
    draw : callable
        `draw(**values) -> Axes`: the picture for one value of every control. A tuple of Axes stands
        side by side; a list of Axes lies one over the other (see `plots.layer_over`).
    describe : callable
        `describe(**values) -> str`: what is seen there, in a sentence. It stands under the picture
        and is spoken when a control moves.
    controls : mapping from argument of `draw` to Choice or Range
    alt : str
        What the picture shows, whatever the controls say.

    Raises
    ------
    TypeError, ValueError
        If there is no control, a control is of another type, or `alt` is empty.

    Examples
    --------
    >>> from mirrorbook import plots
    >>> def line(slope):
    ...     ax = plots.axes()
    ...     ax.plot([0, slope])
    ...     return ax
    >>> explorer = Explorer(
    ...     line,
    ...     lambda slope: f"The line rises to {slope}.",
    ...     {"slope": Range("Slope", [0, 1, 2])},
    ...     alt="A line that starts at zero.",
    ... )
    >>> explorer
    Explorer: A line that starts at zero. Set Slope (3 frames).
    """

    def __init__(
        self,
        draw: Callable[..., Axes | Figure | tuple],
        describe: Callable[..., str],
        controls: Mapping[str, Choice | Range],
        *,
        alt: str,
    ):
        if not controls:
            raise ValueError("an explorer needs at least one control")
        for name, control in controls.items():
            if not isinstance(control, (Choice, Range)):
                kind = type(control).__name__
                raise TypeError(f"control {name!r} must be a Choice or a Range, found {kind}")
        if not isinstance(alt, str) or not alt.strip():
            raise ValueError(f"alt is {alt!r}, expected a sentence that describes the picture")
        self.draw, self.describe, self.controls, self.alt = draw, describe, dict(controls), alt

    def __repr__(self):
        names = ", ".join(control.label for control in self.controls.values())
        return f"Explorer: {self.alt} Set {names} ({len(self.grid)} frames)."

    @property
    def grid(self) -> list[dict[str, Any]]:
        """The values of every static frame; the last control changes fastest."""
        stops = itertools.product(*(control.values for control in self.controls.values()))
        return [dict(zip(self.controls, values, strict=True)) for values in stops]

    @property
    def start(self) -> int:
        """Number of the frame that is shown first."""
        number = 0
        for control in self.controls.values():
            number = number * len(control.values) + control.start
        return number

    def frame(self, values: Mapping[str, Any], drawn: Drawings) -> list[str]:
        """The SVG of every panel for one value of every control."""
        panels = self.draw(**values)
        panels = panels if isinstance(panels, tuple) else (panels,)
        return [drawn.svg(panel, str(place)) for place, panel in enumerate(panels)]

    @cached_property
    def html(self) -> str:
        """The static face."""
        drawn = Drawings()
        frames = [self.frame(values, drawn) for values in self.grid]
        says = [self.describe(**values) for values in self.grid]
        first = frames[self.start]
        data = {**pack(["".join(panels) for panels in frames]), "says": says}
        packed = json.dumps(data, ensure_ascii=False, separators=(",", ":")).replace("</", r"<\/")
        controls = "".join(control.html() for control in self.controls.values())
        return finished(
            f'<div class="mb-explorer">{STYLE}{fallback_images(first, self.alt)}'
            f'<div class="mb-controls" hidden="hidden">{controls}</div>'
            f"{side_by_side(first, self.alt)}"
            f'<p class="mb-says" aria-live="polite">{escape(says[self.start])}</p>'
            f'<script type="application/json">{packed}</script>{SCRIPT}</div>'
        )

    @cached_property
    def live(self) -> ipywidgets.VBox:
        """The live face: its last child is the picture, the others are the controls."""
        handles = {name: control.widget() for name, control in self.controls.items()}
        picture, drawn = ipywidgets.HTML(), Drawings()

        def update(change=None):
            values = {name: self.controls[name].read(handle) for name, handle in handles.items()}
            panels = side_by_side(self.frame(values, drawn), self.alt)
            picture.value = finished(
                f'<div class="mb-explorer">{STYLE}{panels}'
                f'<p class="mb-says" aria-live="polite">{escape(self.describe(**values))}</p></div>'
            )

        for handle in handles.values():
            handle.observe(update, "value")
        update()
        return ipywidgets.VBox([*handles.values(), picture])

    def _repr_mimebundle_(self, include=None, exclude=None):
        view = self.live._repr_mimebundle_()
        return {**view, "text/plain": repr(self), "text/html": self.html}
