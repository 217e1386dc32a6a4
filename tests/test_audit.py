"""The audit: every verdict is confirmed by its evidence, and any one fault is found."""

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

from mirrorbook import ALGORITHMS, audit, drifts, games
from mirrorbook.__main__ import main
from mirrorbook.audit import (
    DRIFTS,
    STATEMENTS,
    Check,
    Reading,
    Verdict,
    conclude,
    conclusions,
    definitions,
    setting,
)
from mirrorbook.audit.algorithm_rows import AlgorithmRow, excused
from mirrorbook.audit.cases import case, evidence_of, local, run_of
from mirrorbook.audit.drift_rows import ExpectedDrift
from mirrorbook.counterexamples import NU_CYCLE
from mirrorbook.drifts import Drift, KLOldNew, TVSquared
from mirrorbook.updates import maximise

STATED = (Reading.PRINTED, Reading.INSTANCE)
AS_STATED = (Verdict.TRUE, Verdict.INSTANCE)
NUMBERS = [statement.number for statement in STATEMENTS]


@pytest.fixture(scope="module")
def found():
    """The whole report."""
    return audit.report()


@pytest.fixture(scope="module")
def results(found):
    return {result.statement.number: result for result in found.statements}


def named(number):
    return next(statement for statement in STATEMENTS if statement.number == number)


@pytest.mark.parametrize("number", NUMBERS)
def test_every_verdict_is_confirmed(results, number):
    assert results[number].confirmed, "\n".join(map(str, results[number].checks))


def test_all_three_tables_are_confirmed(found):
    report = found
    assert report.failing == ()
    assert len(report.statements) == len(STATEMENTS)
    assert len(report.drifts) == len(DRIFTS)
    assert len(report.algorithms) == 3 * len(ALGORITHMS)


def test_nothing_of_the_paper_is_left_out():
    assert len(set(NUMBERS)) == len(NUMBERS)
    definitions_ = [f"Definition {n}" for n in range(1, 5)]
    equations = [f"({n})" for n in (*range(1, 11), 14)]
    properties = [f"Theorem 1, property {n}" for n in range(1, 5)]
    named_in_table = ["GPI", "TRL", "TRPO", "PPO", "PPO-KL", "adaptive", "MDPO", "off-policy"]
    others = ["Lemma 1", "Lemma 2", "App. C", "App. D", "App. E", "Slides", "tabular", "GridWorld"]
    for part in (*definitions_, *equations, *properties, *named_in_table, *others):
        assert any(part in number for number in NUMBERS), part


# evidence that can fail


@pytest.mark.parametrize("number", NUMBERS)
def test_any_single_check_that_turns_out_otherwise_is_noticed(results, number):
    result = results[number]
    for i, check in enumerate(result.checks):
        inside = check.most if np.isfinite(check.most) else check.least
        other = replace(check, number=np.nan if check.holds else inside)
        assert other.holds is not check.holds
        checks = (*result.checks[:i], other, *result.checks[i + 1 :])
        assert conclude(checks) is not result.statement.expected, check


def test_what_is_not_true_as_printed_is_refuted_by_every_check_of_it(results):
    for result in results.values():
        stated = [check.holds for check in result.checks if check.reading in STATED]
        assert stated
        assert set(stated) == {result.verdict in AS_STATED}


def test_every_number_is_one(results):
    for result in results.values():
        assert not any(np.isnan(check.number) for check in result.checks)


def test_a_check_that_cannot_fail_is_refused():
    with pytest.raises(ValueError, match="this cannot fail"):
        Check(Reading.PRINTED, "anything", 1.0)


def test_not_a_number_holds_nowhere():
    assert not Check(Reading.PRINTED, "x", np.nan, most=1.0).holds
    assert not Check(Reading.PRINTED, "x", np.nan, least=1.0).holds


def check(reading, holds):
    return Check(reading, "x", 0.0 if holds else 1.0, most=0.5)


@pytest.mark.parametrize(
    "checks, verdict",
    [
        ([(Reading.PRINTED, True)], Verdict.TRUE),
        ([(Reading.INSTANCE, True)], Verdict.INSTANCE),
        ([(Reading.PRINTED, False)], Verdict.FALSE),
        ([(Reading.INSTANCE, False)], Verdict.NOT_AN_INSTANCE),
        ([(Reading.PRINTED, False), (Reading.REPAIR, True)], Verdict.REPAIRED),
        ([(Reading.PRINTED, False), (Reading.CONDITION, True)], Verdict.CONDITIONAL),
        ([(Reading.PRINTED, True), (Reading.CONDITION, True)], Verdict.TRUE),
        ([(Reading.PRINTED, False), (Reading.CONDITION, False)], Verdict.UNDECIDED),
        ([(Reading.PRINTED, False), (Reading.WITNESS, False)], Verdict.UNDECIDED),
        ([(Reading.PRINTED, False), (Reading.PRINTED, True)], Verdict.UNDECIDED),
        ([(Reading.CONDITION, True)], Verdict.UNDECIDED),
        ([], Verdict.UNDECIDED),
    ],
)
def test_verdicts_are_concluded_from_checks(checks, verdict):
    assert conclude([check(*each) for each in checks]) is verdict


# planted faults


@pytest.mark.parametrize("number", ["Slides, operator", "Sec. 7, single step", "Eq. (10)"])
def test_a_wrong_expectation_is_reported_with_exit_code_1(number, capsys):
    right = named(number)
    wrong = Verdict.FALSE if right.expected is Verdict.TRUE else Verdict.TRUE
    planted = [replace(s, expected=wrong) if s is right else s for s in STATEMENTS]
    assert main(["audit", "--only", number], planted) == 1
    shown = capsys.readouterr().out
    assert "0 of 1 confirmed" in shown
    assert "statements of the paper, not confirmed" in shown
    assert "expected:" in shown and "found:" in shown
    assert main(["audit", "--only", number]) == 0


def test_a_counterexample_that_no_longer_breaks_anything_is_found(monkeypatch):
    tame = replace(NU_CYCLE, algorithm=NU_CYCLE.repaired, solver=maximise)
    monkeypatch.setattr(conclusions, "CYCLES", (tame, conclusions.NEIGHBOURHOOD_CYCLE))
    for number in ("Lemma 2", "Eq. (14)", "Theorem 1, property 2"):
        assert named(number).judge().verdict is Verdict.UNDECIDED


def test_a_counterexample_with_other_numbers_is_found(monkeypatch):
    wrong = replace(NU_CYCLE, numbers={**NU_CYCLE.numbers, "eta*": 9.001})
    monkeypatch.setattr(conclusions, "CYCLES", (wrong, conclusions.NEIGHBOURHOOD_CYCLE))
    assert named("Lemma 2").judge().verdict is Verdict.UNDECIDED


def test_the_fraction_upside_down_is_found(monkeypatch):
    def upside_down(new, old, q, drift, beta, nu, adv=None):
        return (new * q).sum(axis=1) - beta / nu * drift.value(new, old, adv)

    monkeypatch.setattr(definitions, "mirror_operator", upside_down)
    assert not named("Sec. 3, operator").judge().confirmed


def test_a_run_that_stops_too_early_is_found(monkeypatch):
    monkeypatch.setattr(setting, "run_of", lambda name, game: run_of(name, game)[:1])
    assert not named("Eq. (1)").judge().confirmed


def test_another_game_is_found(monkeypatch):
    monkeypatch.setattr(setting, "case", lambda name: games.tabular(n_states=6))
    assert not named("Sec. 7, tabular").judge().confirmed


# the table of drifts


def test_the_table_has_every_drift_of_the_package():
    kinds = {type(row.drift).__name__ for row in DRIFTS}
    named_in_package = {
        name
        for name in drifts.__all__
        if isinstance(getattr(drifts, name), type) and issubclass(getattr(drifts, name), Drift)
    }
    assert named_in_package - {"Drift"} <= kinds
    assert "FunctionDrift" in kinds


@pytest.mark.parametrize("row", DRIFTS, ids=lambda row: row.name or repr(row.drift))
def test_expectations_are_what_classes_claim(row):
    if row.name.startswith("as_drift"):
        return  # which claims nothing but what its caller says
    assert row.drift.valid_inside is (row.domain != "not a drift")
    assert row.drift.valid_on_boundary is (row.domain == "closed")
    assert (row.drift.positive, row.drift.convex) == (row.positive, row.convex)


@pytest.mark.parametrize(
    "wrong",
    [
        ExpectedDrift(KLOldNew(), "closed", True, True),
        ExpectedDrift(TVSquared(), "closed", False, True),
        ExpectedDrift(TVSquared(), "closed", True, False),
        ExpectedDrift(TVSquared(), "not a drift", True, True),
    ],
    ids=repr,
)
def test_a_drift_that_is_not_what_it_is_expected_to_be_is_found(wrong):
    row = wrong.judge()
    assert not row.confirmed
    assert ", not " in " ".join(row.cells)


def test_a_claim_that_is_refuted_is_found():
    bold = drifts.as_drift(lambda new, old: abs(new - old).sum(axis=1), positive=True)
    row = ExpectedDrift(bold, "not a drift", True, True).judge()
    assert any(name.startswith("claim: valid_inside") for name in row.refuted)
    assert not row.confirmed


# the table of algorithms


def test_what_is_refuted_and_not_excused_is_found():
    row = AlgorithmRow("TRL", "grid", ("monotone",), frozenset({"Lemma 2: (4)"}), 12, 2, 1.0, ())
    assert not row.confirmed
    assert "monotone (!)" in row.cells


def test_only_a_nu_of_the_candidate_and_drifts_of_the_interior_excuse_anything():
    for name in ALGORITHMS:
        problem = run_of(name, "random")[0].problem
        excuses = excused(problem)
        assert ("Lemma 2: (4)" in excuses) is (name not in local())
        assert ("(L)" in excuses) is (not problem.drift.valid_on_boundary)
        assert ("Theorem G: greedy PPO" in excuses) is (name != "PPO, greedy")
        assert not excuses & {"monotone", "E_new A >= 0", "every step optimal", "(R)"}


def test_lemma_2_is_refuted_for_trl_and_for_nobody_else():
    refuted = {
        name
        for name in ALGORITHMS
        if not all(evidence_of(name, game)["Lemma 2: (4)"].holds for game in ("tabular", "grid"))
    }
    assert refuted == {"TRL"}


# what is printed


def test_the_report_is_a_table_in_a_terminal_and_in_a_notebook(found):
    report = found
    text, html = str(report), report._repr_html_()
    assert "statements of the paper: " in text
    assert max(map(len, text.splitlines())) <= 150
    assert html.count("<table") == html.count("</table>") == 3
    assert html.count('scope="col"') == sum(len(table.head) for table in report.tables)
    assert html.count('<tr class="confirmed">') == sum(map(len, report.tables))
    for number in NUMBERS:
        assert f"<td>{number}</td>" in html


def test_html_is_escaped():
    row = replace(named("Slides, operator"), says="<script>")
    assert "&lt;script&gt;" in audit.run(statements=[row])._repr_html_()


def test_results_are_a_tuple():
    table = audit.run(only=["slides", "(10)"])
    assert isinstance(table, tuple)
    assert [result.statement.number for result in table] == ["Eq. (10)", "Slides, operator"]


def test_algorithms_can_be_chosen_alone():
    report = audit.report(only=["algorithms"])
    assert not report.statements and not report.drifts
    assert len(report.algorithms) == 3 * len(ALGORITHMS)


def test_choosing_nothing_is_an_error(capsys):
    with pytest.raises(ValueError, match="Lemma 3"):
        audit.report(only=["Lemma 3"])
    with pytest.raises(SystemExit) as stop:
        main(["audit", "--only", "Lemma 3"])
    assert stop.value.code == 2
    assert "Lemma 3" in capsys.readouterr().err


def test_progress_is_shown_when_asked_for(capsys):
    audit.run(progress=True, only=["Slides"])
    assert "statements" in capsys.readouterr().err


def test_the_command_prints_no_bar_where_nobody_looks():
    command = [sys.executable, "-W", "error", "-m", "mirrorbook", "audit", "--only", "Slides"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert "1 of 1 confirmed" in done.stdout


def test_the_command_needs_no_figures():
    code = "import sys, mirrorbook.__main__; sys.exit('matplotlib' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], timeout=60).returncode == 0


def test_the_random_case_starts_everywhere():
    mdp = case("random")
    assert mdp.d0.min() > 0
