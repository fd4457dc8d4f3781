"""The navigation around a list: the links to its views, and the position of a page in it."""

from typing import Final, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from timeline.core.display import View
from timeline.core.question import Question

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
    last: int
    total: int
    start_again: str | None
    following: str


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
