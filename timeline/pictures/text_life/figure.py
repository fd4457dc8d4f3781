"""The life of a text: what its parties did with it and when, on a line for each party."""

from collections.abc import Sequence
from functools import partial
from typing import Final

from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from timeline.core import dates
from timeline.jinja2 import language, rendered
from timeline.pictures.interface import Drawing
from timeline.pictures.page_layout import legend
from timeline.pictures.text_life import words
from timeline.pictures.text_life.data import Done, TextLife
from timeline.pictures.text_life.layout import (
    KINDS,
    ActSpan,
    MarkKind,
    PartyLine,
    Scene,
    StatusSpan,
    Turning,
    draw,
)

WIDTHS: Final = (860, 348)
"""The widths of the picture for wide screens and of the one for phones."""

NAME: Final = "text-life"
"""The class of the picture."""


def figure(life: TextLife, downloads: Sequence[str], *, is_today: bool = True) -> SafeString:
    """Render the picture in both widths; ``downloads`` are the addresses of its SVG and PNG."""
    scenes = [_scene(life, width, is_today=is_today) for width in WIDTHS]
    context = {
        "title": words.title(life),
        "description": words.description(life, language()),
        "scenes": scenes,
        "legend": [(kind, words.KIND_NAMES[kind]) for kind in scenes[0].kinds],
        "downloads": downloads,
    }
    return rendered("pictures/text_life.html", context)


def drawing(life: TextLife, *, is_today: bool = True) -> Drawing:
    """Render the wide picture with its legend below."""
    scene = _scene(life, WIDTHS[0], is_today=is_today)
    names = [str(words.KIND_NAMES[kind]) for kind in scene.kinds]
    entries = legend(names, scene.width - 16)
    height = scene.height + (entries[-1].y + 34 if entries else 0)
    context = {"scene": scene, "legend": list(zip(scene.kinds, entries, strict=True))}
    return Drawing(
        title=words.title(life),
        description=words.description(life, language()),
        width=scene.width,
        height=height,
        marks=rendered("pictures/text_life_drawing.html", context),
    )


def _scene(life: TextLife, width: int, *, is_today: bool) -> Scene:
    reader_language = language()
    parties = [
        PartyLine(
            party.name,
            tuple(_span(party.name, done) for done in party.done),
            tuple(
                StatusSpan(first, status, words.status(status)) for first, status in party.statuses
            ),
        )
        for party in life.parties
    ]
    turnings = (
        Turning(done.date.earliest, done.act, words.act(done, reader_language, short=True))
        for done in life.whole
    )
    day = _("today") if is_today else dates.day_wording(life.day, reader_language, short=True)
    tick_label = partial(words.tick, language=reader_language)
    return draw(parties, turnings, life.first, (life.day, day), width, tick_label)


def _span(party: str, done: Done) -> ActSpan:
    return ActSpan(
        first=done.date.earliest,
        last=done.date.latest,
        kind=KINDS.get(done.act, MarkKind.BESIDE),
        title=f"{party}, {words.act(done, language())}",
        address=reverse("timeline:event", args=[done.event]) if done.event else "",
    )
