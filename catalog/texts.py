"""What is written about a product: composed from its facts, kept where a person wrote it, and stale when it is outrun.

A composed text follows the facts. A person's text is kept whatever happens to the facts, and is marked stale when they
are no longer those it was written from; `edit` with nothing goes back to the composed one. The seller's own words are
the source of every other description, as the facts are of everything else. Each deed is in the audit trail with the
words before and after, so that no person's sentence is ever lost.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from kernel import audit, work
from kernel.actors import actor_of
from kernel.refusals import Refusal

from . import advertising, translating, wording
from .advertising import Finding
from .compositions import Key
from .models import LANGUAGES, Picture, Product, ProductText, in_language
from .sheets import Field, Provenance, Sheet, key_of

# Products whose texts one job looks at.
AT_ONCE = 100


class ChangedMeanwhile(Refusal):
    """Somebody wrote this text, or the facts under it changed, after the page that we answer was made."""

    code = "text_changed_meanwhile"
    message = _("Somebody changed this while you were writing. Yours is below; compare, then save again.")


class NothingToRead(Refusal):
    """There is no text here to find right."""

    code = "no_text_to_accept"
    status = 422
    message = _("There is no text here yet.")


def later(product_id: int) -> None:
    """Have a product's texts follow its facts, once however often it is asked. Needs a transaction."""
    work.later(follow, product_id=product_id, once=f"product:{product_id}")


@work.task
def follow(*, product_id: int) -> None:
    """What `later` promises. Safe to repeat."""
    product = Product.objects.filter(pk=product_id).first()
    if product is not None:
        refresh(product)


@work.task
def follow_all(*, after_id: int = 0) -> None:
    """Have the texts of all goods follow, some at a time: words, patterns or a shop's name may be others now."""
    goods = Product.objects.exclude(product_type="").exclude(status=Product.Status.ARCHIVED)
    some = list(goods.filter(pk__gt=after_id).order_by("pk")[:AT_ONCE])
    for product in some:
        refresh(product)
    if len(some) == AT_ONCE:
        work.later(follow_all, after_id=some[-1].pk, once=f"after:{some[-1].pk}")


@work.every(seconds=24 * 3600)
def follow_daily(*, now: datetime) -> None:
    """What changed where nobody thought of texts is in them a day later."""
    work.later(follow_all, after_id=0, once="after:0")


@transaction.atomic
def refresh(product: Product) -> bool:
    """Compose a product's texts anew in every language, and judge those that people wrote; says whether any changed.

    A name that stands in the product's own column and has no row yet was written by hand before there were rows: it is
    adopted as a person's, unless it is just what the facts say. A product without a type is not composed.
    """
    now = timezone.now()
    sheet = _composed(product, now)
    return _keep(product, sheet, now)


@transaction.atomic
def edit(
    product: Product,
    field: str,
    language: str,
    body: str,
    by: User | None,
    *,
    picture: Picture | None = None,
    seen: str | None = None,
) -> str:
    """Keep what a person wrote; returns it as it is kept. Nothing written is undo: back to the composed text.

    Writing what stands there already changes nothing: whoever looked and found it right says so by `accept`. With
    `seen`, the `version` that the writer looked at, nobody overwrites what they did not see. Raises ChangedMeanwhile,
    wording.TooLong, wording.BadLine.
    """
    now = timezone.now()
    sheet = _composed(product, now)
    key = (field, language, picture.pk if picture else None)
    if picture is not None and picture.product_id != product.pk:
        raise Picture.DoesNotExist(picture.pk)
    if seen is not None and seen != sheet.version(key):
        raise ChangedMeanwhile
    kept = _put(sheet, key, body, by=by, actor=actor_of(by), now=now)
    _keep(product, sheet, now)
    return kept


@transaction.atomic
def say(product: Product, *, name: str, description: str, actor: str) -> None:
    """Keep what the seller calls and says of a product, in the language it is written in. The product is saved before.

    Without a name of its own it is called what its facts say. Raises wording.TooLong.
    """
    now = timezone.now()
    sheet = _composed(product, now)
    for field, body in ((Field.TITLE, name), (Field.DESCRIPTION, description)):
        _put(sheet, (field, sheet.product.written_in, None), body, by=None, actor=actor, now=now)
    _keep(product, sheet, now)


def own(product: Product, field: str) -> str:
    """What a person wrote in the seller's language; empty where the text is composed, or there is none."""
    rows = product.texts.filter(field=field, language=product.written_in, picture=None, provenance=Provenance.HUMAN)
    return rows.values_list("body", flat=True).first() or ""


@transaction.atomic
def accept(text: ProductText | None, by: User, *, seen: str | None = None) -> None:
    """A person looked at a text, stale or a machine's or composed, and found it right as it is.

    Raises ChangedMeanwhile, NothingToRead.
    """
    if text is None:
        raise NothingToRead
    now = timezone.now()
    sheet = _composed(text.product, now)
    key = key_of(text)
    if seen is not None and seen != sheet.version(key):
        raise ChangedMeanwhile
    row = sheet.rows.get(key)
    if row is None or not row.body:
        raise NothingToRead
    row.based_on = sheet.basis(row.field)
    row.read_by, row.read_at = by, now
    audit.record(actor_of(by), "text_accepted", sheet.product, text=_name(key), now=row.body)
    _keep(text.product, sheet, now)


@transaction.atomic
def take(product: Product, field: str, language: str, by: User, *, picture: Picture | None = None, seen: str) -> str:
    """Have the text that stands ready, composed or translated by a provider, instead of the one that stands there.

    Who takes it has read it. Raises ChangedMeanwhile, NothingToRead.
    """
    body = edit(product, field, language, "", by, picture=picture, seen=seen)
    accept(product.texts.filter(field=field, language=language, picture=picture).first(), by)
    return body


@dataclass(frozen=True)
class Shown:
    """What buyers read about a product, each text in their language, else in English, else in Chinese.

    `language` is the description's own (`zh`, `en`, `fr`, `rw`). `mark` says how it came to be there: empty for the
    seller's own words, `translated` by a person, or `machine`, which pages must say.
    """

    title: str
    summary: str
    description: str
    language: str
    mark: str
    specification: list[tuple[str, str]]
    label: list[tuple[str, str]]


def shown(product: Product, language: str) -> Shown:
    """What a page in `zh`, `en`, `fr` or `rw` says about a product. One query; no machine's text that nobody read."""
    rows = product.texts.filter(picture=None, language__in=read_in(language)).defer("composed")
    return told(product, language, rows)


def read_in(language: str) -> list[str]:
    """The languages in which a reader's page looks for a text, one after the other."""
    return list(dict.fromkeys((language[:2], "en", "zh")))


def told(product: Product, language: str, rows: Iterable[ProductText]) -> Shown:
    """The same as `shown`, of rows that were read before. No query."""
    order = read_in(language)
    public = {(row.field, row.language): row for row in rows if row.public}
    found = {field: next(filter(None, (public.get((field, code)) for code in order)), None) for field in Field}
    body = {field: row.body if row else "" for field, row in found.items()}
    said = found[Field.DESCRIPTION]
    return Shown(
        title=body[Field.TITLE] or in_language(product, "name", language),
        summary=body[Field.SUMMARY],
        description=body[Field.DESCRIPTION] or in_language(product, "description", language),
        language=said.language if said else "",
        mark=_mark(product, said) if said else "",
        specification=wording.lines(body[Field.SPECIFICATION]),
        label=wording.lines(body[Field.LABEL]),
    )


def says_something(product: Product, language: str) -> bool:
    """Whether buyers find more than a name in this language: a summary, or a description that was read."""
    rows = product.texts.filter(field__in=(Field.SUMMARY, Field.DESCRIPTION), language=language)
    return bool(getattr(product, f"description_{language}")) or any(row.public for row in rows)


def findings(product: Product) -> list[tuple[str, str, Finding]]:
    """What may not be said in advertising, in every text that buyers can see: field, language, and what was found."""
    columns = {
        (field, language): str(getattr(product, f"{column}_{language}"))
        for field, column in ((Field.TITLE, "name"), (Field.DESCRIPTION, "description"))
        for language in LANGUAGES
    }
    rows = [row for row in product.texts.all() if (row.field, row.language) not in columns]
    said = [(str(field), language, body) for (field, language), body in columns.items()]
    said += [(row.field, row.language, row.public) for row in rows]
    return [(field, language, found) for field, language, body in said for found in advertising.check(body, language)]


def version(product: Product, field: str, language: str, picture: Picture | None = None) -> str:
    """A word for a text as it stands: give it back to `edit` or `accept`, so that they answer what was seen."""
    sheet = _composed(product, timezone.now(), lock=False)
    return sheet.version((field, language, picture.pk if picture else None))


def _composed(product: Product, now: datetime, *, lock: bool = True) -> Sheet:
    """The product's sheet with everything that its facts say now."""
    sheet = Sheet.open(product.pk, lock=lock)
    if sheet is None:
        raise Product.DoesNotExist(product.pk)
    sheet.compose(now)
    return sheet


def _put(sheet: Sheet, key: Key, body: str, *, by: User | None, actor: str, now: datetime) -> str:
    """Write one text on the sheet, with its line in the audit trail; returns what stands there now."""
    body = wording.clean(key[0], key[1], body)
    row = sheet.row(*key)
    was, by_whom = row.body or _old_name(sheet.product, key), row.provenance
    if body != row.body or by_whom != Provenance.HUMAN:
        _write(sheet, row, body, by, now)
    if (row.body, row.provenance) != (was, by_whom):
        audit.record(actor, "text_edited", sheet.product, text=_name(key), was=was, now=row.body)
        if sheet.is_source(row):
            sheet.forget_proposals()
    return row.body


def _keep(product: Product, sheet: Sheet, now: datetime) -> bool:
    """Save the sheet, have what is missing translated, and let the caller's product say what was kept."""
    changed = sheet.save(now=now)
    translating.ask(sheet)
    for language in LANGUAGES:
        for column in (f"name_{language}", f"description_{language}"):
            setattr(product, column, getattr(sheet.product, column))
    return changed


def _write(sheet: Sheet, row: ProductText, body: str, by: User | None, now: datetime) -> None:
    """Make a text a person's, or again what stands ready for it."""
    row.read_by = row.read_at = None
    row.based_on, row.written_at = sheet.basis(row.field), now
    ready = Provenance.MACHINE if row.field == Field.DESCRIPTION else Provenance.COMPOSED
    if body and (body != row.composed or ready == Provenance.MACHINE):
        row.body, row.provenance, row.written_by = body, Provenance.HUMAN, by
    else:
        row.body, row.provenance, row.written_by = row.composed, ready, None


def _mark(product: Product, row: ProductText) -> str:
    if row.language == product.written_in:
        return ""
    return "machine" if row.provenance == Provenance.MACHINE else "translated"


def _old_name(product: Product, key: Key) -> str:
    """A title that stands in its column only."""
    return str(getattr(product, f"name_{key[1]}")) if key[0] == Field.TITLE else ""


def _name(key: Key) -> str:
    """How the audit trail calls a text: `title.zh`."""
    return ".".join(str(part) for part in key if part)
