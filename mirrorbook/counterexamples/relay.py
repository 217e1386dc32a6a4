r"""The update of trust-region learning in `relay_game`, in as many digits as you like.

All rows have two actions.  A row that plays its better action with probability q, and is moved to
p, covers KL((1 - q, q), (1 - p, p)); its gain rises with that level at the rate

    gap / ((1 - q) / (1 - p) - q / p).

The first and the last state start from the same q and so move to the same p; the middle state, at
1/2, moves to (1 + sqrt(1 - exp(-2 L))) / 2 for the level L.  What is left is one equation: the
rates of all rows, weighted by rho, must add up to Schulman's C = 4 gamma max |A| / (1 - gamma)^2.
"""

from dataclasses import dataclass
from decimal import Decimal, InvalidOperation, localcontext


@dataclass(frozen=True)
class Relay:
    """The parameters of `relay_game`, as decimal strings or Decimals.

    Parameters
    ----------
    gamma, rare, edge : str or Decimal
        See `relay_game`.

    Raises
    ------
    ValueError
        If one of them is no number between 0 and 1.

    Examples
    --------
    >>> Relay().ratio().quantize(Decimal("1e-9"))
    Decimal('0.999678661')
    """

    gamma: Decimal = "0.1737"
    rare: Decimal = "1e-12"
    edge: Decimal = "1e-9"

    def __post_init__(self):
        for name in ("gamma", "rare", "edge"):
            value = _as_decimal(getattr(self, name), name)
            if not 0 < value < 1:
                raise ValueError(f"{name} is {value}, expected a number between 0 and 1")
            object.__setattr__(self, name, value)

    def ratio(self, digits: int = 50) -> Decimal:
        """The gain of the update divided by the bound of property 1, which is C L.

        Parameters
        ----------
        digits : int
            Working precision.

        Returns
        -------
        Decimal

        Raises
        ------
        ValueError
            If the penalty keeps the rows where they are.
        """
        with localcontext() as context:
            context.prec = digits
            low, high = 2 * self.rare, Decimal("0.5")
            if self._surplus(low) <= 0:
                raise ValueError(f"gamma is {self.gamma}: at this penalty no row moves")
            while high - low > high.scaleb(2 - digits):
                p = (low + high) / 2
                low, high = (p, high) if self._surplus(p) > 0 else (low, p)
            gain = self._value(low, self._leave(low)) - self._value(self.rare, Decimal("0.5"))
            return gain / (self._constant() * self._level(low))

    def _constant(self):
        return 4 * self.gamma * (1 - self.rare) / (1 - self.gamma) ** 2

    def _level(self, p):
        q = self.rare
        return (1 - q) * ((1 - q) / (1 - p)).ln() + q * (q / p).ln()

    def _leave(self, p):
        return (1 + (1 - (-2 * self._level(p)).exp()).sqrt()) / 2

    def _surplus(self, p):
        """The sum of the rates, less C; falls as p grows."""
        half = Decimal("0.5")
        visits = 1 + self.gamma**2 * half / (1 - self.gamma)  # of the first and the last state
        middle = self.gamma * _rate(self.edge, half, self._leave(p))
        return visits * _rate(1, self.rare, p) + middle - self._constant()

    def _value(self, p, leave):
        """V(first) of the policy that plays good with probability p and leaves the middle so."""
        stay, out = (self.gamma * each / (1 - self.gamma) for each in (p, self.rare))
        return p + self.gamma * ((1 - leave) * stay + leave * (out + self.edge))


def _rate(gap, q, p):
    return gap / ((1 - q) / (1 - p) - q / p)


def _as_decimal(value, name):
    try:
        return Decimal(value)
    except (InvalidOperation, TypeError):
        raise ValueError(f"{name} must be a decimal number, found {value!r}") from None
