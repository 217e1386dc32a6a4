"""What the built pages need beyond Jupyter Book's defaults: no outside host, and no barrier.

* Descriptions, link previews and their picture: page_head.py and social_card.py.
* Buttons that lead to the repository or to Binder appear once `_config.yml` knows a repository.
* MathJax is copied into the book, so that mathematics is set with no network and from `file://`.
* The scripts of sphinx-thebe, which would run cells on a remote server, are left out.
* Names and roles that the theme and its extensions get wrong are put right (WCAG 2 A and AA).
"""

import re
import shutil
from importlib.metadata import files
from pathlib import Path
from typing import Any

import page_head
import social_card
from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError

STATIC = Path(__file__).parent / "static"

# The parts of MathJax that the pages load, or that a reader can turn on from its menu.
MATHJAX = "mathjax/tex-chtml.js"
MATHJAX_PARTS = (
    MATHJAX,
    "mathjax/output/chtml/fonts/woff-v2/",
    "mathjax/input/tex/extensions/",
    "mathjax/a11y/",
    "mathjax/sre/mathmaps/base.json",
    "mathjax/sre/mathmaps/en.json",
)

FORMULA = r'<span class="math notranslate nohighlight">[^<]*</span>'

# Each pair of a pattern in a finished page and its replacement.
REPAIRS = (
    # The first page is called what the book is called: once is enough.
    (r"<title>(.*) &#8212; \1</title>", r"<title>\1</title>"),
    # WCAG's role for an entry of a bibliography is that of any list's entry.
    (r' role="doc-biblioentry"', ' role="listitem"'),
    # sphinx-proof and sphinx-exercise repeat the id of a box in its title, and give the same id
    # to every proof and to the body of every box.
    (r'(<p class="admonition-title") id="[^"]*"', r"\1"),
    (r'<div class="proof admonition" id="proof"', '<div class="proof proof-itself admonition"'),
    (r'(<section[^>]*) id="(?:proof|exercise|solution)-content"', r"\1"),
    # The button in the contents that unfolds the pages below one has no name.
    (
        r'<summary>(?=<span class="toctree-toggle")',
        '<summary aria-label="Show or hide the pages below">',
    ),
    # Half a megabyte that would draw the icons a second time: the theme's font already does.
    (r'<script defer src="[^"]*/fontawesome\.js[^>]*></script>', ""),
    # The images that stand for drawings where Jupyter does not trust a notebook: never shown here,
    # they would be a third of a page.
    (r'<img class="mb-fallback"[^>]*>', ""),
    # The blank in front of the exercise that a solution solves is no part of the link.
    (r"(Solution to)(<a [^>]*>) ", r"\1 \2"),
    # No page waits for the theme's scripts, nor for the index of all words, while it is parsed.
    (
        r'<script (?=(?:data-\S+ )?src="(?:[^"]*/)?(?:searchtools|language_data|searchindex|'
        r"doctools|sphinx_highlight|clipboard\.min|copybutton|sphinx-book-theme|togglebutton|"
        r"design-tabs)\.js)",
        "<script defer ",
    ),
    # No line begins with the full stop or bracket after a formula, or ends with the one before it,
    # or with the hyphen of a word like "n-th".
    (
        r'(?<!class="unbroken">)(?<!class="unbroken">[(“‘])'
        rf"([(“‘]{FORMULA}(?:-\w+|[.,;:?!)’”])*|{FORMULA}(?:-\w+|[.,;:?!)’”])+)",
        r'<span class="unbroken">\1</span>',
    ),
    # Nor do the stars of an exercise stand alone before its title.
    (r"★ (?=\w)", "★\N{NO-BREAK SPACE}"),
)


def use_offline_mathjax(app: Sphinx, config: Config) -> None:
    """Load MathJax from the book (maths.js), and the book's own style sheets after the theme's."""
    config.mathjax_path = "maths.js"
    config.html_static_path.append(str(STATIC))
    config.html_css_files += [("site.css", {}), ("print.css", {"media": "print"})]
    config.html_js_files.append(("site.js", {"defer": "defer"}))


def fetch_mathjax_early(
    app: Sphinx, pagename: str, template: str, context: dict[str, Any], doctree: nodes.document
) -> None:
    """Let the browser fetch MathJax while it reads the page; maths.js asks for it at the end."""
    if app.env.get_domain("math").has_equations(pagename):
        address = context["pathto"](f"_static/{MATHJAX}", resource=True)
        link = f'<link rel="preload" as="script" href="{address}" fetchpriority="low" />\n'
        context["metatags"] = context.get("metatags", "") + link


def offer_what_exists(app: Sphinx, config: Config) -> None:
    """Show the buttons of the repository if there is one; its address unset, no link is dead.

    Of the services that run notebooks only Binder installs what `requirements.txt` names. In Colab
    a notebook of this book would stop at `import mirrorbook`.
    """
    options = config.html_theme_options
    if options.get("repository_url"):
        options["use_repository_button"] = options["use_issues_button"] = True
    else:
        options.pop("repository_url", None)
        options.pop("launch_buttons", None)


def remove_thebe(app: Sphinx, config: Config) -> None:
    """Disconnect sphinx-thebe, which Jupyter Book always loads."""
    for listeners in app.events.listeners.values():
        listeners[:] = [one for one in listeners if one.handler.__module__ != "sphinx_thebe"]
    app.registry.css_files[:] = [
        (name, attributes)
        for name, attributes in app.registry.css_files
        if name != "sphinx-thebe.css"
    ]


def copy_mathjax(app: Sphinx, exception: Exception | None) -> None:
    """Copy MathJax from the package that carries it into the book."""
    if exception or app.builder.format != "html":
        return
    copied = 0
    for source in files("sphinx-mathjax-offline") or ():
        name = str(source).partition("/static/")[2]
        if name.startswith(MATHJAX_PARTS):
            target = app.outdir / "_static" / name
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source.locate(), target)
            copied += 1
    if not copied:
        raise ExtensionError("the installed sphinx-mathjax-offline carries no MathJax")


def draw_card(app: Sphinx, exception: Exception | None) -> None:
    """Draw the picture for link previews into the book."""
    if not exception and app.builder.format == "html":
        social_card.draw(app.outdir / page_head.CARD)


def repair_pages(app: Sphinx, exception: Exception | None) -> None:
    """Put right, in every finished page, what the theme's templates leave wrong."""
    if exception or app.builder.format != "html":
        return
    for page in app.outdir.rglob("*.html"):
        before = page.read_text(encoding="utf-8")
        after = repaired(before)
        if after != before:
            page.write_text(after, encoding="utf-8")


def repaired(text: str) -> str:
    """A finished page, put right; one that is right already, built again, stays as it is."""
    for pattern, replacement in REPAIRS:
        text = re.sub(pattern, replacement, text)
    return text


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the parts above with Sphinx."""
    app.setup_extension("stored_output")
    app.setup_extension("api_pages")
    app.setup_extension("citation")
    app.connect("config-inited", use_offline_mathjax, priority=900)
    app.connect("config-inited", offer_what_exists, priority=900)
    app.connect("config-inited", remove_thebe, priority=900)
    app.connect("html-page-context", page_head.add_tags)
    app.connect("html-page-context", fetch_mathjax_early)
    app.connect("build-finished", copy_mathjax)
    app.connect("build-finished", draw_card)
    app.connect("build-finished", repair_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
