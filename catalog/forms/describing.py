"""The form for goods of one type: what the vocabulary asks of it, its variants as rows, and the seller's own words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from kernel.money import Money
from kernel.refusals import Refusal
from sellers import districts
from sellers.models import Seller

from .. import facts, listing, options, variants, vocabulary
from ..models import Maker, Product
from ..vocabulary import ProductType
from . import answers
from .answers import Question
from .plain import MOST_RWF, MOST_UNITS, Amount, PlainForm, Whole

SIDES = ("length", "width", "height")
LONGEST_DESCRIPTION = 1500


@dataclass(frozen=True)
class Row:
    """The fields of one variant: its options, then price, packed weight and size, and of a new one how many."""

    number: int
    place: int
    known: forms.BoundField
    options: list[Question]
    receive: forms.BoundField
    weight: forms.BoundField
    sides: list[forms.BoundField]
    stock: forms.BoundField | None


class DescribeForm(PlainForm):
    """What a seller says about a product. Sizes are typed in centimetres and kept in millimetres.

    The fields of a row are `v0-…`, those of the vocabulary `fact-…`; `rows` says how many rows were on the page, and
    `seen` what the product was like then.
    """

    name = forms.CharField(
        label=_("A name of its own"),
        max_length=100,
        required=False,
        help_text=_("Leave it empty, and we name it after what it is."),
    )
    description = forms.CharField(
        label=_("What else should buyers know?"),
        max_length=LONGEST_DESCRIPTION,
        required=False,
        widget=forms.Textarea({"rows": 5}),
        help_text=_("Its story, how to look after it. A person translates it into Chinese."),
    )
    written_in = forms.ChoiceField(
        label=_("The language you write in"),
        choices=[("rw", "Ikinyarwanda"), ("en", "English"), ("fr", "Français")],
    )
    maker = forms.ModelChoiceField(
        label=_("Who makes it?"), queryset=Maker.objects.none(), required=False, empty_label=_("Not said")
    )
    district = forms.ChoiceField(label=_("Where is it made?"), required=False)
    lead_days = Whole(
        label=_("If you make it only when it is ordered: how many days does that take?"),
        min_value=0,
        max_value=listing.LONGEST_LEAD,
        required=False,
        help_text=_("0 if it lies ready."),
    )
    seen = forms.CharField(max_length=16, required=False, widget=forms.HiddenInput)

    def __init__(
        self,
        data: Any = None,
        *,
        product_type: ProductType,
        seller: Seller,
        product: Product | None = None,
        initial: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(data, initial=dict(initial or {}))
        self.product_type, self.seller, self.product = product_type, seller, product
        if product is not None:
            del self.fields["lead_days"]  # told with the stock, which is saved by itself
        self.count, self.is_too_many = _count((data if data is not None else self.initial).get("rows"))
        self.fields["maker"].queryset = Maker.objects.filter(seller=seller).order_by("name")  # type: ignore[attr-defined]
        self.fields["district"].choices = _districts(seller)  # type: ignore[attr-defined]
        self.kept = _kept(product) if product else set()
        axes = set(product_type.axes)
        for attribute in product_type.attributes:
            if attribute.slug not in axes:
                self._ask(f"fact-{attribute.slug}", answers.fields(product_type, attribute, kept=self.kept))
        for place in range(self.count):
            self._add_row(place)
        self.speak_plainly()

    # What the page shows ----------------------------------------------------------------------------------------------

    @property
    def needed(self) -> list[Question]:
        """What must be answered before the product is sent."""
        return self._questions(self.product_type.needs)

    @property
    def others(self) -> list[Question]:
        """What may be answered."""
        return self._questions(self.product_type.may)

    @property
    def rows(self) -> list[Row]:
        """The rows of variants."""
        return [self._row(place) for place in range(self.count)]

    @property
    def is_many(self) -> bool:
        """Whether there are several sizes or colours."""
        return self.count > 1

    @property
    def may_have_more(self) -> bool:
        """Whether there may be another one, and something it could differ in."""
        return self.count < variants.MOST and bool(self.product_type.axes)

    @property
    def says_more(self) -> bool:
        """Whether anything is answered that need not be."""
        return any(question.is_answered for question in self.others)

    def again(self, places: Sequence[int]) -> DescribeForm:
        """The same form, not judged yet, with the rows of these places; one that comes twice is a new one like it."""
        typed = {name: _typed(self, name) for name in self.fields}
        initial = {name: value for name, value in typed.items() if not name.startswith("v")}
        for now, was in enumerate(places):
            is_copy = was in places[:now]
            for name, value in typed.items():
                row, dash, part = name.partition("-")
                if dash and row == f"v{was}" and not (is_copy and part.partition("-")[0] in {"known", "opt", "stock"}):
                    initial[f"v{now}-{part}"] = value
        initial["rows"] = len(places)
        return DescribeForm(product_type=self.product_type, seller=self.seller, product=self.product, initial=initial)

    def typed_amount(self, place: int) -> int:
        """The francs typed into a row, or 0 where that is no amount."""
        text = str(_typed(self, f"v{place}-receive") or "").strip() if 0 <= place < self.count else ""
        amount = int(text) if text.isascii() and text.isdecimal() and len(text) <= 8 else 0
        return amount if amount <= MOST_RWF else 0

    # What was typed ---------------------------------------------------------------------------------------------------

    def clean(self) -> dict[str, Any]:
        """Every answer against the vocabulary, and the rows against each other."""
        if self.is_too_many:
            self.add_error(None, str(variants.TooMany(most=variants.MOST)))
        self.answered = self._facts()
        self.each = [self._options(place) for place in range(self.count)]
        if not self.errors:
            try:
                options.settle(self.product_type, self.answered, self.each)
            except Refusal as refusal:
                self.add_error(None, str(refusal))
        return self.cleaned_data

    def said(self) -> listing.Facts:
        """What was typed, in the catalogue's units. Call it on a valid form."""
        given = self.cleaned_data
        return listing.Facts(
            product_type=self.product_type,
            facts=self.answered,
            variants=[self._variant(place) for place in range(self.count)],
            written_in=given["written_in"],
            name=given["name"],
            description=given["description"],
            maker=given["maker"],
            district=given["district"],
            lead_days=self.product.lead_days if self.product else given["lead_days"] or 0,
        )

    def _variant(self, place: int) -> variants.VariantFacts:
        given: dict[str, Any] = {
            name: self.cleaned_data.get(f"v{place}-{name}") for name in ("known", "receive", "weight", "stock")
        }
        length, width, height = (int(self.cleaned_data[f"v{place}-{side}"] * 10) for side in SIDES)
        return variants.VariantFacts(
            options=self.each[place],
            receive=Money(given["receive"], "RWF"),
            weight_g=given["weight"],
            sides=(length, width, height),
            stock=given["stock"] or 0,
            pk=given["known"],
        )

    def _facts(self) -> dict[str, Any]:
        slugs = [attribute.slug for attribute in self.product_type.attributes]
        return dict(self._answers((slug, f"fact-{slug}") for slug in slugs if slug not in self.product_type.axes))

    def _options(self, place: int) -> dict[str, Any]:
        return dict(self._answers((slug, f"v{place}-opt-{slug}") for slug in self.product_type.axes))

    def _answers(self, asked: Any) -> Iterator[tuple[str, Any]]:
        for slug, name in asked:
            attribute = vocabulary.attributes()[slug]
            try:
                answer = answers.said(self.product_type, attribute, name, self.cleaned_data)
            except facts.BadFact as refusal:
                field = name if name in self.fields else f"{name}-low"
                if not {field, f"{name}-high"} & set(self.errors):
                    self.add_error(field, str(refusal))
                continue
            if answer is not None:
                yield slug, answer

    # The fields -------------------------------------------------------------------------------------------------------

    def _ask(self, name: str, fields: Mapping[str, forms.Field]) -> None:
        self.fields.update({f"{name}{end}": field for end, field in fields.items()})

    def _add_row(self, place: int) -> None:
        name = f"v{place}"
        is_known = bool(_typed(self, f"{name}-known") if self.is_bound else self.initial.get(f"{name}-known"))
        self.fields[f"{name}-known"] = Whole(required=False, widget=forms.HiddenInput)
        for slug in self.product_type.axes:
            attribute = vocabulary.attributes()[slug]
            fields = answers.fields(self.product_type, attribute, kept=self.kept, in_a_row=True)
            self._ask(f"{name}-opt-{slug}", fields)
        self.fields[f"{name}-receive"] = Whole(
            label=_("How much do you want to receive for one? (RWF)"), min_value=500, max_value=MOST_RWF
        )
        self.fields[f"{name}-weight"] = Whole(
            label=_("Weight when packed (grams)"),
            min_value=10,
            max_value=30_000,
            help_text=_("Weigh it in its box. 1 kg is 1000 grams."),
        )
        for side, label in zip(
            SIDES, (_("Length of the box (cm)"), _("Width of the box (cm)"), _("Height of the box (cm)")), strict=True
        ):
            self.fields[f"{name}-{side}"] = Amount(label=label, min_value=1, max_value=150)
        if not is_known:
            self.fields[f"{name}-stock"] = Whole(
                label=_("How many do you have?"), min_value=0, max_value=MOST_UNITS, required=False
            )

    def _questions(self, slugs: Sequence[str]) -> list[Question]:
        return [self._question(slug, f"fact-{slug}") for slug in slugs if slug not in self.product_type.axes]

    def _question(self, slug: str, name: str) -> Question:
        attribute = vocabulary.attributes()[slug]
        fields = [self[field] for field in (name, f"{name}-low", f"{name}-high") if field in self.fields]
        return Question(str(attribute.ask), fields, answers.unit_of(attribute), is_range=len(fields) > 1)

    def _row(self, place: int) -> Row:
        name = f"v{place}"
        return Row(
            number=place + 1,
            place=place,
            known=self[f"{name}-known"],
            options=[self._question(slug, f"{name}-opt-{slug}") for slug in self.product_type.axes],
            receive=self[f"{name}-receive"],
            weight=self[f"{name}-weight"],
            sides=[self[f"{name}-{side}"] for side in SIDES],
            stock=self[f"{name}-stock"] if f"{name}-stock" in self.fields else None,
        )


def _count(typed: Any) -> tuple[int, bool]:
    """How many rows the page had, and whether those are more than a product may have."""
    text = str(typed or "1")
    count = int(text) if text.isascii() and text.isdecimal() and len(text) <= 6 else 1
    return min(max(count, 1), variants.MOST), count > variants.MOST


def _kept(product: Product) -> set[str]:
    """Every word that stands among the facts of a product and the options of its variants."""
    options = [option["value"] for variant in variants.offered(product) for option in variant.options]
    said = [one for fact in product.facts.values() for one in (fact if isinstance(fact, list) else [fact])]
    return {word for word in (*said, *options) if isinstance(word, str)}


def _typed(form: forms.Form, name: str) -> Any:
    """What stands in a field, as it was typed."""
    widget = form.fields[name].widget if name in form.fields else forms.HiddenInput()
    return widget.value_from_datadict(form.data, form.files, name)


def _districts(seller: Seller) -> list[tuple[str, Any]]:
    here = _("Where the shop is: %(district)s") % {"district": seller.district}
    provinces = [
        (province, [(place.name, place.name) for place in inside]) for province, inside in districts.provinces()
    ]
    return [("", here), *provinces]
