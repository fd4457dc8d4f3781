"""Load the result of a question: everything that its page or its file shows, in one place.

The code that renders a result runs no queries, so that all of it is of one version of the record
and the number of queries is decided here.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

from django.http import HttpRequest
from django.utils.safestring import SafeString

from timeline.core.display import View
from timeline.core.question import Question
from timeline.formats import sentences
from timeline.index.current import current, totals
from timeline.jinja2 import url
from timeline.pages import _cards, _sidebar, _via_labels
from timeline.pages._cards import NO_CARDS, CardsData
from timeline.pages._nothing import NothingFound, nothing_found
from timeline.pages._question import Reading
from timeline.pages._sidebar import Sidebar, SidebarData
from timeline.pages._understood import Understood, understood_beside
from timeline.pages._via_labels import NO_LABELS, ViaData
from timeline.pictures import export
from timeline.pictures.export import Origin
from timeline.pictures.histogram import data as histogram
from timeline.pictures.histogram import figure as histogram_figure
from timeline.pictures.histogram.data import HistogramData
from timeline.pictures.interface import AnsweredQuestion, Drawing, Picture
from timeline.pictures.registry import picture_of
from timeline.queries.as_of import AsOf
from timeline.queries.frameworks import FrameworkView, expected_sessions
from timeline.queries.host_turns import host_turns
from timeline.queries.related import Related, related
from timeline.queries.sources import relied_on
from timeline.queries.timeline import Capacity, capacities


class PictureData(NamedTuple):
    """A picture with the data that it shows."""

    picture: Picture[Any]
    data: Any

    def figure(self) -> SafeString:
        """Render the picture as a figure of a page."""
        return self.picture.figure(self.data)

    def drawing(self) -> Drawing:
        """Render the marks of the picture alone."""
        return self.picture.drawing(self.data)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What the page of a question shows.

    ``histogram`` is the figure itself if it is cached, and None if no event has a date. In
    every view but the list there is a ``picture`` instead of ``cards``; ``via`` says why cards were
    found through blocs, and ``attended`` in which capacities the people asked for were there, by
    the key of the event. ``expected`` are the frameworks whose next session the page announces.
    ``sidebar`` is None where the page has none. ``nothing`` says what to ask instead, where nothing
    was found. ``understood`` is what the words of the question name.
    """

    answered: AnsweredQuestion
    histogram: SafeString | HistogramData | None = None
    picture: PictureData | None = None
    cards: CardsData = NO_CARDS
    via: ViaData = NO_LABELS
    attended: Mapping[int, tuple[Capacity, ...]] = field(default_factory=dict)
    expected: Sequence[FrameworkView] = ()
    sidebar: Sidebar | SidebarData | None = None
    nothing: NothingFound | None = None
    understood: Understood | None = None


def answer(reading: Reading[Question], day: dt.date) -> AnsweredQuestion:
    """Answer a question about events with its counts and the keys of one page."""
    question, vocabulary = reading.question, reading.vocabulary
    answer = current().answer(question, today=day)
    names = sentences.names(vocabulary)
    return AnsweredQuestion(question, answer, vocabulary, names, url("home"), day)


def related_parties(answered: AnsweredQuestion) -> dict[str, tuple[Related, ...]]:
    """Load the parties that are offered beside those chosen, with what they find."""

    return related(answered.question, answered.vocabulary.offered, _count)


def _count(question: Question) -> int:
    return totals(question)[""]


def page_result(answered: AnsweredQuestion, *, is_readable: bool, with_sidebar: bool) -> Result:
    """Load what the timeline page shows, or its fragment, which has no sidebar.

    If the question cannot be read, the page shows no results.
    """
    views = host_turns(answered.today)
    sidebar = _sidebar.read(views, answered.today) if with_sidebar else None
    if not is_readable:
        return Result(answered=answered, sidebar=sidebar)
    question = answered.question
    is_first_page_of_list = question.display.view == View.LIST and not question.after
    expected = expected_sessions(question, views) if is_first_page_of_list else ()
    nothing = None
    if not answered.answer.total:
        chips = sentences.chips(question, answered.names, {})
        nothing = nothing_found(question, chips, _count, _count)
    understood = None
    if question.q:
        offered = answered.vocabulary.offered
        understood = understood_beside(question, offered, AsOf(answered.today))
    return replace(
        embed_result(answered),
        expected=expected,
        sidebar=sidebar,
        nothing=nothing,
        understood=understood,
    )


def embed_result(answered: AnsweredQuestion) -> Result:
    """Load what the embed shows: the results without anything around them."""
    question = answered.question
    picture = _picture(answered)
    ids = () if picture else answered.answer.ids
    chosen = [
        party for party in answered.vocabulary.offered.parties if party.code in question.parties
    ]
    return Result(
        answered=answered,
        histogram=_histogram(answered),
        picture=picture,
        cards=_cards.read(ids),
        via=_via_labels.read(ids, chosen),
        attended=capacities(ids, question.people),
    )


def _picture(answered: AnsweredQuestion) -> PictureData | None:
    picture = picture_of(answered.question, answered.answer)
    return PictureData(picture, picture.read(answered)) if picture else None


def _histogram(answered: AnsweredQuestion) -> SafeString | HistogramData | None:
    if not answered.answer.months:
        return None
    cached = histogram_figure.cached(answered)
    return histogram.read(answered) if cached is None else cached


@dataclass(frozen=True, slots=True)
class FileResult:
    """What the file of a question shows: its picture, the histogram of a list, or neither."""

    answered: AnsweredQuestion
    picture: PictureData | None
    histogram: HistogramData | None
    origin: Origin

    def drawing(self) -> Drawing:
        """Render the picture, or a sentence that says that nothing was found."""
        if self.picture is not None:
            return self.picture.drawing()
        if self.histogram is not None:
            return histogram_figure.drawing(self.histogram)
        return export.empty_drawing()


def file_result(answered: AnsweredQuestion, address: str) -> FileResult:
    """Load what the file of a question shows; ``address`` is the absolute one of its page."""
    question, answer = answered.question, answered.answer
    picture = _picture(answered)
    is_list = question.display.view == View.LIST
    shows_histogram = picture is None and bool(answer.months) and (is_list or bool(answer.total))
    return FileResult(
        answered,
        picture,
        histogram.read(answered) if shows_histogram else None,
        Origin(address, answered.today, relied_on(question, answer.total, answered.today)),
    )


def card_histogram(answered: AnsweredQuestion) -> HistogramData | None:
    """Load the histogram for the card that represents a question where its page is shared."""
    if not answered.answer.months:
        return None
    return histogram.read(replace(answered, question=answered.question.with_display(stacked=False)))


def page_address(request: HttpRequest, answered: AnsweredQuestion) -> str:
    """Return the absolute address of the first page of a question."""
    query = answered.question.without_page().query_string()
    return request.build_absolute_uri(answered.address + query)
