"""A replay buffer that remembers which policy stored each pair, and how likely its action was."""

import numpy as np

from ..arguments import check_generator
from ..simplex import check_count, check_distributions, check_shape
from .batches import Batch, check_batch
from .estimators import balance

DENOMINATORS = ("own", "balance", "unconditional")


def check_denominator(denominator):
    """Raise unless `denominator` is one of `DENOMINATORS`.

    Parameters
    ----------
    denominator : str

    Raises
    ------
    ValueError
    """
    if denominator not in DENOMINATORS:
        known = ", ".join(map(repr, DENOMINATORS))
        raise ValueError(f"denominator is {denominator!r}, expected one of {known}")


class ReplayBuffer:
    """The last `capacity` pairs that were stored, first in, first out (Appendix E).

    Eviction goes by age alone: it must not look at the actions, or those that are left no longer
    have the law of the policy that chose them. For the same reason store pairs that are
    independent (`draw_batch`, `occupancy_batch`), not whole trajectories, whose later states tell
    about earlier actions.

    Parameters
    ----------
    capacity : int >= 1

    Raises
    ------
    TypeError, ValueError
        If `capacity` is not a positive integer.

    Examples
    --------
    >>> from mirrorbook import games, policies
    >>> from mirrorbook.sampling import draw_batch
    >>> mdp, rng = games.single_step((1.0, 0.0)), np.random.default_rng(0)
    >>> buffer = ReplayBuffer(capacity=6)
    >>> for pi in (policies.uniform(mdp), np.array([[0.9, 0.1], [0.5, 0.5]])):
    ...     buffer.add(draw_batch(mdp, pi, [1.0, 0.0], 4, rng), pi)
    >>> buffer
    ReplayBuffer(6 of 6 pairs, of 2 policies)
    >>> buffer.shares()[:, 0].round(3)
    array([0.333, 0.667])
    """

    def __init__(self, capacity: int):
        self.capacity = check_count(capacity, "capacity")
        self._states = self._actions = self._sources = np.zeros(0, dtype=int)
        self._policies = {}

    def __len__(self) -> int:
        return len(self._states)

    def __repr__(self) -> str:
        known = len(self._policies)
        return f"ReplayBuffer({len(self)} of {self.capacity} pairs, of {known} policies)"

    @property
    def policies(self) -> np.ndarray:
        """The policies that stored what is left, oldest first, (I, S, A)."""
        return np.array(list(self._policies.values()))

    def add(self, batch: Batch, pi) -> None:
        """Store pairs whose actions were drawn from pi.

        Parameters
        ----------
        batch : Batch
        pi : (S, A) array

        Raises
        ------
        TypeError, ValueError
            If `batch` is no batch, `pi` no policy or one of another MDP than those before it, or
            the probabilities of the batch are not its.
        """
        pi = check_distributions(pi, "pi")
        for known in self._policies.values():
            check_shape(pi, known.shape, "pi")
        if pi.ndim != 2:
            raise ValueError(f"pi has shape {pi.shape}, expected (states, actions)")
        check_batch(batch, *pi.shape)
        own = pi[batch.states, batch.actions]
        if not np.array_equal(own, batch.probabilities):
            k = np.flatnonzero(own != batch.probabilities)[0]
            raise ValueError(
                f"batch.probabilities[{k}] is {batch.probabilities[k]:.6g}, "
                f"but pi has {own[k]:.6g}: the batch was not drawn from pi"
            )
        source = max(self._policies, default=-1) + 1
        self._policies[source] = pi
        self._states = self._appended(self._states, batch.states)
        self._actions = self._appended(self._actions, batch.actions)
        self._sources = self._appended(self._sources, np.full(len(batch), source))
        self._policies = {i: self._policies[i] for i in np.unique(self._sources).tolist()}

    def shares(self) -> np.ndarray:
        """h(i|s), the share of policy i among the pairs stored in state s, (I, S).

        Returns
        -------
        (I, S) array
            Columns sum to one; those of states of which nothing is stored are zero.
        """
        counts = self._counts()
        total = counts.sum(axis=0)
        return np.divide(counts, total, out=np.zeros(counts.shape), where=total > 0)

    def sample(self, size: int, rng: np.random.Generator, denominator: str = "own") -> Batch:
        """Pairs drawn from the buffer, uniformly and with replacement.

        Parameters
        ----------
        size : int >= 1
        rng : numpy.random.Generator
        denominator : str
            What (6) will divide by: "own", the probability of the policy that stored the pair;
            "balance", sum_i h(i|s) pi_i(a|s), also unbiased; or "unconditional", the same with
            sum_s of h in place of h(.|s), which is *biased* unless all policies visit the states
            alike, and is here to be shown.

        Returns
        -------
        Batch

        Raises
        ------
        TypeError, ValueError
            If the buffer is empty or an argument is not of its kind.
        """
        check_generator(rng)
        if len(self) == 0:
            raise ValueError("the buffer is empty: there is nothing to draw")
        return self._batch(rng.integers(len(self), size=check_count(size, "size")), denominator)

    def contents(self, denominator: str = "own") -> Batch:
        """Every stored pair once, oldest first; see `sample`.

        Parameters
        ----------
        denominator : str

        Returns
        -------
        Batch

        Raises
        ------
        ValueError
            If the buffer is empty, or `denominator` unknown.
        """
        if len(self) == 0:
            raise ValueError("the buffer is empty")
        return self._batch(np.arange(len(self)), denominator)

    def _batch(self, chosen, denominator):
        check_denominator(denominator)
        s, a = self._states[chosen], self._actions[chosen]
        policies = self.policies
        if denominator == "own":
            source = np.searchsorted(list(self._policies), self._sources[chosen])
            return Batch(s, a, policies[source, s, a])
        h = self.shares() if denominator == "balance" else self._unconditional_shares()
        return Batch(s, a, balance(policies, h)[s, a])

    def _unconditional_shares(self):
        counts = self._counts()
        share = counts.sum(axis=1, keepdims=True) / counts.sum()
        return np.broadcast_to(share, counts.shape)

    def _counts(self):
        """Pairs of policy i in state s, (I, S)."""
        n_states = next(iter(self._policies.values())).shape[0]
        return np.array(
            [
                np.bincount(self._states[self._sources == i], minlength=n_states)
                for i in self._policies
            ]
        )

    def _appended(self, old, new):
        return np.concatenate([old, new])[-self.capacity :]
