"""What the pages of a commitment and of a framework show; drafts too, for editors' previews."""

import datetime as dt

from django.db.models import prefetch_related_objects

from timeline.models import Commitment, Framework
from timeline.queries import commitments, frameworks
from timeline.queries.events import Footnotes


def commitment_page(record: Commitment, *, today: dt.date) -> dict[str, object]:
    """A commitment with each step of its life and its thread."""
    (view,) = commitments.views(Commitment.objects.filter(pk=record.pk), today=today)
    footnotes = Footnotes()
    marks = footnotes.mark(view.commitment.citations.all())
    steps = [(update, footnotes.mark(update.citations.all())) for update in view.updates]
    thread = commitments.thread(view.commitment)
    return {"view": view, "marks": marks, "steps": steps, "footnotes": footnotes, "thread": thread}


def framework_page(record: Framework, *, today: dt.date) -> dict[str, object]:
    """A framework with its past meetings and whose turn is next."""
    prefetch_related_objects([record], "citations__source")
    view = frameworks.one_view(record, today=today)
    footnotes = Footnotes()
    fields = {
        name: footnotes.mark([c for c in record.citations.all() if c.field == name])
        for name in ("", "sides", "rotation", "cadence_months")
    }
    meetings = [(event, view.turn_of(event)) for event in view.meetings]
    return {
        "view": view,
        "meetings": meetings,
        "fields": fields,
        "whole": fields[""],
        "footnotes": footnotes,
    }
