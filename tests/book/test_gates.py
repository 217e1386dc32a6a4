"""The gates bite: a page that passes them is spoiled for one kind of reader, and for none else."""

from functools import partial

import gates
import pytest
from visit import Visit

PAGE = "chapters/notation.html"
ON_A_PHONE, IN_THE_DARK = "@media (max-width: 400px)", 'html[data-theme="dark"]'
PALE = f"{ON_A_PHONE} {{ {IN_THE_DARK} main li, {IN_THE_DARK} main td {{ color: #444 }} }}"
# A few rows among many of their kind.
ONE = f"{ON_A_PHONE} {{ {IN_THE_DARK} main tr:nth-child(7) :is(td, td *) {{ color: #444 }} }}"
FORMULAS = f"{ON_A_PHONE} {{ {IN_THE_DARK} mjx-container {{ color: #444 }} }}"
WIDE = f"{ON_A_PHONE} {{ main p {{ width: 500px }} }}"
MOVING = f"{ON_A_PHONE} {{ main p {{ transition: transform 1s !important }} }}"
SCROLLING = f"{ON_A_PHONE} {{ main h1 {{ white-space: nowrap; overflow: auto; width: 30px }} }}"
FAULTS = {
    PALE: {"axe, dark", "too little contrast, dark"},
    ONE: {"axe, dark", "too little contrast, dark"},
    FORMULAS: {"too little contrast, dark", "axe, dark"},
    WIDE: {"wider than the screen"},
    MOVING: {"moves though asked not to"},
    SCROLLING: {"axe"},
}


def judged(browser, device, fault):
    dark_first = {"device": device, "color_scheme": "dark"}
    with Visit(browser, PAGE, **dark_first) as visit:
        visit.page.add_style_tag(content=fault)
        return set(gates.judge(visit, {t: partial(visit.prefer, t) for t in ("dark", "light")}))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_on_a_phone_is_found_there(browser, fault):
    assert judged(browser, "phone", fault) == FAULTS[fault]


def test_the_same_faults_are_none_on_a_desktop(browser):
    assert judged(browser, "desktop", "\n".join(FAULTS)) == set()


NAMELESS = "document.querySelector('main').append(document.createElement('button'))"
UNSET = "document.querySelector('mjx-container').remove()"


@pytest.mark.parametrize(
    ("spoil", "gate"), [(NAMELESS, "axe"), (UNSET, "formulas not set")], ids=["name", "formula"]
)
def test_a_broken_part_is_found_in_both_themes_or_once(browser, spoil, gate):
    with Visit(browser, PAGE, color_scheme="dark") as visit:
        visit.page.evaluate(spoil)
        found = gates.judge(visit, {t: partial(visit.prefer, t) for t in ("dark", "light")})
        assert set(found) == {gate}
