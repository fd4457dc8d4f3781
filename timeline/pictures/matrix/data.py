"""What the matrix shows: parties against sectors or one another, and how many events each pair has.

A cell counts the events found that bear its row and its column, and no address asks for more than
one kind of 'any of' at once. So where any of some sectors, or any of some parties, will do, only
those stand in the matrix: each cell is then asked for by its own values in the place of theirs.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from timeline.core.display import GroupBy, Sort
from timeline.core.folding import fold
from timeline.core.question import Question
from timeline.index.current import current
from timeline.index.interface import Answer, Counts
from timeline.pictures.interface import Answered
from timeline.pictures.matrix import layout
from timeline.pictures.matrix.layout import Line, Pairs


@dataclass(frozen=True, slots=True)
class Side:
    """The rows, or the columns: of which group, those shown with their names, and out of how many.

    ``only`` says that of those on record others are left out because some are chosen.
    """

    group: GroupBy
    lines: tuple[Line, ...]
    names: Mapping[str, str]
    of: int
    only: bool

    @property
    def values(self) -> list[str]:
        """The values of its lines, in their order."""
        return [line.value for line in self.lines]


@dataclass(frozen=True, slots=True)
class MatrixData:
    """The rows and columns of a question's matrix, and the events of each pair that has some.

    ``counted`` is the question whose events are counted and linked to: where parties stand against
    one another, without those of which a party is only the addressee.
    """

    question: Question
    counted: Question
    address: str
    rows: Side
    columns: Side
    pairs: Pairs

    @property
    def mutual(self) -> bool:
        """Whether parties stand against one another."""
        return self.columns.group == GroupBy.PARTY


def read(answered: Answered) -> MatrixData:
    """Read the sides of the matrix and count the events of their pairs."""
    question, answer = _plain(answered)
    mutual = question.display.against == GroupBy.PARTY
    counted = replace(question, met=True) if mutual else question
    if counted != question:
        answer = current().answer(counted, today=answered.today)
    rows = _side(GroupBy.PARTY, question, answer.options["party"], answered)
    columns = (
        rows if mutual else _side(GroupBy.SECTOR, question, answer.options["sector"], answered)
    )
    pairs: Pairs = {}
    if rows.lines and columns.lines:
        sides = ((side.group.value, side.values) for side in (rows, columns))
        pairs = current().pair_counts(counted, *sides)
    return MatrixData(question, counted, answered.address, rows, columns, pairs)


def _plain(answered: Answered) -> tuple[Question, Answer]:
    """The question with its answer; any of one party, or of none, is all of them."""
    question = answered.question.without_page()
    if not question.any_party or len(question.parties) > 1:
        return question, answered.answer
    plain = replace(question, any_party=False)
    answer = answered.answer if not plain.parties else current().answer(plain, today=answered.today)
    return plain, answer


def _side(group: GroupBy, question: Question, counts: Counts, answered: Answered) -> Side:
    chosen = question.values(group)
    only = bool(chosen) and (group == GroupBy.SECTOR or question.any_party)
    names = _names(group, answered)
    there = {value: count for value, count in counts.items() if count and value in names}
    if group == GroupBy.SECTOR:
        there = _sectors(there, chosen, answered)
    elif only:
        there = {value: count for value, count in there.items() if value in chosen}
    shown = layout.largest(there, chosen)
    lines = [Line(value, there.get(value, 0)) for value in shown]
    return Side(
        group,
        tuple(_sorted(lines, names, question.display.sort)),
        names,
        len({*there, *chosen}),
        only,
    )


def _sectors(there: Counts, chosen: Sequence[str], answered: Answered) -> dict[str, int]:
    """The top sectors, or those that are chosen and what lies within them."""
    branches = answered.vocabulary.offered.branches
    if not chosen:
        return {slug: count for slug, count in there.items() if not branches[slug][1]}
    return {
        slug: count
        for slug, count in there.items()
        if slug in chosen or branches[slug][0] in chosen
    }


def _names(group: GroupBy, answered: Answered) -> Mapping[str, str]:
    """What values are called where room is short."""
    if group == GroupBy.SECTOR:
        return answered.names["sector"]
    return {
        party.code: str(party.short) or str(party.name)
        for party in answered.vocabulary.offered.parties
    }


def _sorted(lines: Sequence[Line], names: Mapping[str, str], sort: Sort) -> list[Line]:
    """By count or by name; what is to be sorted by likeness comes by count to begin with."""

    def key(line: Line) -> tuple[int, str, str]:
        return (0 if sort == Sort.NAME else -line.total, fold(names[line.value]), line.value)

    return sorted(lines, key=key)
