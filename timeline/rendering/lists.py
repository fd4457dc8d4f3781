"""What stands around any list: the chips of its filters, and where in it a page stands."""

from collections.abc import Sequence

from django.utils.html import escape
from django.utils.safestring import SafeString

from timeline.formats.sentences import Chip
from timeline.rendering.moulds import Mould, language, once, poured, slot


def chips(found: Sequence[Chip], address: str, cleared: str = "") -> SafeString:
    """Each filter of a list at an address, removable; all of them at once by another query."""
    if not found:
        return SafeString()
    reader = language()
    form = _chip(reader)
    each = [
        form.fill(label=escape(chip.label), address=escape(address + chip.without))
        for chip in found
    ]
    return _chips(reader, address + cleared).fill(chips=SafeString("".join(each)))


@once(most=8)
def _chip(_language: str) -> Mould:
    return poured("timeline/_chip.html", "label", "address")


@once(most=32)
def _chips(_language: str, address: str) -> Mould:
    return poured("timeline/_chips.html", "chips", address=address)


def stand(
    address: str, *, first: int, last: int, total: int, start_again: str | None, following: str
) -> SafeString:
    """Where a page stands in its list; the queries of the first page and the next, if any."""
    if not total:
        return SafeString()
    form = _stand(language(), address, start_again is not None, bool(following))
    return form.fill(
        first=first,
        last=last,
        total=total,
        start_again=escape(start_again or ""),
        following=escape(following),
    )


@once(most=64)
def _stand(_language: str, address: str, later: bool, following: bool) -> Mould:
    return poured(
        "timeline/_stand.html",
        *("first", "last", "total"),
        address=address,
        later=later,
        start_again=slot("start_again"),
        following=slot("following") if following else "",
    )
