"""The words of a question turned into what an index counts, and its counts back into words."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from timeline.core.filters import CODED
from timeline.core.question import Question
from timeline.index.asked import Conditions
from timeline.index.segment import Value
from timeline.models import Framework, Party, Person, Place, Sector

_NAMED: Final[Mapping[str, type[Person | Place]]] = {"person": Person, "place": Place}
"""Groups whose values are too many to be kept; those of a question are looked up."""

Keys = Mapping[str, Mapping[str, int]]
"""Keys by group and slug."""


@dataclass(frozen=True, slots=True)
class Keymap:
    """Codes and slugs by the keys of parties, sectors and frameworks that readers may see."""

    words: Mapping[str, Mapping[int, str]]
    keys: Mapping[str, Mapping[str, int]]

    @classmethod
    def read(cls) -> "Keymap":
        """Read them from the record."""
        words: dict[str, dict[int, str]] = {
            "party": dict(Party.objects.order_by().values_list("pk", "code")),
            "sector": dict(Sector.objects.order_by().values_list("pk", "slug")),
            "framework": dict(Framework.objects.published().order_by().values_list("pk", "slug")),
        }
        return cls(
            words,
            {group: {word: key for key, word in told.items()} for group, told in words.items()},
        )

    def conditions(self, question: Question, named: Keys) -> Conditions:
        """A question in the terms of an index; ``named`` gives the keys of what only it names."""
        parties = "party directly" if question.direct else "party"
        values: dict[str, tuple[Value, ...]] = {}
        for group in question.REPEATABLE:
            if chosen := question.values(group):
                values[group] = tuple(self._values(group, chosen, parties, named))
        return Conditions(
            values=values,
            any_party=question.any_party,
            parties=parties,
            period=question.period,
            certain=question.certain,
            terms=question.terms.terms,
            order=question.order,
        )

    def _values(
        self, group: str, chosen: Iterable[str], parties: str, named: Keys
    ) -> Iterable[Value]:
        for word in chosen:
            if group in CODED:
                yield group, word
            elif group == "source":
                yield group, int(word)
            elif group in _NAMED:
                yield group, named.get(group, {}).get(word, 0)
            else:
                yield parties if group == "party" else group, self.keys[group].get(word, 0)

    def chosen(self, question: Question, group: str, words: Iterable[str]) -> dict[str, Value]:
        """Some values of the parties or sectors as an index knows them, for a question."""
        held = "party directly" if group == "party" and question.direct else group
        return {word: (held, self.keys[group].get(word, 0)) for word in words}

    def told(self, group: str, counts: Mapping[int | str, int]) -> dict[str, int]:
        """Counts by code or slug; what readers may not see is left out."""
        if group in CODED:
            return {str(value): count for value, count in counts.items()}
        words = self.words[group]
        return {words[int(key)]: count for key, count in counts.items() if int(key) in words}


def looked_up(question: Question) -> Keys:
    """The keys of the people and places that a question names."""
    return {
        group: dict(model.objects.filter(slug__in=chosen).order_by().values_list("slug", "pk"))
        for group, model in _NAMED.items()
        if (chosen := question.values(group))
    }
