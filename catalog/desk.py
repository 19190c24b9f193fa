"""What a translator has before them: one text with all that it is made from, and where every text stands."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone
from django.utils.translation import get_language

from accounts.models import User
from kernel.models import AuditRecord

from . import differences, wording
from .compositions import Key
from .differences import Piece
from .models import LANGUAGES, Picture, Product, ProductText
from .sheets import Field, Sheet

MOST_DEEDS = 8


@dataclass(frozen=True)
class Deed:
    """Something that was done to a text: by whom, when, and what it changed."""

    record: AuditRecord
    who: str
    changes: list[Piece]


@dataclass(frozen=True)
class Desk:
    """One text, new or not, and what its writer needs to see. `seen` is its version for `catalog.texts`."""

    row: ProductText
    picture: Picture | None
    seen: str
    facts: list[tuple[str, str]]
    sellers: list[ProductText]
    is_source: bool
    ready: list[Piece]


@dataclass(frozen=True)
class Line:
    """One kind of text of a product, with its text in each language, or None; of an alt text also the picture."""

    field: str
    name: str
    picture: Picture | None
    texts: list[tuple[str, ProductText | None, bool]]


def of(product: Product, field: str, language: str, picture_id: UUID | None = None) -> Desk | None:
    """The desk of one text; None where there can be no such text. Nothing is changed by looking."""
    sheet = _sheet(product)
    pictures = {picture.pk: picture for picture in sheet.pictures}
    is_placed = picture_id in pictures if field == Field.ALT else picture_id is None
    if field not in Field.values or language not in LANGUAGES or not is_placed:
        return None
    seen = sheet.version((field, language, picture_id))
    reader = (get_language() or "en")[:2]
    spoken = sheet.rows.get((Field.SPECIFICATION, reader, None))
    sellers = [sheet.rows.get((own, sheet.product.written_in, None)) for own in (Field.TITLE, Field.DESCRIPTION)]
    row = sheet.row(field, language, picture_id)
    return Desk(
        row=row,
        picture=pictures.get(picture_id) if picture_id else None,
        seen=seen,
        facts=wording.lines(spoken.composed) if spoken else [],
        sellers=[own for own in sellers if own and own.body],
        is_source=sheet.is_source(row),
        ready=differences.between(row.body, row.composed) if row.composed != row.body else [],
    )


def glance(product: Product) -> list[Line]:
    """Where every text of a product stands, by field and picture."""
    sheet = _sheet(product)
    places: list[tuple[str, Picture | None]] = [(field, None) for field in Field.values if field != Field.ALT]
    places += [(Field.ALT, picture) for picture in sheet.pictures]
    return [
        Line(field, str(Field(field).label), picture, [_stands(sheet, field, code, picture) for code in LANGUAGES])
        for field, picture in places
    ]


def deeds(product: Product, key: Key) -> list[Deed]:
    """What was done to a text, the newest first."""
    name = ".".join(str(part) for part in key if part)
    records = AuditRecord.objects.filter(
        thing=product._meta.label_lower, thing_id=str(product.pk), detail__text=name
    ).order_by("-pk")[:MOST_DEEDS]
    ids = [record.actor.removeprefix("user:") for record in records if record.actor.startswith("user:")]
    people = {f"user:{user.pk}": str(user) for user in User.objects.filter(pk__in=ids)}
    return [
        Deed(
            record,
            people.get(record.actor, record.actor),
            differences.between(record.detail.get("was", ""), record.detail.get("now", ""))
            if record.deed == "text_edited"
            else [],
        )
        for record in records
    ]


def _sheet(product: Product) -> Sheet:
    sheet = Sheet.open(product.pk, lock=False)
    if sheet is None:
        raise Product.DoesNotExist(product.pk)
    sheet.compose(timezone.now())
    return sheet


def _stands(sheet: Sheet, field: str, language: str, picture: Picture | None) -> tuple[str, ProductText | None, bool]:
    row = sheet.rows.get((field, language, picture.pk if picture else None))
    return language, row if row and row.body else None, bool(row and sheet.is_source(row))
