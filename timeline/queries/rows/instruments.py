"""The rows of texts as they stand on a day."""

from collections.abc import Sequence

from timeline.core import instruments as rules
from timeline.models import Citation, Commitment, Event, Party
from timeline.queries import instruments
from timeline.queries.as_of import AsOf
from timeline.queries.rows._shared import Row, cited, dated, grouped, texts


def rows(keys: Sequence[int], when: AsOf) -> list[Row]:
    """Return the rows of the published ones of these texts, in the order of the keys."""
    views = [view for view in instruments.in_order(keys, when) if view.instrument.is_public]
    steps = {
        view.instrument.pk: rules.as_of((row.as_value() for row in view.steps), when.day)
        for view in views
    }
    events_by_step = {row.pk: row.event_id for view in views for row in view.steps}
    events = dict(
        Event.objects.published()
        .filter(pk__in={key for key in events_by_step.values() if key})
        .order_by()
        .values_list("pk", "slug")
    )
    doing = {step.party for done in steps.values() for step in done if step.party is not None}
    codes = dict(Party.objects.filter(pk__in=doing).order_by().values_list("pk", "code"))
    standing = Commitment.objects.published().filter(instrument__in=keys).order_by("pk")
    commitments = grouped(standing.values_list("instrument", "slug"))
    of_steps = Citation.objects.filter(
        instrument_step__instrument__in=keys, instrument_step__earliest__lte=when.day
    )
    sources = cited(
        (Citation.objects.filter(instrument__in=keys), "instrument"),
        (of_steps, "instrument_step__instrument"),
    )
    found = []
    for view in views:
        record, done = view.instrument, steps[view.instrument.pk]
        since = view.state.date
        at = (events.get(events_by_step[step.key] or 0) for step in done)
        found.append(
            {
                "id": record.slug,
                **dict(texts(record, "title", "summary")),
                "kind": record.kind,
                **dict(dated(record.date, "date", "earliest", "latest")),
                "binds": record.binds,
                "state": view.state.state.value,
                "state_since": since.text if since else None,
                "parties": [
                    (party.code, view.statuses[party.pk].status.value) for party in view.parties
                ],
                "waiting": [party.code for party in view.waiting],
                "steps": [
                    (step.done.text, step.act.value, codes.get(step.party or 0, ""))
                    for step in done
                ],
                "as_of": when.day,
                "events": [*dict.fromkeys(slug for slug in at if slug)],
                "commitments": commitments[record.pk],
                **dict(sources[record.pk].columns()),
            }
        )
    return found
