"""The map: where events met and which states took part, each a link to what it stands for."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from timeline.core.display import View
from timeline.jinja2 import rendered
from timeline.pictures.interface import Drawing, Picture
from timeline.pictures.map import layout, words
from timeline.pictures.map.data import MapData, read
from timeline.pictures.map.layout import Circle, Map, Size
from timeline.pictures.map.outlines import FINE
from timeline.pictures.map.projection import by_code

ROWS: Final = 60
"""Places, and states, that the table names; of the rest it gives the sum."""

LINKED: Final = 6
"""Places that the link of one circle names at most."""


def figure(data: MapData) -> SafeString:
    """The figure of a page: the map in two widths, its legend and its table."""
    wide, phone = (_drawn(data, size) for size in (layout.WIDE, layout.PHONE))
    context = {
        "view": View.MAP.value,
        "title": words.title(),
        "description": words.description(data),
        "wide": {"scene": wide, "circles": _circles(data, wide)},
        "phone": {"scene": phone, "circles": _circles(data, phone)},
        "unit": 1 / FINE,
        "shrunk": round(phone.width / wide.width / FINE, 4),
        "countries": _countries(data, wide),
        "scale": words.scale(data),
        "together": any(len(one.sites) > 1 for one in (*wide.circles, *phone.circles)),
        "places": list(_place_rows(data)),
        "states": list(_state_rows(data)),
        "more_places": len(data.sites[ROWS:]),
        "more_states": len(data.states) - ROWS,
        "shapeless": sum(code not in by_code() for code in data.states),
    }
    return rendered("pictures/map.html", context)


def drawing(data: MapData) -> Drawing:
    """The map by itself, in its wide form."""
    scene = _drawn(data, layout.WIDE)
    said = words.description(data)
    return Drawing(words.title(), said, scene.width, scene.height, _marks(data, scene))


def _drawn(data: MapData, size: Size) -> Map:
    return layout.draw(data.sites, data.states, data.pairs, size)


def _marks(data: MapData, scene: Map) -> SafeString:
    context = {
        "scene": scene,
        "circles": _circles(data, scene),
        "unit": 1 / FINE,
        "countries": _countries(data, scene),
    }
    return rendered("pictures/map_drawing.html", context)


def _countries(data: MapData, scene: Map) -> list[dict[str, Any]]:
    """The land of each state, with what it says and where it leads."""
    names, chosen = data.answered.names["party"], data.answered.question.parties
    return [
        {
            "at": state,
            "chosen": state.code in chosen,
            "title": (
                _("%(name)s: remove the filter") % {"name": names[state.code]}
                if state.code in chosen
                else words.counted(names[state.code], state.number)
            ),
            "to": _state_address(data, state.code),
        }
        for state in scene.states
    ]


def _circles(data: MapData, scene: Map) -> list[dict[str, Any]]:
    """The circle of each place, or of places near one another, with what it says and leads to."""
    return [
        {
            "at": circle,
            "title": words.counted(words.called(circle), circle.number),
            "to": _circle_address(data, circle),
        }
        for circle in scene.circles
    ]


def _state_address(data: MapData, code: str) -> str:
    """The map of what a state took part in, too, or without the filter where it is chosen.

    Where any of several parties will do, no address asks for those of their events that another
    state took part in: there is none.
    """
    question = data.answered.question
    if question.any_party and question.parties and code not in question.parties:
        if len(question.parties) > 1:
            return ""
        # Any of one party is all of them.
        question = replace(question, any_party=False)
    return data.answered.address + question.toggling("party", code).query_string()


def _place_address(data: MapData, slugs: Sequence[str]) -> str:
    """The list of the events that met at some places."""
    question = data.answered.question.with_values("place", sorted(slugs)).with_display(
        view=View.LIST
    )
    return data.answered.address + question.query_string()


def _circle_address(data: MapData, circle: Circle) -> str:
    """The list of a circle's events; nothing where its places are too many for an address."""
    if len(circle.sites) > LINKED:
        return ""
    return _place_address(data, [site.slug for site in circle.sites])


def _place_rows(data: MapData) -> Iterator[dict[str, Any]]:
    names = data.answered.names["party"]
    for site in data.sites[:ROWS]:
        yield {
            "name": site.name,
            "state": names.get(site.state, ""),
            "number": site.number,
            "to": _place_address(data, [site.slug]),
        }


def _state_rows(data: MapData) -> Iterator[dict[str, Any]]:
    for code, number in list(data.states.items())[:ROWS]:
        yield {
            "name": data.answered.names["party"][code],
            "number": number,
            "chosen": code in data.answered.question.parties,
            "to": _state_address(data, code),
        }


PICTURE: Final = Picture(read, figure, drawing)
