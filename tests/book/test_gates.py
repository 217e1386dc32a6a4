"""The gates bite: a page that passes them is spoiled for one kind of reader, and for none else."""

import gates
import pytest
from visit import Visit

PAGE = "chapters/cheatsheet.html"
ON_A_PHONE, IN_THE_DARK = "@media (max-width: 400px)", 'html[data-theme="dark"]'
PALE = f"{ON_A_PHONE} {{ {IN_THE_DARK} main li, {IN_THE_DARK} main td {{ color: #444 }} }}"
# A few rows among many of their kind.
ONE = f"{ON_A_PHONE} {{ {IN_THE_DARK} main tr:nth-child(7) :is(td, td *) {{ color: #444 }} }}"
FORMULAS = f"{ON_A_PHONE} {{ {IN_THE_DARK} mjx-container {{ color: #444 }} }}"
WIDE = f"{ON_A_PHONE} {{ main p {{ width: 500px }} }}"
MOVING = f"{ON_A_PHONE} {{ main p {{ transition: transform 1s !important }} }}"
SCROLLING = f"{ON_A_PHONE} {{ main h1 {{ white-space: nowrap; overflow: auto; width: 30px }} }}"
FAULTS = {
    PALE: {"too little contrast, dark, phone", "axe, dark"},
    ONE: {"too little contrast, dark, phone", "axe, dark"},
    FORMULAS: {"too little contrast, dark, phone", "axe, dark"},
    WIDE: {"wider than the screen, phone"},
    MOVING: {"moves though asked not to, phone"},
    SCROLLING: {"axe, phone"},
}


def judged(browser, spoil, devices=("phone",)):
    with Visit(browser, PAGE, color_scheme="dark") as visit:
        spoil(visit.page)
        return set(gates.judge(visit, visit.prefer, devices))


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_on_a_phone_is_found_there(browser, fault):
    assert judged(browser, lambda page: page.add_style_tag(content=fault)) == FAULTS[fault]


def test_all_faults_of_a_phone_at_once_are_none_on_a_desktop(browser):
    faults = "\n".join(FAULTS)
    found = judged(browser, lambda page: page.add_style_tag(content=faults), ("desktop", "phone"))
    assert found == set().union(*FAULTS.values())


NAMELESS = "document.querySelector('main').append(document.createElement('button'))"
FIRST = "document.querySelector('main p').innerHTML"
HIDDEN = f"{FIRST} += '<details><summary>Solution</summary><button></button></details>'"
NARROW = f"{FIRST} += '<label>List <select style=width:60px><option>a long way'"
LONG = "document.querySelector('main p mjx-container').style.paddingLeft = '600px'"
UNSET = "document.querySelector('mjx-container').remove()"


@pytest.mark.parametrize(
    ("spoil", "gate"),
    [
        (NAMELESS, "axe, phone"),
        (HIDDEN, "axe, phone"),
        (NARROW, "cut off, phone"),
        (LONG, "cut off, phone"),
        (UNSET, "formulas not set"),
    ],
    ids=["name", "hidden name", "option", "long formula", "formula"],
)
def test_a_broken_part_is_found_in_both_themes_or_once(browser, spoil, gate):
    assert judged(browser, lambda page: page.evaluate(spoil)) == {gate}
