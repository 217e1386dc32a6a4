"""Every built page in a browser: whole, offline, readable and operable by everyone.

A page with explorers is opened twice, with MathJax withheld: they are operated as by a reader who
does not wait for the formulas. On a phone the page is a file that somebody downloaded, on a desktop
it is served. Others are opened once, from their files. Then the maths is set, which costs most, and
the page passes the gates: in a wide window and in one as narrow as a phone, light and dark.
"""

import gates
import pytest
from hands import (
    SHORTEST_ANSWER,
    by_keyboard,
    by_mouse,
    by_touch,
    does_nothing,
    made_anew,
    move_simplexes,
    operate_all,
)
from pages import name, pages
from replay import FACE, OPERATED
from visit import Visit

PARSED = "performance.getEntriesByType('navigation')[0].domInteractive"
WITH_EXPLORERS = [page for page in pages() if FACE in page.read_text("utf-8")]
WITH_CONTROLS = [page for page in pages() if OPERATED.search(page.read_text("utf-8"))]


@pytest.mark.parametrize("path", pages(), ids=name)
def test_page_on_a_desktop(browser, site, path, record_property):
    address = site if path in WITH_CONTROLS else None
    with Visit(browser, name(path), address=address, maths=False) as visit:
        shown = operate_all(visit, path, (by_keyboard, by_mouse))
        move_simplexes(visit)
        if shown:
            measured = [explorer.evaluate(SHORTEST_ANSWER) for explorer in shown]
            assert all(one["answers"] > 1 for one in measured)
            slowest = max(one["shortest"] for one in measured)
            record_property("ms until an explorer has answered", slowest)
            record_property("ms until a page is parsed", visit.page.evaluate(PARSED))
        visit.set_maths()
        found = gates.judge(visit, visit.press_until)
        assert not found
        assert not visit.problems
        weight = gates.weight(visit) / 1000
        record_property("kB of a page, compressed, without MathJax", weight)
        assert weight <= gates.HEAVIEST


@pytest.mark.parametrize("path", WITH_CONTROLS, ids=name)
def test_page_on_a_phone_from_a_file(browser, path):
    with Visit(browser, name(path), device="phone", color_scheme="dark", maths=False) as visit:
        assert visit.page.evaluate("innerWidth") == 390
        operate_all(visit, path, (by_touch,))
        move_simplexes(visit)
        assert not visit.problems


@pytest.mark.parametrize("path", WITH_EXPLORERS, ids=name)
def test_every_control_does_something(path):
    made = [one for one, _ in made_anew(path)]
    assert not [control for one in made for control in one.controls if does_nothing(one, control)]
