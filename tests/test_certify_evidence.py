"""Evidence: verdicts, the choice of the witness, and its two tables."""

from html.parser import HTMLParser

import numpy as np
import pytest

from mirrorbook.certify import Evidence, Finding, Verdict, Witness, check_drift
from mirrorbook.certify.evidence import judge, not_applicable
from mirrorbook.certify.limits import lowest, steepest, unexplained
from mirrorbook.drifts import KLOldNew


def witness_of(values):
    return lambda i: Witness({"x": np.array([values[i]])}, values[i], lambda x: x[0])


def judged(values, tolerance, **options):
    return judge("x <= 0", values, tolerance, "at {}".format, witness_of(values), **options)


def test_verdicts():
    assert judged([-1.0, 0.0], 0.0).verdict is Verdict.SUPPORTED
    assert judged([-1.0, 0.0], 0.0, certified=True).verdict is Verdict.CERTIFIED
    refuted = judged([-1.0, 1.0, 3.0], 2.0)
    assert refuted.verdict is Verdict.REFUTED
    assert (refuted.worst, refuted.where, refuted.samples) == (3.0, "at 2", 3)
    assert refuted.witness.replay() == 3.0
    assert judged([], 0.0).verdict is Verdict.NOT_APPLICABLE
    assert judged([5.0], np.inf).reason == "no measurement said anything"


def test_nan_and_infinity_refute():
    for bad in (np.nan, np.inf):
        assert judged([0.0, bad], 0.0).verdict is Verdict.REFUTED
        assert judged([0.0, bad], 0.0).worst == np.inf


def test_the_witness_is_the_worst_of_the_smallest():
    finding = judged([9.0, 1.0, 2.0, 0.0], 0.0, size=[3, 2, 2, 1])
    assert finding.worst == 9.0
    assert finding.witness.violation == 2.0


def test_evidence_is_a_mapping_in_order():
    evidence = Evidence("x", (judged([1.0], 0.0), not_applicable("other", "why not")))
    assert [finding.name for finding in evidence] == ["x <= 0", "other"] and len(evidence) == 2
    assert evidence["other"].reason == "why not"
    assert [finding.name for finding in evidence.refuted] == ["x <= 0"]
    with pytest.raises(KeyError, match="'third' is no finding, expected one of 'x <= 0', 'other'"):
        evidence["third"]


def test_the_terminal_table_fits_and_says_everything():
    text = str(check_drift(KLOldNew(), rng=np.random.default_rng(0)))
    lines = text.splitlines()
    assert lines[0] == "KLOldNew(scale=1.0)"
    assert max(map(len, lines)) <= 130
    assert "✗  flat: boundary" in text and "✓  flat: open simplex" in text
    assert "supported by" in text and "refuted" in text
    assert lines == [line.rstrip() for line in lines]


class Outline(HTMLParser):
    def __init__(self):
        super().__init__()
        self.tags, self.text = [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data):
        self.text.append(data)


def test_the_notebook_table_is_escaped_and_has_no_script():
    nasty = '<script>alert("x")</script>'
    finding = Finding(nasty, Verdict.REFUTED, 1.0, 0.5, nasty, 3, nasty)
    page = Outline()
    page.feed(Evidence(nasty, (finding,))._repr_html_())
    tags = [tag for tag, _ in page.tags]
    assert "script" not in tags
    assert tags.count("td") == tags.count("th") == 6 and "caption" in tags
    assert all(not name.startswith("on") for _, attrs in page.tags for name in attrs)
    assert page.text.count(nasty) == 2  # the caption and the claim, as text
    assert page.text.count(f"{nasty}; {nasty}") == 1


@pytest.mark.parametrize("power", [0.25, 0.3, 0.5, 1.0, 1.5, 2.0, 0.02])
def test_powers_go_to_zero(power):
    h = 2.0 ** -np.array([18.0, 22.0, 26.0])
    for mixed in (h**power, 5 * h**power + h**2, h**power - 3 * h):
        value, tolerance = unexplained(mixed[:, None], 1e-12)
        assert value <= tolerance


@pytest.mark.parametrize("limit", [1.0, 1e-4, -1e-4])
def test_limits_that_are_not_zero_are_seen(limit):
    h = 2.0 ** -np.array([18.0, 22.0, 26.0])
    for sequence in (limit + 0 * h, limit + h, limit - h**1.5, limit * np.log(h), limit / h):
        value, tolerance = unexplained(sequence[:, None], 1e-12)
        assert value > tolerance
    value, tolerance = unexplained(np.full((3, 1), np.inf), 1e-12)
    assert value > tolerance


def test_jumps_are_found_and_slopes_are_not():
    increments, at, ends = steepest(lambda x: np.array([x[0] > 1 / 3, np.sqrt(x[1])]) * 1.0, 2)
    assert at[0] == pytest.approx(1 / 3)
    assert ends.tolist() == [[0, 0], [1, 1]]
    value, tolerance = unexplained(increments, 1e-12)
    assert (value > tolerance).tolist() == [True, False]


def test_jumps_smaller_than_the_rise_around_them_are_found():
    increments, at, _ = steepest(lambda x: 10 * x**2 + 1e-5 * (x > 0.41))
    value, tolerance = unexplained(increments, 1e-12)
    assert value > tolerance and at == pytest.approx(0.41)


def test_lowest_points():
    low, high = np.zeros(2), np.ones(2)
    assert lowest(lambda x: np.abs(x - 0.3), low, high) == pytest.approx([0.3, 0.3], abs=1e-4)
