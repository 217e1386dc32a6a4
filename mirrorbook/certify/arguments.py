"""What the checks accept: anything that has the method they ask, so that mistakes can be tried."""

from ..arguments import check_generator
from ..mdp import check_mdp


def check_kind(thing, name, method, expected):
    """Raise unless `thing` is an object with a method; a class is none.

    Parameters
    ----------
    thing : object
    name, method, expected : str
        How error messages call it, the method, and what it must be.

    Raises
    ------
    TypeError
    """
    if isinstance(thing, type) or not hasattr(thing, method):
        raise TypeError(f"{name} must {expected}, found {type(thing).__name__}")


def check_setting(mdp, rng):
    """Raise unless `mdp` is an MDP and `rng` a numpy Generator, or None.

    Parameters
    ----------
    mdp : MDP or None
    rng : numpy Generator or None

    Raises
    ------
    TypeError
    """
    if mdp is not None:
        check_mdp(mdp)
    if rng is not None:
        check_generator(rng)
