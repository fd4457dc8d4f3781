"""Pictures as files that stand alone, and the cards that stand for pages where they are shared."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from timeline.charts import plate
from timeline.core import dates
from timeline.core.characters import suited
from timeline.core.look import View
from timeline.core.numbers import Grouped
from timeline.formats import sentences
from timeline.jinja2 import language, rendered
from timeline.queries.events import EventPage
from timeline.rendering import strip
from timeline.rendering.gallery import looked_at_as
from timeline.rendering.paint import signs, style, unlinked
from timeline.rendering.pictures import Asked, Drawing

NOTHING: Final = SafeString()

_STRIP: Final = 1.6
"""How much larger the strip is on a card than on a page."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a file is from: the whole address of its page, the day, how many sources."""

    address: str
    made: dt.date
    sources: int | None


def picture(asked: Asked, origin: Origin) -> SafeString:
    """What is asked, drawn as a file of SVG: title, sentence, picture, date and origin."""
    drawn = drawing(asked)
    laid = plate.plate((drawn.width, drawn.height), drawn.title, _said(asked, drawn), _foot(origin))
    context = {
        "plate": laid,
        "drawing": drawn,
        "marks": unlinked(drawn.marks),
        "view": asked.question.look.view.value,
    }
    return _drawn("pictures/file.svg", context)


def drawing(asked: Asked) -> Drawing:
    """The picture of what is asked; the strip where it is looked at as a list."""
    if (found := looked_at_as(asked.question, asked.answer)) is not None:
        return found.drawing(asked)
    as_a_list = asked.question.look.view == View.LIST
    if asked.answer.months and (as_a_list or asked.answer.total):
        return strip.drawing(asked)
    return Drawing(
        _("No event on record answers all of these filters."), "", strip.WIDE, 1, NOTHING
    )


def event_card(page: EventPage, address: str) -> SafeString:
    """The card of an event, as SVG; ``address`` is that of its page, without its scheme."""
    event = page.event
    when = dates.wording(event.date, language())
    names = [str(fact.row.party.short or fact.row.party.name) for fact in page.participations]
    tops = [link.sector for link in event.sector_links.all()]
    laid = plate.event_card(
        f"{when[:1].upper()}{when[1:]}",
        str(event.title),
        " · ".join(dict.fromkeys(names)),
        [(str(one.name), (one.parent or one).slug) for one in tops],
    )
    return _card(laid, address, hollow=event.state != "held")


def question_card(asked: Asked, address: str) -> SafeString:
    """The card of a question, as SVG: how many events it finds, which, and when they began."""
    number = sentences.number(asked.answer.total)
    laid = plate.question_card(number, sentences.sentence(asked.question, asked.known))
    plainly = replace(asked, question=asked.question.looked_at(stacked=False))
    drawn = strip.drawing(plainly, int(plate.ROOM / _STRIP)) if asked.answer.months else None
    return _card(laid, address, marks=unlinked(drawn.marks) if drawn else NOTHING)


def _card(
    laid: plate.Card, address: str, *, hollow: bool = False, marks: SafeString = NOTHING
) -> SafeString:
    shapes = signs()
    tags = [{"tag": tag, "x": tag.x, "sign": shapes.get(tag.family)} for tag in laid.tags]
    context = {
        "card": laid,
        "point": laid.lines[0].y - laid.lines[0].size // 3,
        "tags": tags,
        "hollow": hollow,
        "marks": marks,
        "address": plate.shortened(address),
        "left": plate.LEFT,
        "strip_scale": _STRIP,
    }
    return _drawn("pictures/card.svg", context)


def _drawn(template: str, context: dict[str, Any]) -> SafeString:
    """A whole drawing, without the characters that no SVG can hold, whatever text they came in."""
    return SafeString(suited(rendered(template, {**context, "style": style()})))


def _said(asked: Asked, drawn: Drawing) -> Sequence[str]:
    number = sentences.number(asked.answer.total)
    sentence = sentences.sentence(asked.question, asked.known)
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
