"""What steps would change of where a text and its parties stand, for editors."""

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext as _

from timeline import enums
from timeline.admin._effects import Effect
from timeline.core import dates
from timeline.jinja2 import language
from timeline.models import Instrument
from timeline.queries import searched
from timeline.queries.as_of import AsOf
from timeline.queries.instruments import InstrumentView, view


def effects(before: Instrument, after: Instrument, today: dt.date) -> list[Effect]:
    """Compare where a text and each of its parties stand, with these steps and with those.

    That is shown as of today and, where it differs from that, as of the days on which the new steps
    were done and take effect. Both rows come with their steps and parties.
    """
    known = {row.pk for row in before.steps.all()}
    new = [row.as_value() for row in after.steps.all() if row.pk not in known]
    days = {step.done.earliest for step in new} | {step.effective for step in new}
    found = list(_on(before, after, today))
    for day in sorted(days - {today}):
        dated = _("%(about)s, on %(day)s")
        found += [
            effect._replace(
                about=dated % {"about": effect.about, "day": dates.day_wording(day, language())}
            )
            for effect in _on(before, after, day)
            if effect not in found
        ]
    return found


def _on(before: Instrument, after: Instrument, day: dt.date) -> Iterator[Effect]:
    """Yield what differs on a day: the state of the text, who waits, and each party's status."""
    when = AsOf(day)
    clock = searched.clock(when)
    views = [view(text, text.steps.all(), when, clock) for text in (before, after)]
    yield from _differing(
        _("The text"), *(enums.label(enums.INSTRUMENT_STATES, one.state.state) for one in views)
    )
    for party in sorted({p for one in views for p in one.parties}, key=lambda p: (p.sort_fr, p.pk)):
        yield from _differing(str(party), *(_status(one, party.pk) for one in views))
    yield from _differing(_("No source seen for a ratification of"), *map(_waiting, views))


def _differing(about: str, old: str, new: str) -> Iterator[Effect]:
    if old != new:
        yield Effect(about, old, new)


def _status(one: InstrumentView, party: int) -> str:
    if party not in one.statuses:
        return _("no party to it")
    return enums.label(enums.PARTY_STATUSES, one.statuses[party].status)


def _waiting(one: InstrumentView) -> str:
    return ", ".join(str(party) for party in one.waiting) or _("nobody")
