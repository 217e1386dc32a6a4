"""Every built page in a browser: whole, offline, readable and operable by everyone.

A page is opened twice, since loading it costs most: on a desktop, served, turned dark by the button
on the page; and on a phone, as a file that somebody downloaded, in the colours of the system.
"""

from functools import partial

import gates
import pytest
from pages import name, pages
from visit import Visit


@pytest.mark.parametrize("path", pages(), ids=name)
def test_page_on_a_desktop(browser, site, path, record_property):
    with Visit(browser, name(path), address=site) as visit:
        assert visit.page.evaluate(gates.CUT) == []
        found = gates.judge(visit, {t: partial(visit.press_until, t) for t in ("light", "dark")})
        assert not found
        assert not visit.problems
        weight = gates.weight(visit) / 1000
        record_property("kB of a page, compressed, without MathJax", weight)
        assert weight <= gates.HEAVIEST


@pytest.mark.parametrize("path", pages(), ids=name)
def test_page_on_a_phone_from_a_file(browser, path):
    with Visit(browser, name(path), device="phone", color_scheme="dark") as visit:
        assert visit.page.evaluate("innerWidth") == 390
        found = gates.judge(visit, {t: partial(visit.prefer, t) for t in ("dark", "light")})
        assert not found
        assert not visit.problems
