"""Sweeps: the same rows wherever they run, and nothing lost or doubled by an interruption."""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import joblib
import numpy as np
import pytest

from mirrorbook import ALGORITHMS, AverageBall, KLOldNew, expected_return, games, policies
from mirrorbook.experiments import algorithm, initial_policy, run
from mirrorbook.sweeps import SweepError, learning_curve, sweep

AXES = {
    "mdp": {"tables": games.tabular(), "bandit": games.single_step()},
    "algorithm": {name: ALGORITHMS[name] for name in ("GPI", "TRPO", "MDPO")},
    "n_steps": [3],
}


def draw(x, rng, wait=0.0):
    time.sleep(wait)
    return [dict(i=i, u=rng.random(), twice=2 * x) for i in range(2)]


def fails_on_odd(x, rng):
    if x % 2:
        raise ArithmeticError(f"{x} is odd")
    return dict(half=x // 2)


def interrupts_at_three(x, rng):
    if x == 3 and not Path(os.environ["GO_ON"]).exists():
        raise KeyboardInterrupt
    return draw(x, rng)


def lines_of(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


# the same rows everywhere


@pytest.fixture(scope="module")
def in_one_process():
    return sweep(learning_curve, AXES, seeds=2)


def test_rows_are_what_the_function_gives(in_one_process):
    assert len(in_one_process) == 2 * 3 * 2 * 4
    first = in_one_process[:4]
    assert [row["iteration"] for row in first] == [0, 1, 2, 3]
    for row in first:
        assert (row["mdp"], row["algorithm"], row["n_steps"], row["seed"]) == (
            "tables",
            "GPI",
            3,
            0,
        )
    assert first[0]["eta"] < first[-1]["eta"] == pytest.approx(9.780219890022)


def test_a_curve_is_the_run_of_figure_3():
    def start(mdp, rng):
        return initial_policy("tabular")

    rng = np.random.default_rng(0)
    rows = learning_curve(games.tabular(), algorithm("KL ball", "KL"), rng, 4, start)
    one = run("tabular", "KL ball", "KL", n_steps=4)
    np.testing.assert_allclose([row["eta"] for row in rows], one.returns, rtol=1e-13)
    assert [row["drift"] for row in rows] == [0.0, *one.drifts]


@pytest.mark.parametrize("backend", ["loky", "threading", "multiprocessing"])
def test_backends_give_identical_rows(backend, in_one_process):
    if backend == "multiprocessing" and "fork" not in multiprocessing.get_all_start_methods():
        pytest.skip("this backend wants to fork")
    options = {"inner_max_num_threads": 1} if backend == "loky" else {}
    with joblib.parallel_config(backend, n_jobs=2, **options):
        assert sweep(learning_curve, AXES, seeds=2) == in_one_process


def test_a_dask_cluster_gives_identical_rows(in_one_process, tmp_path):
    distributed = pytest.importorskip("distributed")
    file = tmp_path / "runs.jsonl"
    with (
        distributed.LocalCluster(
            n_workers=2, threads_per_worker=1, dashboard_address=None, protocol="tcp://"
        ) as cluster,
        distributed.Client(cluster),
        joblib.parallel_config("dask"),
    ):
        assert sweep(learning_curve, AXES, seeds=2, file=file) == in_one_process
    assert len(lines_of(file)) == 12


def test_neither_order_nor_company_changes_a_row(in_one_process):
    names = list(AXES["algorithm"])[::-1]
    axes = {
        "n_steps": [3],
        "algorithm": {name: ALGORITHMS[name] for name in names},
        "mdp": AXES["mdp"],
    }
    alone = {**AXES, "algorithm": {"TRPO": ALGORITHMS["TRPO"]}}

    def ordered(rows):
        return sorted(json.dumps(row, sort_keys=True) for row in rows)

    assert ordered(sweep(learning_curve, axes, seeds=[1, 0])) == ordered(in_one_process)
    assert sweep(learning_curve, alone, seeds=2) == [
        row for row in in_one_process if row["algorithm"] == "TRPO"
    ]


def test_tasks_draw_independent_numbers():
    rows = sweep(draw, {"x": range(20)}, seeds=5)
    assert len({row["u"] for row in rows}) == len(rows) == 200


# the file


def test_a_file_is_read_instead_of_working_again(tmp_path):
    file = tmp_path / "runs.jsonl"
    rows = sweep(draw, {"x": [1, 2]}, seeds=2, file=file)
    text = file.read_text(encoding="utf-8")
    marked = text.replace('"twice": 2', '"twice": "read"')
    assert marked != text
    file.write_text(marked, encoding="utf-8")
    again = sweep(draw, {"x": [1, 2]}, seeds=2, file=file)
    assert [row["twice"] for row in again] == ["read"] * 4 + [4] * 4
    assert [row["u"] for row in again] == [row["u"] for row in rows]
    assert file.read_text(encoding="utf-8") == marked


def test_a_changed_parameter_is_another_task(tmp_path):
    file = tmp_path / "runs.jsonl"
    rule = ALGORITHMS["TRPO"]
    for gamma, radius, seeds in [(0.9, 0.1, 1), (0.8, 0.1, 1), (0.8, 0.2, 1), (0.8, 0.2, 2)]:
        ball = AverageBall(KLOldNew(), radius)
        axes = {
            "mdp": {"same name": games.tabular(2, gamma)},
            "algorithm": {"same name": type(rule)(rule.drift, ball, rule.beta)},
            "n_steps": [1],
        }
        sweep(learning_curve, axes, seeds, file=file)
    assert len({line["key"] for line in lines_of(file)}) == len(lines_of(file)) == 4


@pytest.mark.parametrize("kept", [0, 1, 5, 9, 40, -1])
def test_a_line_half_written_is_written_anew(tmp_path, kept):
    file = tmp_path / "runs.jsonl"
    rows = sweep(draw, {"x": range(4)}, file=file)
    *lines, last = file.read_bytes().splitlines(keepends=True)
    file.write_bytes(b"".join(lines) + last[:kept])
    assert sweep(draw, {"x": range(4)}, file=file) == rows
    assert file.read_bytes() == b"".join(lines) + last


def test_names_may_break_lines(tmp_path):
    file = tmp_path / "runs.jsonl"
    axes = {"x": {"one\nor\u2028two\x85é": 1, "three": 3}}
    rows = sweep(draw, axes, file=file)
    file.write_bytes(file.read_bytes()[:-3])
    assert sweep(draw, axes, file=file) == rows


@pytest.mark.parametrize("content", ["x,u\n1,0.5\n", "x,u", '{"u": 1}\n', "[1]\n", "\n"])
def test_a_file_of_another_kind_is_left_alone(tmp_path, content):
    file = tmp_path / "notes.txt"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(ValueError, match="notes.txt, line 1 is no record of a sweep"):
        sweep(draw, {"x": [1]}, file=file)
    assert file.read_text(encoding="utf-8") == content


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_an_interruption_loses_and_doubles_nothing(tmp_path, monkeypatch, n_jobs):
    go_on, file = tmp_path / "go_on", tmp_path / "runs.jsonl"
    monkeypatch.setenv("GO_ON", str(go_on))
    with joblib.parallel_config("threading"), pytest.raises(KeyboardInterrupt):
        sweep(interrupts_at_three, {"x": range(6)}, file=file, n_jobs=n_jobs)
    before = file.read_text(encoding="utf-8")
    assert len(lines_of(file)) < 6
    if n_jobs == 1:
        assert len(lines_of(file)) == 3
    go_on.touch()
    rows = sweep(interrupts_at_three, {"x": range(6)}, file=file)
    assert file.read_text(encoding="utf-8").startswith(before)
    assert sorted(line["task"]["x"] for line in lines_of(file)) == list(range(6))
    assert rows == sweep(interrupts_at_three, {"x": range(6)})


MANY = {"x": range(40), "wait": [0.2]}
KILLED = """
import test_sweeps
test_sweeps.sweep(test_sweeps.draw, test_sweeps.MANY, file=FILE, n_jobs=2)
"""


def test_a_killed_sweep_is_resumed(tmp_path):
    file = tmp_path / "runs.jsonl"
    code = KILLED.replace("FILE", repr(str(file)))
    paths = [str(Path(__file__).parent), *filter(None, sys.path)]
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}
    child = subprocess.Popen([sys.executable, "-c", code], env=environment, start_new_session=True)
    try:
        while child.poll() is None and not (file.exists() and file.read_bytes().count(b"\n") > 1):
            time.sleep(0.02)
    finally:
        os.killpg(child.pid, signal.SIGKILL)
        child.wait()
    survived = file.read_bytes()
    assert 2 <= survived.count(b"\n") < 40
    with joblib.parallel_config("threading", n_jobs=10):
        rows = sweep(draw, MANY, file=file)
        assert rows == sweep(draw, MANY)
    assert file.read_bytes().startswith(survived[: survived.rfind(b"\n") + 1])
    assert [(row["x"], row["i"]) for row in rows] == [(x, i) for x in range(40) for i in range(2)]
    assert len({line["key"] for line in lines_of(file)}) == len(lines_of(file)) == 40


# failures


@pytest.mark.parametrize("n_jobs", [1, 2])
def test_a_failure_is_named_and_loses_no_other_task(tmp_path, n_jobs):
    file = tmp_path / "runs.jsonl"
    with pytest.raises(SweepError, match=r"2 of 5 tasks failed, the first \(x=1, seed=0\) by "
                       "ArithmeticError: 1 is odd") as caught:  # fmt: skip
        sweep(fails_on_odd, {"x": range(5)}, file=file, n_jobs=n_jobs)
    assert caught.value.rows == [dict(x=x, seed=0, half=x // 2) for x in (0, 2, 4)]
    assert list(caught.value.failures) == ["x=1, seed=0", "x=3, seed=0"]
    assert "in fails_on_odd" in caught.value.failures["x=3, seed=0"]
    assert sorted(line["task"]["x"] for line in lines_of(file)) == [0, 2, 4]


def test_progress_counts_what_the_file_holds(tmp_path, capsys):
    sweep(draw, {"x": [1]}, seeds=2, file=tmp_path / "runs.jsonl")
    assert capsys.readouterr().err == ""
    sweep(draw, {"x": [1]}, seeds=3, file=tmp_path / "runs.jsonl", progress=True)
    assert "2/3" in capsys.readouterr().err


def nothing(rng):
    return ()


def test_a_task_may_have_no_rows(tmp_path):
    assert sweep(nothing, {}, file=tmp_path / "runs.jsonl") == []
    assert len(lines_of(tmp_path / "runs.jsonl")) == 1


def test_a_seed_repeats_the_numbers_of_its_task():
    assert sweep(draw, {"x": [1]}, seeds=[7]) == sweep(draw, {"x": [1]}, seeds=range(9))[14:16]


def test_the_start_is_drawn_by_the_task():
    rows = sweep(learning_curve, {"mdp": {"b": games.single_step()}, "n_steps": [1],
                 "algorithm": {"GPI": ALGORITHMS["GPI"]}}, seeds=3)  # fmt: skip
    starts = [row["eta"] for row in rows if row["iteration"] == 0]
    uniform = expected_return(games.single_step(), policies.uniform(games.single_step()))
    assert len({uniform, *starts}) == 4
