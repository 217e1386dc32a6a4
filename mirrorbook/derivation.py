r"""PPO's clip is an advantage minus a drift (Eq. (7)), line by line and with symbols.

For one action with probability ratio r = new / old and advantage A, the clip objective is

    L = min(r A, clip(r, 1 - e, 1 + e) A).

Write it as r A minus what is missing, and pull the minimum apart:

    L = r A - [r A - min(r A, clip(r) A)]
      = r A - [r A + max(-r A, -clip(r) A)]
      = r A - max(0, (r - clip(r)) A)
      = r A - ReLU((r - clip(r)) A).

The last term, averaged over a ~ old, is PPO's drift.  It is zero while r stays in the clip range,
and where a move is for the worse; beyond the range it takes away all that a further move would
gain.  `ppo_cases` evaluates every line in the six cases of the sign of A and the place of r,
in which minima and maxima can be decided.
"""

from dataclasses import dataclass

import sympy

A = sympy.Symbol("A", real=True)
"""Symbol of an advantage."""
R = sympy.Symbol("r", real=True)
"""Symbol of a ratio of probabilities."""
EPSILON = sympy.Symbol("epsilon", real=True)
"""Symbol of the half-width of the clip range."""

_GAIN = sympy.Symbol("A", positive=True)
_BELOW, _ABOVE = sympy.symbols("x y", positive=True)
_EPSILON = sympy.Symbol("epsilon", positive=True)


@dataclass(frozen=True)
class ClipCase:
    """The derivation in one case, in which every minimum and maximum is decided.

    Attributes
    ----------
    advantage : str
        "A > 0" or "A < 0".
    place : str
        "r < 1 - epsilon", "inside" or "r > 1 + epsilon".
    lines : tuple of sympy expressions
        The five lines of the derivation, from the clip objective to r A - ReLU.
    drift : sympy expression
        The charge of this action, before averaging over a ~ old.
    """

    advantage: str
    place: str
    lines: tuple[sympy.Expr, ...]
    drift: sympy.Expr


def clip_lines(r, advantage, epsilon) -> tuple[sympy.Expr, ...]:
    """The five lines of the derivation for given symbols or numbers.

    Parameters
    ----------
    r, advantage, epsilon : sympy expressions or numbers

    Returns
    -------
    tuple of sympy expressions
        Equal to each other, whatever the arguments are.

    Examples
    --------
    >>> clip_lines(sympy.Rational(3, 2), 2, sympy.Rational(1, 5))
    (12/5, 12/5, 12/5, 12/5, 12/5)
    """
    clipped = sympy.Min(sympy.Max(r, 1 - epsilon), 1 + epsilon)
    plain, bounded = r * advantage, clipped * advantage
    return (
        sympy.Min(plain, bounded),
        plain - (plain - sympy.Min(plain, bounded)),
        plain - (plain + sympy.Max(-plain, -bounded)),
        plain - sympy.Max(0, plain - bounded),
        plain - clip_charge(r, advantage, epsilon),
    )


def clip_charge(r, advantage, epsilon) -> sympy.Expr:
    """ReLU((r - clip(r, 1 - epsilon, 1 + epsilon)) A): what PPO's drift charges one action.

    Parameters
    ----------
    r, advantage, epsilon : sympy expressions or numbers

    Returns
    -------
    sympy expression

    Examples
    --------
    >>> clip_charge(sympy.Rational(3, 2), 2, sympy.Rational(1, 5))
    3/5
    """
    clipped = sympy.Min(sympy.Max(r, 1 - epsilon), 1 + epsilon)
    return sympy.Max(0, (r - clipped) * advantage)


def ppo_cases() -> tuple[ClipCase, ...]:
    """The derivation of Eq. (7) in its six cases, in terms of A, r and epsilon.

    Returns
    -------
    tuple of ClipCase

    Examples
    --------
    >>> for case in ppo_cases():
    ...     print(f"{case.advantage}, {case.place:15}: drift {case.drift}")
    A > 0, r < 1 - epsilon: drift 0
    A > 0, inside         : drift 0
    A > 0, r > 1 + epsilon: drift A*(-epsilon + r - 1)
    A < 0, r < 1 - epsilon: drift A*(epsilon + r - 1)
    A < 0, inside         : drift 0
    A < 0, r > 1 + epsilon: drift 0
    """
    # each place is written with positive symbols x and y, so that sympy can decide the extrema:
    # below the range by x; inside, x above its low and y below its high end; above it by x
    half = (_BELOW + _ABOVE) / 2
    places = {
        "r < 1 - epsilon": (1 - _EPSILON - _BELOW, _EPSILON),
        "inside": (1 + (_BELOW - _ABOVE) / 2, half),
        "r > 1 + epsilon": (1 + _EPSILON + _BELOW, _EPSILON),
    }
    cases = []
    for name, advantage in (("A > 0", _GAIN), ("A < 0", -_GAIN)):
        for place, (r, epsilon) in places.items():
            lines = clip_lines(r, advantage, epsilon)
            shown = tuple(_in_terms_of_r(line, advantage, place) for line in lines)
            charge = _in_terms_of_r(clip_charge(r, advantage, epsilon), advantage, place)
            cases.append(ClipCase(name, place, shown, charge))
    return tuple(cases)


def _in_terms_of_r(expression, advantage, place):
    """Put r, A and epsilon back in the place of the positive symbols."""
    back = {_GAIN: A if advantage == _GAIN else -A, _EPSILON: EPSILON}
    if place == "inside":
        back |= {_BELOW: R - 1 + EPSILON, _ABOVE: 1 + EPSILON - R}
    else:
        back[_BELOW] = 1 - EPSILON - R if place.startswith("r <") else R - 1 - EPSILON
    return sympy.factor(sympy.expand(sympy.expand(expression).subs(back, simultaneous=True)))
