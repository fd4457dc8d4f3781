"""The words of the map: what it is called, its circles, and its scale."""

from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from timeline.core.numbers import Grouped
from timeline.jinja2 import language
from timeline.pictures.map import layout
from timeline.pictures.map.data import MapData
from timeline.pictures.map.layout import Circle
from timeline.pictures.map.projection import by_code

_NAMED: Final = 3
"""Places that the description names."""


def title() -> str:
    """What the map is called."""
    return _("Where events took place, and which states took part")


def description(data: MapData) -> str:
    """The places with the most events, and what the map cannot show."""
    largest = ", ".join(f"{site.name} ({_written(site.number)})" for site in data.sites[:_NAMED])
    parts = [_("Most events: %(names)s.") % {"names": largest}] if largest else []
    if data.pairs:
        one, other = (data.answered.names["party"][code] for code in data.answered.question.parties)
        form = ngettext(
            "The arc joins %(one)s and %(other)s: %(n)s event together.",
            "The arc joins %(one)s and %(other)s: %(n)s events together.",
            data.answered.answer.total,
        )
        parts.append(form % {"one": one, "other": other, "n": _written(data.answered.answer.total)})
    if data.elsewhere:
        form = _("Events at places whose position is not on record: %(n)s.")
        parts.append(form % {"n": _written(data.elsewhere)})
    if data.nowhere:
        parts.append(_("Events without a place: %(n)s.") % {"n": _written(data.nowhere)})
    return " ".join(parts)


def _written(number: int) -> Grouped:
    return Grouped(number, language())


def counted(name: str, number: int) -> str:
    """A name with its number of events."""
    form = ngettext("%(name)s: %(n)s event", "%(name)s: %(n)s events", number)
    return form % {"name": name, "n": _written(number)}


def called(circle: Circle) -> str:
    """What a circle is called: its largest place, and how many more there are."""
    first, more = circle.sites[0].name, len(circle.sites) - 1
    if not more:
        return first
    form = ngettext("%(name)s and %(n)s place nearby", "%(name)s and %(n)s places nearby", more)
    return form % {"name": first, "n": _written(more)}


def scale(data: MapData) -> list[dict[str, Any]]:
    """The steps of the scale in words: each tone with the numbers that it stands for."""
    drawn = [number for code, number in data.states.items() if code in by_code()]
    bounds = layout.steps(max(drawn, default=0))
    first = [1, *(last + 1 for last in bounds)]
    return [
        {
            "step": layout.tone(place, len(bounds)),
            "said": (
                str(_written(last))
                if first[place] == last
                else f"{_written(first[place])}–{_written(last)}"
            ),
        }
        for place, last in enumerate(bounds)
    ]
