"""Spells of membership, and what was remarked of them."""

from collections.abc import Iterable

from timeline.actions import memberships
from timeline.ingest.demo.files import RecordData
from timeline.ingest.demo.writing import DemoWriter
from timeline.models import Event, Membership, MembershipRemark, Party


class Memberships:
    """The spells of a load.

    ``decided`` are those of the demo, with the events at which they were decided and whether they
    were written; ``remarks`` are what was remarked of them; both wait for the events. ``pairs``
    says of each state and bloc whether its spells are the demo's.
    """

    def __init__(self, writer: DemoWriter) -> None:
        self.writer = writer
        self.decided: list[tuple[Membership, RecordData, bool]] = []
        self.remarks: list[tuple[Membership, Iterable[RecordData]]] = []
        self.pairs: dict[tuple[Party | None, Party | None], bool] = {}

    def add(self, record: RecordData) -> None:
        """Create a spell, or bring one of an earlier demo up to date.

        The spells of a pair of which somebody with an account ever created, changed or deleted one
        stay as they are, all of them.
        """
        citations, remarks = record.pop("citations", ()), record.pop("remarks", ())
        decided = {name: record.pop(name, None) for name in ("start_event", "end_event")}
        party = self.writer.party_with_code(record.pop("party"))
        bloc = self.writer.party_with_code(record.pop("bloc"))
        stored = Membership.objects.filter(party=party, bloc=bloc, starts=record["starts"]).first()
        if (party, bloc) not in self.pairs:
            history = Membership.history.filter(party=party, bloc=bloc)
            self.pairs[party, bloc] = not history.exclude(history_user=None).exists()
        if not self.pairs[party, bloc]:
            if stored is not None and self.writer.is_untouched(stored):
                self.remarks.append((stored, remarks))
            return
        if stored is None:
            spell = self.writer.create(Membership, record, party=party, bloc=bloc)
            self.writer.cite(citations, membership=spell)
            written = True
        else:
            spell = stored
            written = self.writer.renew(spell, self.writer.values(Membership, record), citations)
        self.decided.append((spell, decided, written))
        self.remarks.append((spell, remarks))

    def decide(self) -> None:
        """Name the events at which spells were decided, and add what was remarked of spells.

        Memberships are loaded before events.

        Who took part because of spells that were brought up to date is worked out, too.
        """
        for spell, decided, _written in self.decided:
            at = {
                key: self.writer.find(Event.objects.all(), slug=slug) if slug else None
                for key, slug in decided.items()
            }
            if any(getattr(spell, key) != event for key, event in at.items()):
                for key, event in at.items():
                    setattr(spell, key, event)
                spell.save()
        for spell, remarks in self.remarks:
            for remark in map(dict, remarks):
                self._remark(spell, remark)
        for bloc in sorted({spell.bloc_id for spell, _decided, written in self.decided if written}):
            memberships.refresh_derived(bloc=bloc)

    def _remark(self, spell: Membership, record: RecordData) -> None:
        """Remark something of a spell, unless this was ever remarked of it."""
        self.writer.where = f"memberships.yaml: remark on {spell}"
        citations, event = record.pop("citations", ()), record.pop("event", None)
        made = MembershipRemark.history.filter(membership=spell.pk)
        at = self.writer.find(Event.objects.all(), slug=event) if event else None
        if made.filter(kind=record["kind"], date=record["date"]).exists():
            for remark in spell.remarks.filter(kind=record["kind"], date=record["date"]):
                self.writer.renew(remark, {"event": at}, citations)
            return
        remark = self.writer.create(MembershipRemark, record, membership=spell, event=at)
        self.writer.cite(citations, membership_remark=remark)
