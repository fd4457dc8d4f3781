"""The map: the places of events and the states that took part, each a link to its events."""

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from timeline.core.dates import day_wording
from timeline.core.display import View
from timeline.jinja2 import language, rendered
from timeline.pictures.interface import Drawing, LegendEntry, Picture
from timeline.pictures.map import layout, words
from timeline.pictures.map.data import MapData, read
from timeline.pictures.map.frames import frames, moves
from timeline.pictures.map.land import disputed_areas, state_shapes
from timeline.pictures.map.layout import Circle, MapScene, MapSize
from timeline.pictures.map.outlines import FINE

MAX_ROWS: Final = 60
"""The maximum number of places, of states and of pairs in the tables; others are only counted."""

MAX_LINKED: Final = 6
"""The maximum number of places in the link of a circle."""


def figure(data: MapData) -> SafeString:
    """Render the figure of a page: the map in two widths, its legend and its tables."""
    wide, phone = (_scene(data, size) for size in (layout.WIDE, layout.PHONE))
    context = {
        "view": View.MAP.value,
        "moves": moves(data),
        "title": words.title(),
        "description": words.description(data),
        "wide": _linked(data, wide),
        "phone": _linked(data, phone),
        "unit": 1 / FINE,
        "phone_unit": round(phone.width / wide.width / FINE, 4),
        "countries": _countries(data, wide),
        "scale": words.scale(data),
        "legend": words.legend((wide, phone)),
        "areas": list(_areas(wide)),
        "places": list(_place_rows(data)),
        "states": list(_state_rows(data)),
        "pairs": list(_pair_rows(data)),
        "more_places": len(data.sites[MAX_ROWS:]),
        "more_states": len(data.states) - MAX_ROWS,
        "more_pairs": len(data.pairs) - MAX_ROWS,
        "states_without_land": sum(code not in state_shapes() for code in data.states),
    }
    return rendered("pictures/map.html", context)


def drawing(data: MapData) -> Drawing:
    """Render the marks of the wide map."""
    scene = _scene(data, layout.WIDE)
    description, legend = words.description(data), words.legend([scene])
    if scale := words.scale(data):
        legend = [LegendEntry(SafeString(), _("Events of a state:"), 0), *scale, *legend]
    marks = _marks(data, scene)
    return Drawing(words.title(), description, scene.width, scene.height, marks, legend)


def _scene(data: MapData, size: MapSize) -> MapScene:
    _whole, _zoom, frame = frames(data)
    return layout.draw(data.sites, data.states, data.pairs, size, data.shared, frame)


def _marks(data: MapData, scene: MapScene) -> SafeString:
    context = {
        "wide": _linked(data, scene),
        "unit": 1 / FINE,
        "countries": _countries(data, scene),
        "areas": list(_areas(scene)),
    }
    return rendered("pictures/map_drawing.html", context)


def _linked(data: MapData, scene: MapScene) -> dict[str, Any]:
    """Return a scene with the links of its circles and arcs."""
    return {"scene": scene, "circles": _circles(data, scene), "arcs": _arcs(data, scene)}


def _countries(data: MapData, scene: MapScene) -> list[dict[str, Any]]:
    """Return the land of each state with its title and its link."""
    names, chosen = data.answered.names["party"], data.answered.question.parties
    return [
        {
            "state": state,
            "chosen": state.code in chosen,
            "title": (
                _("%(name)s: remove the filter") % {"name": names[state.code]}
                if state.code in chosen
                else words.counted(names[state.code], state.number)
            ),
            "address": _state_address(data, state.code),
        }
        for state in scene.states
    ]


def _areas(scene: MapScene) -> Iterator[dict[str, Any]]:
    """Return the disputed areas that are drawn, with the reasons and the documents."""
    spoken = language()
    for land in scene.disputed:
        area = disputed_areas()[land.id]
        documents = [
            {
                "title": document.title[spoken],
                "publisher": document.publisher[spoken],
                "date": day_wording(dt.date.fromisoformat(document.date), spoken),
                "address": document.address,
            }
            for document in area.documents
        ]
        yield {
            "id": land.id,
            "path": land.path,
            "name": area.name[spoken],
            "reason": area.reason[spoken],
            "documents": documents,
        }


def _circles(data: MapData, scene: MapScene) -> list[dict[str, Any]]:
    """Return the circles with their titles and links."""
    return [
        {
            "circle": circle,
            "title": words.counted(words.circle_name(circle), circle.number),
            "address": _circle_address(data, circle),
        }
        for circle in scene.circles
    ]


def _arcs(data: MapData, scene: MapScene) -> list[dict[str, Any]]:
    """Return the arcs with their titles and links."""
    return [
        {
            "path": arc.path,
            "title": words.counted(
                words.pair_name(data, (arc.start, arc.end)), data.pairs[arc.start, arc.end]
            ),
            "address": _pair_address(data, (arc.start, arc.end)),
        }
        for arc in scene.arcs
    ]


def _pair_address(data: MapData, pair: tuple[str, str]) -> str:
    """Return the address of the list of the events at which two states met."""
    parties = sorted({*data.met.parties, *pair})
    question = data.met.with_values("party", parties).with_display(view=View.LIST)
    return data.answered.address + question.query_string()


def _state_address(data: MapData, code: str) -> str:
    """Return the address of the map of a state's events, or, if it is chosen, without that filter.

    A question for any of several parties cannot be narrowed to the events in which another state
    took part: then there is no address.
    """
    question = data.answered.question
    if question.any_party and question.parties and code not in question.parties:
        if len(question.parties) > 1:
            return ""
        # Any of one party is the same as all of one.
        question = replace(question, any_party=False)
    return data.answered.address + question.toggling("party", code).query_string()


def _place_address(data: MapData, slugs: Sequence[str]) -> str:
    """Return the address of the list of the events at these places."""
    question = data.answered.question.with_values("place", sorted(slugs)).with_display(
        view=View.LIST
    )
    return data.answered.address + question.query_string()


def _circle_address(data: MapData, circle: Circle) -> str:
    """Return the address of a circle's list of events; '' if it has too many places for one."""
    if len(circle.sites) > MAX_LINKED:
        return ""
    return _place_address(data, [site.slug for site in circle.sites])


def _place_rows(data: MapData) -> Iterator[dict[str, Any]]:
    names = data.answered.names["party"]
    for site in data.sites[:MAX_ROWS]:
        yield {
            "name": site.name,
            "state": names.get(site.state, ""),
            "number": site.number,
            "address": _place_address(data, [site.slug]),
        }


def _state_rows(data: MapData) -> Iterator[dict[str, Any]]:
    for code, number in list(data.states.items())[:MAX_ROWS]:
        yield {
            "name": data.answered.names["party"][code],
            "number": number,
            "chosen": code in data.answered.question.parties,
            "address": _state_address(data, code),
        }


def _pair_rows(data: MapData) -> Iterator[dict[str, Any]]:
    ordered = sorted(data.pairs, key=lambda pair: (-data.pairs[pair], words.pair_name(data, pair)))
    for pair in ordered[:MAX_ROWS]:
        yield {
            "name": words.pair_name(data, pair),
            "number": data.pairs[pair],
            "address": _pair_address(data, pair),
        }


PICTURE: Final = Picture(read, figure, drawing)
