"""Reviews: what buyers say of what they received, what shops answer, and what staff hide.

Only the buyer of a completed part may write, within 90 days, once for each line. What was written stays: nobody changes
or deletes it. Within 30 days the buyer may add to it once, which leaves the stars as they are (追评). A shop answers
once and can hide nothing; staff hide only for a reason of the list, which the buyer is told. Articles 17 and 39 of the
E-Commerce Law of China ask for no less: no invented reviews, and none taken away.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from catalog import pages, ratings
from kernel import audit
from kernel.actors import actor_of
from kernel.refusals import Refusal
from sellers.models import Seller

from . import news, words
from .models import GOOD, Consignment, OrderLine, Review

WRITE_WITHIN = timedelta(days=90)
ADD_WITHIN = timedelta(days=30)


class NotYours(Refusal):
    """Only who bought it may say how it was."""

    code = "not_your_order"
    status = 403
    message = _("Only its buyer can review it.")


class OwnGoods(Refusal):
    """A shop that praises itself deceives buyers."""

    code = "own_goods"
    status = 403
    message = _("You cannot review goods of your own shop.")


class NotCompleted(Refusal):
    """It has not arrived yet, or never will."""

    code = "not_completed"
    message = _("You can review it once you have received it.")


class TooLateToReview(Refusal):
    """Ninety days are over, or thirty for adding."""

    code = "too_late_to_review"
    message = _("The time to review this is over.")


class AlreadyReviewed(Refusal):
    """A review stands as it was written."""

    code = "already_reviewed"
    message = _("You have reviewed this already. A review cannot be changed.")


class AlreadyAdded(Refusal):
    """One addition is the last."""

    code = "already_added"
    message = _("You have added to this review already.")


class AlreadyAnswered(Refusal):
    """The shop has one answer."""

    code = "already_answered"
    message = _("This review has been answered already.")


class Hidden(Refusal):
    """Nobody would read what is said to a hidden review."""

    code = "review_hidden"
    message = _("This review is hidden.")


class NeedsReason(Refusal):
    """Nothing is hidden, or shown again, without saying why."""

    code = "review_needs_reason"
    status = 422
    message = _("Choose a reason and write a note.")


class OwnShopsReview(Refusal):
    """Nobody decides about what is said of their own shop."""

    code = "own_shops_review"
    status = 403
    message = _("You cannot decide about your own shop.")


@dataclass(frozen=True)
class Tally:
    """A product's visible reviews: how many, how many of them are good, and the sum of their stars."""

    count: int
    good: int
    stars: int

    @property
    def critical(self) -> int:
        """中差评."""
        return self.count - self.good

    @property
    def mean(self) -> Decimal:
        return Decimal(self.stars) / self.count if self.count else Decimal(0)


# Buyers ---------------------------------------------------------------------------------------------------------------


@transaction.atomic
def write(line: OrderLine, *, stars: int, text: str, anonymous: bool, by: User, language: str, now: datetime) -> Review:
    """Review one line of an order, with or without words. The same words sent twice are one review.

    Raises NotYours, OwnGoods, NotCompleted, TooLateToReview, words.TooLong, AlreadyReviewed.
    """
    kept = words.cleaned(text)
    said: dict[str, Any] = {"product_id": line.product_id, "stars": stars, "text": kept, "anonymous": anonymous}
    review = Review.objects.filter(line=line, line__consignment__order__buyer=by).first()
    if review is None:
        require(line, by=by, now=now)
        review, is_new = Review.objects.get_or_create(
            line=line, defaults={**said, "language": words.language_of(kept, language), "at": now}
        )
        if is_new:
            ratings.rate(review.product_id, stars=stars, count=1)
            news.review_written(review)
            return review
    if any(getattr(review, name) != value for name, value in said.items()):
        raise AlreadyReviewed
    return review


def require(line: OrderLine, *, by: User, now: datetime) -> None:
    """Raises NotYours, OwnGoods, NotCompleted or TooLateToReview unless this person may review the line now."""
    consignment = line.consignment
    if consignment.order.buyer_id != by.pk:
        raise NotYours
    if _acts_for(by, consignment.seller):
        raise OwnGoods
    if consignment.status != Consignment.Status.COMPLETED or consignment.completed_at is None:
        raise NotCompleted
    if now >= consignment.completed_at + WRITE_WITHIN:
        raise TooLateToReview


@transaction.atomic
def add(review: Review, text: str, *, by: User, now: datetime) -> bool:
    """Add to one's review, once; says whether it was added now. The stars stay.

    Raises NotYours, words.NothingWritten, words.TooLong, Hidden, AlreadyAdded, TooLateToReview.
    """
    if review.line.consignment.order.buyer_id != by.pk:
        raise NotYours
    kept = words.wanted(text)
    fresh = _locked(review)
    if fresh.more_at:
        if fresh.more == kept:
            return False
        raise AlreadyAdded
    if fresh.hidden_at:
        raise Hidden
    if now >= fresh.at + ADD_WITHIN:
        raise TooLateToReview
    Review.objects.filter(pk=review.pk).update(more=kept, more_at=now)
    pages.touch(review.product_id)
    return True


def due(parts: Iterable[Consignment], *, now: datetime) -> set[int]:
    """The lines of these parts that their buyer may review now, by id. Asks nothing where lines were prefetched."""
    return {
        line.pk
        for part in parts
        if part.status == Consignment.Status.COMPLETED and part.completed_at and now < part.completed_at + WRITE_WITHIN
        for line in part.lines.all()
        if not hasattr(line, "review")
    }


def may_add(review: Review, *, now: datetime) -> bool:
    """Whether its writer may still add to it."""
    return not review.more_at and not review.hidden_at and now < review.at + ADD_WITHIN


# Shops ----------------------------------------------------------------------------------------------------------------


@transaction.atomic
def reply(review: Review, text: str, *, language: str, actor: str, now: datetime) -> bool:
    """The shop answers, once; says whether it was answered now.

    Raises words.NothingWritten, words.TooLong, Hidden, AlreadyAnswered.
    """
    kept = words.wanted(text)
    fresh = _locked(review)
    if fresh.reply_at:
        if fresh.reply == kept:
            return False
        raise AlreadyAnswered
    if fresh.hidden_at:
        raise Hidden
    Review.objects.filter(pk=review.pk).update(
        reply=kept, reply_language=words.language_of(kept, language), reply_at=now
    )
    audit.record(actor, "review_answered", review)
    pages.touch(review.product_id)
    return True


# Staff ----------------------------------------------------------------------------------------------------------------


@transaction.atomic
def hide(review: Review, reason: str, *, note: str, by: User, now: datetime) -> bool:
    """Show a review to nobody and count it no more; says whether it was hidden now. Its writer is told the reason.

    `reason` is one of Review.HiddenFor, `note` says to other staff what was seen. Raises NeedsReason, OwnShopsReview.
    """
    if reason not in Review.HiddenFor.values or not note.strip():
        raise NeedsReason
    fresh = _judged(review, by=by)
    if fresh.hidden_at:
        return False
    Review.objects.filter(pk=review.pk).update(hidden_at=now, hidden_reason=reason)
    audit.record(actor_of(by), "review_hidden", review, reason=reason, note=note.strip()[:200])
    ratings.rate(fresh.product_id, stars=-fresh.stars, count=-1)
    news.review_hidden(fresh, Review.HiddenFor(reason), at=now)
    return True


@transaction.atomic
def show(review: Review, *, note: str, by: User) -> bool:
    """Show a hidden review again, and count it; says whether it was hidden. Raises NeedsReason, OwnShopsReview."""
    if not note.strip():
        raise NeedsReason
    fresh = _judged(review, by=by)
    if not fresh.hidden_at:
        return False
    Review.objects.filter(pk=review.pk).update(hidden_at=None, hidden_reason="")
    audit.record(actor_of(by), "review_shown", review, note=note.strip()[:200])
    ratings.rate(fresh.product_id, stars=fresh.stars, count=1)
    return True


# Readers --------------------------------------------------------------------------------------------------------------


def tally(product_id: int) -> Tally:
    """What a product's visible reviews come to."""
    return Tally(
        **Review.objects.of_product(product_id).aggregate(
            count=Count("pk"), good=Count("pk", filter=Q(stars__gte=GOOD)), stars=Sum("stars", default=0)
        )
    )


def _judged(review: Review, *, by: User) -> Review:
    fresh = _locked(review)
    if _acts_for(by, fresh.line.consignment.seller):
        raise OwnShopsReview
    return fresh


def _acts_for(user: User, seller: Seller) -> bool:
    return Seller.objects.acted_for_by(user).filter(pk=seller.pk).exists()


def _locked(review: Review) -> Review:
    rows = Review.objects.select_for_update(of=("self",)).select_related("line__consignment__seller")
    return rows.get(pk=review.pk)
