"""Pictures as self-contained files, and the cards that represent pages where they are shared."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from timeline import enums
from timeline.core import dates
from timeline.core.characters import without_forbidden
from timeline.core.numbers import Grouped
from timeline.formats import sentences
from timeline.jinja2 import language, rendered, short
from timeline.pictures import page_layout
from timeline.pictures.histogram import figure as histogram
from timeline.pictures.histogram.data import HistogramData
from timeline.pictures.icons import ICONS
from timeline.pictures.interface import AnsweredQuestion, Drawing
from timeline.pictures.rasterize import style, unlinked
from timeline.queries.events import EventPage
from timeline.queries.instruments import InstrumentView

NO_MARKS: Final = SafeString()

_HISTOGRAM_SCALE: Final = 1.6
"""How much larger the histogram is on a card than on a page."""


@dataclass(frozen=True, slots=True)
class Origin:
    """The origin of a file: the absolute address of its page, the day, the number of sources."""

    address: str
    day: dt.date
    sources: int | None


def picture(answered: AnsweredQuestion, drawing: Drawing, origin: Origin, site: str) -> SafeString:
    """Render the drawing of a question as an SVG file with title, sentence, date and origin."""
    name = answered.question.display.view.value
    return on_a_page(drawing, _texts(answered, drawing), origin, name, site)


def on_a_page(
    drawing: Drawing, texts: Sequence[str], origin: Origin, name: str, site: str
) -> SafeString:
    """Render a drawing as an SVG file; ``name`` is the class by which its marks are styled.

    ``site`` is the name of the site, empty if it has none.
    """
    size = drawing.width, drawing.height
    samples = [(entry.name, entry.width) for entry in drawing.legend]
    page = page_layout.file_page(size, drawing.title, texts, _footer(origin, site), samples)
    context = {
        "page": page,
        "legend": list(zip(page.legend, drawing.legend, strict=True)),
        "drawing": drawing,
        "marks": unlinked(drawing.marks),
        "view": name,
    }
    return _svg("pictures/file.svg", context)


def empty_drawing() -> Drawing:
    """Return the drawing for a question that finds nothing: a title without marks."""
    title = _("No event on record answers all of these filters.")
    return Drawing(title, "", histogram.WIDTH, 1, NO_MARKS)


def event_card(page: EventPage, site: str, address: str) -> SafeString:
    """Render the card of an event as SVG; ``address`` is that of its page, without a scheme."""
    event = page.event
    when = dates.wording(event.date, language())
    names = [short(fact.row.party) for fact in page.participations]
    sectors = [link.sector for link in event.sector_links.all()]
    layout = page_layout.event_card(
        f"{when[:1].upper()}{when[1:]}",
        str(event.title),
        " · ".join(dict.fromkeys(names)),
        [(str(sector.name), (sector.parent or sector).slug) for sector in sectors],
    )
    return _card(layout, site, address, hollow=event.state != "held")


def text_card(view: InstrumentView, site: str, address: str) -> SafeString:
    """Render the card of a text as SVG; ``address`` is that of its page, without a scheme."""
    instrument = view.instrument
    facts = (
        enums.label(enums.INSTRUMENT_KINDS, instrument.kind),
        dates.wording(instrument.date, language()),
        enums.label(enums.INSTRUMENT_STATES, view.state.state),
    )
    parties = " · ".join(map(short, view.parties))
    layout = page_layout.event_card(" · ".join(facts), str(instrument.title), parties, ())
    return _card(layout, site, address)


def question_card(
    answered: AnsweredQuestion, data: HistogramData | None, site: str, address: str
) -> SafeString:
    """Render the card of a question as SVG: number of events, sentence and histogram."""
    number = sentences.number(answered.answer.total)
    sentence = sentences.sentence(answered.question, answered.names)
    layout = page_layout.question_card(number, sentence)
    if data is None:
        return _card(layout, site, address)
    drawing = histogram.drawing(data, int(page_layout.ROOM / _HISTOGRAM_SCALE))
    return _card(layout, site, address, marks=unlinked(drawing.marks))


def _card(
    layout: page_layout.CardLayout,
    site: str,
    address: str,
    *,
    hollow: bool = False,
    marks: SafeString = NO_MARKS,
) -> SafeString:
    first_line = layout.lines[0]
    brand, shortened = page_layout.brand(site, address)
    context = {
        "card": layout,
        "point": first_line.y - first_line.size // 3,
        "tags": [(tag, ICONS.get(tag.family)) for tag in layout.tags],
        "hollow": hollow,
        "marks": marks,
        "site": brand,
        "address": shortened,
        "left": page_layout.LEFT,
        "histogram_scale": _HISTOGRAM_SCALE,
    }
    return _svg("pictures/card.svg", context)


def _svg(template: str, context: dict[str, Any]) -> SafeString:
    """Render an SVG file, without the characters that XML cannot hold, whatever text has them."""
    return SafeString(without_forbidden(rendered(template, {**context, "style": style()})))


def _texts(answered: AnsweredQuestion, drawing: Drawing) -> Sequence[str]:
    number = sentences.number(answered.answer.total)
    sentence = sentences.sentence(answered.question, answered.names)
    return [f"{sentence} {number}.", *([drawing.description] if drawing.description else [])]


def _footer(origin: Origin, site: str) -> Sequence[str]:
    date = _("Made on %(day)s.") % {"day": dates.day_wording(origin.day, language())}
    if origin.sources is not None:
        form = ngettext(
            "The events shown rely on %(n)s source.",
            "The events shown rely on %(n)s sources.",
            origin.sources,
        )
        date = f"{date} {form % {'n': Grouped(origin.sources, language())}}"
    where = ", ".join(filter(None, (site, origin.address)))
    claim = _("Every date and every claim names its source.")
    return [f"{where}. {claim}", date]
