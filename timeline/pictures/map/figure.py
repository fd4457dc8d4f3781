"""The map: where events met and which states took part, each a link to what it stands for."""

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Any, Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from timeline.charts import worldmap as chart
from timeline.charts.outlines import FINE
from timeline.charts.projection import by_code
from timeline.charts.worldmap import Circle, Map, Site, Size
from timeline.core.codes import PartyKind
from timeline.core.look import View
from timeline.core.numbers import Grouped
from timeline.index.current import current
from timeline.index.interface import Bins
from timeline.jinja2 import language, rendered
from timeline.models import Place
from timeline.queries.places import places, standing_for
from timeline.rendering.pictures import Asked, Drawing, Picture

ROWS: Final = 60
"""Places, and states, that the table names; of the rest it gives the sum."""

LINKED: Final = 6
"""Places that the link of one circle names at most."""

_NAMED: Final = 3
"""Places that the description names."""


@dataclass(frozen=True, slots=True)
class Found:
    """What the map shows: places with their events, the most first, and states with theirs.

    ``elsewhere`` is how many events met at places whose position is not on record, ``nowhere`` how
    many have no place.
    """

    sites: Sequence[Site]
    states: Mapping[str, int]
    elsewhere: int
    nowhere: int
    pairs: Sequence[tuple[str, str]]


def figure(asked: Asked) -> SafeString:
    """The figure of a page: the map in two widths, its legend and its table."""
    found = _found(asked)
    wide, phone = (_drawn(found, size) for size in (chart.WIDE, chart.PHONE))
    context = {
        "view": View.MAP.value,
        "title": _title(),
        "description": _description(asked, found),
        "wide": {"scene": wide, "circles": _circles(asked, wide)},
        "phone": {"scene": phone, "circles": _circles(asked, phone)},
        "unit": 1 / FINE,
        "shrunk": round(phone.width / wide.width / FINE, 4),
        "countries": _countries(asked, wide),
        "scale": _scale(found),
        "together": any(len(one.sites) > 1 for one in (*wide.circles, *phone.circles)),
        "places": list(_place_rows(asked, found)),
        "states": list(_state_rows(asked, found)),
        "more_places": len(found.sites[ROWS:]),
        "more_states": len(found.states) - ROWS,
        "shapeless": sum(code not in by_code() for code in found.states),
    }
    return rendered("pictures/map.html", context)


def drawing(asked: Asked) -> Drawing:
    """The map by itself, in its wide form."""
    found = _found(asked)
    scene = _drawn(found, chart.WIDE)
    said = _description(asked, found)
    return Drawing(_title(), said, scene.width, scene.height, _marks(asked, scene))


def _found(asked: Asked) -> Found:
    counts = current().places(asked.question)
    rows = [(place, counts[place.pk]) for place in places(counts.keys())]
    sites = [
        Site(place.slug, str(place.name), _state(place), place.longitude, place.latitude, number)
        for place, number in rows
        if place.longitude is not None and place.latitude is not None
    ]
    placed = sum(counts.values())
    return Found(
        sites=sorted(sites, key=lambda site: (-site.number, site.name, site.slug)),
        states=_states(asked),
        elsewhere=placed - sum(site.number for site in sites),
        nowhere=asked.answer.total - placed,
        pairs=_pairs(asked),
    )


def _state(place: Place) -> str:
    """The code of the state that a place lies in, as it was asked for with it."""
    return getattr(place, "code", None) or ""


def _states(asked: Asked) -> dict[str, int]:
    """How many of the events found each state took part in, the most first."""
    there = [one.code for one in asked.words.offered.parties if one.kind == PartyKind.STATE]
    counts: Mapping[str, int] = asked.answer.options["party"]
    if asked.question.any_party and asked.question.parties:
        # Options count what each would find beside the parties chosen, which is more.
        edges = [dt.date.min.toordinal(), dt.date.max.toordinal() + 1]
        spread = current().spread(asked.question, Bins(edges, "party", there))
        counts = {code: sum(one.counts) for code, one in spread.items()}
    names = asked.known["party"]
    took_part = [code for code in there if counts.get(code)]
    return {
        code: counts[code] for code in sorted(took_part, key=lambda one: (-counts[one], names[one]))
    }


def _pairs(asked: Asked) -> list[tuple[str, str]]:
    """The states to draw an arc between, where two parties are asked for together."""
    chosen = asked.question.parties
    if len(chosen) != 2 or asked.question.any_party:
        return []
    one, other = standing_for(chosen, asked.today)
    return [pair for pair in product(one, other) if pair[0] != pair[1]]


def _drawn(found: Found, size: Size) -> Map:
    return chart.draw(found.sites, found.states, found.pairs, size)


def _marks(asked: Asked, scene: Map) -> SafeString:
    context = {
        "scene": scene,
        "circles": _circles(asked, scene),
        "unit": 1 / FINE,
        "countries": _countries(asked, scene),
    }
    return rendered("pictures/map_drawing.html", context)


def _countries(asked: Asked, scene: Map) -> list[dict[str, Any]]:
    """The land of each state, with what it says and where it leads."""
    names, chosen = asked.known["party"], asked.question.parties
    return [
        {
            "at": state,
            "chosen": state.code in chosen,
            "title": (
                _("%(name)s: remove the filter") % {"name": names[state.code]}
                if state.code in chosen
                else _counted(names[state.code], state.number)
            ),
            "to": _state_address(asked, state.code),
        }
        for state in scene.states
    ]


def _circles(asked: Asked, scene: Map) -> list[dict[str, Any]]:
    """The circle of each place, or of places near one another, with what it says and leads to."""
    return [
        {
            "at": circle,
            "title": _counted(_called(circle), circle.number),
            "to": _circle_address(asked, circle),
        }
        for circle in scene.circles
    ]


def _state_address(asked: Asked, code: str) -> str:
    """The map of what a state took part in, too, or without the filter where it is chosen.

    Where any of several parties will do, no address asks for those of their events that another
    state took part in: there is none.
    """
    question = asked.question
    if question.any_party and question.parties and code not in question.parties:
        if len(question.parties) > 1:
            return ""
        # Any of one party is all of them.
        question = replace(question, any_party=False)
    return asked.address + question.toggling("party", code).query_string()


def _place_address(asked: Asked, slugs: Sequence[str]) -> str:
    """The list of the events that met at some places."""
    question = asked.question.with_values("place", sorted(slugs)).looked_at(view=View.LIST)
    return asked.address + question.query_string()


def _circle_address(asked: Asked, circle: Circle) -> str:
    """The list of a circle's events; nothing where its places are too many for an address."""
    if len(circle.sites) > LINKED:
        return ""
    return _place_address(asked, [site.slug for site in circle.sites])


# In words


def _title() -> str:
    return _("Where events took place, and which states took part")


def _description(asked: Asked, found: Found) -> str:
    largest = ", ".join(f"{site.name} ({_written(site.number)})" for site in found.sites[:_NAMED])
    parts = [_("Most events: %(names)s.") % {"names": largest}] if largest else []
    if found.pairs:
        one, other = (asked.known["party"][code] for code in asked.question.parties)
        form = ngettext(
            "The arc joins %(one)s and %(other)s: %(n)s event together.",
            "The arc joins %(one)s and %(other)s: %(n)s events together.",
            asked.answer.total,
        )
        parts.append(form % {"one": one, "other": other, "n": _written(asked.answer.total)})
    if found.elsewhere:
        form = _("Events at places whose position is not on record: %(n)s.")
        parts.append(form % {"n": _written(found.elsewhere)})
    if found.nowhere:
        parts.append(_("Events without a place: %(n)s.") % {"n": _written(found.nowhere)})
    return " ".join(parts)


def _written(number: int) -> Grouped:
    return Grouped(number, language())


def _counted(name: str, number: int) -> str:
    form = ngettext("%(name)s: %(n)s event", "%(name)s: %(n)s events", number)
    return form % {"name": name, "n": _written(number)}


def _called(circle: Circle) -> str:
    first, more = circle.sites[0].name, len(circle.sites) - 1
    if not more:
        return first
    form = ngettext("%(name)s and %(n)s place nearby", "%(name)s and %(n)s places nearby", more)
    return form % {"name": first, "n": _written(more)}


def _scale(found: Found) -> list[dict[str, Any]]:
    """The steps of the scale in words: each tone with the numbers that it stands for."""
    drawn = [number for code, number in found.states.items() if code in by_code()]
    bounds = chart.steps(max(drawn, default=0))
    first = [1, *(last + 1 for last in bounds)]
    return [
        {
            "step": chart.tone(place, len(bounds)),
            "said": (
                str(_written(last))
                if first[place] == last
                else f"{_written(first[place])}–{_written(last)}"
            ),
        }
        for place, last in enumerate(bounds)
    ]


def _place_rows(asked: Asked, found: Found) -> Iterator[dict[str, Any]]:
    names = asked.known["party"]
    for site in found.sites[:ROWS]:
        yield {
            "name": site.name,
            "state": names.get(site.state, ""),
            "number": site.number,
            "to": _place_address(asked, [site.slug]),
        }


def _state_rows(asked: Asked, found: Found) -> Iterator[dict[str, Any]]:
    for code, number in list(found.states.items())[:ROWS]:
        yield {
            "name": asked.known["party"][code],
            "number": number,
            "chosen": code in asked.question.parties,
            "to": _state_address(asked, code),
        }


PICTURE: Final = Picture(figure, drawing)
