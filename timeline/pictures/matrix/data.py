"""The data of the matrix: parties against sectors or one another, with the events of each pair.

A cell counts the matching events that have its row's and its column's value. If the question asks
for any of several sectors, or any of several parties, the matrix shows only those: the link of a
cell replaces them with its own values, since no address can ask for both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from timeline.core.display import GroupBy, Sort
from timeline.core.folding import fold
from timeline.core.question import Question
from timeline.index.current import current
from timeline.index.interface import Counts
from timeline.jinja2 import short
from timeline.pictures.interface import AnsweredQuestion
from timeline.pictures.matrix import layout
from timeline.pictures.matrix.layout import AxisEntry, Pairs


@dataclass(frozen=True, slots=True)
class Axis:
    """The rows or the columns of the matrix: values of a group, with the names of all its values.

    ``total`` is the number of values that could be shown. ``only_chosen`` says that values are left
    out because others are chosen.
    """

    group: GroupBy
    entries: tuple[AxisEntry, ...]
    names: Mapping[str, str]
    total: int
    only_chosen: bool

    @property
    def values(self) -> list[str]:
        """The values shown, in order."""
        return [entry.value for entry in self.entries]


@dataclass(frozen=True, slots=True)
class MatrixData:
    """The axes of a question's matrix, and the number of events of each pair that has some.

    ``counted`` is the question whose events are counted and linked to: where both axes are parties,
    without those of which a party is only the addressee.
    """

    question: Question
    counted: Question
    address: str
    rows: Axis
    columns: Axis
    pairs: Pairs

    @property
    def mutual(self) -> bool:
        """Whether both axes are parties."""
        return self.columns.group == GroupBy.PARTY


def read(answered: AnsweredQuestion) -> MatrixData:
    """Load the axes of the matrix and count the events of their pairs."""
    question = _with_all_parties(answered.question.without_page())
    mutual = question.display.against == GroupBy.PARTY
    counted = replace(question, met=True) if mutual else question
    is_answered = counted == answered.question.without_page()
    answer = answered.answer if is_answered else current().answer(counted, today=answered.today)
    rows = _axis(GroupBy.PARTY, question, answer.options["party"], answered)
    columns = (
        rows if mutual else _axis(GroupBy.SECTOR, question, answer.options["sector"], answered)
    )
    pairs: Pairs = {}
    if rows.entries and columns.entries:
        axes = ((axis.group.value, axis.values) for axis in (rows, columns))
        pairs = current().pair_counts(counted, *axes)
    return MatrixData(question, counted, answered.address, rows, columns, pairs)


def _with_all_parties(question: Question) -> Question:
    """Ask for all parties instead of any if there are not two.

    Both ask for the same events, but the counts of options differ.
    """
    return replace(question, any_party=False) if len(question.parties) < 2 else question


def _axis(group: GroupBy, question: Question, counts: Counts, answered: AnsweredQuestion) -> Axis:
    chosen = question.values(group)
    only_chosen = bool(chosen) and (group == GroupBy.SECTOR or question.any_party)
    names = _names(group, answered)
    available = {value: count for value, count in counts.items() if count and value in names}
    if group == GroupBy.SECTOR:
        available = _sectors(available, chosen, answered)
    elif only_chosen:
        available = {value: count for value, count in available.items() if value in chosen}
    shown = layout.largest(available, chosen)
    entries = [AxisEntry(value, available.get(value, 0)) for value in shown]
    return Axis(
        group,
        tuple(_sorted(entries, names, question.display.sort)),
        names,
        len({*available, *chosen}),
        only_chosen,
    )


def _sectors(counts: Counts, chosen: Sequence[str], answered: AnsweredQuestion) -> dict[str, int]:
    """Keep the top sectors, or those chosen with the sectors within them."""
    branches = answered.vocabulary.offered.branches
    if not chosen:
        return {slug: count for slug, count in counts.items() if not branches[slug][1]}
    return {
        slug: count
        for slug, count in counts.items()
        if slug in chosen or branches[slug][0] in chosen
    }


def _names(group: GroupBy, answered: AnsweredQuestion) -> Mapping[str, str]:
    """Return the names of a group's values, short ones where there are."""
    if group == GroupBy.SECTOR:
        return answered.names["sector"]
    return {party.code: short(party) for party in answered.vocabulary.offered.parties}


def _sorted(entries: Sequence[AxisEntry], names: Mapping[str, str], sort: Sort) -> list[AxisEntry]:
    """Sort by name or by count; the layout sorts by similarity, starting from the counts."""

    def key(entry: AxisEntry) -> tuple[int, str, str]:
        return (0 if sort == Sort.NAME else -entry.total, fold(names[entry.value]), entry.value)

    return sorted(entries, key=key)
