"""Costs of a row for the certifier: the rest of the audit's table, and mutants of good drifts."""

import numpy as np
from scipy.special import rel_entr

from mirrorbook.drifts import as_drift, total_variation


def tv(new, old):
    return total_variation(new, old)


def l2(new, old):
    return ((new - old) ** 2).sum(axis=1)


def kl(new, old):
    return np.maximum(rel_entr(old, new).sum(axis=1), 0.0)


def ratio(new, old):
    return np.where(old > 0, new / np.where(old > 0, old, 1.0), 1.0)


def wasserstein(new, old):
    """W1 on actions in a row, one apart."""
    return np.abs(np.cumsum(new - old, axis=1)).sum(axis=1)


def itakura_saito(new, old):
    r = new / old
    return np.nan_to_num((r - np.log(r) - 1).sum(axis=1), nan=np.inf, posinf=np.inf)


def k3(new, old):
    r = ratio(new, old)
    return np.where(old > 0, old * (r - 1 - np.log(r)), 0.0).sum(axis=1)


def k2(new, old):
    return np.where(old > 0, old * np.log(ratio(new, old)) ** 2 / 2, 0.0).sum(axis=1)


TABLE = {  # name: (cost, domain, positive, convex)
    "W1²": (lambda n, o: wasserstein(n, o) ** 2, "closed simplex", True, True),
    "L2^1.5": (lambda n, o: l2(n, o) ** 0.75, "closed simplex", True, True),
    "TV^1.2": (lambda n, o: tv(n, o) ** 1.2, "closed simplex", True, True),
    "L2": (lambda n, o: np.sqrt(l2(n, o)), "nowhere", True, True),
    "Itakura-Saito": (itakura_saito, "open simplex", True, True),
    "k3": (k3, "open simplex", True, True),
    "k2": (k2, "open simplex", True, False),
    "early stopping": (lambda n, o: np.where(kl(n, o) > 0.1, np.inf, 0.0), "nowhere", False, True),
    "relu(KL - d)": (lambda n, o: np.maximum(kl(n, o) - 0.1, 0), "open simplex", False, True),
    "relu(TV - d)²": (lambda n, o: np.maximum(tv(n, o) - 0.1, 0) ** 2, "closed simplex", False,
                      True),
    "1 - exp(-L2²)": (lambda n, o: -np.expm1(-3 * l2(n, o)), "closed simplex", True, False),
    "min(L2², c)": (lambda n, o: np.minimum(l2(n, o), 0.5), "closed simplex", True, False),
}  # fmt: skip


def crossed(new, old, place):
    """Where exactly one of two rows plays action 0 with more than some probability."""
    return (new[:, 0] > place) != (old[:, 0] > place)


def smoothed_kl(new, old):
    """As in the authors' code."""
    return (old * np.log((old + 1e-6) / (new + 1e-6))).sum(axis=1)


def mean_of_rows(new, old):
    return l2(new, old) + 0.1 * l2(new, old).mean()


MUTANTS = {  # name: (cost, what must be refuted)
    "a small slope at home": (lambda n, o: l2(n, o) + 1e-3 * tv(n, o), "flat: open simplex"),
    "a smaller slope": (lambda n, o: l2(n, o) + 1e-4 * tv(n, o), "flat: open simplex"),
    "a slope for one action": (lambda n, o: l2(n, o) + 0.01 * np.maximum(n - o, 0)[:, 0],
                               "flat: open simplex"),
    "a root": (lambda n, o: np.sqrt(tv(n, o)), "flat: open simplex"),
    "x log(1 / x)": (lambda n, o: tv(n, o) * np.log(3 / np.maximum(tv(n, o), 1e-300)),
                     "flat: open simplex"),
    "a negative slope": (lambda n, o: l2(n, o) - 1e-3 * tv(n, o), "flat: open simplex"),
    "negative next to home": (lambda n, o: l2(n, o) - 0.01 * tv(n, o), "nonnegative: open simplex"),
    "negative far away": (lambda n, o: tv(n, o) ** 2 - 200 * np.maximum(tv(n, o) - 0.9, 0) ** 2,
                          "nonnegative: boundary"),
    "a narrow negative dip": (
        lambda n, o: tv(n, o) ** 2 - 0.3 * np.exp(-(((tv(n, o) - 0.52) / 0.04) ** 2)),
        "nonnegative: open simplex"),
    "not zero at home": (lambda n, o: l2(n, o) + 1e-6, "zero at home: open simplex"),
    "not zero in corners": (lambda n, o: l2(n, o) + 1e-6 * (o == 0).any(axis=1),
                            "zero at home: boundary"),
    "infinite inside": (lambda n, o: np.where(tv(n, o) > 0.5, np.inf, l2(n, o)),
                        "finite: open simplex"),
    "infinite in corners": (lambda n, o: l2(n, o) / np.maximum(n.min(axis=1), 1e-320),
                            "finite: boundary"),
    "a jump in the new row": (lambda n, o: l2(n, o) + 0.05 * crossed(n, o, 0.37),
                              "continuous: open simplex"),
    "a small jump": (lambda n, o: l2(n, o) + 1e-4 * crossed(n, o, 0.41),
                     "continuous: open simplex"),
    "a jump in the old row": (lambda n, o: l2(n, o) * (1 + 0.1 * (o[:, 0] > 0.3)),
                              "continuous: open simplex"),
    "a jump at new = 0": (lambda n, o: l2(n, o) * (1 + (n == 0).any(axis=1)),
                          "continuous: boundary"),
    "a jump at old = 0": (lambda n, o: l2(n, o) * (1 + (o == 0).any(axis=1)),
                          "continuous: boundary"),
    "a bounded KL": (lambda n, o: 1 - 1 / (1 + kl(n, o)), "continuous: boundary"),
    "a slope in corners": (lambda n, o: l2(n, o) + np.where(o == 0, n, 0).sum(axis=1),
                           "flat: boundary"),
    "a small slope in corners": (lambda n, o: l2(n, o) + 1e-3 * np.where(o == 0, n, 0).sum(axis=1),
                                 "flat: boundary"),
    "free within a range": (lambda n, o: np.maximum(tv(n, o) - 0.01, 0) ** 2, "positive"),
    "free on a segment": (lambda n, o: l2(n, o) * ((n - o)[:, 0] != 0), "positive"),
    "free at a distance": (lambda n, o: (tv(n, o) * (tv(n, o) - 0.37)) ** 2, "positive"),
    "a bump": (lambda n, o: l2(n, o) + 0.02 * np.sin(8 * np.pi * tv(n, o)) ** 2, "convex"),
    "a logarithm": (lambda n, o: np.log1p(20 * l2(n, o)), "convex"),
    "a concave kink": (lambda n, o: np.minimum(tv(n, o) ** 2, 0.1 + tv(n, o) / 10), "convex"),
    "rows that pay for others": (mean_of_rows, "local"),
    "the authors' smoothed KL": (smoothed_kl, "flat: open simplex"),
}  # fmt: skip


def with_warnings_off(cost):
    def quiet(new, old):
        with np.errstate(all="ignore"):
            return cost(new, old)

    return quiet


def drift(cost, **claims):
    return as_drift(with_warnings_off(cost), **claims)
