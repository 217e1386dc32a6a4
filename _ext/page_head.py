"""What the head of a page tells search engines and link previews.

The description is the first paragraph of the page: every chapter opens with its claim. Addresses
in previews must be absolute, so they are printed only once `html.baseurl` in `_config.yml` says
where the book stands; Sphinx then adds the canonical link of each page too.
"""

import re
from html import escape
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

BOOK = (
    "A critical, executable edition of “Mirror Learning: A Unifying Framework of Policy "
    "Optimisation” (ICML 2022): every statement read, run and checked."
)
LONGEST = 200  # characters; search engines and previews show no more
CARD = "_static/card.png"
CARD_SAYS = "The title of the book beside a grid world, with the value of each cell."


def description(doctree: nodes.document | None) -> str:
    """The first paragraph that can be read aloud as it is, cut after a sentence or a word."""
    for paragraph in doctree.findall(nodes.paragraph) if doctree else ():
        text = " ".join(paragraph.astext().split())
        stands_alone = isinstance(paragraph.parent, (nodes.section, nodes.document))
        if stands_alone and len(text) > 40 and not next(paragraph.findall(nodes.math), None):
            return shortened(text)
    return BOOK


def shortened(text: str) -> str:
    """At most LONGEST characters of a text.

    >>> shortened("One sentence. " + 200 * "x")
    'One sentence.'
    >>> shortened(40 * "word ")[-10:]
    'word word…'
    """
    if len(text) <= LONGEST:
        return text
    head = text[:LONGEST]
    sentences = re.match(r".*[.?!](?=\s)", head)
    return sentences[0] if sentences else head.rsplit(maxsplit=1)[0] + "…"


def add_tags(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """Add the description and what link previews read (Open Graph) to one page."""
    says = description(doctree)
    title = re.sub(r"<[^>]*>", "", context.get("title", "")) or app.config.html_title
    is_first = pagename == app.config.root_doc
    graph = {
        "type": "website" if is_first else "article",
        "site_name": app.config.html_title,
        "locale": "en_GB",
        "title": title,
        "description": says,
    }
    base = app.config.html_baseurl.rstrip("/")
    if base:
        graph["url"] = f"{base}/{app.builder.get_target_uri(pagename)}"
        graph["image"] = f"{base}/{CARD}"
        graph["image:width"], graph["image:height"] = "1200", "630"
        graph["image:alt"] = CARD_SAYS
    tags = [("name", "description", says)]
    tags += [("property", f"og:{name}", value) for name, value in graph.items()]
    tags += [("name", "twitter:card", "summary_large_image" if base else "summary")]
    context["metatags"] = context.get("metatags", "") + "".join(
        f'<meta {kind}="{name}" content="{escape(value)}" />\n' for kind, name, value in tags
    )
