"""Pages of the address book: three lists that follow each other, with or without a script."""

from __future__ import annotations

from typing import Any

from django.contrib import messages as notices
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from kernel.http import private_page, public_page, safe_next
from kernel.refusals import Refusal

from . import addresses, regions
from .forms import AddressForm, address_initial
from .models import Address


@login_required
@private_page
@require_safe
def addresses_list(request: Any) -> HttpResponseBase:
    """The address book."""
    context = {"addresses": Address.objects.of(request.user), "next": safe_next(request, ""), "section": "me"}
    return render(request, "storefront/accounts/addresses.html", context)


@login_required
@private_page
def add_address(request: Any) -> HttpResponseBase:
    """Add an address."""
    return _address_page(request, None)


@login_required
@private_page
def edit_address(request: Any, pk: int) -> HttpResponseBase:
    """Change an address: the book gets a new one in its place."""
    return _address_page(request, get_object_or_404(Address.objects.of(request.user), pk=pk))


@login_required
@require_POST
def delete_address(request: Any, pk: int) -> HttpResponseBase:
    """Take an address out of the book."""
    addresses.delete(get_object_or_404(Address.objects.of(request.user), pk=pk), now=timezone.now())
    notices.success(request, _("The address is deleted."))
    return redirect("accounts:addresses")


@login_required
@require_POST
def default_address(request: Any, pk: int) -> HttpResponseBase:
    """Make an address the one that checkout begins with."""
    addresses.make_default(get_object_or_404(Address.objects.of(request.user), pk=pk))
    return redirect("accounts:addresses")


@require_safe
@public_page
def regions_json(request: HttpRequest) -> HttpResponseBase:
    """The tree of provinces, cities and districts, for the script that fills the lists at once."""
    return JsonResponse(regions.tree(), safe=False, json_dumps_params={"ensure_ascii": False, "separators": (",", ":")})


def _address_page(request: Any, address: Address | None) -> HttpResponseBase:
    choosing = "choose" in request.POST
    if request.method == "POST" and not choosing:
        form = AddressForm(request.POST)
        if form.is_valid() and _saved(request, form, address):
            notices.success(request, _("The address is saved."))
            return HttpResponseRedirect(safe_next(request, reverse("accounts:addresses")))
        return _address_form(request, form, address, status=422)
    if choosing:
        return _address_form(request, AddressForm(initial=request.POST.dict()), address)
    initial = address_initial(address) if address else {"recipient": "", "is_default": False}
    return _address_form(request, AddressForm(initial=initial), address)


def _saved(request: Any, form: AddressForm, address: Address | None) -> bool:
    try:
        addresses.save(request.user, form.cleaned_data, replaces=address, now=timezone.now())
    except Refusal as no:
        form.add_error("district_code" if isinstance(no, addresses.BadRegion) else None, str(no))
        return False
    return True


def _address_form(request: Any, form: AddressForm, address: Address | None, *, status: int = 200) -> HttpResponse:
    context = {"form": form, "address": address, "next": safe_next(request, ""), "section": "me"}
    return render(request, "storefront/accounts/address.html", context, status=status)
