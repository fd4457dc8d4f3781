"""Translation between the slugs and codes of questions and the keys that an index counts."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet

from timeline.core.filters import CODED
from timeline.core.question import Question
from timeline.index.segment import FilterValue
from timeline.index.segment_query import Conditions
from timeline.models import Framework, Instrument, Party, Person, Place, Sector

_LOOKED_UP: Final[Mapping[str, Callable[[], QuerySet[Any]]]] = {
    "person": Person.objects.all,
    "instrument": Instrument.objects.published,
}
"""Groups with too many values to keep in a keymap; those of a question are looked up."""


KeysBySlug = Mapping[str, Mapping[str, int]]
"""Keys of records by group and slug."""


@dataclass(frozen=True, slots=True)
class Keymap:
    """Codes and slugs of parties, sectors, places and published frameworks.

    They are by group and key, and back.
    """

    slugs: Mapping[str, Mapping[int, str]]
    keys: KeysBySlug

    @classmethod
    def read(cls) -> "Keymap":
        """Read the keymap from the database."""
        slugs: dict[str, dict[int, str]] = {
            "party": dict(Party.objects.order_by().values_list("pk", "code")),
            "sector": dict(Sector.objects.order_by().values_list("pk", "slug")),
            "place": dict(Place.objects.order_by().values_list("pk", "slug")),
            "framework": dict(Framework.objects.published().order_by().values_list("pk", "slug")),
        }
        return cls(
            slugs,
            {group: {slug: key for key, slug in by_key.items()} for group, by_key in slugs.items()},
        )

    def conditions(self, question: Question, looked_up: KeysBySlug) -> Conditions:
        """Translate a question; ``looked_up`` is what :func:`look_up_keys` returns for it."""
        parties = "party directly" if question.direct else "party"
        values: dict[str, tuple[FilterValue, ...]] = {}
        for group in question.REPEATABLE:
            if slugs := question.values(group):
                values[group] = tuple(self._values(group, slugs, parties, looked_up))
        return Conditions(
            values=values,
            any_party=question.any_party,
            parties=parties,
            met=question.met,
            period=question.period,
            certain=question.certain,
            terms=question.terms.terms,
            order=question.order,
        )

    def _values(
        self, group: str, slugs: Iterable[str], parties: str, looked_up: KeysBySlug
    ) -> Iterable[FilterValue]:
        for slug in slugs:
            if group in CODED:
                yield group, slug
            elif group == "source":
                yield group, int(slug)
            elif group in _LOOKED_UP:
                yield group, looked_up.get(group, {}).get(slug, 0)
            else:
                yield parties if group == "party" else group, self.keys[group].get(slug, 0)

    def filter_values(
        self, question: Question, group: str, slugs: Iterable[str]
    ) -> dict[str, FilterValue]:
        """Translate parties or sectors to filter values, by code or slug.

        Parties are those that take part directly where the question asks for that.
        """
        counted = "party directly" if group == "party" and question.direct else group
        return {slug: (counted, self.keys[group].get(slug, 0)) for slug in slugs}

    def by_slug(self, group: str, counts: Mapping[int | str, int]) -> dict[str, int]:
        """Translate the keys of counts to codes or slugs; keys not in the keymap are left out."""
        if group in CODED:
            return {str(value): count for value, count in counts.items()}
        slugs = self.slugs[group]
        return {slugs[int(key)]: count for key, count in counts.items() if int(key) in slugs}


def look_up_keys(question: Question) -> KeysBySlug:
    """Look up the keys of the people and texts that a question names."""
    return {
        group: dict(rows().filter(slug__in=slugs).order_by().values_list("slug", "pk"))
        for group, rows in _LOOKED_UP.items()
        if (slugs := question.values(group))
    }
