"""Searches for sources that found nothing, by which the clocks go on."""

import datetime as dt
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from timeline.models import Framework, Identity


def nothing_found(*, record: Framework | Identity, until: dt.date, note: str = "") -> None:
    """Note that sources were searched until a day for a framework, or for the whole record.

    The note stays in the history of the record, with who searched and when. Raises ValidationError
    when sources were searched until a later day already.
    """
    with transaction.atomic():
        rows: QuerySet[Any] = type(record)._default_manager.select_for_update()
        stored = rows.get(pk=record.pk)
        before = stored.searched_until
        if before is not None and until < before:
            message = _("Sources were searched until a later day already: %(day)s.")
            raise ValidationError({"until": message % {"day": before.isoformat()}})
        stored.searched_until = until
        stored._change_reason = note or _("Searched again, nothing found.")
        stored.save(update_fields=["searched_until"])
