"""The page of a person: the offices held, with the sources of each."""

from dataclasses import dataclass
from itertools import chain

from django.db.models import Prefetch, QuerySet

from timeline.models import Office, Person, PersonName
from timeline.queries import names, public
from timeline.queries.citations import citations_prefetch
from timeline.queries.flags import Flag, flags_by_fact
from timeline.queries.footnotes import Footnotes, Mark, by_fact


@dataclass(frozen=True, slots=True)
class HeldOffice:
    """An office with the marks of its sources, by the field that they support, and their flags."""

    office: Office
    marks: dict[str, list[Mark]]
    flags: tuple[Flag, ...]


def with_sources() -> QuerySet[Person]:
    """Return public people with the spellings of their names and their cited public offices."""
    citations = citations_prefetch()
    offices = public.offices().select_related("party").order_by("starts_earliest", "pk")
    return public.people().prefetch_related(
        Prefetch("offices", offices.prefetch_related(citations)),
        Prefetch("names", PersonName.objects.filter(slip=False)),
    )


def offices_held(person: Person, footnotes: Footnotes) -> list[HeldOffice]:
    """Mark the offices of a person as :func:`with_sources` loaded it."""
    offices = person.offices.all()
    names.set_outside_life(
        (office.party, day) for office in offices for day in (office.starts, office.span.last_day)
    )
    return [_held(office, footnotes) for office in offices]


def _held(office: Office, footnotes: Footnotes) -> HeldOffice:
    shown = [name for name in ("starts", "ends") if getattr(office, name) is not None]
    cited = by_fact(office.citations.all(), shown)
    anchor = f"office-{office.pk}"
    return HeldOffice(
        office,
        {name: footnotes.mark(cited[name], anchor, office.title) for name in ("", *shown)},
        tuple(chain.from_iterable(flags_by_fact(office, cited).values())),
    )
