"""A person's own pages: coming in, going out, and what we keep about them."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages as notices
from django.contrib.auth import authenticate, logout, update_session_auth_hash
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST, require_safe

from kernel.http import private_page, public_page, safe_next, same_origin_post, secret_page
from kernel.refusals import Refusal

from . import handles, languages, messages, people, signin, vault
from .forms import CodeForm, HandleForm, NameForm, NewPasswordForm, PasswordForm, SignUpForm
from .handles import Handle
from .models import Language, User

# Where a session remembers who asked for a code, until the code is typed: never in an address, which gets logged.
COMING_IN = "coming_in"
PURPOSE = "sign_in"

# Coming in ------------------------------------------------------------------------------------------------------------


@secret_page
@sensitive_post_parameters("password")
def sign_in(request: HttpRequest) -> HttpResponseBase:
    """Ask for a code, or sign in by password (`?how=password`)."""
    by_password = (request.POST.get("how") or request.GET.get("how")) == "password"
    if request.method == "POST" and by_password:
        return _by_password(request)
    form = HandleForm(request.POST) if request.method == "POST" else HandleForm()
    if request.method == "POST" and form.is_valid():
        return _send_code(request, form, form.cleaned_data["handle"], language=translation.get_language())
    page = PasswordForm(use_required_attribute=False) if by_password else form
    return _sign_in_page(request, page, by_password=by_password)


@secret_page
def sign_up(request: HttpRequest) -> HttpResponseBase:
    """The same way in, for those who come first: with the choice of a language."""
    form = SignUpForm(request.POST or None, initial={"language": translation.get_language()})
    if request.method == "POST" and form.is_valid():
        return _send_code(request, form, form.cleaned_data["handle"], language=form.cleaned_data["language"])
    return _sign_in_page(request, form, is_new=True)


@secret_page
def code(request: HttpRequest) -> HttpResponseBase:
    """Type the code; or have another one sent."""
    coming: dict[str, str] | None = request.session.get(COMING_IN)
    if coming is None:
        return redirect("accounts:sign_in")
    handle = Handle(coming["kind"], coming["value"])
    form = CodeForm(request.POST if request.method == "POST" and "again" not in request.POST else None)
    status = 200
    if request.method == "POST" and "again" in request.POST:
        if _send_again(request, handle, coming["language"]):
            return redirect("accounts:code")
        status = signin.TooManyCodes.status
    elif request.method == "POST":
        if form.is_valid():
            try:
                return _come_in(request, handle, form.cleaned_data["code"], coming)
            except Refusal as no:
                form.add_error("code", str(no))
                status = no.status
        else:
            status = 422
    return render(request, "storefront/accounts/code.html", {"form": form, "handle": handle}, status=status)


@require_POST
def sign_out(request: HttpRequest) -> HttpResponseBase:
    """Close the session and go to the front page."""
    logout(request)
    return redirect(languages.localised("/", translation.get_language()))


def _send_code(request: HttpRequest, form: Any, handle: Handle, *, language: str) -> HttpResponseBase:
    waiting = request.session.get(COMING_IN)
    try:
        signin.send_code(handle, purpose=PURPOSE, language=language, now=timezone.now(), ip=_ip(request))
    except signin.TooManyCodes as no:
        if not waiting or waiting["value"] != handle.value:
            form.add_error("handle", str(no))
            return _sign_in_page(request, form, status=no.status, is_new=isinstance(form, SignUpForm))
    request.session[COMING_IN] = {
        "kind": handle.kind,
        "value": handle.value,
        "language": language,
        "next": safe_next(request, ""),
    }
    return redirect("accounts:code")


def _send_again(request: HttpRequest, handle: Handle, language: str) -> bool:
    try:
        signin.send_code(handle, purpose=PURPOSE, language=language, now=timezone.now(), ip=_ip(request))
    except signin.TooManyCodes as no:
        notices.warning(request, str(no))
        return False
    notices.success(request, _("A new code is on its way."))
    return True


def _come_in(request: HttpRequest, handle: Handle, typed: str, coming: dict[str, str]) -> HttpResponseBase:
    signin.check_code(handle, typed, purpose=PURPOSE, now=timezone.now())
    user = people.of(handle) or people.sign_up(handle, language=coming["language"])
    signin.let_in(request, user)
    request.session.pop(COMING_IN, None)
    request.session["came_in_by"] = "code"
    return _onwards(user, coming["next"])


def _by_password(request: HttpRequest) -> HttpResponseBase:
    form = PasswordForm(request.POST, use_required_attribute=False)
    if form.is_valid():
        typed = form.cleaned_data
        handle = _normal(typed["handle"])
        user = authenticate(request, username=handle, password=typed["password"])
        if isinstance(user, User):
            signin.let_in(request, user)
            signin.forgive(handle)
            request.session["came_in_by"] = "password"
            return _onwards(user, safe_next(request, ""))
        form.add_error(None, _("This is not the right password for this e-mail or number."))
    return _sign_in_page(request, form, by_password=True)


def _normal(typed: str) -> str:
    """One writing for each handle, so that tries are counted together however it is typed."""
    try:
        return handles.parse(typed).value
    except handles.BadHandle:
        return typed


def _onwards(user: User, wanted: str) -> HttpResponseBase:
    response = HttpResponseRedirect(wanted or languages.localised(reverse("accounts:me"), user.language))
    _remember(response, user.language)
    return response


def _sign_in_page(
    request: HttpRequest, form: Any, *, status: int = 0, by_password: bool = False, is_new: bool = False
) -> HttpResponse:
    wanted = safe_next(request, "")
    context = {
        "form": form,
        "next": wanted,
        "by_password": by_password,
        "is_new": is_new,
        "query": "?" + urlencode({"next": wanted}, safe="/") if wanted else "",
        "password_query": "?" + urlencode({"how": "password", **({"next": wanted} if wanted else {})}, safe="/"),
    }
    status = status or (422 if form.is_bound and form.errors else 200)
    return render(request, "storefront/accounts/sign_in.html", context, status=status)


# Language -------------------------------------------------------------------------------------------------------------


@same_origin_post
@require_POST
def set_language(request: HttpRequest) -> HttpResponseBase:
    """Keep the chosen language in a cookie, and with the person, and show the page again in it."""
    language = request.POST.get("language", "")
    back = safe_next(request, "/")
    if language not in Language.values:
        return HttpResponseRedirect(back)
    if isinstance(request.user, User):
        people.speak(request.user, language)
    response = HttpResponseRedirect(languages.localised(back, language))
    _remember(response, language)
    return response


def _remember(response: HttpResponse, language: str) -> None:
    response.set_cookie(
        settings.LANGUAGE_COOKIE_NAME,
        language,
        max_age=languages.COOKIE_AGE,
        secure=settings.LANGUAGE_COOKIE_SECURE,
        samesite="Lax",
        httponly=True,
    )


@public_page
@require_safe
def settings_page(request: HttpRequest) -> HttpResponse:
    """Language and size of the text. The size is the browser's own business, so the page is the same for everybody."""
    return render(request, "storefront/accounts/settings.html", {"section": "me"})


# My own ---------------------------------------------------------------------------------------------------------------


@login_required
@private_page
@require_safe
def me(request: Any) -> HttpResponseBase:
    """What a person finds under 我的."""
    return render(request, "storefront/accounts/me.html", _me(request, NameForm(initial={"name": request.user.name})))


@login_required
@private_page
@require_POST
def rename(request: Any) -> HttpResponseBase:
    """Change the name."""
    form = NameForm(request.POST)
    if not form.is_valid():
        return render(request, "storefront/accounts/me.html", _me(request, form), status=422)
    people.rename(request.user, form.cleaned_data["name"])
    notices.success(request, _("Saved."))
    return redirect("accounts:me")


def _me(request: Any, form: NameForm) -> dict[str, Any]:
    return {
        "form": form,
        "section": "me",
        "unread": messages.unread(request.user),
        "languages": Language.choices,
        "sells": request.user.memberships.exists(),
    }


@login_required
@secret_page
@sensitive_post_parameters()
def password(request: Any) -> HttpResponseBase:
    """Set or change the password. Whoever came in by a code need not know the old one."""
    needs_current = request.user.has_usable_password() and request.session.get("came_in_by") != "code"
    form = NewPasswordForm(request.POST or None, needs_current=needs_current)
    if request.method == "POST" and form.is_valid():
        if needs_current and not request.user.check_password(form.cleaned_data["current"]):
            form.add_error("current", _("This is not your current password."))
        else:
            try:
                people.set_password(request.user, form.cleaned_data["password"])
            except people.BadPassword as no:
                form.add_error("password", str(no))
            else:
                update_session_auth_hash(request, request.user)
                notices.success(request, _("The password is set."))
                return redirect("accounts:me")
    status = 422 if form.is_bound and form.errors else 200
    return render(request, "storefront/accounts/password.html", {"form": form, "section": "me"}, status=status)


@login_required
@secret_page
@require_safe
def identity(request: Any) -> HttpResponseBase:
    """Which identities we keep, masked, why, and until when."""
    context = {"identities": vault.of(request.user), "section": "me"}
    return render(request, "storefront/accounts/identity.html", context)


@login_required
@private_page
def inbox(request: Any) -> HttpResponseBase:
    """Messages in the app; a POST marks all as read."""
    if request.method == "POST":
        messages.mark_read(request.user)
        return redirect("accounts:inbox")
    context = {"letters": messages.inbox(request.user), "unread": messages.unread(request.user), "section": "me"}
    return render(request, "storefront/accounts/inbox.html", context)


def _ip(request: HttpRequest) -> str | None:
    return request.META.get("REMOTE_ADDR") or None
