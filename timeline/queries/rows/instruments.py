"""The rows of texts as they stand on a day."""

from collections.abc import Sequence
from typing import Final

from timeline.core.instruments import as_of
from timeline.models import Citation, Commitment, Instrument, InstrumentStep, Party
from timeline.queries import public, searched
from timeline.queries.as_of import AsOf
from timeline.queries.instrument_lives import lives
from timeline.queries.keys import Keys, in_order
from timeline.queries.rows._shared import Row, cited, dated, grouped, text_columns, texts

_TEXTS: Final = ("title", "summary")


def rows(keys: Sequence[int], when: AsOf) -> list[Row]:
    """Return the rows of the published ones of these texts, in the order of the keys."""
    these = Keys(keys)
    by_key = {life.key: life for life in lives(keys)}
    columns = Instrument.objects.filter(pk__in=these).order_by()
    records = {row["pk"]: row for row in columns.values("pk", "slug", *text_columns(*_TEXTS))}
    counting = {life.key: as_of(life.steps, when.day) for life in by_key.values()}
    at = dict(
        InstrumentStep.objects.filter(public.published("event"), instrument__in=these)
        .order_by()
        .values_list("pk", "event__slug")
    )
    doing = {step.party for done in counting.values() for step in done if step.party is not None}
    codes = dict(Party.objects.filter(pk__in=Keys(doing)).order_by().values_list("pk", "code"))
    standing = Commitment.objects.published().filter(instrument__in=these).order_by("pk")
    commitments = grouped(standing.values_list("instrument", "slug"))
    of_steps = Citation.objects.filter(
        instrument_step__instrument__in=these, instrument_step__earliest__lte=when.day
    )
    sources = cited(
        (Citation.objects.filter(instrument__in=these), "instrument"),
        (of_steps, "instrument_step__instrument"),
    )
    clock = searched.clock(when)
    said, found = texts(*_TEXTS), []
    for key, life in in_order(by_key, keys):
        record, steps = records[key], counting[key]
        state, statuses = life.on(clock)
        found.append(
            {
                "id": record["slug"],
                **said(record),
                "kind": life.kind,
                **dict(dated(life.date, "date", "earliest", "latest")),
                "binds": life.binding.value,
                "state": state.state.value,
                "state_since": state.date.text if state.date else None,
                "parties": [
                    (code, statuses[party].status.value) for party, code in life.parties.items()
                ],
                "waiting": [
                    code for party, code in life.parties.items() if statuses[party].waiting
                ],
                "steps": [
                    (step.done.text, step.act.value, codes.get(step.party or 0, ""))
                    for step in steps
                ],
                "as_of": when.day,
                "events": [*dict.fromkeys(at[step.key] for step in steps if step.key in at)],
                "commitments": commitments[key],
                **dict(sources[key].columns()),
            }
        )
    return found
