"""The MDP: what it accepts, what it refuses and how, what nobody can change afterwards."""

import pickle
from dataclasses import FrozenInstanceError

import numpy as np
import pytest
import scipy.sparse as sp
from hypothesis import given
from oracles import dense_transitions, induced_by_loops, random_mdp, stored_otherwise
from strategies import mdps, mdps_with_policies

from mirrorbook import MDP, games
from mirrorbook.layout import Layout
from mirrorbook.mdp import LARGEST_VALUE, chain_of_actions, expected_next, induced_chain

DENSE = np.array([[[0.5, 0.5], [1.0, 0.0]], [[0.0, 1.0], [0.0, 1.0]]])
SPARSE = sp.csr_array(DENSE.reshape(4, 2))
REWARD = np.array([[1.0, 2.0], [0.0, 0.0]])
LAYOUT = dict(positions=[(0, 0), (1, 0)], moves=[(1, 0), (0, 1)], shape=(2, 1))


def build(**changes):
    """A well-formed MDP of two states and two actions, but for the changes."""
    parts = dict(P=DENSE, r=REWARD, gamma=0.9, d0=[1.0, 0.0], terminal=[False, True])
    return MDP(**(parts | changes))


def changed(array, index, value):
    """A copy of an array with one entry (or row) replaced."""
    array = array.copy()
    array[index] = value
    return array


def changed_sparse(index, value):
    return sp.csr_array(changed(DENSE.reshape(4, 2), index, value))


MALFORMED = [
    # rewards
    (dict(r=[1.0, 2.0]), ValueError, r"^r has shape \(2,\), expected \(states, actions\)"),
    (dict(r=np.empty((0, 2))), ValueError, r"^r has shape \(0, 2\), expected .* at least 1"),
    (dict(r=np.empty((2, 0))), ValueError, r"^r has shape \(2, 0\), expected .* at least 1"),
    (dict(r=[[1, 2], [3]]), ValueError, r"^r is not rectangular"),
    (dict(r=changed(REWARD, (0, 1), np.nan)), ValueError, r"^r\[0, 1\] is nan, not a finite"),
    (dict(r=changed(REWARD, (1, 0), np.inf)), ValueError, r"^r\[1, 0\] is inf, not a finite"),
    (dict(r=REWARD.astype(complex)), TypeError, r"^r must hold real numbers, found .*complex"),
    (dict(r=None), TypeError, r"^r must hold real numbers, found dtype object"),
    # dense transitions
    (dict(P=DENSE[:, :1]), ValueError, r"^P has shape \(2, 1, 2\), expected \(2, 2, 2\)"),
    (dict(P=DENSE.reshape(4, 2)), ValueError, r"^P has shape \(4, 2\), expected \(2, 2, 2\)"),
    (dict(P=changed(DENSE, (0, 1), [0.5, 0])), ValueError, r"^P\[0, 1\] is not .* sums to 0\.5"),
    (dict(P=changed(DENSE, (1, 0), [2, -1])), ValueError, r"^P\[1, 0\] .*entry 1 is negative, -1"),
    (dict(P=changed(DENSE, (0, 0, 1), np.nan)), ValueError, r"^P\[0, 0, 1\] is nan, not a finite"),
    (dict(P="P"), TypeError, r"^P must hold real numbers, found dtype <U1"),
    (dict(P=None), TypeError, r"^P must hold real numbers, found dtype object"),
    # sparse transitions
    (dict(P=SPARSE.T), ValueError, r"^sparse P has shape \(2, 4\), expected \(4, 2\)"),
    (dict(P=SPARSE.astype(complex)), TypeError, r"^P must hold real numbers, found .*complex128"),
    (dict(P=changed_sparse(1, [0.5, 0])), ValueError, r"^P\[0, 1\] is not .* sums to 0\.5$"),
    (dict(P=changed_sparse(2, [0, 0])), ValueError, r"^P\[1, 0\] is not .* sums to 0$"),
    (dict(P=changed_sparse(3, [-1, 2])), ValueError, r"^P\[1, 1\] is not .*: entry 0 is -1$"),
    (dict(P=changed_sparse((0, 1), np.nan)), ValueError, r"^P\[0, 0\] is not .*: entry 1 is nan$"),
    (dict(P=changed_sparse((0, 0), np.inf)), ValueError, r"^P\[0, 0\] is not .*: entry 0 is inf$"),
    # discount
    (dict(gamma=1), ValueError, r"^gamma is 1\.0, expected 0 <= gamma < 1"),
    (dict(gamma=-0.1), ValueError, r"^gamma is -0\.1, expected 0 <= gamma < 1"),
    (dict(gamma=np.nan), ValueError, r"^gamma is nan, not a finite number"),
    (dict(gamma="0.9"), TypeError, r"^gamma must be one real number, found '0\.9'"),
    (dict(gamma=None), TypeError, r"^gamma must be one real number, found None"),
    (dict(gamma=False), TypeError, r"^gamma must be one real number, found False"),
    (dict(gamma=0.5 + 0j), TypeError, r"^gamma must be one real number, found \(0\.5\+0j\)"),
    (dict(gamma=[0.5, 0.5]), TypeError, r"^gamma must be one real number, found \[0\.5, 0\.5\]"),
    # start
    (dict(d0=[1.0]), ValueError, r"^d0 has shape \(1,\), expected \(2,\)"),
    (dict(d0=[[1.0, 0.0]]), ValueError, r"^d0 has shape \(1, 2\), expected \(2,\)"),
    (dict(d0=1.0), ValueError, r"^d0 has shape \(\), expected at least one outcome"),
    (dict(d0=[0.5, 0.4]), ValueError, r"^d0 is not a probability vector: it sums to 0\.9"),
    (dict(d0=[-1, 2]), ValueError, r"^d0 is not .*: entry 0 is negative, -1"),
    (dict(d0=[np.inf, 0]), ValueError, r"^d0\[0\] is inf, not a finite number"),
    # terminal states
    (dict(terminal=[0, 1]), TypeError, r"^terminal must be a boolean mask, found dtype int64"),
    (dict(terminal=[False]), ValueError, r"^terminal has shape \(1,\), expected \(2,\)"),
    (dict(terminal=[[True], [True, False]]), ValueError, r"^terminal is not rectangular"),
    (
        dict(terminal=[True, False]), ValueError,
        r"^state 0 is terminal but P\[0, 0, 0\] is 0\.5: a terminal state must be absorbing",
    ),
    (
        dict(terminal=[True, False], P=SPARSE), ValueError,
        r"^state 0 is terminal but P\[0, 0, 0\] is 0\.5: a terminal state must be absorbing",
    ),
    (
        dict(P=changed(DENSE, (1, 1), [1e-10, 1 - 1e-10])), ValueError,
        r"^state 1 is terminal but P\[1, 1, 1\] is 0\.9999999999: a terminal state must be abs",
    ),
    (
        dict(r=changed(REWARD, (1, 1), -0.25)), ValueError,
        r"^state 1 is terminal but r\[1, 1\] is -0\.25: a terminal state must pay nothing",
    ),
    # names and layout
    (dict(state_names="ab"), TypeError, r"^state_names must be a sequence of strings, found 'ab'"),
    (dict(state_names=5), TypeError, r"^state_names must be a sequence of strings, found 5"),
    (dict(state_names=["a", 1]), TypeError, r"^state_names\[1\] must be a string, found 1"),
    (dict(action_names=["a"]), ValueError, r"^action_names has 1 names, expected 2"),
    (dict(layout="board"), TypeError, r"^layout must be a Layout, found str"),
    (
        dict(layout=Layout(**(LAYOUT | dict(positions=[(0, 0)])))), ValueError,
        r"^layout\.positions has shape \(1, 2\), expected \(2, 2\)",
    ),
    (
        dict(layout=Layout(**(LAYOUT | dict(moves=[(0, 0)])))), ValueError,
        r"^layout\.moves has shape \(1, 2\), expected \(2, 2\)",
    ),
]  # fmt: skip

MALFORMED_LAYOUTS = [
    (dict(positions=[0, 1]), ValueError, r"^layout\.positions has shape \(2,\), expected \(n, 2\)"),
    (dict(moves=[(1, 0, 0)]), ValueError, r"^layout\.moves has shape \(1, 3\), expected \(n, 2\)"),
    (dict(walls=[(0, np.nan)]), ValueError, r"^layout\.walls\[0, 1\] is nan, not a finite number"),
    (dict(walls="none"), TypeError, r"^layout\.walls must hold real numbers, found dtype <U4"),
    (dict(shape=3), ValueError, r"^layout\.shape is 3, expected two positive integers"),
    (dict(shape=(2, 0)), ValueError, r"^layout\.shape is \(2, 0\), expected two positive integers"),
    (dict(shape=(2.5, 1)), ValueError, r"^layout\.shape is \(2\.5, 1\), expected two positive"),
]


@pytest.mark.parametrize("changes, error, message", MALFORMED)
def test_malformed(changes, error, message):
    with pytest.raises(error, match=message) as info:
        build(**changes)
    assert info.type is error


@pytest.mark.parametrize("changes, error, message", MALFORMED_LAYOUTS)
def test_malformed_layout(changes, error, message):
    with pytest.raises(error, match=message) as info:
        Layout(**(LAYOUT | changes))
    assert info.type is error


def test_what_is_given_is_kept():
    mdp = build(state_names=["a", "b"], action_names=iter(["x", "y"]), layout=Layout(**LAYOUT))
    np.testing.assert_array_equal(mdp.P, DENSE)
    np.testing.assert_array_equal(mdp.r, REWARD)
    np.testing.assert_array_equal(mdp.d0, [1, 0])
    np.testing.assert_array_equal(mdp.terminal, [False, True])
    assert (mdp.n_states, mdp.n_actions, mdp.gamma, mdp.is_sparse) == (2, 2, 0.9, False)
    assert (mdp.state_names, mdp.action_names) == (("a", "b"), ("x", "y"))
    assert mdp.layout.shape == (2, 1)
    assert repr(mdp) == "MDP(2 states, 2 actions, gamma=0.9, dense)"


def test_defaults():
    mdp = MDP(SPARSE, REWARD, 0, [0.5, 0.5])
    assert mdp.terminal.dtype == bool and not mdp.terminal.any()
    assert (mdp.state_names, mdp.action_names, mdp.layout) == (("0", "1"), ("0", "1"), None)
    assert type(mdp.gamma) is float
    assert repr(mdp) == "MDP(2 states, 2 actions, gamma=0, sparse)"


@pytest.mark.parametrize("gamma", [0, 0.0, np.float32(0.5), np.array(0.25), 1 - 2**-53])
def test_every_discount_below_one_is_accepted(gamma):
    assert build(gamma=gamma).gamma == gamma


@pytest.mark.parametrize(
    "store", [sp.csr_array, sp.csc_array, sp.coo_array, sp.csr_matrix, sp.lil_array, sp.bsr_array]
)
def test_every_sparse_format_is_stored_alike(store):
    mdp = build(P=store(DENSE.reshape(4, 2)))
    assert isinstance(mdp.P, sp.csr_array)
    assert mdp.P.dtype == float
    np.testing.assert_array_equal(mdp.P.toarray(), DENSE.reshape(4, 2))


def test_entries_of_a_sparse_matrix_that_share_a_place_add_up():
    place = ([0, 0, 0, 1, 2, 3], [0, 1, 0, 0, 1, 1])
    mdp = build(P=sp.coo_array(([0.25, 0.5, 0.25, 1, 1, 1], place), shape=(4, 2)))
    np.testing.assert_array_equal(mdp.P.toarray(), DENSE.reshape(4, 2))


def test_a_zero_may_be_stored():
    stored = ([0.5, 0.5, 1, 0, 1, 0, 1], [0, 1, 0, 1, 1, 0, 1], [0, 2, 4, 5, 7])
    np.testing.assert_array_equal(build(P=sp.csr_array(stored)).P.toarray(), DENSE.reshape(4, 2))


def test_one_state_and_one_action_are_counted_as_one():
    assert repr(MDP([[[1.0]]], [[0.0]], 0.5, [1.0])) == "MDP(1 state, 1 action, gamma=0.5, dense)"


@pytest.mark.parametrize("gamma", [0.0, 0.5, 0.99])
def test_rewards_may_be_as_large_as_keeps_values_below_the_largest(gamma):
    largest = LARGEST_VALUE * (1 - gamma)
    reward = changed(REWARD, (0, 1), -largest)
    assert build(r=reward, gamma=gamma).r[0, 1] == -largest
    with pytest.raises(ValueError, match=r"^r\[0, 1\] is .*, too large"):
        build(r=1.001 * reward, gamma=gamma)


@pytest.mark.parametrize("store", [lambda P: P, lambda P: sp.csr_array(P.reshape(4, 2))])
def test_rounding_of_a_row_is_accepted_and_kept(store):
    near = changed(DENSE, (0, 0, 0), 0.5 + 0.9e-9)
    np.testing.assert_array_equal(dense_transitions(build(P=store(near))), near)
    far = changed(DENSE, (0, 0, 0), 0.5 + 1.1e-9)
    with pytest.raises(ValueError, match=r"^P\[0, 0\] is not .* sums to 1\.0000000011"):
        build(P=store(far))


@pytest.mark.parametrize("P", [DENSE, SPARSE], ids=["dense", "sparse"])
def test_the_arrays_of_the_caller_are_copied_and_left_alone(P):
    P, r, d0, terminal = P.copy(), REWARD.copy(), np.array([1.0, 0.0]), np.array([False, True])
    mdp = MDP(P, r, 0.9, d0, terminal)
    (P.data if sp.issparse(P) else P)[:] = 7  # the caller's arrays stay writable
    r[:], d0[:], terminal[:] = 7, 7, True
    np.testing.assert_array_equal(dense_transitions(mdp), DENSE)
    np.testing.assert_array_equal(mdp.r, REWARD)
    np.testing.assert_array_equal(mdp.d0, [1, 0])
    np.testing.assert_array_equal(mdp.terminal, [False, True])


@pytest.mark.parametrize("P", [DENSE, SPARSE], ids=["dense", "sparse"])
def test_nothing_can_be_written(P):
    mdp = build(P=P, layout=Layout(**LAYOUT, walls=[(1, 1)]))
    parts = [mdp.P.data, mdp.P.indices, mdp.P.indptr] if sp.issparse(P) else [mdp.P]
    parts += [mdp.r, mdp.d0, mdp.terminal]
    parts += [mdp.layout.positions, mdp.layout.moves, mdp.layout.walls]
    for array in parts:
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0
    for owner, name in [(mdp, "P"), (mdp, "gamma"), (mdp, "terminal"), (mdp.layout, "moves")]:
        with pytest.raises(FrozenInstanceError):
            setattr(owner, name, None)


@pytest.mark.parametrize("P", [DENSE, SPARSE], ids=["dense", "sparse"])
def test_pickling_keeps_everything(P):
    mdp = build(P=P, layout=Layout(**LAYOUT))
    copy = pickle.loads(pickle.dumps(mdp))
    np.testing.assert_array_equal(dense_transitions(copy), DENSE)
    np.testing.assert_array_equal(copy.r, mdp.r)
    assert (copy.gamma, copy.state_names, copy.is_sparse) == (0.9, mdp.state_names, mdp.is_sparse)


@given(mdps())
def test_expected_next_is_the_sum_over_successors(mdp):
    v = np.linspace(-1, 2, mdp.n_states)
    P = dense_transitions(mdp)
    for s in range(mdp.n_states):
        for a in range(mdp.n_actions):
            expected = sum(P[s, a, t] * v[t] for t in range(mdp.n_states))
            assert expected_next(mdp, v)[s, a] == pytest.approx(expected, abs=1e-15)


@given(mdps_with_policies())
def test_induced_chain_is_the_average_over_actions(drawn):
    mdp, pi = drawn
    expected, _ = induced_by_loops(mdp, pi)
    for stored in (mdp, stored_otherwise(mdp)):
        chain = induced_chain(stored, pi)
        assert sp.issparse(chain) == stored.is_sparse
        dense = chain.toarray() if stored.is_sparse else chain
        np.testing.assert_allclose(dense, expected, rtol=0, atol=1e-15)
        np.testing.assert_allclose(dense.sum(axis=1), 1, rtol=0, atol=1e-15)


@pytest.mark.parametrize("sparse", [False, True])
def test_shapes_are_checked(sparse):
    mdp = random_mdp(np.random.default_rng(0), 3, 2, 0.9, sparse)
    with pytest.raises(ValueError, match=r"^v has shape \(2,\), expected \(3,\)"):
        expected_next(mdp, np.zeros(2))
    with pytest.raises(ValueError, match=r"^pi has shape \(2, 3\), expected \(3, 2\)"):
        induced_chain(mdp, np.full((2, 3), 1 / 3))


def test_games_have_a_layout_that_fits():
    for mdp in (games.single_step(), games.tabular(), games.gridworld()):
        assert mdp.layout.positions.shape == (mdp.n_states, 2)
        assert mdp.layout.moves.shape == (mdp.n_actions, 2)


def test_small_sparse_transitions_are_kept_dense_too(monkeypatch):
    small = random_mdp(np.random.default_rng(6), 5, 3, 0.9, True)
    monkeypatch.setattr("mirrorbook.mdp.SMALL", 75)
    assert small.is_sparse and small.table.shape == (5, 3, 5)
    assert not small.table.flags.writeable
    monkeypatch.setattr("mirrorbook.mdp.SMALL", 74)
    large = MDP(small.P, small.r, small.gamma, small.d0)
    assert large.table is None
    v, actions = np.arange(5.0), np.array([0, 1, 2, 1, 0])
    np.testing.assert_allclose(expected_next(large, v), expected_next(small, v))
    chain = induced_chain(large, np.eye(3)[actions]).toarray()
    np.testing.assert_array_equal(induced_chain(small, np.eye(3)[actions]).toarray(), chain)
    np.testing.assert_array_equal(chain_of_actions(large, actions).toarray(), chain)
    np.testing.assert_array_equal(chain_of_actions(small, actions), chain)
