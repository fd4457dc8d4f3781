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

    ``start_again`` is the query string of the first page, None on the first page itself;
    ``following`` is that of the next page, empty on the last.
    """

    address: str
    first: int
    total: int
    start_again: str | None
    following: str

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


def pagination(
    question: ListQuestion, answer: Paged, address: str, opened: Sequence[str] = ()
) -> Pagination:
    """Return the position of the page of an answer in the list at an address.

    ``opened`` are the facets that the links keep expanded.
    """
    start, following = question.without_page(), answer.following
    return Pagination(
        address,
        first=answer.first,
        total=answer.total,
        start_again=with_opened(start.query_string(), opened) if question.after else None,
        following=(
            with_opened(question.cursor_after(following).query_string(), opened)
            if following
            else ""
        ),
    )


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


def index_pagination(question: IndexQuestion, page: IndexPaged, address: str) -> Pagination:
    """Return the position of a page in the index at an address."""
    following = page.following
    return Pagination(
        address,
        first=page.first,
        total=page.total,
        start_again=(
            None if question.after is None else replace(question, after=None).query_string()
        ),
        following="" if following is None else replace(question, after=following).query_string(),
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


def changes_pagination(question: ChangesQuestion, page: ChangesPaged, address: str) -> Pagination:
    """Return the position of a page in the changes of its month."""
    # The month is named, so that the next page is of the same one when another has begun.
    question = replace(question, month=page.month)
    return Pagination(
        address,
        first=page.first,
        total=page.total,
        start_again=replace(question, after="").query_string() if question.after else None,
        following=(
            replace(question, after=page.following).query_string() if page.following else ""
        ),
    )
