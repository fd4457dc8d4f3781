"""Concurrent edits of one record: the second editor sees what the first one changed."""

from typing import Any, Final

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.utils.text import Truncator
from django.utils.translation import gettext as _

SEEN: Final = "_seen"
"""The form field with the number of the last history entry when the form was opened."""


def last_entry(model: type[models.Model], key: object) -> int | None:
    """Return the number of the last entry in a record's history, or None if it is empty."""
    entries: Any = model.history.filter(id=key)  # type: ignore[attr-defined]
    last: int | None = entries.aggregate(last=models.Max("history_id"))["last"]
    return last


def refuse(obj: Any, seen: str | None) -> None:
    """Raise ValidationError, naming the changes, when a record was saved since it was opened.

    The record is locked first, so that two editors who save at the same moment take turns.
    """
    if not seen or not seen.isdecimal():
        return
    type(obj)._default_manager.select_for_update().filter(pk=obj.pk).first()
    later = list(obj.history.filter(history_id__gt=int(seen)).order_by("history_id"))
    if not later:
        return
    opened = obj.history.filter(history_id=int(seen)).first()
    changes = _changes(opened, later[-1]) if opened else []
    names = {str(entry.history_user or _("somebody")): None for entry in later}
    raise ValidationError(
        _(
            "Saved meanwhile by %(names)s, while you had this form open: %(changes)s. Nothing of "
            "yours is saved yet, and all that you typed is below. Compare it, then save again: "
            "what you typed then takes the place of theirs."
        )
        % {"names": ", ".join(names), "changes": "; ".join(changes) or _("rows below the record")},
        code="meanwhile",
    )


def _changes(opened: Any, saved: Any) -> list[str]:
    """Return each changed field by name, with its new value."""
    texts = []
    for change in saved.diff_against(opened).changes:
        try:
            field = saved.instance_type._meta.get_field(change.field)
        except FieldDoesNotExist:
            continue
        if field.editable and not field.name.startswith("folded_"):
            value = Truncator(str(change.new if change.new is not None else "–")).chars(80)
            texts.append(f"{field.verbose_name} “{value}”")
    return texts
