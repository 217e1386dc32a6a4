"""Random MDPs: what each family promises, and that a Generator gives the same one again."""

import numpy as np
import pytest
from oracles import dense_transitions

from mirrorbook.policies import check_policy
from mirrorbook.random_mdps import FAMILIES, STARTS, random_mdp

every_family = pytest.mark.parametrize("family", FAMILIES)
SIZES = [(3, 1), (4, 2), (7, 5)]


@every_family
@pytest.mark.parametrize("size", SIZES)
def test_every_family_has_the_size_that_was_asked_for(family, size):
    mdp = random_mdp(np.random.default_rng(1), family, *size, gamma=0.7)
    assert (mdp.n_states, mdp.n_actions, mdp.gamma) == (*size, 0.7)
    assert ((mdp.d0 > 0) == ~mdp.terminal).all()


@every_family
def test_the_same_generator_gives_the_same_mdp(family):
    one, same, other = (random_mdp(np.random.default_rng(seed), family) for seed in (3, 3, 4))
    assert (dense_transitions(one) == dense_transitions(same)).all() and (one.r == same.r).all()
    assert (one.r != other.r).any()


def made(family, **size):
    mdp = random_mdp(np.random.default_rng(5), family, **size)
    return mdp, dense_transitions(mdp)


def test_what_the_families_promise():
    assert (made("dense")[1] > 0).all()
    mdp, P = made("sparse", n_states=9)
    assert mdp.is_sparse and (np.count_nonzero(P, axis=2) <= 2).all()
    _, P = made("chain", n_states=6)
    assert not np.triu(P.sum(axis=1), 2).any() and not np.tril(P.sum(axis=1), -2).any()
    assert np.count_nonzero(made("grid")[0].terminal) == 2
    assert (made("near-deterministic")[1].max(axis=2) >= 0.9).all()
    mdp, P = made("ties")
    assert (P[:, 0] == P[:, -1]).all() and (mdp.r[:, 0] == mdp.r[:, -1]).all()
    assert set(np.unique(mdp.r)) <= {-1, 0, 1} and set(np.unique(P)) == {0, 1}


def test_starts():
    mdp, rng = random_mdp(np.random.default_rng(6), n_states=40), np.random.default_rng(7)
    starts = {name: check_policy(start(mdp, rng), mdp) for name, start in STARTS.items()}
    unused = {name: np.mean(pi == 0) for name, pi in starts.items()}
    assert unused["uniform"] == unused["interior"] == unused["spiky"] == 0
    assert 0 < unused["boundary"] < unused["deterministic"] == pytest.approx(2 / 3)
    assert starts["spiky"].max(axis=1).mean() > starts["interior"].max(axis=1).mean()


@pytest.mark.parametrize(
    "changes, error, message",
    [
        (dict(rng=0), TypeError, "rng must be a numpy.random.Generator, found int"),
        (dict(family="tree"), ValueError, "family is 'tree', expected one of dense, sparse"),
        (dict(n_states=0), ValueError, "n_states is 0, expected at least 1"),
        (dict(n_actions=2.0), TypeError, "n_actions must be an integer, found 2.0"),
        (dict(family="grid", n_states=2), ValueError, "n_states is 2, expected at least 3 for a"),
        (dict(gamma=1.0), ValueError, "gamma"),
    ],
)
def test_malformed(changes, error, message):
    with pytest.raises(error, match=message):
        random_mdp(**(dict(rng=np.random.default_rng(0)) | changes))
