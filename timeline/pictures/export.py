"""Pictures as files that stand alone, and the cards that stand for pages where they are shared."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from timeline.core import dates
from timeline.core.characters import without_forbidden
from timeline.core.numbers import Grouped
from timeline.formats import sentences
from timeline.jinja2 import language, rendered
from timeline.pictures import page_layout
from timeline.pictures.histogram import figure as histogram
from timeline.pictures.histogram.data import HistogramData
from timeline.pictures.icons import ICONS
from timeline.pictures.interface import Answered, Drawing
from timeline.pictures.rasterize import style, unlinked
from timeline.queries.events import EventPage

NOTHING: Final = SafeString()

_HISTOGRAM: Final = 1.6
"""How much larger the histogram is on a card than on a page."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a file is from: the whole address of its page, the day, how many sources."""

    address: str
    made: dt.date
    sources: int | None


def picture(answered: Answered, drawn: Drawing, origin: Origin) -> SafeString:
    """The drawing of a question as a file of SVG: title, sentence, picture, date and origin."""
    size, texts = (drawn.width, drawn.height), _texts(answered, drawn)
    laid = page_layout.file_page(size, drawn.title, texts, _foot(origin))
    context = {
        "plate": laid,
        "drawing": drawn,
        "marks": unlinked(drawn.marks),
        "view": answered.question.display.view.value,
    }
    return _drawn("pictures/file.svg", context)


def empty_drawing() -> Drawing:
    """What stands in the place of a picture where nothing is found."""
    said = _("No event on record answers all of these filters.")
    return Drawing(said, "", histogram.WIDE, 1, NOTHING)


def event_card(page: EventPage, address: str) -> SafeString:
    """The card of an event, as SVG; ``address`` is that of its page, without its scheme."""
    event = page.event
    when = dates.wording(event.date, language())
    names = [str(fact.row.party.short or fact.row.party.name) for fact in page.participations]
    tops = [link.sector for link in event.sector_links.all()]
    laid = page_layout.event_card(
        f"{when[:1].upper()}{when[1:]}",
        str(event.title),
        " · ".join(dict.fromkeys(names)),
        [(str(one.name), (one.parent or one).slug) for one in tops],
    )
    return _card(laid, address, hollow=event.state != "held")


def question_card(answered: Answered, data: HistogramData | None, address: str) -> SafeString:
    """The card of a question, as SVG: how many events it finds, which, and when they began."""
    number = sentences.number(answered.answer.total)
    sentence = sentences.sentence(answered.question, answered.names)
    laid = page_layout.question_card(number, sentence)
    if data is None:
        return _card(laid, address)
    drawn = histogram.drawing(data, int(page_layout.ROOM / _HISTOGRAM))
    return _card(laid, address, marks=unlinked(drawn.marks))


def _card(
    laid: page_layout.Card, address: str, *, hollow: bool = False, marks: SafeString = NOTHING
) -> SafeString:
    tags = [{"tag": tag, "x": tag.x, "icon": ICONS.get(tag.family)} for tag in laid.tags]
    context = {
        "card": laid,
        "point": laid.lines[0].y - laid.lines[0].size // 3,
        "tags": tags,
        "hollow": hollow,
        "marks": marks,
        "address": page_layout.shortened(address),
        "left": page_layout.LEFT,
        "histogram_scale": _HISTOGRAM,
    }
    return _drawn("pictures/card.svg", context)


def _drawn(template: str, context: dict[str, Any]) -> SafeString:
    """A whole drawing, without the characters that no SVG can hold, whatever text they came in."""
    return SafeString(without_forbidden(rendered(template, {**context, "style": style()})))


def _texts(answered: Answered, drawn: Drawing) -> Sequence[str]:
    number = sentences.number(answered.answer.total)
    sentence = sentences.sentence(answered.question, answered.names)
    return [f"{sentence} {number}.", *([drawn.description] if drawn.description else [])]


def _foot(origin: Origin) -> Sequence[str]:
    made = _("Made on %(day)s.") % {"day": dates.day_wording(origin.made, language())}
    if origin.sources is not None:
        relies = ngettext(
            "The events shown rely on %(n)s source.",
            "The events shown rely on %(n)s sources.",
            origin.sources,
        )
        made = f"{made} {relies % {'n': Grouped(origin.sources, language())}}"
    named = _("Cadre, %(address)s. Every date and every claim names its source.")
    return [named % {"address": origin.address}, made]
