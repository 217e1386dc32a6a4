"""Matplotlib's SVG made small, still and themable.

What Matplotlib writes cannot stand inside a page: a style rule for every element of that page,
identifiers that repeat from figure to figure, black ink, and six decimals whose last ones differ
from processor to processor.  `slim` rewrites it: black becomes `currentColor` and white nothing,
coordinates keep one decimal of a point, only the identifiers in use remain, and groups that do
nothing are gone.
"""

import io
import re
from html import escape
from weakref import WeakKeyDictionary
from xml.etree import ElementTree

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .styles import HOUSE

ID = "mb-ID-"
"""Stands before every identifier until the page element that holds the drawing is complete."""

INK_AND_PAPER = {"#000000": "currentColor", "#ffffff": "none"}
FONT_SIZE = HOUSE["font.size"]

_COORDINATES = {"x", "y", "transform", "width", "height"}
_DROPPED = {"metadata", "style"}
_NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))
_REFERENCE = re.compile(r"(^|url\()#([\w-]+)")


class Drawings:
    """Draws figures as SVG that may stand together in one page element, again and again."""

    def __init__(self):
        self._names = {}
        self._drawn = WeakKeyDictionary()

    def svg(self, drawing: Axes | Figure | list, place: str = "0") -> str:
        """The slim SVG of a figure, or of the figure that some axes belong to.

        Parameters
        ----------
        drawing : matplotlib Axes or Figure, or a list of them
            A list holds layers of one size, the lowest first (see `plots.layer_over`). Figures are
            taken to stay as they are: in one place, each is drawn once.
        place : str
            Where in its element the drawing stands. What one place shows after another shares its
            identifiers, what stands in two places at once does not.

        Raises
        ------
        TypeError
            If `drawing` is nothing of these.
        """
        if not isinstance(drawing, list):
            return self._svg(_figure(drawing), place)
        *stills, moving = drawing
        layers = [self.svg(still, f"{place}-{i}") for i, still in enumerate(stills)]
        lowest, *others = [*layers, self.svg(moving, place)]
        inner = (other[other.index(">") + 1 : -len("</svg>")] for other in others)
        return lowest.removesuffix("</svg>") + "".join(inner) + "</svg>"

    def _svg(self, figure, place):
        drawn = self._drawn.setdefault(figure, {})
        if place not in drawn:
            names = self._names.setdefault(place, {})
            drawn[place] = slim(_written(figure), names, f"{ID}{place}-")
        return drawn[place]


def _figure(drawing):
    figure = drawing.figure if isinstance(drawing, Axes) else drawing
    if not isinstance(figure, Figure):
        kind = type(drawing).__name__
        raise TypeError(f"a drawing is a Matplotlib Axes or Figure, found {kind}")
    return figure


def _written(figure):
    file = io.StringIO()
    # saving puts the layout engine back, and for a figure without one the house's in its place
    as_it_is = {"figure.constrained_layout.use": False, "svg.hashsalt": "mirrorbook"}
    with mpl.rc_context({**HOUSE, **as_it_is}):
        figure.savefig(file, format="svg", transparent=True, metadata=_NO_METADATA)
    return file.getvalue()


def slim(svg: str, names: dict[str, str], prefix: str) -> str:
    """Rewrite Matplotlib's SVG for use inside a page.

    Parameters
    ----------
    svg : str
    names : dict
        Definition (of a clip path or marker) -> its identifier; extended in place.
    prefix : str
        Of every new identifier.
    """
    root = ElementTree.fromstring(svg)
    values = [value for node in root.iter() for value in node.attrib.values()]
    used = {name for value in values for _, name in _REFERENCE.findall(value)}
    rename, defined = {}, set()
    for node in root.iter():
        if node.get("id") in used:
            definition = _markup(node, {})
            rename[node.get("id")] = names.setdefault(definition, f"{prefix}{len(names)}")
            if definition in defined:  # such as the outline of a hollow mark and of a filled one
                node.tag = "metadata"
            defined.add(definition)
    _, _, width, height = root.get("viewBox").split()
    body = "".join(_markup(child, rename) for child in root)
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {_short(width)} {_short(height)}' "
        f"width='{float(width) * 4 / 3:.0f}' height='{float(height) * 4 / 3:.0f}' "
        f"fill='currentColor' stroke-linejoin='round' font-size='{FONT_SIZE}'>{body}</svg>"
    )


def _markup(node, rename):
    """The slim text of one element and all it contains, empty if it paints nothing."""
    tag = node.tag.rpartition("}")[2]
    if tag in _DROPPED:
        return ""
    attributes = dict(_attributes(node, rename))
    inner = "".join(_markup(child, rename) for child in node)
    if tag in ("text", "tspan"):
        inner = escape(node.text or "", quote=False) + inner
    if tag in ("g", "defs") and (not inner or not attributes):
        return "" if not inner else inner if tag == "g" else f"<defs>{inner}</defs>"
    if tag == "path" and attributes.get("fill") == "none" and "stroke" not in attributes:
        return ""
    written = "".join(f" {name}='{escape(value)}'" for name, value in attributes.items())
    return f"<{tag}{written}>{inner}</{tag}>" if inner else f"<{tag}{written}/>"


def _attributes(node, rename):
    """The attributes worth keeping, style properties among them, as (name, value) pairs."""
    for name, value in node.attrib.items():
        name = name.rpartition("}")[2]  # xlink:href is href today
        if name == "style":
            yield from _style(value)
        elif name == "id":
            if value in rename:
                yield "id", rename[value]
        elif name == "d":
            yield name, _path(value)
        elif name in _COORDINATES:
            if not value.startswith("rotate(-0 "):
                yield name, _short(value)
        else:
            yield name, _REFERENCE.sub(lambda m: f"{m[1]}#{rename.get(m[2], m[2])}", value)


def _style(text):
    """CSS declarations as SVG attributes; the page's own font replaces Matplotlib's."""
    for declaration in text.split(";"):
        name, _, value = (part.strip() for part in declaration.partition(":"))
        if name == "font":  # such as: italic bold 11px 'DejaVu Sans', sans-serif
            *variant, size = value.split("px")[0].split()
            yield from _font_size(size)
            yield from (("font-weight", word) for word in variant if word == "bold")
            yield from (("font-style", word) for word in variant if word == "italic")
        elif name == "font-size":
            yield from _font_size(value.removesuffix("px"))
        elif (name, value) == ("fill", "#000000"):
            pass  # inherited
        elif name and name != "font-family":
            yield name, INK_AND_PAPER.get(value, value)


def _font_size(size):
    """Nothing, if it is the size of the whole drawing."""
    if float(size) != FONT_SIZE:
        yield "font-size", size


def _path(data):
    """Path data in relative steps, which are the shorter numbers."""
    steps = []
    here = (0, 0)  # in tenths of a point
    for command, numbers in re.findall(r"([A-Za-z])([^A-Za-z]*)", data):
        points = [round(10 * float(number)) for number in numbers.split()]
        relative = command != "M"
        moved = [n - here[i % 2] if relative else n for i, n in enumerate(points)]
        here = points[-2:] or here
        words = " ".join(_decimal(n / 10) for n in moved).replace(" -", "-")
        steps.append((command.lower() if relative else command) + words)
    return "".join(steps)


def _short(text):
    return re.sub(r"-?\d+\.\d+", lambda match: _decimal(match[0]), text)


def _decimal(number):
    text = f"{float(number):.1f}".removesuffix(".0")
    return "0" if text == "-0" else text
