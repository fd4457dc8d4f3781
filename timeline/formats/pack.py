"""A list as one page to keep: it reads without a network, without scripts, and on paper."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, Final, NamedTuple

from django.utils.translation import gettext as _

from timeline import enums
from timeline.core import dates
from timeline.core.dates import parse
from timeline.fields import LocalText
from timeline.formats.description import Description, metadata
from timeline.formats.linked_data import in_element
from timeline.formats.tables import JsonFile
from timeline.jinja2 import language
from timeline.queries.packs import Quote, RecordNames
from timeline.queries.rows import Row

NOUNS: Final = ("events", "commitments", "instruments")
"""The nouns whose lists can be kept as a page."""

MOST: Final = 10_000
"""Records on one page: a browser shows as many."""


class PackLine(NamedTuple):
    """Something that an entry says, with its label."""

    label: str
    texts: Sequence[LocalText | str]


class PackEntry(NamedTuple):
    """A record as the page shows it. ``sources`` are the numbers of what is cited for it."""

    identifier: str
    url: str
    title: LocalText
    facts: Sequence[PackLine]
    text: LocalText | None
    quotes: Sequence[Quote]
    sources: Sequence[str]


def too_many(count: int) -> str:
    """Say that the records do not fit on one page."""
    return _(
        "%(count)s records do not fit on one page, which takes %(most)s; narrow the filter."
    ) % {
        "count": count,
        "most": MOST,
    }


_CODES: Final[Mapping[str, Mapping[str, tuple[str, int | None]]]] = {
    "events": {
        "participants": ("party", 0),
        "via": ("party", 0),
        "places": ("place", None),
        "people": ("person", 0),
        "sectors": ("sector", None),
        "framework": ("framework", None),
        "instruments": ("instrument", None),
        "commitments": ("commitment", None),
    },
    "commitments": {
        "obligors": ("party", None),
        "beneficiaries": ("party", None),
        "askers": ("party", None),
        "asked": ("party", None),
        "event": ("event", None),
        "instrument": ("instrument", None),
        "answers": ("commitment", None),
        "sectors": ("sector", None),
    },
    "instruments": {
        "parties": ("party", 0),
        "events": ("event", None),
        "commitments": ("commitment", None),
    },
}
"""For each noun the columns that name records: of which kind, and in which part of a value."""


def codes(noun: str, rows: Iterable[Row]) -> dict[str, set[str]]:
    """Return the codes of the records that rows name, by kind."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        for column, (kind, part) in _CODES[noun].items():
            found[kind].update(_codes(row[column], part))
    return found


def _codes(value: Any, part: int | None) -> Iterator[str]:
    for entry in value if isinstance(value, list) else [value]:
        if entry is not None:
            yield entry if part is None else entry[part]


class _Naming:
    """Finds the names of the records that a row names."""

    def __init__(self, noun: str, names: RecordNames) -> None:
        self._columns, self._names = _CODES[noun], names

    def of(self, row: Row, *columns: str) -> list[LocalText | str]:
        """Return the names in these columns, each once."""
        found = {}
        for column in columns:
            kind, part = self._columns[column]
            for code in _codes(row[column], part):
                found[code] = self._names[kind].get(code, code)
        return [*found.values()]


def entries(
    noun: str, rows: Iterable[Row], names: RecordNames, quotes: Mapping[str, Sequence[Quote]]
) -> Iterator[PackEntry]:
    naming = _Naming(noun, names)
    for row in rows:
        facts = [fact for fact in _FACTS[noun](row, naming) if any(fact.texts)]
        yield PackEntry(
            row["id"],
            row["url"],
            _text(row, "title"),
            facts,
            _text(row, "wording" if noun == "commitments" else "summary") or None,
            quotes.get(row["id"], ()),
            row["sources"],
        )


def _text(row: Row, name: str) -> LocalText:
    """Return a text of a row with the language that it is in."""
    own = language()
    is_own = bool(row[f"{name}_{own}"])
    other = "en" if own == "fr" else "fr"
    return LocalText(row[name] or "", own if is_own else other, fallback=not is_own)


def _date(text: str | None) -> list[LocalText | str]:
    return [dates.wording(parse(text), language())] if text else []


def _events(row: Row, naming: _Naming) -> Iterator[PackLine]:
    yield PackLine(_("Date"), _date(row["date"]))
    yield PackLine(_("Kind"), [enums.label(enums.EVENT_KINDS, row["kind"])])
    if row["state"] != "held":
        yield PackLine(_("State"), [enums.event_state(row["state"], row["kind"])])
    yield PackLine(_("Parties"), naming.of(row, "participants", "via"))
    yield PackLine(_("People"), naming.of(row, "people"))
    yield PackLine(_("Place"), naming.of(row, "places"))
    yield PackLine(_("Sectors"), naming.of(row, "sectors"))
    yield PackLine(_("Framework"), naming.of(row, "framework"))
    yield PackLine(_("Texts"), naming.of(row, "instruments"))
    yield PackLine(_("Commitments"), naming.of(row, "commitments"))


def _commitments(row: Row, naming: _Naming) -> Iterator[PackLine]:
    yield PackLine(_("Owed by"), naming.of(row, "obligors"))
    yield PackLine(_("Owed to"), naming.of(row, "beneficiaries"))
    yield PackLine(_("Requested by"), naming.of(row, "askers"))
    yield PackLine(_("Requested of"), naming.of(row, "asked"))
    if row["status"]:
        yield PackLine(_("State"), [enums.label(enums.COMMITMENT_STATUSES, row["status"])])
    yield PackLine(_("Last evidence"), _date(row["evidence"]))
    yield PackLine(_("Due"), _date(row["due"]))
    yield PackLine(_("Made"), _date(row["made"]))
    yield PackLine(_("Event"), naming.of(row, "event"))
    yield PackLine(_("Text"), [*naming.of(row, "instrument"), *filter(None, [row["article"]])])
    yield PackLine(_("Condition"), [_text(row, "condition")])
    yield PackLine(_("Answers"), naming.of(row, "answers"))
    yield PackLine(_("Sectors"), naming.of(row, "sectors"))


def _instruments(row: Row, naming: _Naming) -> Iterator[PackLine]:
    yield PackLine(_("Kind"), [enums.label(enums.INSTRUMENT_KINDS, row["kind"])])
    yield PackLine(_("Date"), _date(row["date"]))
    yield PackLine(_("State"), [enums.label(enums.INSTRUMENT_STATES, row["state"])])
    statuses = (enums.label(enums.PARTY_STATUSES, status) for _party, status in row["parties"])
    named = zip(naming.of(row, "parties"), statuses, strict=True)
    yield PackLine(_("Parties"), [f"{party} ({status})" for party, status in named])
    yield PackLine(_("Events"), naming.of(row, "events"))
    yield PackLine(_("Commitments"), naming.of(row, "commitments"))


_FACTS: Final[Mapping[str, Callable[[Row, _Naming], Iterator[PackLine]]]] = {
    "events": _events,
    "commitments": _commitments,
    "instruments": _instruments,
}


class DataFile(JsonFile):
    """The description and the rows as JSON that can stand in an element of the page."""

    def __init__(self, described: Description) -> None:
        super().__init__(described, metadata)

    def head(self) -> str:
        return in_element(super().head())

    def part(self, rows: Sequence[Row]) -> str:
        return in_element(super().part(rows))
