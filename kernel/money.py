"""Money is a whole number of the smallest unit of one currency: it never rounds by accident and never mixes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any, Self, overload

Rate = Decimal | Fraction | int

_WITHOUT_MINOR_UNIT = "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF UGX VND VUV XAF XOF XPF"
_WITH_THOUSANDTHS = "BHD JOD KWD OMR TND"
_WITH_HUNDREDTHS = (
    "AED AUD BRL CAD CHF CNY DKK EGP ETB EUR GBP GHS HKD INR KES MUR MYR NGN NOK NZD SEK SGD THB TZS USD ZAR"
)

# ISO 4217 minor units, as card processors count them. A currency missing here is refused, never guessed.
EXPONENT: dict[str, int] = {
    **dict.fromkeys(_WITHOUT_MINOR_UNIT.split(), 0),
    **dict.fromkeys(_WITH_HUNDREDTHS.split(), 2),
    **dict.fromkeys(_WITH_THOUSANDTHS.split(), 3),
}


class CurrencyMismatch(ValueError):
    """Two currencies met in one sum: a mistake of the program, not of a person."""


class UnknownCurrency(ValueError):
    """A currency whose minor unit this house does not know."""


@dataclass(frozen=True, slots=True)
class Money:
    """An amount: `Money(12850, "CNY")` is 128.50 yuan, `Money(10000, "RWF")` is ten thousand francs."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if type(self.minor) is not int:
            raise TypeError(f"minor units are whole numbers, not {self.minor!r}")
        if self.currency not in EXPONENT:
            raise UnknownCurrency(f"{self.currency!r} is not a known currency")

    @classmethod
    def of(cls, major: str | int | Decimal, currency: str) -> Self:
        """Read `"128.50"` of a currency. Raises ValueError for a finer amount than the currency has, or for a float."""
        if isinstance(major, bool | float):
            raise TypeError("money is never a float: give a string, a Decimal or a whole number")
        if currency not in EXPONENT:
            raise UnknownCurrency(f"{currency!r} is not a known currency")
        amount = Decimal(major)
        if not amount.is_finite():
            raise ValueError(f"{major!r} is not an amount")
        minor = Fraction(amount) * 10 ** EXPONENT[currency]
        if minor.denominator != 1:
            raise ValueError(f"{major} is finer than {currency} can be")
        return cls(minor.numerator, currency)

    @property
    def major(self) -> Decimal:
        """The amount as people write it, exact: `Decimal("128.50")`."""
        return Decimal(self.minor).scaleb(-EXPONENT[self.currency])

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __mul__(self, times: int) -> Money:
        if type(times) is not int:
            raise TypeError("multiply money by a whole number, or use .at(rate)")
        return Money(self.minor * times, self.currency)

    __rmul__ = __mul__

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __abs__(self) -> Money:
        return Money(abs(self.minor), self.currency)

    def __bool__(self) -> bool:
        return self.minor != 0

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._same(other)

    def __str__(self) -> str:
        return f"{self.major:f} {self.currency}"

    def at(self, rate: Rate) -> Money:
        """The part that a rate makes, rounded once, half away from zero: `price.at(Decimal("0.13"))` is the VAT."""
        return Money(_half_up(self.minor * _exact(rate)), self.currency)

    def to(self, currency: str, rate: Rate | None = None, *, per: Rate | None = None) -> Money:
        """Convert, rounding once, half away from zero.

        `rate` is how many units of `currency` one unit of this currency buys; `per` is the same quotation read
        backwards, how many units of this currency one unit of `currency` costs. Give exactly one, in whole units, not
        minor ones.
        """
        if (rate is None) == (per is None):
            raise TypeError("give either rate or per")
        if currency not in EXPONENT:
            raise UnknownCurrency(f"{currency!r} is not a known currency")
        factor = _exact(rate) if rate is not None else 1 / _exact(per or 0)
        scale = Fraction(10) ** (EXPONENT[currency] - EXPONENT[self.currency])
        return Money(_half_up(self.minor * factor * scale), currency)

    def split(self, weights: Sequence[int]) -> list[Money]:
        """Share out by weight. The parts always add up to the whole; spare units go to the first that have a weight.

        Minus an amount splits into minus the parts. Raises ValueError for a negative weight, or when all are zero.
        """
        whole = sum(weights)
        if whole <= 0 or min(weights) < 0:
            raise ValueError("weights must be whole, not negative, and not all zero")
        sign = -1 if self.minor < 0 else 1
        parts = [abs(self.minor) * weight // whole for weight in weights]
        spare = abs(self.minor) - sum(parts)
        for index, weight in enumerate(weights):
            if spare and weight:
                parts[index] += 1
                spare -= 1
        return [Money(sign * part, self.currency) for part in parts]

    def _same(self, other: Money) -> int:
        if not isinstance(other, Money):
            raise TypeError(f"{self} needs money beside it, not {type(other).__name__}")
        if other.currency != self.currency:
            raise CurrencyMismatch(f"{self.currency} with {other.currency}")
        return other.minor


def total(amounts: Iterable[Money], currency: str | None = None) -> Money:
    """The sum of amounts of one currency. Name the currency when there may be none to add."""
    found = list(amounts)
    if currency is None:
        if not found:
            raise ValueError("the total of nothing needs a currency")
        currency = found[0].currency
    return sum(found, Money(0, currency))


class MoneyOf:
    """Joins an integer column to a `Money`: `price = MoneyOf("price_minor", "CNY")`.

    The second argument is a currency code, or the name of the column that holds one. An empty column reads as None.
    """

    def __init__(self, column: str, currency: str) -> None:
        self.column, self.currency = column, currency
        self.fixed = currency if currency in EXPONENT else None

    @overload
    def __get__(self, row: None, model: type) -> MoneyOf: ...
    @overload
    def __get__(self, row: object, model: type) -> Money: ...
    def __get__(self, row: object | None, model: type) -> Any:
        if row is None:
            return self
        minor = getattr(row, self.column)
        return None if minor is None else Money(minor, self.fixed or getattr(row, self.currency))

    def __set__(self, row: object, amount: Money | None) -> None:
        if amount is not None and self.fixed and amount.currency != self.fixed:
            raise CurrencyMismatch(f"{self.column} holds {self.fixed}, not {amount.currency}")
        setattr(row, self.column, None if amount is None else amount.minor)
        if amount is not None and not self.fixed:
            setattr(row, self.currency, amount.currency)


def _exact(rate: Rate) -> Fraction:
    if isinstance(rate, bool) or not isinstance(rate, Decimal | Fraction | int):
        raise TypeError("a rate is a Decimal, a Fraction or a whole number, never a float")
    return Fraction(rate)


def _half_up(amount: Fraction) -> int:
    whole = (abs(amount) * 2 + 1) // 2
    return int(whole) if amount >= 0 else -int(whole)
