"""The effects of an edit on derived states, shown for confirmation before anything is saved."""

import hashlib
from typing import Any, ClassVar, Final, NamedTuple

from django.core.exceptions import ValidationError
from django.db import models
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from timeline.admin._shared import RecordAdmin, typed_values

CONFIRMED: Final = "_so"
"""The button that saves the change; its value is the digest of the effects shown."""
BACK: Final = "_back"
"""The button that shows the form again as typed."""


class Effect(NamedTuple):
    """One thing that an edit would change, in the editor's language."""

    about: str
    old: str
    new: str


class Unconfirmed(Exception):
    """Raised to undo a save whose effects are not confirmed yet.

    ``record`` is the record whose state would change, ``adding`` names what would be added.
    """

    def __init__(
        self, record: models.Model, effects: list[Effect], adding: tuple[str, ...] = ()
    ) -> None:
        text = "\x1e".join(("\x1f".join(adding), *("\x1f".join(effect) for effect in effects)))
        self.record, self.effects, self.adding = record, effects, adding
        self.digest = hashlib.sha256(text.encode()).hexdigest()
        super().__init__(self.digest)

    def is_confirmed(self, request: HttpRequest) -> bool:
        """Whether exactly these effects were shown to the editor, who then saved."""
        return request.POST.get(CONFIRMED) == self.digest


def as_typed() -> ValidationError:
    """Return the message above a form that is shown again from the page of effects."""
    return ValidationError(_("Nothing is saved yet. This is the form as you typed it."))


class EffectsAdmin(RecordAdmin):
    """A form that asks for confirmation if saving it would change where a record stands."""

    effects_page = "admin/timeline/effects.html"
    affects: ClassVar[type[models.Model]]
    """The model of the records that stand somewhere."""

    def affected(self, obj: Any) -> Any:
        """Return the record of which the row on the form decides where it stands."""
        return obj

    def standing(self, record: Any) -> Any:
        """Read where a record stands, as the database has it."""
        raise NotImplementedError

    def effects(self, before: Any, after: Any) -> list[Effect]:
        """Compare where a record stood with where it would stand."""
        raise NotImplementedError

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Ask for confirmation on a page that keeps everything that was typed."""
        if request.method == "POST" and BACK in request.POST:
            request.refusal = as_typed()  # type: ignore[attr-defined]
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Unconfirmed as error:
            # Django has rolled the transaction back.
            return self.ask(request, error)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Note where the record stands before anything is saved."""
        if change:
            record = self.affected(obj)
            # Locked, so that saving changes exactly what is shown.
            self.affects._default_manager.select_for_update().filter(pk=record.pk).first()
            request.before = self.standing(record)  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)

    def refresh_derived(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Raise Unconfirmed unless exactly these effects were shown and confirmed."""
        super().refresh_derived(request, form, formsets, change)
        if not change:
            return
        record = self.affected(form.instance)
        effects = self.effects(request.before, self.standing(record))  # type: ignore[attr-defined]
        unconfirmed = Unconfirmed(record, effects)
        if effects and not unconfirmed.is_confirmed(request):
            raise unconfirmed

    def ask(self, request: HttpRequest, unconfirmed: Unconfirmed) -> TemplateResponse:
        """Show the effects with what was typed, to be saved or to go back to."""
        record = unconfirmed.record
        context = {
            **self.admin_site.each_context(request),
            "title": _("What this would change"),
            "opts": self.opts,
            # As readers know it, not as it is typed.
            "record": type(record)._default_manager.get(pk=record.pk),
            "record_opts": record._meta,
            "is_popup": "_popup" in request.POST or "_popup" in request.GET,
            "adding": unconfirmed.adding,
            "differences": unconfirmed.effects,
            "shown_before": CONFIRMED in request.POST,
            "digest": unconfirmed.digest,
            "confirmed": CONFIRMED,
            "back": BACK,
            "typed": typed_values(request, buttons=(CONFIRMED, BACK)),
        }
        return TemplateResponse(request, self.effects_page, context)
