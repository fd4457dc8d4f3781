"""The part of the map that is shown, and the links that zoom and pan."""

from django.utils.translation import gettext as _

from timeline.core.display import Position
from timeline.pictures.interface import Move
from timeline.pictures.map import layout
from timeline.pictures.map.data import MapData
from timeline.pictures.map.outlines import MapExtent
from timeline.pictures.map.projection import Bounds


def frames(data: MapData) -> tuple[MapExtent, int, MapExtent]:
    """Return the frame of the whole map, how often it is halved, and the part of it that is shown.

    Without a position in the middle all of it is shown.
    """
    display = data.answered.question.display
    whole = layout.fit(data.sites, [code for code, number in data.states.items() if number])
    if not isinstance(display.centre, Position):
        return whole, 0, whole
    zoom = min(display.zoom, layout.MAX_ZOOM)
    return whole, zoom, layout.zoomed(whole, zoom, display.centre) if zoom else whole


def moves(data: MapData) -> list[Move]:
    """Return the links for zooming and panning."""
    whole, zoom, frame = frames(data)
    shown, limits = frame.bounds, whole.bounds
    across, down = shown.width / 2, shown.height / 2
    # Positions are rounded, so that an edge is not quite reached.
    near = shown.width / 50
    return [
        _pan(data, "west", "←", _("West"), -across if shown.left - limits.left > near else 0, 0),
        _pan(data, "east", "→", _("East"), across if limits.right - shown.right > near else 0, 0),
        _pan(data, "north", "↑", _("North"), 0, -down if shown.top - limits.top > near else 0),
        _pan(data, "south", "↓", _("South"), 0, down if limits.bottom - shown.bottom > near else 0),
        Move(
            *("closer", "+", "+", "+", _("Zoom in")),
            _address(data, zoom + 1, frame if zoom else _around_most(data, whole))
            if zoom < layout.MAX_ZOOM
            else "",
        ),
        Move(
            *("wider", "-", "−", "−", _("Zoom out")),
            _address(data, zoom - 1, frame) if zoom else "",
        ),
        Move(
            *("fit", "0", "0", _("Fit"), _("Fit: the whole map")),
            _address(data, 0, frame) if zoom else "",
        ),
    ]


def _around_most(data: MapData, whole: MapExtent) -> MapExtent:
    """Return the frame around the place with the most events, where most readers zoom in."""
    if not data.sites:
        return whole
    most = data.sites[0]
    return layout.zoomed(whole, 1, Position(most.latitude, most.longitude))


def _pan(data: MapData, name: str, symbol: str, label: str, east: float, south: float) -> Move:
    _whole, zoom, (projection, box) = frames(data)
    moved = Bounds(box.left + east, box.top + south, box.right + east, box.bottom + south)
    address = _address(data, zoom, MapExtent(projection, moved)) if east or south else ""
    return Move(name, "", "", symbol, label, address)


def _address(data: MapData, zoom: int, frame: MapExtent) -> str:
    """Return the address of the map at a zoom around the middle of a frame."""
    projection, box = frame
    middle = (box.left + box.right) / 2, (box.top + box.bottom) / 2
    latitude, longitude = projection.position(middle)
    longitude = (longitude + 180) % 360 - 180
    centre = Position(round(latitude, 2), round(longitude, 2)) if zoom else None
    question = data.answered.question.with_display(zoom=zoom, centre=centre)
    return data.answered.address + question.query_string()
