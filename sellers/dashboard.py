"""Sellers' beginnings: choose a language, apply, see where the application stands."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as notices
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts import consents, languages
from accounts.models import Language, LegalText
from kernel.actors import actor_of
from kernel.http import private_page, secret_page
from kernel.refusals import Refusal
from kernel.uploads import takes_files

from . import districts, moderation, onboarding, papers, reasons, shops
from .forms import FILES, ApplyForm, field_of_paper, initial_of, kind_of_paper
from .models import Paper, Seller

# What sellers choose from on the first screen; Chinese is offered to those who read Chinese pages already.
SPOKEN = [Language.KINYARWANDA, Language.ENGLISH, Language.FRENCH]


@secret_page
@takes_files(papers.LARGEST * len(FILES))
def apply(request: Any) -> HttpResponseBase:
    """The application, on one page. What was accepted is kept, whatever else is wrong."""
    if not request.user.is_authenticated:
        if languages.chosen(request) is None:
            return render(request, "dashboard/onboarding/language.html", {"languages": SPOKEN})
        return shops.to_sign_in(request)
    seller = shops.of(request.user)
    if seller is not None and seller.status not in onboarding.OPEN:
        return redirect("sell:status")
    if request.method == "POST":
        return _apply(request)
    initial = initial_of(seller) if seller else {"phone": request.user.phone or ""}
    return _apply_page(request, ApplyForm(initial=initial, seller=seller), seller)


@private_page
@shops.for_seller
@require_safe
def status(request: Any) -> HttpResponseBase:
    """Where the application stands, and what to do now."""
    seller = request.seller
    decision = moderation.last_decision(seller)
    context = {
        "seller": seller,
        "decision": decision,
        "reason": reasons.of(decision.reason_code) if decision and decision.reason_code else None,
        "steps": _steps(seller),
        "papers": seller.papers.order_by("uploaded_at"),
        "may_change": seller.status in onboarding.OPEN,
    }
    return render(request, "dashboard/onboarding/status.html", context)


@require_safe
@private_page
def help_page(request: Any) -> HttpResponseBase:
    """Answers to what sellers ask first. Open to everybody."""
    return render(request, "dashboard/sellers/help.html", {"seller": shops.of(request.user), "section": "help"})


@secret_page
@shops.for_seller
@require_safe
def paper(request: Any, pk: Any) -> HttpResponseBase:
    """A paper, for the people of its shop only; for others it is not there, and their asking is written down."""
    found = get_object_or_404(Paper, pk=pk)
    if found.seller_id != request.seller.pk:
        papers.record_refusal(found, by=request.user)
        raise Http404
    return download(found)


def download(paper: Paper) -> HttpResponseBase:
    """Hand out a paper as a file that no browser will run or show as a page of ours."""
    try:
        content = paper.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    ending = "pdf" if paper.content_type == papers.PDF else "jpg"
    response = FileResponse(
        content, as_attachment=True, filename=f"paper-{str(paper.pk)[:8]}.{ending}", content_type=paper.content_type
    )
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _apply(request: Any) -> HttpResponseBase:
    seller = onboarding.draft(request.user, language=translation.get_language())
    sending = "save" not in request.POST and "remove" not in request.POST
    form = ApplyForm(request.POST, request.FILES, seller=seller, is_draft=not sending)
    form.is_valid()
    answers = form.answers(language=translation.get_language())
    seller = onboarding.save(seller, answers)
    _take_papers(form, request, seller, answers.kind or seller.kind)
    if "remove" in request.POST:
        key = _uuid(request.POST["remove"])
        found = seller.papers.filter(pk=key).first() if key else None
        if found is not None:
            papers.remove(found, actor=actor_of(request.user))
        return _apply_page(request, form, seller)
    if not sending:
        if not form.errors:
            notices.success(request, _("Saved. You can go on later."))
            return redirect("sell:apply")
        return _apply_page(request, form, seller, status=422)
    for missing in onboarding.missing_papers(seller, answers.kind):
        name = field_of_paper(missing)
        if name not in form.errors:
            form.add_error(name, str(onboarding.MissingPaper(paper=missing.label)))
    if not form.errors:
        try:
            onboarding.apply(request.user, answers, ip=request.META.get("REMOTE_ADDR"), now=timezone.now())
        except onboarding.Incomplete as no:
            form.add_error(None, str(no))
        else:
            return redirect("sell:status")
    return _apply_page(request, form, seller, status=422)


def _take_papers(form: ApplyForm, request: HttpRequest, seller: Seller, kind: str) -> None:
    for name in FILES:
        upload: Any = request.FILES.get(name)
        if upload is None:
            continue
        form.errors.pop(name, None)  # the file is judged by what is in it, below
        try:
            papers.keep(seller, upload, kind=kind_of_paper(name, kind), now=timezone.now())
        except Refusal as no:
            form.add_error(name, str(no))


def _apply_page(request: HttpRequest, form: ApplyForm, seller: Seller | None, *, status: int = 200) -> HttpResponse:
    kept = list(seller.papers.order_by("uploaded_at")) if seller else []
    last = moderation.last_decision(seller) if seller else None
    context = {
        "form": form,
        "seller": seller,
        "papers": kept,
        "sectors": districts.sector_names(),
        "rules": consents.text(LegalText.Kind.SELLER_RULES, translation.get_language()),
        "decision": last if seller and seller.status == Seller.Status.CHANGES_REQUESTED else None,
        "reason": reasons.of(last.reason_code) if last and last.reason_code else None,
    }
    return render(request, "dashboard/onboarding/apply.html", context, status=status)


def _steps(seller: Seller) -> list[dict[str, str]]:
    """The way of an application, as `components/steps.html` shows it."""
    order = {
        Seller.Status.APPLIED: 0,
        Seller.Status.ONBOARDING: 0,
        Seller.Status.CHANGES_REQUESTED: 0,
        Seller.Status.READY_FOR_REVIEW: 1,
    }
    reached = order.get(Seller.Status(seller.status), 2)
    titles = [_("Apply"), _("We check it"), _("Sell")]
    if seller.status == Seller.Status.APPROVED:
        reached = 3
    return [
        {"title": title, "state": "done" if place < reached else "now" if place == reached else "later"}
        for place, title in enumerate(titles)
    ]


def _uuid(text: str) -> str | None:
    plain = text.replace("-", "")
    return text if len(plain) == 32 and all(sign in "0123456789abcdef" for sign in plain) else None
