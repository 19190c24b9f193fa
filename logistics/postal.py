"""The postal-article tax (行邮税) of one parcel. Pure: articles and a rule in, a frozen answer out.

Sources: customs announcement 2010 No. 43 (1,000 yuan a parcel, 50 yuan of tax not levied, one indivisible item may
exceed the limit), 税委会公告2024年第11号 (rates 13, 20 and 50 %), Tariff Law Art. 32(1) (the exemption). In fen.

The dutiable value is the price of the goods. Freight is not added: the article rates apply to the value of the article
itself, and the limits of announcement 43 speak of the article's value. (Retail import by order lists is another route,
where freight does count.) Customs may use its own value table, so every figure here is an estimate until assessed.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction


class Decision(StrEnum):
    """What the rule makes of a parcel."""

    EXEMPT = "EXEMPT"
    TAX = "TAX"
    REFUSE_OR_GOODS = "REFUSE_OR_GOODS"


@dataclass(frozen=True, slots=True)
class PostalRule:
    """The limits of the route on a day, in fen."""

    parcel_limit_minor: int
    exempt_tax_minor: int


@dataclass(frozen=True, slots=True)
class Article:
    """Some units of one thing in a parcel: unit price in fen, how many, and the rate of its class."""

    unit_price_minor: int
    quantity: int
    rate: Decimal

    def __post_init__(self) -> None:
        if self.unit_price_minor < 0 or self.quantity < 1 or self.rate < 0:
            raise ValueError("an article has a price, a quantity of at least one, and a rate")

    @property
    def value_minor(self) -> int:
        """Price times quantity, in fen."""
        return self.unit_price_minor * self.quantity


@dataclass(frozen=True, slots=True)
class ArticleTax:
    """The tax on one article line: what the rate makes of it, and what is due after the exemption."""

    value_minor: int
    rate: Decimal
    computed_minor: int
    due_minor: int


@dataclass(frozen=True, slots=True)
class ParcelTax:
    """The tax on a parcel. `lines` are in the order given, and empty when the parcel may not go this way."""

    decision: Decision
    value_minor: int
    computed_minor: int
    due_minor: int
    lines: tuple[ArticleTax, ...]


def assess(articles: Sequence[Article], rule: PostalRule) -> ParcelTax:
    """Tax a parcel: half up to the fen on each line; nothing is due when the parcel's tax is at most the exemption.

    A parcel above the value limit is refused, unless it holds one single item.
    """
    value = sum(article.value_minor for article in articles)
    if not allowed(value, sum(article.quantity for article in articles), rule):
        return ParcelTax(Decision.REFUSE_OR_GOODS, value, 0, 0, ())
    computed = [tax_on(article) for article in articles]
    exempt = sum(computed) <= rule.exempt_tax_minor
    lines = tuple(
        ArticleTax(article.value_minor, article.rate, tax, 0 if exempt else tax)
        for article, tax in zip(articles, computed, strict=True)
    )
    decision = Decision.EXEMPT if exempt else Decision.TAX
    return ParcelTax(decision, value, sum(computed), sum(line.due_minor for line in lines), lines)


def allowed(value_minor: int, units: int, rule: PostalRule) -> bool:
    """Whether a parcel of this value may go as a personal article: within the limit, or one indivisible item."""
    return value_minor <= rule.parcel_limit_minor or units == 1


def tax_on(article: Article) -> int:
    """What the rate makes of a line's value in fen, rounded half up once."""
    exact = Fraction(article.rate) * article.value_minor
    return int((exact * 2 + 1) // 2)
