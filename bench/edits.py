"""Random changes of the record, such as editors and imports make."""

from collections.abc import Callable
from random import Random
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction

from timeline.actions import events, memberships, search
from timeline.core.codes import EventKind, EventState, SourceKind
from timeline.models import (
    Attendance,
    Citation,
    Event,
    EventSector,
    Framework,
    Membership,
    Participation,
    Party,
    Sector,
    Source,
)

MANY: Final = 600
"""Events that an import changes at once: more than the index updates one by one."""


class Editor:
    """An editor at work; ``change`` makes one random change and returns its name."""

    def __init__(self, seed: int) -> None:
        self._draw = Random(seed)  # noqa: S311 — edits, no secret
        self._keys = list(Event.objects.order_by("pk").values_list("pk", flat=True))
        self._parties = list(Party.objects.order_by("pk"))
        self._sectors = list(Sector.objects.order_by("pk"))
        self._sources = list(Source.objects.order_by("pk")[:500])
        self._made = 0
        often: list[Callable[[], object]] = [
            *(self.retitle, self.redate, self.restate, self.hide_or_show, self.classify),
            *(self.invite, self.uninvite, self.cite, self.add, self.discard),
        ]
        seldom: list[Callable[[], object]] = [
            *(self.import_many, self.regroup, self.judge_source, self.frame, self.leave),
        ]
        self._changes = often * 12 + seldom

    def change(self) -> str:
        """Make one change, in one transaction, as the admin does."""
        chosen = self._draw.choice(self._changes)
        try:
            with transaction.atomic():
                chosen()
        except ValidationError:
            return "refused"
        return chosen.__name__

    def _event(self) -> Event:
        event: Event | None = None
        while event is None:
            event = Event.objects.filter(pk=self._draw.choice(self._keys)).first()
        return event

    def retitle(self) -> None:
        event = self._event()
        event.title_en = f"{event.title_en or event.title_fr} again"[-200:]
        event.save()
        search.refresh(events=[event.pk])

    def redate(self) -> None:
        event = self._event()
        year = self._draw.randint(1950, 2027)
        event.date = self._draw.choice((f"{year}", f"{year}-05", f"{year}-05-17", f"{year}~"))
        event.save()
        events.refresh_derived(events=[event.pk])

    def restate(self) -> None:
        event = self._event()
        event.state = self._draw.choice(list(EventState)).value
        event.kind = self._draw.choice(list(EventKind)).value
        event.save()

    def hide_or_show(self) -> None:
        event = self._event()
        event.publication = "draft" if event.publication == "published" else "published"
        event.save()

    def classify(self) -> None:
        event, sector = self._event(), self._draw.choice(self._sectors)
        link, is_new = EventSector.objects.get_or_create(event=event, sector=sector)
        if not is_new:
            link.delete()

    def invite(self) -> None:
        event, party = self._event(), self._draw.choice(self._parties)
        Participation.objects.get_or_create(event=event, party=party, role="participant")
        events.refresh_derived(events=[event.pk])

    def uninvite(self) -> None:
        event = self._event()
        Attendance.objects.filter(event=event).delete()
        Participation.objects.filter(event=event, role="participant").delete()
        events.refresh_derived(events=[event.pk])

    def cite(self) -> None:
        event, source = self._event(), self._draw.choice(self._sources)
        if not Citation.objects.filter(event=event, source=source).delete()[0]:
            Citation.objects.create(event=event, source=source)

    def add(self) -> None:
        self._made += 1
        event = Event.objects.create(
            slug=f"soak-{self._made}",
            kind=EventKind.VISIT.value,
            date=f"2026-{self._draw.randint(1, 12):02d}",
            title_en=f"A visit for cooperation {self._made}",
            publication="published",
        )
        for party in self._draw.sample(self._parties, 3):
            Participation.objects.create(event=event, party=party)
        events.refresh_derived(events=[event.pk])
        self._keys.append(event.pk)

    def discard(self) -> None:
        event = Event.objects.filter(slug__startswith="soak-", published_at=None).first()
        if event is not None:
            events.delete_draft(event=event)

    def import_many(self) -> None:
        chosen = self._draw.sample(self._keys, min(MANY, len(self._keys)))
        Event.objects.filter(pk__in=chosen).update(kind=self._draw.choice(list(EventKind)).value)

    def regroup(self) -> None:
        tops = [sector for sector in self._sectors if not self._parts(sector)]
        part, whole = self._draw.sample(tops, 2)
        part.parent = None if part.parent_id else (whole if whole.parent_id is None else None)
        part.save()

    def _parts(self, sector: Sector) -> Any:
        return Sector.objects.filter(parent=sector).exists()

    def judge_source(self) -> None:
        source = self._draw.choice(self._sources)
        source.kind = self._draw.choice(list(SourceKind)).value
        source.save()

    def frame(self) -> None:
        framework = Framework.objects.order_by("pk").first()
        if framework is not None:
            framework.publication = "draft" if framework.publication == "published" else "published"
            framework.save()

    def leave(self) -> None:
        rows = list(Membership.objects.order_by("pk")[:40])
        if rows:
            membership = self._draw.choice(rows)
            membership.ends = None if membership.ends else "2020"
            # This is refused for a party that joined again later, because the spells would overlap.
            membership.full_clean()
            membership.save()
            memberships.refresh_derived(bloc=membership.bloc_id)
