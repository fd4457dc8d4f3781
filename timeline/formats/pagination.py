"""The navigation around a list: the links to its views, and the position of a page in it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, NamedTuple, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from timeline.core.display import View
from timeline.core.question import (
    ChangesQuestion,
    Cursor,
    IndexQuestion,
    ListQuestion,
    Question,
)
from timeline.formats.options import with_opened
from timeline.index.interface import PAGE_SIZE

VIEWS: Final[dict[View, Promise]] = {
    View.LIST: _("List"),
    View.LANES: _("Lanes"),
    View.MATRIX: _("Matrix"),
    View.MAP: _("Map"),
}


class Pagination(NamedTuple):
    """The position of a page in the list at an address.

    ``start_again`` and ``preceding`` are the query strings of the first page and of the one before,
    None on the first page itself; ``following`` is that of the next page, empty on the last.
    ``beside_date`` are the parameters that a form for a date takes along, None without such a form.
    """

    address: str
    first: int
    total: int
    start_again: str | None
    preceding: str | None
    following: str
    beside_date: Sequence[tuple[str, str]] | None = None

    @property
    def last(self) -> int:
        """The position of the last record of the page."""
        return min(self.first + PAGE_SIZE - 1, self.total)


class Paged(Protocol):
    """The numbers of one page of an answer."""

    @property
    def total(self) -> int: ...

    @property
    def first(self) -> int: ...

    @property
    def following(self) -> Cursor | None: ...
    @property
    def preceding(self) -> Cursor | None: ...


def pagination(
    question: ListQuestion, answer: Paged, address: str, opened: Sequence[str] = ()
) -> Pagination:
    """Return the position of the page of an answer in the list at an address.

    ``opened`` are the facets that the links keep expanded.
    """

    def page(cursor: Cursor | None) -> str:
        at = question.cursor_after(cursor) if cursor else question.without_page()
        return with_opened(at.query_string(), opened)

    return Pagination(
        address,
        first=answer.first,
        total=answer.total,
        start_again=page(None) if question.after else None,
        preceding=page(answer.preceding) if question.after else None,
        following=page(answer.following) if answer.following else "",
        beside_date=date_parameters(question, opened) if answer.total > PAGE_SIZE else None,
    )


def date_parameters(
    question: ListQuestion, opened: Sequence[str]
) -> Sequence[tuple[str, str]] | None:
    """Return the parameters that a form for a date takes along; None for a list by something else.

    ``opened`` are the facets that stay expanded.
    """
    if not question.is_by_time:
        return None
    return [*question.without_page().to_pairs(), *(("options", name) for name in opened)]


class ViewLink(NamedTuple):
    """The link to a question in one view."""

    address: str
    name: Promise
    chosen: bool


def views(question: Question, address: str) -> list[ViewLink]:
    """Return the links to the same question in every view."""
    return [
        ViewLink(
            address + question.with_display(view=view).query_string(),
            name,
            view == question.display.view,
        )
        for view, name in VIEWS.items()
    ]


class InitialLink(NamedTuple):
    """The link to the records of an index that begin with a letter, and their number.

    The first of these links leads to all of them; its ``initial`` is empty.
    """

    initial: str
    number: int
    address: str
    chosen: bool


def initial_links(
    question: IndexQuestion, initials: Mapping[str, int], address: str
) -> list[InitialLink]:
    """Return the links to the initials of an index at an address, with all records first."""
    numbers = {"": sum(initials.values()), **initials}
    return [
        InitialLink(
            initial,
            number,
            address + IndexQuestion(question.q, initial).query_string(),
            initial == question.initial,
        )
        for initial, number in numbers.items()
    ]


class IndexPaged(Protocol):
    """The numbers of one page of an index."""

    @property
    def first(self) -> int: ...

    @property
    def total(self) -> int: ...

    @property
    def following(self) -> int | None: ...
    @property
    def preceding(self) -> int | None: ...


def index_pagination(question: IndexQuestion, page: IndexPaged, address: str) -> Pagination:
    """Return the position of a page in the index at an address."""

    def at(after: int | None) -> str:
        return replace(question, after=after).query_string()

    return Pagination(
        address,
        first=page.first,
        total=page.total,
        start_again=None if question.after is None else at(None),
        preceding=None if question.after is None else at(page.preceding),
        following="" if page.following is None else at(page.following),
    )


class ChangesPaged(Protocol):
    """The numbers of one page of changes."""

    @property
    def month(self) -> str: ...

    @property
    def first(self) -> int: ...

    @property
    def total(self) -> int: ...

    @property
    def following(self) -> str: ...
    @property
    def preceding(self) -> str: ...


def changes_pagination(question: ChangesQuestion, page: ChangesPaged, address: str) -> Pagination:
    """Return the position of a page in the changes of its month."""

    # The month is named, so that the next page is of the same one when another has begun.
    def at(after: str) -> str:
        return replace(question, month=page.month, after=after).query_string()

    return Pagination(
        address,
        first=page.first,
        total=page.total,
        start_again=at("") if question.after else None,
        preceding=at(page.preceding) if question.after else None,
        following=at(page.following) if page.following else "",
    )
