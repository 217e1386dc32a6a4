"""A drawing as a notebook stores it and a page shows it: one HTML element."""

import hashlib
from html import escape
from urllib.parse import quote

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from .svg import ID, Drawings

CSS = """
.mb-figure{margin:0}
.mb-fallback{display:none}
.mb-panels{display:flex!important;flex-wrap:wrap;gap:.5rem 1rem}
.mb-panels svg{max-width:100%;height:auto}
.text_html:has(>.mb-figure,>.mb-explorer){background:none!important;color:inherit!important;
padding:0!important}
"""
"""Panels stand side by side and wrap on a phone. The last rule takes away the pale panel that the
book's theme puts behind HTML in dark mode: these drawings follow the page themselves."""

SAFE = " =:/;,.()'!*@$?~+"
"""What need not be escaped in the address of an image."""


class Picture:
    """One or several drawings that tell one thing, with the words that replace them.

    A notebook stores it as `text/html`: SVG inside the page, in the page's own font and text
    colour.  Where a notebook is not trusted yet, Jupyter shows no SVG and no style; the `<img>`
    beside it, otherwise hidden, is what such a reader sees.

    Parameters
    ----------
    *drawings : matplotlib Axes or Figures
        What the functions of `mirrorbook.plots` return. Several stand side by side, and one below
        the other on a phone.
    alt : str
        What a reader who cannot see the picture is told.

    Raises
    ------
    TypeError
        If a drawing is not one.
    ValueError
        If there is no drawing or no alternative text.

    Examples
    --------
    >>> from mirrorbook import plots
    >>> ax = plots.axes()
    >>> _ = ax.plot([0, 1], [0, 1])
    >>> plots.Picture(ax, alt="A rising line.")
    Picture: A rising line.
    """

    def __init__(self, *drawings: Axes | Figure, alt: str):
        if not drawings:
            raise ValueError("a picture needs at least one drawing")
        if not isinstance(alt, str) or not alt.strip():
            raise ValueError(f"alt is {alt!r}, expected a sentence that describes the picture")
        self.alt = alt
        drawn = Drawings()
        self.panels = tuple(drawn.svg(each, str(i)) for i, each in enumerate(drawings))

    def __repr__(self):
        return f"Picture: {self.alt}"

    @property
    def html(self) -> str:
        """The picture as one HTML element, the same text on every run."""
        return finished(
            f'<figure class="mb-figure"><style>{CSS}</style>'
            f"{fallback_images(self.panels, self.alt)}{side_by_side(self.panels, self.alt)}"
            "</figure>"
        )

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"text/plain": repr(self), "text/html": self.html}


def side_by_side(panels, alt: str) -> str:
    """The drawings as one image, hidden where a page takes no style from us."""
    return (
        f'<div class="mb-panels" role="img" aria-label="{escape(alt)}" hidden="hidden">'
        f"{''.join(panels)}</div>"
    )


def fallback_images(panels, alt: str) -> str:
    """`<img>`s of drawings, for readers whose Jupyter shows neither style nor SVG in HTML."""
    images = [svg.replace("<svg ", '<svg font-family="sans-serif" ', 1) for svg in panels]
    return "".join(
        f'<img class="mb-fallback" alt="{escape(alt)}" style="background:white" '
        f'src="data:image/svg+xml,{quote(image, safe=SAFE)}">'
        for image in images
    )


def finished(html: str) -> str:
    """Give the identifiers in an element a prefix of its own, so that none repeats on a page."""
    return html.replace(ID, f"mb-{hashlib.sha256(html.encode()).hexdigest()[:8]}-")
