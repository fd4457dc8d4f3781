"""What stands around a list: its years, its views, and where in it a page stands."""

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
    """Where a page stands in a list at an address.

    ``start_again`` is the query of the first page, None on that page itself; ``following`` is that
    of the next, empty on the last.
    """

    address: str
    first: int
    last: int
    total: int
    start_again: str | None
    following: str


class ViewLink(NamedTuple):
    """The link to one view of a question."""

    address: str
    name: Promise
    chosen: bool


def views(question: Question, address: str) -> list[ViewLink]:
    """The views of what is found, each a link to the same question."""
    return [
        ViewLink(
            address + question.with_display(view=view).query_string(),
            name,
            view == question.display.view,
        )
        for view, name in VIEWS.items()
    ]
