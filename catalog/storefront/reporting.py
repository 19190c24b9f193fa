"""The page on which anybody may say that something is wrong with goods, with a shop, or with the site."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from accounts.models import User
from kernel.http import public_page, same_origin_post
from kernel.refusals import Refusal
from sellers import reports
from sellers.models import Report, Seller

from ..models import Product


class ReportForm(forms.Form):
    """What is wrong, in which words, and how to reach the one who says so, if they like."""

    use_required_attribute = False
    kind = forms.ChoiceField(label=_("What is it about?"), choices=Report.Kind, widget=forms.RadioSelect)
    text = forms.CharField(
        label=_("What happened?"), max_length=1000, min_length=5, widget=forms.Textarea({"rows": 6, "cols": 40})
    )
    contact = forms.CharField(
        label=_("How can we reach you?"),
        max_length=120,
        required=False,
        help_text=_("E-mail or phone number, if you would like an answer."),
        widget=forms.TextInput({"autocomplete": "email"}),
    )


@public_page
@same_origin_post
@require_http_methods(["GET", "HEAD", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """Tell staff that something is wrong: `?product=<slug>`, `?shop=<slug>`, or neither for the site itself."""
    subject, seller, name, page = _about(request)
    form = ReportForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            sent = reports.send(
                **form.cleaned_data,
                subject=subject,
                seller=seller,
                reporter=request.user if isinstance(request.user, User) else None,
                ip=request.META.get("REMOTE_ADDR") or None,
                now=timezone.now(),
            )
        except Refusal as no:
            form.add_error(None, str(no))
            return _show(request, form, name, status=no.status)
        notice = _t("Thank you. A person reads every report. Yours is number %(number)s.")
        messages.success(request, notice % {"number": sent.pk})
        return redirect(page)
    return _show(request, form, name, status=422 if form.is_bound else 200)


def _about(request: HttpRequest) -> tuple[str, Seller | None, str, str]:
    """What the report is about: its key, its shop, its name, and the page to go back to."""
    if slug := request.GET.get("product"):
        product = get_object_or_404(Product.objects.on_sale().select_related("seller"), slug=slug[:80])
        page = reverse("catalog:product", args=[product.slug])
        return f"catalog.product:{product.pk}", product.seller, product.name, page
    if slug := request.GET.get("shop"):
        seller = get_object_or_404(Seller.objects.selling(), slug=slug[:60])
        return f"sellers.seller:{seller.pk}", seller, seller.name, reverse("catalog:shop", args=[seller.slug])
    return "", None, "", reverse("catalog:home")


def _show(request: HttpRequest, form: Any, name: str, *, status: int) -> HttpResponse:
    return render(request, "storefront/catalog/report.html", {"form": form, "name": name}, status=status)
