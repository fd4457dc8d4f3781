"""The texts of the map."""

from collections.abc import Sequence
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from timeline.core.numbers import Grouped
from timeline.jinja2 import language, rendered
from timeline.pictures.interface import LegendEntry
from timeline.pictures.map import layout
from timeline.pictures.map.data import MapData
from timeline.pictures.map.land import state_shapes
from timeline.pictures.map.layout import Circle, MapScene

_MAX_PLACES: Final = 3
"""The maximum number of places that the description names."""


def title() -> str:
    return _("Where events took place, and which states took part")


def description(data: MapData) -> str:
    """Name the places with the most events, and count the events that the map cannot show."""
    largest = ", ".join(
        f"{site.name} ({_grouped(site.number)})" for site in data.sites[:_MAX_PLACES]
    )
    parts = [_("Most events: %(names)s.") % {"names": largest}] if largest else []
    if data.pairs:
        one, other = (data.answered.names["party"][code] for code in data.answered.question.parties)
        form = ngettext(
            "The arc joins %(one)s and %(other)s: %(n)s event together.",
            "The arc joins %(one)s and %(other)s: %(n)s events together.",
            data.together,
        )
        parts.append(form % {"one": one, "other": other, "n": _grouped(data.together)})
    if data.elsewhere:
        form = _("Events at places whose position is not on record: %(n)s.")
        parts.append(form % {"n": _grouped(data.elsewhere)})
    if data.nowhere:
        parts.append(_("Events without a place: %(n)s.") % {"n": _grouped(data.nowhere)})
    return " ".join(parts)


def _grouped(number: int) -> Grouped:
    return Grouped(number, language())


def counted(name: str, number: int) -> str:
    """Return a name with its number of events."""
    form = ngettext("%(name)s: %(n)s event", "%(name)s: %(n)s events", number)
    return form % {"name": name, "n": _grouped(number)}


def pair_name(data: MapData, pair: tuple[str, str]) -> str:
    """Return the names of two states that met."""
    return " – ".join(data.answered.names["party"][code] for code in pair)


def circle_name(circle: Circle) -> str:
    """Return the name of a circle's largest place, and the number of the others."""
    first, more = circle.sites[0].name, len(circle.sites) - 1
    if not more:
        return first
    form = ngettext("%(name)s and %(n)s place nearby", "%(name)s and %(n)s places nearby", more)
    return form % {"name": first, "n": _grouped(more)}


def scale(data: MapData) -> list[LegendEntry]:
    """Return the legend of the scale: each tone with the numbers that it stands for."""
    numbers = [number for code, number in data.states.items() if code in state_shapes()]
    bounds = layout.step_bounds(max(numbers, default=0))
    firsts = [1, *(last + 1 for last in bounds)]
    return [
        _sample(
            "tone",
            str(_grouped(last)) if first == last else f"{_grouped(first)}–{_grouped(last)}",
            22,
            16,
            tone=layout.tone(index, len(bounds)),
        )
        for index, (first, last) in enumerate(zip(firsts, bounds, strict=False))
    ]


def legend(scenes: Sequence[MapScene]) -> list[LegendEntry]:
    """Return the legend of the circles, arcs and disputed areas of some scenes."""
    entries = []
    if any(scene.circles for scene in scenes):
        text = _("meeting place: the larger the circle, the more events")
        entries.append(_sample("circle", text, 22, 22))
    if any(len(circle.sites) > 1 for scene in scenes for circle in scene.circles):
        entries.append(_sample("plus", _("with so many places nearby"), 22, 22))
    if any(scene.arcs for scene in scenes):
        entries.append(_sample("arc", _("events at which both took part"), 34, 14))
    if any(scene.disputed for scene in scenes):
        entries.append(_sample("disputed", _("disputed: shaded for no state"), 22, 16))
    return entries


def _sample(kind: str, name: str, width: int, height: int, **values: Any) -> LegendEntry:
    sample = rendered("pictures/map_sample.html", {"kind": kind, **values})
    return LegendEntry(sample, name, width, height)
