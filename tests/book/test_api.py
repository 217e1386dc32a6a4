"""The reference of the package holds every public name, and its first page all short ones."""

import pkgutil
import re
from importlib import import_module

import pytest
from api_pages import public_names
from pages import BUILT, ROOT
from plain_docstrings import as_rst
from typeset import formula, in_unicode

import mirrorbook
from mirrorbook.simplex import SUM_TOLERANCE

PAGES = sorted((ROOT / "chapters").glob("api_*.md"))
MODULE = re.compile(r"public-names:: (\S+)")
# Its public names are documented one floor up.
INSIDE = {"mirrorbook.widgets.simplex"}


def built(page):
    return (BUILT / "chapters" / f"{page}.html").read_text("utf-8")


def modules():
    return [name for page in PAGES for name in MODULE.findall(page.read_text("utf-8"))]


def test_every_public_module_has_its_section():
    top = {module.name for module in pkgutil.iter_modules(mirrorbook.__path__, "mirrorbook.")}
    below = pkgutil.walk_packages(mirrorbook.__path__, "mirrorbook.")
    declaring = {m.name for m in below if m.ispkg and hasattr(import_module(m.name), "__all__")}
    assert set(modules()) == (top | declaring) - INSIDE - {"mirrorbook.__main__"}
    assert len(modules()) == len(set(modules()))


def test_every_public_name_is_documented_once():
    text = "".join(built(page.stem) for page in PAGES)
    names = [f"{m}.{name}" for m in modules() for name in public_names(import_module(m))]
    assert len(names) > 200
    assert [name for name in names if text.count(f' id="{name}"') != 1] == []


def test_nothing_stands_there_without_words():
    text = "".join(built(page.stem) for page in PAGES)
    assert re.findall(r'id="(mirrorbook[^"]*)">(?:(?!</dt>).)*</dt>\s*<dd></dd>', text, re.S) == []


def test_the_first_page_links_every_short_name():
    page = built("api")
    for name in mirrorbook.__all__:
        words = rf'<code[^>]*><span class="pre">{name}(\(\))?</span>'
        assert re.search(rf'href="api_\w+\.html#[\w.-]+"[^>]*>{words}', page), name


def test_marks_of_rst_are_letters_and_formulas_keep_their_lines():
    doc = [
        "pi^* = |x| (1 - r), `f(x)`",
        "",
        "    a = b",
        "      + c",
        "",
        "Parameters",
        "----------",
    ]
    made = as_rst([*doc, "mu : float >= 0", "    In `mu`, *not* `s`.", "", ">>> 2 * 3 * 4", "24"])
    assert made[0].replace("\N{NO-BREAK SPACE}", "~") == r"π\*~= \|x\| (1~−~r), ``f(x)``"
    assert made[2:6] == [".. code-block:: text", "", "        a = b", "          + c"]
    assert made[-6:-4] == ["mu : float ≥ 0", "    In ``mu``, *not* :py:obj:`s`."]
    assert made[-4:] == ["", ">>> 2 * 3 * 4", "24", ""]


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("sum_a pi(a|s) >= eta*", "Σₐ π(a|s) ≥ η*"),
        ("rho-bar_{pi_i} of n_states", "ρ̄_{πᵢ} of n_states"),
        ("D^nu_{pi_n}(pi_{n+1}) <= (x)_+^2 / 2^n", "D^ν_{πₙ}(πₙ₊₁) ≤ (x)₊² / 2ⁿ"),
        ("E_{a~old} (1 - gamma)^(-3/2)", "E_{a~old} (1 − γ)^(−3/2)"),
        ("0.8 * 9 - r, at -1 or 1e-12", "0.8 · 9 − r, at −1 or 1e-12"),
        ("induced_chain(mdp, pi)", "induced_chain(mdp, pi)"),
    ],
)
def test_formulas_have_the_letters_of_the_paper(typed, shown):
    assert in_unicode(typed) == shown


def test_formulas_keep_their_columns():
    typed = ["V_pi   = r_pi + gamma P_pi V_pi    (1)", "eta    = sum_s d(s) V_pi(s)        (2)"]
    assert formula(typed) == [
        "V_π    = r_π + γ P_π V_π           (1)",
        "η      = Σₛ d(s) V_π(s)            (2)",
    ]


def test_names_in_the_words_of_another_entry_lead_to_theirs():
    page = built("api_evidence")
    assert re.search(r'See <a [^>]*href="#mirrorbook.counterexamples.relay_game"', page)
    assert re.search(r'\(<a [^>]*href="api_games.html#mirrorbook.mdp.MDP"[^>]*><code[^>]*>', page)
    assert re.search(r'href="api_parts.html#mirrorbook.drifts.Drift"', page)


def test_what_a_record_stores_is_no_method_of_it():
    text = "".join(built(page.stem) for page in PAGES)
    for name in ("counterexamples.Counterexample.solver", "reference.Curve.returns"):
        assert f' id="mirrorbook.{name}"' not in text
    assert ' id="mirrorbook.reference.load"' in text  # a function behind a cache
    assert "Alias for field" not in text and "&lt;function" not in text


def test_tables_show_their_keys_and_numbers_their_values():
    shown = {
        "algorithms.ALGORITHMS": ("api_updates", mirrorbook.ALGORITHMS),
        "simplex.SUM_TOLERANCE": ("api_games", [SUM_TOLERANCE]),
    }
    for name, (page, wanted) in shown.items():
        page = built(page)
        entry = page.split(f' id="mirrorbook.{name}">')[1].split("</dl>")[0]
        words = re.sub(r"\s+", " ", re.sub("<[^>]*>", "", entry))
        assert [what for what in wanted if str(what) not in words] == []
