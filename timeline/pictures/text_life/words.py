"""The texts of the life of a text."""

import datetime as dt
from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from timeline import enums
from timeline.core import dates
from timeline.core.codes import PartyStatus
from timeline.pictures.histogram import words as histogram_words
from timeline.pictures.histogram.layout import Bin
from timeline.pictures.text_life.data import Done, PartyLife, TextLife
from timeline.pictures.text_life.layout import MarkKind

KIND_NAMES: Final[Mapping[MarkKind, Promise]] = {
    MarkKind.PREPARED: gettext_lazy("adopted or initialled"),
    MarkKind.SIGNED: gettext_lazy("signed by the party"),
    MarkKind.AT_HOME: gettext_lazy("approved at home: no ratification"),
    MarkKind.CONSENTED: gettext_lazy("consented: ratified, acceded …"),
    MarkKind.IN_FORCE: gettext_lazy("in force for the party"),
    MarkKind.BESIDE: gettext_lazy("other: deposit, reservation …"),
    MarkKind.LEFT: gettext_lazy("denounced by the party"),
}


def title(life: TextLife) -> str:
    """Return the title of the picture."""
    return _("The life of the text: %(title)s") % {"title": life.title}


def description(life: TextLife, language: str) -> str:
    """Say how each party stands on the day."""
    standings = (f"{party.name} ({status(_last(party)).lower()})" for party in life.parties)
    day = dates.day_wording(life.day, language)
    return _("On %(day)s: %(standings)s.") % {"day": day, "standings": ", ".join(standings)}


def _last(party: PartyLife) -> PartyStatus:
    return party.statuses[-1][1] if party.statuses else PartyStatus.NOTHING_KNOWN


def status(code: PartyStatus) -> str:
    """Return the label of a status."""
    return enums.label(enums.PARTY_STATUSES, code)


def act(done: Done, language: str, *, short: bool = False) -> str:
    """Say what was done and when."""
    name = enums.label(enums.INSTRUMENT_ACTS, done.act)
    return f"{name}, {dates.wording(done.date, language, short=short)}"


def tick(day: dt.date, step: int, language: str) -> str:
    """Name the first day of a period of so many months, or of some days if that is 0."""
    return histogram_words.label(Bin(day, day), step, language)
