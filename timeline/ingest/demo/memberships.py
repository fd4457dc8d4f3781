"""Spells of membership, and what was remarked of them."""

from collections.abc import Iterable

from timeline.actions import memberships
from timeline.ingest.demo.files import RecordData
from timeline.ingest.demo.writing import Writer
from timeline.models import Event, Membership, MembershipRemark, Party


class Memberships:
    """The spells of a load.

    ``decided`` are those that were written, with the events at which they were decided; ``remarks``
    are what was remarked of them; both wait for the events. ``pairs`` says of each state and bloc
    whether its spells are the demo's.
    """

    def __init__(self, writer: Writer) -> None:
        self.writer = writer
        self.decided: list[tuple[Membership, RecordData]] = []
        self.remarks: list[tuple[Membership, Iterable[RecordData]]] = []
        self.pairs: dict[tuple[Party | None, Party | None], bool] = {}

    def add(self, record: RecordData) -> None:
        """Create a spell, or bring one of an earlier demo up to date that nobody has changed.

        The spells of a pair that editors have created or changed stay as they are, all of them.
        """
        citations, former = record.pop("citations", ()), record.pop("former", None)
        remarks = record.pop("remarks", ())
        names = ("start_event", "end_event")
        decided: RecordData = {name: record.pop(name) for name in names if name in record}
        party = self.writer.party_with_code(record.pop("party"))
        bloc = self.writer.party_with_code(record.pop("bloc"))
        spells = Membership.objects.filter(party=party, bloc=bloc)
        stored = spells.filter(starts=record["starts"]).first()
        is_new = self.pairs.setdefault((party, bloc), not spells.exists())
        if stored is None and is_new:
            spell = self.writer.create(Membership, record, party=party, bloc=bloc)
            self.writer.cite(citations, membership=spell)
        elif stored is not None and former and self.writer.is_untouched(stored, former):
            spell = self.writer.update(stored, record)
            self.writer.cite_again(citations, membership=spell)
            self.pairs[party, bloc] = True
        else:
            if stored is not None and self.writer.is_untouched(stored, {}):
                self.remarks.append((stored, remarks))
            return
        self.decided.append((spell, decided))
        self.remarks.append((spell, remarks))

    def decide(self) -> None:
        """Name the events at which spells were decided, and add what was remarked of spells.

        Memberships are loaded before events.

        Who took part because of spells that were brought up to date is worked out, too.
        """
        for spell, decided in self.decided:
            for key, slug in decided.items():
                setattr(spell, key, self.writer.find(Event.objects.all(), slug=slug))
            if decided:
                spell.save()
        for spell, remarks in self.remarks:
            for remark in map(dict, remarks):
                self._remark(spell, remark)
        for bloc in sorted({spell.bloc_id for spell, _decided in self.decided}):
            memberships.refresh_derived(bloc=bloc)

    def _remark(self, spell: Membership, record: RecordData) -> None:
        """Remark something of a spell, unless this was ever remarked of it."""
        self.writer.where = f"memberships.yaml: remark on {spell}"
        citations, event = record.pop("citations", ()), record.pop("event", None)
        made = MembershipRemark.history.filter(membership=spell.pk)
        at = self.writer.find(Event.objects.all(), slug=event) if event else None
        if made.filter(kind=record["kind"], date=record["date"]).exists():
            stored = spell.remarks.filter(kind=record["kind"], date=record["date"], event=None)
            for remark in stored if at else ():
                if self.writer.is_untouched(remark, {}):
                    self.writer.update(remark, {"event": at})
            return
        remark = self.writer.create(MembershipRemark, record, membership=spell, event=at)
        self.writer.cite(citations, membership_remark=remark)
