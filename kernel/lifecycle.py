"""One way to change a status: lock, judge by what the database says now, save one column, leave a step behind."""

from __future__ import annotations

from collections.abc import Mapping, Set
from typing import Any, ClassVar

from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from .models import Step
from .refusals import Refusal


class IllegalMove(Refusal):
    """The thing is somewhere from where this step does not lead."""

    code = "illegal_move"
    message = _("This is not possible any more: it is now “%(status)s”.")


class Lifecycle(models.Model):
    """A thing with a status. `MOVES` maps each status to those it may go to, and is the whole diagram."""

    MOVES: ClassVar[Mapping[str, Set[str]]] = {}

    status = models.CharField(_("status"), max_length=32)

    class Meta:
        abstract = True

    @property
    def steps(self) -> models.QuerySet[Step]:
        """What happened to it, oldest first."""
        return Step.objects.filter(thing=self._kind(), thing_id=str(self.pk)).order_by("id")

    @transaction.atomic
    def move(self, to: str, *, actor: str = "system", why: str = "") -> bool:
        """Go to a status; says whether anything moved. Raises IllegalMove.

        Callbacks and timers repeat themselves, so arriving where the row already is counts as done: the answer is
        False and the caller skips its side effects.
        """
        to = str(to)
        model: Any = type(self)
        was = model._base_manager.select_for_update().values_list("status", flat=True).get(pk=self.pk)
        self.status = was
        if was == to:
            return False
        if to not in self.MOVES.get(was, ()):
            raise IllegalMove(status=self._called(was), was=was, to=to)
        self.status = to
        self.save(update_fields=["status"])
        Step.objects.create(thing=self._kind(), thing_id=str(self.pk), was=was, now=to, actor=actor, why=why)
        return True

    def _kind(self) -> str:
        return (self._meta.concrete_model or type(self))._meta.label_lower

    def _called(self, status: str) -> Any:
        """The status in the reader's words, if the model gives it any."""
        field: Any = self._meta.get_field("status")
        named = getattr(getattr(self, "Status", None), "choices", ())
        return {**dict(named), **dict(field.flatchoices)}.get(status, status)
