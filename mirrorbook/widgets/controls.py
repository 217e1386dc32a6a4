"""The controls of an explorer: what the reader can set, in both faces."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import ipywidgets

NATIVE = 'autocomplete="off" data-lm-suppress-shortcuts="true"'
"""A page that is loaded again starts afresh; in JupyterLab a key pressed here is meant for us."""

WIDE = {"style": {"description_width": "initial"}, "layout": {"width": "auto"}}


@dataclass(frozen=True)
class Choice:
    """One of several named options.

    Parameters
    ----------
    label : str
        What stands beside the control.
    options : mapping from str to anything, or sequence of str
        What can be chosen: the words the reader sees, and what `draw` is given for them.
    start : int
        Index of the option shown first.

    Raises
    ------
    ValueError
        If there is no option, two are called the same, or `start` is the index of none.

    Examples
    --------
    >>> from mirrorbook.drifts import KLOldNew, Zero
    >>> which = Choice("Drift", {"none": Zero(), "KL": KLOldNew()}, start=1)
    >>> which.texts, which.values[which.start]
    (['none', 'KL'], KLOldNew(scale=1.0))
    """

    label: str
    options: Mapping[str, Any] | Sequence[str]
    start: int = 0

    def __post_init__(self):
        _check_control(self.label, self.texts, self.start)

    @property
    def texts(self) -> list[str]:
        """The words of every option."""
        return list(self.options)

    @property
    def values(self) -> list:
        """What `draw` is given for every option."""
        named = isinstance(self.options, Mapping)
        return list(self.options.values() if named else self.options)

    def widget(self) -> ipywidgets.Widget:
        """The live control. Its `value` is an index, since options need not be comparable."""
        options = list(zip(self.texts, range(len(self.texts)), strict=True))
        return ipywidgets.Dropdown(
            options=options, value=self.start, description=self.label, **WIDE
        )

    def read(self, widget: ipywidgets.Widget) -> Any:
        """What `draw` is given for the state of the live control."""
        return self.values[widget.value]

    def html(self) -> str:
        """The static control, if there is a choice; the value of its element is an index."""
        if len(self.texts) == 1:
            return ""
        options = "".join(
            f'<option value="{i}"{" selected" if i == self.start else ""}>{escape(text)}</option>'
            for i, text in enumerate(self.texts)
        )
        return (
            f"<label><span>{escape(self.label)}</span><select {NATIVE}>{options}</select></label>"
        )


@dataclass(frozen=True)
class Range:
    """A number on a slider.

    Parameters
    ----------
    label : str
        What stands beside the control.
    values : sequence of numbers
        The stops of the static slider, in order. With a single one only the live face has a slider.
    live : (lowest, highest, step), optional
        The slider of the live face. Default: the same stops as the static one.
    start : int
        Index of the value shown first.
    text : callable
        Number -> the words for it. Default: up to six digits.

    Raises
    ------
    ValueError
        If there is no value, two read the same, one is outside the live slider, or `start` is the
        index of none.

    Examples
    --------
    >>> Range("Share", [0, 0.25, 0.5], text="{:.0%}".format).texts
    ['0%', '25%', '50%']
    """

    label: str
    values: Sequence[float]
    live: tuple[float, float, float] | None = None
    start: int = 0
    text: Callable[[float], str] = "{:g}".format

    def __post_init__(self):
        _check_control(self.label, self.texts, self.start)
        low, high, _ = self.live or (min(self.values), max(self.values), None)
        outside = [value for value in self.values if not low <= value <= high]
        if outside:
            raise ValueError(f"the control {self.label!r} has {outside[0]} outside {low} to {high}")

    @property
    def texts(self) -> list[str]:
        """The words of every stop."""
        return [self.text(value) for value in self.values]

    def widget(self) -> ipywidgets.Widget:
        """The live control."""
        words = {"description": self.label, **WIDE}
        if self.live is None:
            options = list(zip(self.texts, range(len(self.values)), strict=True))
            return ipywidgets.SelectionSlider(options=options, value=self.start, **words)
        low, high, step = self.live
        whole = all(isinstance(number, int) for number in self.live)
        slider = ipywidgets.IntSlider if whole else ipywidgets.FloatSlider
        more = {} if whole else {"readout_format": ".3g"}
        return slider(value=self.values[self.start], min=low, max=high, step=step, **words, **more)

    def read(self, widget: ipywidgets.Widget) -> float:
        """What `draw` is given for the state of the live control."""
        return self.values[widget.value] if self.live is None else widget.value

    def html(self) -> str:
        """The static control, if there is a choice; the value of its element is an index."""
        if len(self.values) == 1:
            return ""
        text, texts = escape(self.texts[self.start]), escape(json.dumps(self.texts))
        return (
            f'<label><span>{escape(self.label)} <output aria-hidden="true">{text}</output></span>'
            f'<input type="range" min="0" max="{len(self.values) - 1}" value="{self.start}" '
            f'aria-valuetext="{text}" data-texts="{texts}" {NATIVE}></label>'
        )


def _check_control(label, texts, start):
    if not texts:
        raise ValueError(f"the control {label!r} has no value to choose")
    repeated = [text for i, text in enumerate(texts) if text in texts[:i]]
    if repeated:
        raise ValueError(f"the control {label!r} offers {repeated[0]!r} twice")
    if not 0 <= start < len(texts):
        raise ValueError(f"the control {label!r} starts at {start}, it has {len(texts)} values")
