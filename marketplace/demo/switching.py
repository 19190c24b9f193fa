"""The demo bar's three buttons: become the buyer, the seller or the moderator. Mounted in the demonstration alone."""

from __future__ import annotations

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.models import User
from kernel.http import same_origin_post

from . import people

BACKEND = "accounts.backends.HandleBackend"


@same_origin_post
@never_cache
@require_POST
def switch(request: HttpRequest) -> HttpResponse:
    """Sign one of the three in, under a new session, and go to their first page. 404 for anybody else."""
    for person, home in people.LOGINS:
        if person.key == request.POST.get("person"):
            user = User.objects.filter(email=person.email, is_active=True).first()
            if user is not None:
                login(request, user, backend=BACKEND)
                return HttpResponseRedirect(home)
    raise Http404
