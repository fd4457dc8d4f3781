"""The children of two records that are merged: which move, which are joined, which collide."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, Final

from django.db import models
from django.utils.functional import Promise
from django.utils.text import Truncator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from timeline.core.folding import fold
from timeline.models import (
    Citation,
    EventPlace,
    InstrumentStep,
    Membership,
    Office,
    Statement,
    Succession,
)
from timeline.queries.linked_rows import (
    IN_ORDER,
    LINK_ROWS,
    MOVED,
    Model,
    ReverseRelation,
    is_chosen,
    relations,
    value_text,
    values,
    wording,
)
from timeline.queries.merge_plan import Choice, Collision, MergePlan, MovedRows

_LINKED_TO_ANOTHER: Final[Mapping[Model, tuple[str, str, Promise]]] = {
    Membership: ("party", "bloc", _("It would belong to itself.")),
    Succession: ("party", "predecessor", _("It would succeed itself.")),
}
"""Rows whose two foreign keys may not lead to one record."""

_MAY_BE_TWICE: Final = frozenset({Citation, Statement, InstrumentStep, Office})
"""Models of which the database would keep two rows that say the same."""

LISTED: Final = 12
"""Rows that are listed of what moves along one foreign key; the others are counted."""


class MergedChildren:
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


def _spell(row: Membership) -> str:
    ends = row.ends.text if row.ends is not None else "…"
    return f"{row.starts.text} – {ends} ({row.get_standing_display()})"
