"""All that is written about one product, read and written in one piece under the product's lock."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from kernel import work

from . import compositions, search, showing, vocabulary, wording
from .compositions import Key
from .models import LANGUAGES, Picture, Product, ProductText

Field, Provenance = ProductText.Field, ProductText.Provenance
KEPT = (
    *("body", "composed", "provider", "provenance", "is_stale", "based_on"),
    *("written_by_id", "written_at", "read_by_id", "read_at", "waits_since"),
)


@dataclass
class Sheet:
    """The texts of a product by field, language and picture. Nothing is kept before `save`.

    Its rows are the truth about titles, translations and alt texts; the columns of that kind in products and pictures
    are copies for lists.
    """

    product: Product
    pictures: list[Picture]
    rows: dict[Key, ProductText]
    _facts: dict[str, str]
    _read: dict[Key, tuple[Any, ...]] = field(default_factory=dict)
    _dropped: list[ProductText] = field(default_factory=list)

    @classmethod
    def open(cls, product_id: int, *, lock: bool = True) -> Sheet | None:
        """Read a product's texts under its lock, which needs a transaction; None if there is no such product.

        Without the lock it is only to look at.
        """
        products = Product.objects.select_for_update(of=("self",), no_key=True) if lock else Product.objects.all()
        product = products.select_related("seller", "maker").prefetch_related("variants").filter(pk=product_id).first()
        if product is None:
            return None
        rows = {key_of(row): row for row in product.texts.all()}
        pictures = list(product.pictures.order_by("position", "created_at"))
        facts = {of: compositions.basis(product, of) for of in Field.values}
        sheet = cls(product, pictures, rows, facts, {key: _values(row) for key, row in rows.items()})
        sheet._adopt_descriptions()
        return sheet

    @property
    def source(self) -> str:
        """The seller's own words."""
        row = self.rows.get((Field.DESCRIPTION, self.product.written_in, None))
        return row.body if row else ""

    def basis(self, of: str) -> str:
        """The fingerprint of what a text of this field is made from today: the seller's own words, or the facts."""
        if of == Field.DESCRIPTION:
            return wording.fingerprint(self.product.written_in, self.source)
        return self._facts[of]

    def row(self, of: str, language: str, picture_id: UUID | None = None) -> ProductText:
        """The text, or a new one that is not filled yet."""
        key = (of, language, picture_id)
        if key not in self.rows:
            provenance = Provenance.MACHINE if of == Field.DESCRIPTION else Provenance.COMPOSED
            self.rows[key] = ProductText(
                product=self.product, field=of, language=language, picture_id=picture_id, provenance=provenance
            )
        return self.rows[key]

    def drop(self, row: ProductText) -> None:
        """Take a text away, and its copy."""
        self._dropped.append(self.rows.pop(key_of(row)))

    def version(self, key: Key) -> str:
        """A word for a text as it stands, with what stands ready for it and what it should be made from."""
        row = self.rows.get(key)
        standing = (row.body, row.composed, row.provenance) if row else ("", "", "")
        return wording.fingerprint(*standing, self.basis(key[0]))

    def compose(self, now: datetime) -> None:
        """Have everything that the facts say now stand ready, and composed texts follow."""
        for key, said in compositions.of(self.product, self.pictures).items():
            row = self.row(*key)
            row.composed = said
            if row.pk is None and row.field == Field.TITLE:
                self._adopt_title(row)
            if row.provenance == Provenance.COMPOSED:
                row.written_at = row.written_at if row.body == said else now
                row.body, row.based_on = said, self.basis(row.field)

    def forget_proposals(self) -> None:
        """Translations that a provider proposed are of other words than the seller's now."""
        for row in self._of(Field.DESCRIPTION):
            row.composed = row.provider = ""

    def is_source(self, row: ProductText) -> bool:
        """Whether these are the seller's own words."""
        return row.field == Field.DESCRIPTION and row.language == self.product.written_in

    def save(self, *, now: datetime) -> bool:
        """Judge what is stale and what needs eyes, keep what changed, and have lists and search follow."""
        self._judge(now)
        new = [row for row in self.rows.values() if row.pk is None]
        changed = [row for key, row in self.rows.items() if row.pk and _values(row) != self._read[key]]
        gone = [row.pk for row in self._dropped if row.pk]
        ProductText.objects.bulk_create(new)
        if changed:
            ProductText.objects.bulk_update(changed, [name.removesuffix("_id") for name in KEPT])
        if gone:
            ProductText.objects.filter(pk__in=gone).delete()
        if copied := self._copy() or new or changed or gone:
            showing.later(self.product.pk)
            work.later(search.index, product_id=self.product.pk, once=f"product:{self.product.pk}")
        return bool(copied)

    def _adopt_descriptions(self) -> None:
        """Descriptions that stand in their columns only, from before texts had rows, are a person's."""
        adopted = []
        for language in LANGUAGES:
            body = getattr(self.product, f"description_{language}")
            row = self.rows.get((Field.DESCRIPTION, language, None))
            if body and (row is None or not row.body):
                row = self.row(Field.DESCRIPTION, language)
                row.body, row.provenance = body, Provenance.HUMAN
                adopted.append(row)
        for row in adopted:
            row.based_on = self.basis(Field.DESCRIPTION)

    def _adopt_title(self, row: ProductText) -> None:
        """So is a name, unless it is what the facts say, or no more than the name of the type."""
        written = getattr(self.product, f"name_{row.language}")
        of_type = vocabulary.types()[self.product.product_type].name.of(row.language)
        if written not in ("", row.composed, of_type):
            row.body, row.provenance, row.based_on = written, Provenance.HUMAN, self.basis(Field.TITLE)

    def _judge(self, now: datetime) -> None:
        if self.source and self.product.written_in != "zh":
            self.row(Field.DESCRIPTION, "zh")
        for row in list(self.rows.values()):
            if not row.body and not row.composed and not self._is_missed(row):
                self.drop(row)
                continue
            made = row.provenance != Provenance.COMPOSED and not self.is_source(row)
            row.is_stale = made and bool(row.body) and row.based_on != self.basis(row.field)
            waits = row.is_stale or (bool(row.body) and row.is_unread) or self._is_missed(row)
            row.waits_since = (row.waits_since or now) if waits else None

    def _is_missed(self, row: ProductText) -> bool:
        """Whether it is a Chinese description that the seller's own words call for, and nobody wrote yet."""
        wanted = row.field == Field.DESCRIPTION and row.language == "zh" and not self.is_source(row)
        return wanted and not row.body and bool(self.source)

    def _copy(self) -> bool:
        """Bring the columns for lists up to date; says whether any was not."""
        columns = {f"name_{row.language}": row.body for row in self._of(Field.TITLE)}
        columns |= {f"description_{row.language}": row.public for row in self._of(Field.DESCRIPTION)}
        for row in self._dropped:
            column = {Field.TITLE: "name", Field.DESCRIPTION: "description"}.get(Field(row.field))
            if column:
                columns.setdefault(f"{column}_{row.language}", "")
        stale = {name: _cut(Product, name, body) for name, body in columns.items()}
        stale = {name: body for name, body in stale.items() if getattr(self.product, name) != body}
        if stale:
            Product.objects.filter(pk=self.product.pk).update(**stale)
            for name, body in stale.items():
                setattr(self.product, name, body)
        return self._copy_alts() or bool(stale)

    def _copy_alts(self) -> bool:
        by_picture: dict[UUID | None, dict[str, str]] = {}
        for row in self._of(Field.ALT):
            by_picture.setdefault(row.picture_id, {})[f"alt_{row.language}"] = _cut(
                Picture, f"alt_{row.language}", row.body
            )
        changed = []
        for picture in self.pictures:
            alts = by_picture.get(picture.pk, {})
            if any(getattr(picture, name) != alt for name, alt in alts.items()):
                for name, alt in alts.items():
                    setattr(picture, name, alt)
                changed.append(picture)
        if changed:
            Picture.objects.bulk_update(changed, [f"alt_{language}" for language in LANGUAGES])
        return bool(changed)

    def _of(self, wanted: str) -> list[ProductText]:
        return [row for row in self.rows.values() if row.field == wanted]


def key_of(row: ProductText) -> Key:
    """Where a text stands on its sheet."""
    return (row.field, row.language, row.picture_id)


def _values(row: ProductText) -> tuple[Any, ...]:
    return tuple(getattr(row, name) for name in KEPT)


def _cut(model: Any, column: str, body: str) -> str:
    return body[: model._meta.get_field(column).max_length]
