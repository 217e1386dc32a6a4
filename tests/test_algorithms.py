"""Algorithms: the table of named instances, and what a product of parts is made of."""

from dataclasses import FrozenInstanceError, replace

import numpy as np
import pytest

from mirrorbook import (
    ALGORITHMS,
    Algorithm,
    AllPolicies,
    AverageBall,
    KLNewOld,
    KLOldNew,
    L2Squared,
    StatewiseBall,
    TVSquared,
    Zero,
    distributions,
)

PARTS = dict(drift=KLOldNew(), neighbourhood=AllPolicies(), beta=distributions.uniform)
every_algorithm = pytest.mark.parametrize("name", ALGORITHMS)


@every_algorithm
def test_the_table_is_keyed_by_names_and_says_where_they_come_from(name):
    algorithm = ALGORITHMS[name]
    assert isinstance(algorithm, Algorithm)
    assert algorithm.name == name
    assert algorithm.source


def test_no_two_algorithms_of_the_table_are_the_same():
    parts = {}
    for name, a in ALGORITHMS.items():
        parts.setdefault((a.drift, a.neighbourhood, a.beta, a.nu, a.selection), []).append(name)
    same = [names for names in parts.values() if len(names) > 1]
    assert same == [["PPO-KL, backward", "MDPO"]]  # as the paper's table has it, and its note says


@pytest.mark.parametrize(
    "name, drift, neighbourhood, beta",
    [
        ("GPI", Zero(), AllPolicies(), distributions.uniform),
        ("TRPO", Zero(), AverageBall(KLOldNew(), 0.01), distributions.occupancy),
        ("PPO-KL", KLOldNew(), AllPolicies(), distributions.occupancy),
        ("MDPO", KLNewOld(), AllPolicies(), distributions.occupancy),
        ("L2²", L2Squared(), AllPolicies(), distributions.uniform),
        ("TV²", TVSquared(), AllPolicies(), distributions.uniform),
    ],
)
def test_the_papers_instances(name, drift, neighbourhood, beta):
    """Which way round a KL goes is what one gets wrong."""
    algorithm = ALGORITHMS[name]
    found = (algorithm.drift, algorithm.neighbourhood, algorithm.beta, algorithm.nu)
    assert found == (drift, neighbourhood, beta, None)


def test_the_table_is_read_only():
    with pytest.raises(TypeError, match="does not support item assignment"):
        ALGORITHMS["GPI"] = ALGORITHMS["TRPO"]
    with pytest.raises(TypeError, match="does not support item deletion"):
        del ALGORITHMS["GPI"]
    with pytest.raises(FrozenInstanceError):
        ALGORITHMS["GPI"].drift = KLOldNew()


@pytest.mark.parametrize("drift", [Zero(), 2 * KLOldNew()], ids=repr)
@pytest.mark.parametrize("ball", [AllPolicies(), StatewiseBall(L2Squared(), 0.1)], ids=repr)
@pytest.mark.parametrize("nu", [None, distributions.uniform])
def test_any_parts_make_an_algorithm(drift, ball, nu):
    algorithm = Algorithm(drift, ball, distributions.fixed([1.0]), nu)
    assert (algorithm.drift, algorithm.neighbourhood, algorithm.nu) == (drift, ball, nu)
    assert (algorithm.name, algorithm.source) == ("", "")


def test_an_algorithm_can_be_varied():
    slower = replace(ALGORITHMS["PPO-KL"], drift=50 * KLOldNew(), name="slow PPO-KL")
    assert slower.drift.scale == 50
    assert slower.beta is distributions.occupancy
    assert slower != ALGORITHMS["PPO-KL"]
    with pytest.raises(
        TypeError, match=r"^drift must be a Drift or a function that gives one, found NoneType"
    ):
        replace(slower, drift=None)


@pytest.mark.parametrize(
    "changes, message",
    [
        (dict(drift=None), r"^drift must be a Drift or .*, found NoneType$"),
        (dict(drift=KLOldNew), r"^drift must be a Drift or .*, found type$"),
        (dict(drift=2.0), r"^drift must be a Drift or .*, found float$"),
        (dict(neighbourhood=None), r"^neighbourhood must have a `contains` .*, found NoneType$"),
        (dict(neighbourhood=KLOldNew()), r"^neighbourhood must have .*, found KLOldNew$"),
        (dict(neighbourhood=AllPolicies), r"^neighbourhood must have .*, found type$"),
        (dict(neighbourhood=0.05), r"^neighbourhood must have .*, found float$"),
        (dict(beta=None), r"^beta must be a function, found NoneType$"),
        (dict(beta=np.ones(2) / 2), r"^beta must be a function, found ndarray$"),
        (dict(nu=np.ones(2) / 2), r"^nu must be a function, found ndarray$"),
        (dict(nu="uniform"), r"^nu must be a function, found str$"),
    ],
)
def test_malformed(changes, message):
    with pytest.raises(TypeError, match=message):
        Algorithm(**(PARTS | changes))


@pytest.mark.parametrize("selection", ["min-kl", "greedy", "worst", np.random.default_rng(0), None])
def test_a_selection_is_named_or_drawn(selection):
    assert Algorithm(**PARTS, selection=selection).selection is selection


@pytest.mark.parametrize("selection", ["best", "", 3])
def test_an_unknown_selection(selection):
    with pytest.raises(ValueError, match=r"^selection is .*, expected None, a numpy Generator or"):
        Algorithm(**PARTS, selection=selection)


def test_what_is_no_instance_says_so():
    assert ALGORITHMS["PPO-KL, adaptive"].note.startswith("no instance")
    assert "optimal" in ALGORITHMS["PPO, min-KL"].note
