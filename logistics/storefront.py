"""What buyers answer when customs asks, and the page on which anybody can check a paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import get_language, get_supported_language_variant
from django.utils.translation import gettext as _t
from django.utils.translation.trans_real import parse_accept_lang_header
from django.views.decorators.http import require_http_methods, require_safe

from accounts import consents
from accounts.models import Language, LegalText
from kernel.http import secret_page
from kernel.refusals import Refusal

from . import holds, paperwork, rendering, s10
from .forms import HoldForm
from .models import CustomsHold, ExportDocument


@secret_page
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer_hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Why customs asks, what happens with the answer, and the form for it. 422 keeps what was typed."""
    buyer: Any = request.user
    mine = CustomsHold.objects.of(buyer).select_related("parcel__consignment__order")
    hold = get_object_or_404(mine, pk=pk)
    order = hold.parcel.consignment.order
    if hold.closed_at or hold.sent_at or request.method != "POST":
        form = HoldForm(initial={"real_name": order.orderer})
        return _show_hold(request, hold, form)
    form = HoldForm(request.POST)
    if not form.is_valid():
        return _show_hold(request, hold, form, status=422)
    try:
        holds.answer(
            hold,
            real_name=form.cleaned_data["real_name"],
            id_number=form.cleaned_data["id_number"],
            language=get_language() or Language.CHINESE,
            ip=request.META.get("REMOTE_ADDR") or None,
            now=timezone.now(),
        )
    except Refusal as refusal:
        form.add_error("real_name" if refusal.code == "bad_name" else "id_number", str(refusal))
        return _show_hold(request, hold, form, status=refusal.status)
    messages.success(request, _t("Thank you. We pass it on to the post and customs."))
    return redirect("payments:order", number=order.number)


def _show_hold(request: HttpRequest, hold: CustomsHold, form: HoldForm, *, status: int = 200) -> HttpResponse:
    language = get_language() or Language.CHINESE
    context = {
        "hold": hold,
        "order": hold.parcel.consignment.order,
        "open": not (hold.closed_at or hold.sent_at),
        "form": form,
        "texts": [
            ("agree_collection", consents.text(LegalText.Kind.ID_COLLECTION, language)),
            ("agree_cross_border", consents.text(LegalText.Kind.CROSS_BORDER, language)),
        ],
    }
    return render(request, "storefront/logistics/answer_hold.html", context, status=status)


@require_safe
def verify_any(request: HttpRequest) -> HttpResponse:
    """A field for those who type the code from a paper; `?code=` leads to its page."""
    code = _tidy(request.GET.get("code", ""))
    if code:
        return HttpResponseRedirect(f"{reverse('verify', args=[code[:40]])}?lang={_language(request)}")
    return _page(request, {"document": None, "code": ""})


@require_safe
def verify(request: HttpRequest, code: str) -> HttpResponse:
    """Whether a printed paper is ours, still counts, and says what we issued. No word of who buys; 404 for others."""
    document = (
        ExportDocument.objects.exclude(issued_at=None)
        .select_related("seller", "parcel__consignment__order")
        .filter(verify_code=_tidy(code))
        .first()
    )
    if document is None:
        return _page(request, {"document": None, "code": code[:40]}, status=404)
    newer = ExportDocument.objects.filter(parcel=document.parcel, kind=document.kind, version__gt=document.version)
    context = {
        "document": document,
        "code": rendering.spaced_code(document.verify_code),
        "counts": document.status == ExportDocument.Status.ISSUED,
        "newer": newer.exclude(status=ExportDocument.Status.VOIDED).order_by("-version").first(),
        "waybill": s10.read(document.facts["waybill"]).spaced,
        "gross_kg": rendering.kilograms(document.facts["gross_g"]),
        "destination": document.facts["consignee"]["country_code"],
        "pieces": document.facts["pieces"],
        "package": document.facts["package"],
        "packages": document.facts["packages"],
        "hash": [document.sha256[n : n + 8] for n in range(0, 64, 8)],
    }
    return _page(request, context)


def _page(request: HttpRequest, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    """The page in the reader's language; kept by no cache, because a paper may be superseded at any moment."""
    with translation.override(_language(request)):
        tongues = [(code, name, code == get_language()) for code, name in Language.choices]
        response = render(request, "storefront/logistics/verify.html", {**context, "tongues": tongues}, status=status)
        response["Content-Language"] = get_language() or "en"
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    response["Referrer-Policy"] = "no-referrer"
    return response


def _language(request: HttpRequest) -> str:
    """`?lang=`, else what the browser asks for, else English."""
    asked = [request.GET.get("lang", "")[:10]]
    asked += [code for code, _weight in parse_accept_lang_header(request.headers.get("Accept-Language", "")[:500])]
    for code in asked:
        try:
            return get_supported_language_variant({"zh": "zh-hans"}.get(code, code))
        except LookupError:
            continue
    return Language.ENGLISH


def _tidy(code: str) -> str:
    """A code as somebody typed it: with dashes or spaces, in small letters."""
    return "".join(letter for letter in code.upper() if letter in paperwork.CODE_LETTERS)
