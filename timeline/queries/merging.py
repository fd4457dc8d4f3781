"""What merging two records of one thing would do: what moves, what differs, what collides.

A child of the record that goes away is *moved*: its key then points to the record that is kept.
Where the record that is kept has the same child already, both are *joined*: the values of one are
kept, and the children of the other (its sources, …) move to it, by the same rules.
"""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, NamedTuple

from django.db import models
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from timeline.core.codes import Publication
from timeline.core.family_names import is_part
from timeline.core.folding import fold
from timeline.models import (
    Citation,
    Commitment,
    Event,
    EventPlace,
    Framework,
    InstrumentStep,
    Membership,
    Office,
    Party,
    Person,
    Side,
    Statement,
    Succession,
)
from timeline.queries.linked_rows import (
    IN_ORDER,
    LINK_ROWS,
    MOVED,
    NOUNS,
    Model,
    ReverseRelation,
    is_chosen,
    packed,
    relations,
    value_text,
    values,
    wording,
)
from timeline.queries.slugs import KINDS

_LINKED_TO_ANOTHER: Final[Mapping[Model, tuple[str, str, Promise]]] = {
    Membership: ("party", "bloc", _("It would belong to itself.")),
    Succession: ("party", "predecessor", _("It would succeed itself.")),
}
"""Rows whose two foreign keys may not lead to one record."""

_MAY_BE_TWICE: Final = frozenset({Citation, Statement, InstrumentStep, Office})
"""Models of which the database would keep two rows that say the same."""

_NAMES: Final[Mapping[Model, tuple[str, ...]]] = {
    Party: ("name_fr", "name_en", "short_fr", "short_en"),
    Person: ("name_fr", "name_en"),
}
"""The columns with the names of nouns that may have others beside them."""

LISTED: Final = 12
"""Rows that are listed of what moves along one foreign key; the others are counted."""


class Choice(StrEnum):
    """What an editor decides of a column or of two children that collide."""

    KEPT = "kept"
    OTHER = "other"
    BOTH = "both"
    OUT = "out"
    SLIP = "slip"


class DifferingColumn(NamedTuple):
    """A column in which two records differ, with both values in words."""

    name: str
    label: str
    kept: str
    other: str
    default: Choice
    is_name: bool = False
    """Whether the value that is not chosen can be kept as another name."""


class LeftName(NamedTuple):
    """A name that is not chosen and is kept beside the others, as one or as a slip."""

    text: str
    language: str
    is_slip: bool


class MovedRows(NamedTuple):
    """What moves along one foreign key: the first rows in words, and how many there are."""

    label: str
    rows: tuple[str, ...]
    total: int


@dataclass(frozen=True)
class Collision:
    """Children that cannot stand beside each other, or that say the same.

    ``options`` has the choices with what each keeps, ``default`` the one that loses nothing.
    Without options there is nothing to decide.
    """

    key: str
    label: str
    about: str
    kept: tuple[Any, ...]
    other: tuple[Any, ...]
    options: Mapping[Choice, str]
    default: Choice | None


@dataclass
class MergePlan:
    """What a merge would do; ``obstacles`` are the sentences for why it cannot be done."""

    kept: Any
    other: Any
    columns: list[DifferingColumn] = field(default_factory=list)
    moves: list[MovedRows] = field(default_factory=list)
    collisions: list[Collision] = field(default_factory=list)
    obstacles: list[str] = field(default_factory=list)
    cleared: list[str] = field(default_factory=list)
    """Foreign keys of the record kept that would lead to itself."""
    joined: dict[tuple[Model, int], int] = field(default_factory=dict)
    """Rows that go, each with the row that takes its place."""
    replaced: dict[tuple[Model, int], int] = field(default_factory=dict)
    """Rows that stay, each with the row that goes and whose values it takes."""
    taken_out: list[Any] = field(default_factory=list)
    """Rows that would link the record kept to itself."""
    rows: dict[tuple[Model, int], dict[str, int]] = field(default_factory=dict)
    """Rows that move, each with the columns that then have another value."""
    digest: str = ""

    def open_collisions(self, choices: Mapping[str, str]) -> list[Collision]:
        """Return the collisions of which nothing valid is chosen."""
        return [
            collision
            for collision in self.collisions
            if collision.options and choices.get(collision.key) not in collision.options
        ]


def plan(kept: Any, other: Any, choices: Mapping[str, str] | None = None) -> MergePlan:
    """Work out what merging one record into another would do.

    ``choices`` says what is to be done about collisions, by their keys. Where it says nothing, the
    plan is of what is proposed.
    """
    result = MergePlan(kept, other)
    result.obstacles = _obstacles(kept, other)
    if result.obstacles:
        return result
    result.columns = _columns(kept, other)
    _Children(result, choices or {}).find()
    result.obstacles += _one_sided(result)
    return result


# Columns


def chosen_values(plan: MergePlan, choices: Mapping[str, str]) -> dict[str, Any]:
    """Return the values, by attribute, that the record kept takes from the other one."""
    fields = {column.name: column for column in plan.kept._meta.concrete_fields}
    taken = {fields[name].attname: None for name in plan.cleared}
    for column in plan.columns:
        if choices.get(f"column-{column.name}", column.default) == Choice.OTHER:
            field = fields[column.name]
            to_itself = _own_value(plan.other, field, (plan.kept, plan.other)) is None
            taken[field.attname] = None if to_itself else getattr(plan.other, field.attname)
    if isinstance(plan.kept, Commitment):
        _fit(plan, taken)
    if isinstance(plan.kept, Person):
        _fit_family_names(plan, taken)
    return taken


def names_of(record: Any) -> list[str]:
    """Return the names in a record's own columns."""
    return [text for column in _NAMES[type(record)] if (text := getattr(record, column))]


def left_names(plan: MergePlan, choices: Mapping[str, str]) -> list[LeftName]:
    """Return the names of both records that are not chosen and that no choice leaves out.

    A choice is called as the column, such as ``left-name_fr``.
    """
    left: dict[str, LeftName] = {}
    for column in plan.columns:
        choice = choices.get(f"left-{column.name}", Choice.BOTH)
        if not column.is_name or choice == Choice.OUT:
            continue
        is_other = choices.get(f"column-{column.name}", column.default) == Choice.OTHER
        text = getattr(plan.kept if is_other else plan.other, column.name)
        if text:
            language = column.name.rpartition("_")[2]
            left.setdefault(text.casefold(), LeftName(text, language, choice == Choice.SLIP))
    return [*left.values()]


def _fit(plan: MergePlan, taken: dict[str, Any]) -> None:
    """Let what is said of a foreign key of a commitment go with it."""
    for key, said in (("restates_id", "restatement"), ("instrument_id", "article")):
        if taken.get(key, getattr(plan.kept, key)) is None:
            taken[said] = ""
        elif key == "restates_id" and not taken.get(said, getattr(plan.kept, said)):
            taken[said] = plan.kept.restatement or plan.other.restatement


def _fit_family_names(plan: MergePlan, taken: dict[str, Any]) -> None:
    """Let a family name that is no part of the chosen name give way to the one beside that name."""
    said = {**vars(plan.kept), **taken}
    for name, family in (("name_fr", "family_fr"), ("name_en", "family_en")):
        if not is_part(said[family], said[name]):
            taken[family] = getattr(plan.other if name in taken else plan.kept, family)


def _columns(kept: Any, other: Any) -> list[DifferingColumn]:
    columns = []
    for column in kept._meta.concrete_fields:
        if not is_chosen(column) or (column.name == "kind" and isinstance(kept, Party)):
            continue
        mine, theirs = (_own_value(row, column, (kept, other)) for row in (kept, other))
        if mine == theirs:
            continue
        is_empty = mine in (None, "")
        columns.append(
            DifferingColumn(
                column.name,
                str(column.verbose_name),
                value_text(kept, column) if not is_empty else "",
                value_text(other, column) if theirs not in (None, "") else "",
                Choice.OTHER if is_empty else Choice.KEPT,
                column.name in _NAMES.get(type(kept), ()),
            )
        )
    return columns


def _own_value(row: Any, column: Any, both: tuple[Any, Any]) -> Any:
    """Return the value of a column; a key that leads to one of the two records counts as none."""
    value = packed(getattr(row, column.attname))
    if column.related_model is type(row) and value in {record.pk for record in both}:
        return None
    return value


# What forbids it


def _obstacles(kept: Any, other: Any) -> list[str]:
    if type(kept) is not type(other) or str(kept._meta.model_name) not in NOUNS:
        return [gettext("Only two records of one kind can be merged.")]
    if kept.pk == other.pk:
        return [gettext("This is one record: choose another one to merge with it.")]
    names = {"kept": kept, "other": other}
    if isinstance(kept, Party) and kept.kind != other.kind:
        kinds = {"kept_kind": kept.get_kind_display(), "other_kind": other.get_kind_display()}
        return [
            gettext(
                "“%(other)s” is of the kind “%(other_kind)s” and “%(kept)s” of the kind "
                "“%(kept_kind)s”: they are not one thing. If one of the kinds is wrong, correct it "
                "first."
            )
            % {**names, **kinds}
        ]
    if isinstance(kept, Commitment) and kept.nature != other.nature:
        return [
            gettext(
                "One of “%(kept)s” and “%(other)s” is an undertaking and the other a request: they "
                "are not one thing. If one of them is wrong, correct it first."
            )
            % names
        ]
    if isinstance(kept, Event | Commitment):
        known = (Publication.PUBLISHED, Publication.WITHDRAWN)
        if other.publication == Publication.PUBLISHED and not kept.is_public:
            sentence = gettext(
                "Readers see “%(other)s” and not “%(kept)s”: keep the one that they see."
            )
            return [sentence % names]
        if other.publication in known and kept.publication not in known:
            sentence = gettext(
                "“%(other)s” was published, and “%(kept)s” never was: keep the one whose address "
                "readers know."
            )
            return [sentence % names]
    return []


def _one_sided(result: MergePlan) -> list[str]:
    """Name the frameworks that would be left with fewer than two sides."""
    gone = [key for model, key in result.joined if model is Side]
    frameworks = Framework.objects.filter(sides__in=gone).distinct()
    return [
        gettext(
            "Both are sides of “%(framework)s”, which would be left with one side. Correct its "
            "sides first."
        )
        % {"framework": framework}
        for framework in frameworks
        if framework.sides.exclude(pk__in=gone).count() < 2
    ]


# Children


class _Children:
    """Finds the children of the record that goes away, and theirs where two are joined."""

    def __init__(self, result: MergePlan, choices: Mapping[str, str]) -> None:
        self.plan, self.choices = result, choices
        self.keys = {(type(result.kept), result.other.pk): result.kept.pk}
        """The keys that lead elsewhere afterwards."""
        self.collisions: dict[str, Collision] = {}
        self.read: list[tuple[str, int, Any]] = []
        self.last: dict[tuple[Model, int, str], int] = {}

    def find(self) -> None:
        """Fill in the plan."""
        result = self.plan
        waiting = [(type(result.kept), result.kept, result.other)]
        seen = set()
        while waiting:
            model, kept, other = waiting.pop(0)
            for relation in relations(model):
                rows = self._rows(relation, other)
                if model is type(result.kept):
                    self._list(relation, rows)
                for found in self._collisions(relation, kept, other, rows):
                    if found.key in self.collisions:
                        continue
                    self.collisions[found.key] = found
                    for pair in self._resolve(found):
                        if (pair[0], pair[2].pk) not in seen:
                            seen.add((pair[0], pair[2].pk))
                            waiting.append(pair)
                self._move(relation, rows)
        for row in (*result.joined, *((type(row), row.pk) for row in result.taken_out)):
            result.rows.pop(row, None)
        self._clear()
        result.collisions = list(self.collisions.values())
        both = [("", 0, values(result.kept)), ("", 0, values(result.other))]
        text = json.dumps([*both, *sorted(self.read, key=lambda row: row[:2])], sort_keys=True)
        result.digest = hashlib.sha256(text.encode()).hexdigest()

    def _rows(self, relation: ReverseRelation, of: Any) -> list[Any]:
        keys = [
            column.name
            for column in relation.model._meta.concrete_fields
            if column.is_relation and (relation.model in LINK_ROWS)
        ]
        rows = relation.model._default_manager.filter(**{relation.column.name: of})
        found = list(rows.select_related(*keys).order_by("pk"))
        self.read += [(str(relation.model._meta.model_name), row.pk, values(row)) for row in found]
        return found

    def _list(self, relation: ReverseRelation, rows: list[Any]) -> None:
        if rows:
            said = tuple(wording(row, without=(self.plan.other,)) for row in rows[:LISTED])
            self.plan.moves.append(MovedRows(str(MOVED[relation.name]), said, len(rows)))

    def _mapped(self, row: Any) -> dict[str, Any]:
        """Return the columns of a row, with the keys to which they lead afterwards."""
        mapped = values(row)
        for column in row._meta.concrete_fields:
            if column.is_relation and not column.primary_key:
                value = getattr(row, column.attname)
                mapped[column.attname] = self.keys.get((column.related_model, value), value)
        return mapped

    def _says(self, row: Any) -> tuple[Any, ...]:
        """Return all that a row says, without its place in an order."""
        mapped = self._mapped(row)
        return tuple(
            mapped[column.attname]
            for column in row._meta.concrete_fields
            if column.attname in mapped
            and not column.primary_key
            and column.editable
            and column.name not in IN_ORDER
        )

    def _move(self, relation: ReverseRelation, rows: list[Any]) -> None:
        gone = {(type(row), row.pk) for row in self.plan.taken_out} | {*self.plan.joined}
        record = self.plan.kept
        for row in rows:
            itself = type(row) is type(record) and row.pk in (record.pk, self.plan.other.pk)
            if itself or (relation.model, row.pk) in gone:
                continue
            new = self.keys[relation.column.related_model, getattr(row, relation.column.attname)]
            changed = self.plan.rows.setdefault((relation.model, row.pk), {})
            changed[relation.column.attname] = new
            for name in IN_ORDER:
                self._put_last(relation, row, new, name, changed)

    def _put_last(
        self, relation: ReverseRelation, row: Any, new: int, name: str, changed: dict[str, int]
    ) -> None:
        """Give a row the next place in an order of which each place is there once."""
        column = relation.column
        once = any(
            isinstance(constraint, models.UniqueConstraint)
            and {*constraint.fields} >= {column.name, name}
            for constraint in relation.model._meta.constraints
        )
        if once:
            key = (relation.model, new, name)
            if key not in self.last:
                rows = relation.model._default_manager.filter(**{column.name: new})
                self.last[key] = rows.aggregate(last=models.Max(name))["last"] or 0
            self.last[key] = max(self.last[key] + 1, getattr(row, name))
            if self.last[key] != getattr(row, name):
                changed[name] = self.last[key]

    def _clear(self) -> None:
        """Empty the keys of the record kept that would lead to itself."""
        kept, other = self.plan.kept, self.plan.other
        for column in kept._meta.concrete_fields:
            if column.related_model is type(kept) and is_chosen(column):
                itself = [
                    row
                    for row, to in ((kept, other), (other, kept))
                    if getattr(row, column.attname) == to.pk
                ]
                if not itself:
                    continue
                if kept in itself:
                    self.plan.cleared.append(column.name)
                key = f"itself-{column.name}"
                about = gettext("“%(field)s” would lead from it to itself.")
                self.collisions[key] = Collision(
                    key,
                    str(column.verbose_name),
                    about % {"field": column.verbose_name},
                    (),
                    (),
                    {Choice.OUT: gettext("Take it out")},
                    None,
                )

    # Collisions

    def _collisions(
        self, relation: ReverseRelation, kept: Any, other: Any, rows: list[Any]
    ) -> Iterator[Collision]:
        model = relation.model
        rest = []
        for row in rows:
            if self._links_to_itself(row):
                yield self._itself(row)
            elif (model, row.pk) not in self.plan.joined:
                rest.append(row)
        if not rest:
            return
        beside = [
            row
            for row in self._rows(relation, kept)
            if not self._links_to_itself(row) and (model, row.pk) not in self.plan.joined
        ]
        if model is Membership and relation.column.name in ("party", "bloc"):
            yield from self._overlaps(beside, rest)
            return
        for mine, theirs, is_forbidden in self._twins(relation, beside, rest):
            yield self._twice(mine, theirs, is_forbidden=is_forbidden)

    def _links_to_itself(self, row: Any) -> bool:
        if type(row) not in _LINKED_TO_ANOTHER:
            return False
        first, second, _sentence = _LINKED_TO_ANOTHER[type(row)]
        mapped = self._mapped(row)
        return bool(mapped[f"{first}_id"] == mapped[f"{second}_id"])

    def _itself(self, row: Any) -> Collision:
        _first, _second, sentence = _LINKED_TO_ANOTHER[type(row)]
        return Collision(
            f"{row._meta.model_name}-{row.pk}",
            str(row._meta.verbose_name),
            f"{wording(row)}: {sentence}",
            (),
            (row,),
            {Choice.OUT: gettext("Take it out, with its sources")},
            None,
        )

    def _twins(
        self, relation: ReverseRelation, beside: list[Any], rest: list[Any]
    ) -> Iterator[tuple[Any, Any, bool]]:
        """Yield the rows of both records that are one, and whether the database forbids both."""
        for identity in _identities(relation):
            theirs = {identity(self._mapped(row)): row for row in reversed(beside)}
            found = [(theirs.get(identity(self._mapped(row))), row) for row in rest]
            for mine, row in found:
                if mine is not None and mine.pk != row.pk:
                    yield mine, row, True
                    rest = [one for one in rest if one.pk != row.pk]
        is_step = relation.name == "statusupdate.commitment"
        if relation.model not in _MAY_BE_TWICE and not is_step:
            return
        unpaired = list(beside)
        for row in rest:
            says, is_office = self._says(row), isinstance(row, Office)
            same = [mine for mine in unpaired if mine.pk != row.pk and self._says(mine) == says]
            if not same and is_office and relation.column.name == "person":
                same = [mine for mine in unpaired if _one_office(mine, row)]
            if same:
                unpaired.remove(same[0])
                yield same[0], row, False

    def _twice(self, mine: Any, theirs: Any, *, is_forbidden: bool) -> Collision:
        alike = self._says(mine) == self._says(theirs)
        shown = (self.plan.kept, self.plan.other)
        texts = wording(mine, without=shown), wording(theirs, without=shown)
        if alike:
            options = {Choice.KEPT: gettext("Join them: they say the same")}
        else:
            options = {
                Choice.KEPT: gettext("Keep %(text)s") % {"text": self._detailed(mine, theirs)},
                Choice.OTHER: gettext("Keep %(text)s") % {"text": self._detailed(theirs, mine)},
            }
        if not is_forbidden:
            options[Choice.BOTH] = gettext("Keep both")
        return Collision(
            f"{mine._meta.model_name}-{mine.pk}-{theirs.pk}",
            str(mine._meta.verbose_name),
            texts[0] if alike or texts[0] == texts[1] else " / ".join(texts),
            (mine,),
            (theirs,),
            {} if alike and is_forbidden else options,
            Choice.KEPT if alike else None,
        )

    def _detailed(self, row: Any, than: Any) -> str:
        """Say in what a row differs from another, apart from the records that are one."""
        mine, theirs = self._mapped(row), self._mapped(than)
        said = [
            {"field": column.verbose_name, "value": Truncator(value_text(row, column)).chars(80)}
            for column in row._meta.concrete_fields
            if column.editable
            and not column.primary_key
            and column.name not in IN_ORDER
            and mine.get(column.attname) != theirs.get(column.attname)
        ]
        return "; ".join(
            gettext("%(field)s: %(value)s") % {**one, "value": one["value"] or "–"} for one in said
        )

    def _overlaps(self, beside: list[Any], rest: list[Any]) -> Iterator[Collision]:
        """Yield the spells of one pair that overlap; those that hang together are one collision."""
        pairs: dict[tuple[int, int], tuple[list[Any], list[Any]]] = defaultdict(lambda: ([], []))
        for number, rows in enumerate((beside, rest)):
            for row in rows:
                mapped = self._mapped(row)
                pairs[mapped["party_id"], mapped["bloc_id"]][number].append(row)
        for mine, theirs in pairs.values():
            yield from map(self._overlap, _components(mine, theirs))

    def _overlap(self, component: tuple[list[Any], list[Any]]) -> Collision:
        mine, theirs = component
        default, words = None, gettext("Keep %(spells)s")
        if _inside(theirs, mine):
            default = Choice.KEPT
        elif _inside(mine, theirs):
            default = Choice.OTHER
        join = gettext("Join them as %(spells)s, in which the other lies")
        options = {}
        for choice, rows in ((Choice.KEPT, mine), (Choice.OTHER, theirs)):
            spells = "; ".join(_spell(row) for row in rows)
            options[choice] = (join if choice == default else words) % {"spells": spells}
        return Collision(
            f"membership-{mine[0].pk}-{theirs[0].pk}",
            str(mine[0]._meta.verbose_name),
            gettext("%(membership)s: these spells overlap.")
            % {"membership": f"{theirs[0].party} – {theirs[0].bloc}"},
            tuple(mine),
            tuple(theirs),
            options,
            default,
        )

    def _resolve(self, found: Collision) -> list[tuple[Model, Any, Any]]:
        """Note what becomes of the rows; return those joined, of which the children move."""
        model = type((found.kept or found.other)[0])
        choice = self.choices.get(found.key, found.default or Choice.KEPT)
        if not found.kept:
            self.plan.taken_out += found.other
            return []
        if choice == Choice.BOTH:
            return []
        into = found.kept[0]
        if choice == Choice.OTHER and found.options:
            pairs = list(zip(found.kept, found.other, strict=False))
            self.plan.replaced.update({(model, mine.pk): row.pk for mine, row in pairs})
            joined = [
                *pairs,
                *((into, extra) for extra in found.kept[len(pairs) :]),
            ]
        else:
            joined = [(into, row) for row in found.other]
        for mine, row in joined:
            self.plan.joined[model, row.pk] = mine.pk
            self.keys[model, row.pk] = mine.pk
        return [(model, mine, row) for mine, row in joined]


def _identities(relation: ReverseRelation) -> list[Any]:
    """Return functions of a row's columns that have one value for rows that cannot be twice."""
    model, column = relation
    if model is EventPlace:
        return [
            lambda row: tuple(
                row[name] for name in ("event_id", "place_id", "days", "venue_fr", "venue_en")
            )
        ]
    unique = [
        tuple(model._meta.get_field(name).attname for name in constraint.fields)
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint)
        and column.name in constraint.fields
        and IN_ORDER.isdisjoint(constraint.fields)
    ]
    return [lambda row, names=names: tuple(row[name] for name in names) for names in unique]


def _one_office(mine: Office, theirs: Office) -> bool:
    """Whether two offices have one title, of one party, and days in common."""
    titles = ({fold(row.title_fr), fold(row.title_en)} - {""} for row in (mine, theirs))
    return (
        mine.party_id == theirs.party_id
        and not set.isdisjoint(*titles)
        and mine.span.surely_overlaps(theirs.span)
    )


def _components(mine: list[Any], theirs: list[Any]) -> list[tuple[list[Any], list[Any]]]:
    """Group the spells that overlap, directly or through others."""
    groups: list[tuple[list[Any], list[Any]]] = []
    for row in theirs:
        touched = [one for one in mine if one.span.surely_overlaps(row.span)]
        if not touched:
            continue
        with_them = [group for group in groups if any(one in group[0] for one in touched)]
        kept = {one.pk: one for group in with_them for one in group[0]}
        kept.update({one.pk: one for one in touched})
        other = [one for group in with_them for one in group[1]]
        groups = [group for group in groups if group not in with_them]
        groups.append((sorted(kept.values(), key=lambda one: one.starts_earliest), [*other, row]))
    return groups


def _inside(inner: list[Any], outer: list[Any]) -> bool:
    """Whether spells lie wholly in a single one, with the same standing."""
    if len(outer) != 1:
        return False
    (wide,) = outer
    return all(
        row.standing == wide.standing
        and wide.starts.earliest <= row.starts.earliest
        and (wide.ends is None or (row.ends is not None and row.ends.latest <= wide.ends.latest))
        for row in inner
    )


# In words


def _spell(row: Membership) -> str:
    ends = row.ends.text if row.ends is not None else "…"
    return f"{row.starts.text} – {ends} ({row.get_standing_display()})"


def default_kept(first: Any, second: Any) -> tuple[Any, Any]:
    """Return two records, first the one that is rather kept: what readers know, then the older."""
    order = sorted((first, second), key=lambda row: row.pk)
    known = [row for row in order if KINDS[row._meta.model_name].rows().filter(pk=row.pk).exists()]
    kept = known[0] if known else order[0]
    return kept, next(row for row in order if row.pk != kept.pk)
