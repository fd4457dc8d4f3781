"""The rows of commitments as they stand on a day."""

from collections.abc import Sequence
from typing import Any, Final

from timeline.core import status
from timeline.core.codes import CommitmentRole, CommitmentStatus
from timeline.core.searched import Clock
from timeline.index.commitment_entries import IndexedCommitment
from timeline.models import Citation, Commitment, CommitmentParty, CommitmentSector
from timeline.queries import ledger_loader, public, searched
from timeline.queries.as_of import AsOf
from timeline.queries.keys import Keys, in_order
from timeline.queries.rows._shared import Row, cited, dated, grouped, shown, text_columns, texts

_TEXTS: Final = ("title", "wording", "condition")

_COLUMNS: Final = (
    *("slug", "nature", "mutual", "due", "article", "restatement", "event__slug"),
    *text_columns(*_TEXTS),
)

_NAMED: Final = {
    "text": shown(public.published("instrument"), "instrument__slug"),
    "earlier": shown(public.published_commitment("restates"), "restates__slug"),
    "request": shown(public.published_commitment("answers"), "answers__slug"),
}
"""What a commitment names, if readers may see it."""


def rows(keys: Sequence[int], when: AsOf) -> list[Row]:
    """Return the rows of the published ones of these commitments, in the order of the keys."""
    entries = {entry.key: entry for entry in ledger_loader.entries(when, keys)}
    these = Keys(keys)
    published = Commitment.objects.published().filter(pk__in=these).order_by()
    records = {record["pk"]: record for record in published.values("pk", *_COLUMNS, **_NAMED)}
    links = CommitmentParty.objects.filter(commitment__in=these).order_by("pk")
    parties = {
        role: grouped((key, code) for key, code, named in by_role if named == role)
        for by_role in [[*links.values_list("commitment", "party__code", "role")]]
        for role in CommitmentRole
    }
    sectors = CommitmentSector.objects.filter(commitment__in=these).order_by("pk")
    about = grouped(sectors.values_list("commitment", "sector__slug"))
    citations = Citation.objects.filter(commitment__in=these)
    of_steps = Citation.objects.filter(
        status_update__commitment__in=these, status_update__earliest__lte=when.day
    )
    sources = cited((citations, "commitment"), (of_steps, "status_update__commitment"))
    codes = frozenset(public.parties().order_by().values_list("code", flat=True))
    clock = searched.clock(when)
    said, found = texts(*_TEXTS), []
    for key, record in in_order(records, keys):
        if (entry := entries.get(key)) is None:
            continue
        found.append(
            {
                "id": record["slug"],
                **said(record),
                "nature": record["nature"],
                "obligors": parties[CommitmentRole.OBLIGOR][key],
                "obligors_via": [code for code in entry.obligors.through if code in codes],
                "beneficiaries": parties[CommitmentRole.BENEFICIARY][key],
                "mutual": record["mutual"],
                "askers": parties[CommitmentRole.ASKER][key],
                "asked": parties[CommitmentRole.ASKED][key],
                **_clocks(entry, clock),
                "as_of": when.day,
                **dict(dated(record["due"], "due", "due_earliest", "due_latest")),
                **dict(dated(entry.made, "made", "made_earliest", "made_latest")),
                "event": record["event__slug"],
                "instrument": record["text"],
                "article": record["article"] if record["text"] else "",
                "restates": record["earlier"],
                "restatement": record["restatement"] if record["earlier"] else None,
                "answers": record["request"],
                "sectors": about[key],
                **dict(sources[key].columns()),
            }
        )
    return found


def _clocks(entry: IndexedCommitment, clock: Clock) -> dict[str, Any]:
    """Return the state of a commitment and its two clocks; a request has none of them."""
    last = None if entry.is_request else status.current(entry.updates)
    state = last.status if last else CommitmentStatus.ANNOUNCED
    return {
        "status": None if entry.is_request else state.value,
        **dict(
            dated(last.date if last else None, "evidence", "evidence_earliest", "evidence_latest")
        ),
        "evidence_age": status.evidence_age(last, clock.day) if last else None,
        "quiet": None if entry.is_request else status.is_quiet(last, clock.day),
        "overdue": None if entry.is_request else status.is_overdue(last, entry.due, clock.day),
    }
