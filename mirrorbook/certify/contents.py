"""What is measured of a neighbourhood, one policy at a time: violations, to be judged."""

import numpy as np

from .limits import steepest, unexplained
from .reach import SMALLEST, distance, mix, targets

SHARES = np.arange(1, 9) / 8
APPROACH = 2.0 ** -np.array([10.0, 14.0, 18.0])


def excluded(member, old):
    """1 if a policy is not in its own neighbourhood."""
    return 0.0 if member(old, old) else 1.0


def minus_step(member, old, target):
    """Minus how far the first steps towards a target stay inside, all rows at one pace or not."""
    pace = np.where(np.arange(len(old)) % 2, 0.5, 1.0)[:, None]
    steps = [member.step(old, end) * distance(old, end) for end in (target, mix(old, target, pace))]
    return -min(steps)


def out_and_in(member, old, target):
    """How much further N(old) continues after it has ended."""
    inside = [member(mix(old, target, t), old) for t in (SMALLEST, *SHARES)]
    first_out = inside.index(False) if False in inside else len(inside)
    last_in = max((i for i, each in enumerate(inside) if each), default=0)
    return max(last_in - first_out, 0) / len(SHARES) * distance(old, target)


def missing_corner(member, old, target):
    """1 if a target is the limit of policies in N(old) and is missing from it."""
    near = [mix(target, old, gap) for gap in (2.0**-40, 2.0**-1000)]
    if member(target, old) or not all(member(each, old) for each in near):
        return 0.0
    room = member.room(target, old)
    if room is not None:  # within rounding, or the measure is still growing
        rooms = [member.room(each, old) for each in near]
        if abs(room) <= 1e-12 or abs(rooms[0] - rooms[1]) > 1e-9:
            return 0.0
    return 1.0


def edges(member, old, target):
    """Whether N(old) contains its edge, where that is an exact fraction of the way to a target.

    Only between policies whose probabilities are multiples of 1/8: norms are exact there.
    """
    found = []
    if (8 * old % 1).any() or (8 * target % 1).any():
        return found
    for t in SHARES[:-1]:
        new = mix(old, target, t)
        around = [member(mix(old, target, t * (1 + gap)), old) for gap in (-SMALLEST, SMALLEST)]
        room = member.room(new, old)
        if around == [True, False] and not (room is not None and 0 < abs(room) <= 1e-12):
            found.append(member(new, old))
    return found


def missing_edge(member, old, target):
    """1 if N(old) does not contain its edge, where the arithmetic hits it."""
    missing = not all(edges(member, old, target))
    return float(missing or not _contains_its_edge(member, old, target))


def _contains_its_edge(member, old, target):
    """Whether policies whose measure is the radius, to the last digit, are in N(old)."""
    if member.room(old, old) is None:
        return True
    share = member.reach(old, target, bits=53)
    edge = share * (1 + np.arange(-4, 5) * 2.0**-52)
    new = [mix(old, target, t) for t in edge if t <= 1]
    return all(member(each, old) for each in new if member.room(each, old) == 0)


def jump(member, old, old_end, target):
    """The largest jump of the reach towards a target as the old policy moves."""

    def reach(x):
        return np.array([member.radius(mix(old, old_end, x[0]), target)])

    return _settled(steepest(reach, halvings=20)[0])


def gap(member, old, away, target):
    """How far the reach stays from its value at a policy that is approached."""
    limit = member.radius(old, target)
    return _settled([[member.radius(mix(old, away, h), target) - limit] for h in APPROACH])


def _settled(sequence):
    value, tolerance = unexplained(np.array(sequence), 1e-8)  # ten times the bisection's error
    return float(value[0]), float(tolerance[0])


def least_radius(member, old, ends, bits=12):
    """The smallest reach towards targets that are not near."""
    far = [end for end in ends if distance(old, end) >= 0.25]
    return min((member.radius(old, end, bits) for end in far), default=1.0)


def descend(member, old, far, rounds=80):
    """An old policy with a small reach: steps towards the targets, halved where none helps."""
    moves, step = targets(old), 0.25
    end = min(far, key=lambda end: least_radius(member, old, [end]))
    value = least_radius(member, old, [end])
    for _ in range(rounds):
        tries = [mix(old, move, step) for move in moves]
        values = [least_radius(member, each, [end]) for each in tries]
        best = int(np.argmin(values))
        if values[best] < value:
            old, value = tries[best], values[best]
        else:
            step /= 2
        if value < 2.0**-31 or step < 2.0**-34:
            break
    return old


def reset_outside(member, old, target, state, pace):
    """How far a policy of N(old) with one row reset is outside, in total variation."""
    rows = np.arange(len(old))[:, None]
    end = mix(old, target, np.where(rows == state, 1.0, pace))
    new = mix(old, end, member.reach(old, end) * (1 - 2.0**-20))
    if not member(new, old):
        return 0.0
    reset = [np.where(rows == s, old, new) for s in range(len(old))]
    return max((1 - member.reach(old, each)) * distance(old, each) for each in reset)
