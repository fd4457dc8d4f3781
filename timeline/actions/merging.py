"""Two records of one thing become one."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from timeline.actions import commitments, involvement, offices
from timeline.actions import events as event_actions
from timeline.actions.merged_rows import BEFORE_PEOPLE, FIRST, MERGED, MergeWriter, events_of, order
from timeline.actions.publication import was_public
from timeline.core.codes import NameKind
from timeline.fields import EDTFField
from timeline.models import (
    Attendance,
    Citation,
    Commitment,
    Event,
    FormerSlug,
    Involvement,
    Membership,
    Merge,
    Party,
    Person,
    Source,
    Succession,
)
from timeline.queries import linked_rows, merging
from timeline.queries.linked_rows import Model, values
from timeline.queries.merge_plan import MergePlan
from timeline.queries.merging import chosen_values
from timeline.queries.slugs import KINDS

Author = User | AnonymousUser


def merge(
    *,
    kept: Any,
    other: Any,
    choices: Mapping[str, str],
    by: Author | None = None,
    compared: str = "",
) -> Merge:
    """Merge one record into another, as was chosen; return what undoes it.

    ``choices`` has a choice for each collision and, where it is not what is proposed, for each
    column (``column-title_en``). ``compared`` is the digest of the plan that the editor saw. Raises
    ValidationError, and changes nothing, where a collision is open, where the two cannot be one, or
    where something has changed since.
    """
    with transaction.atomic():
        involvement.take_turns()
        kept, other = _locked(kept), _locked(other)
        plan = merging.plan(kept, other, choices)
        if compared and compared != merging.plan(kept, other).digest:
            raise ValidationError(
                _(
                    "Something that would move was changed meanwhile; nothing is merged. What you "
                    "chose is below: compare again."
                ),
                code="meanwhile",
            )
        _refuse_open(plan, choices)
        was_known = was_public(other)
        address = _address(other)
        record = Merge.objects.create(
            kind=str(kept._meta.model_name),
            kept=kept.pk,
            other=other.pk,
            kept_name=str(kept)[:300],
            other_name=str(other)[:300],
            address=address,
            made_by=by if isinstance(by, User) else None,
            moving=True,
        )
        writer = MergeWriter(record, MERGED)
        affected = events_of(kept, other)
        is_seen = any(isinstance(row, Commitment) and row.is_public for row in (kept, other))
        _write(plan, choices, writer)
        _keep_names(plan, choices, writer)
        if was_known:
            _keep_address(record, writer)
        affected |= events_of(kept, None)
        event_actions.refresh_derived(events=affected)
        _check(plan, choices, kept)
        _refuse_hidden(kept, is_seen=is_seen)
        writer.finish()
    return record


def _locked(record: Any) -> Any:
    row = type(record)._default_manager.select_for_update().filter(pk=record.pk).first()
    if row is None:
        raise ValidationError(
            _("“%(record)s” is no longer there: somebody merged or deleted it meanwhile."),
            code="gone",
            params={"record": record},
        )
    return row


def _refuse_open(plan: MergePlan, choices: Mapping[str, str]) -> None:
    if plan.obstacles:
        raise ValidationError(plan.obstacles, code="not_one_thing")
    if still_open := plan.open_collisions(choices):
        raise ValidationError(
            _("Nothing is merged yet: choose first what is kept of %(collisions)s."),
            code="open",
            params={"collisions": "; ".join(f"{one.label} ({one.about})" for one in still_open)},
        )


def _address(record: Any) -> str:
    kind = KINDS[str(record._meta.model_name)]
    return str(getattr(record, kind.column))


def _write(plan: MergePlan, choices: Mapping[str, str], writer: MergeWriter) -> None:
    kept, other = plan.kept, plan.other
    taken = chosen_values(plan, choices)
    differing = _of_records(plan, taken)
    # A source's address is there once: the other source goes before the one kept takes it.
    is_last = isinstance(kept, Source)
    if not is_last:
        writer.save(kept, taken)
    by_model: dict[Model, dict[int, dict[str, int]]] = defaultdict(dict)
    for (model, key), columns in plan.rows.items():
        by_model[model][key] = columns
    for model in FIRST:
        writer.update(by_model.pop(model, {}), model)
    differing += _join(plan, writer, by_model)
    people = by_model.pop(Attendance, {})
    for model in BEFORE_PEOPLE:
        writer.update(by_model.pop(model, {}), model)
    involvement.add_missing(events=events_of(kept, other))
    writer.update(people, Attendance)
    for model, rows in by_model.items():
        writer.update(rows, model)
    _mark_values(differing, writer)
    if isinstance(other, Event):
        Involvement.objects.filter(event=other).delete()
    elif isinstance(other, Party):
        Involvement.objects.filter(Q(party=other) | Q(via=other)).delete()
    _refuse_left(other)
    writer.delete(other)
    if is_last:
        writer.save(kept, taken)


def _join(
    plan: MergePlan,
    writer: MergeWriter,
    by_model: dict[Model, dict[int, dict[str, int]]],
) -> list["_Differing"]:
    """Take out the rows that are joined to others, after moving their children.

    Return the texts of the joined rows before and after.
    """
    gone = [*plan.joined, *((type(row), row.pk) for row in plan.taken_out)]
    kept = [*plan.replaced]
    rows = {row: row[0]._default_manager.get(pk=row[1]) for row in (*gone, *kept)}
    before = {row: (values(one), _cited(*row)) for row, one in rows.items()}
    for (model, key), into in plan.joined.items():
        for relation in linked_rows.relations(model):
            name, parts = relation.column.attname, {}
            rows_of = relation.model._default_manager.filter(**{name: key})
            for part in rows_of.values_list("pk", flat=True):
                if (relation.model, part) not in plan.joined:
                    # Attendances move later, once their parties take part.
                    is_later = relation.model is Attendance
                    also = {} if is_later else by_model[relation.model].pop(part, {})
                    parts[part] = {**also, name: into}
            writer.update(parts, relation.model)
    spells = [key for model, key in gone if model is Membership]
    Involvement.objects.filter(membership__in=spells).update(membership=None)
    for row in sorted(gone, key=lambda row: order(row[0]), reverse=True):
        if row not in plan.joined:
            _take_out_parts(rows[row], writer)
        writer.delete(rows[row])
    lead = {(type(plan.kept), plan.other.pk): plan.kept.pk, **plan.joined}
    for (model, key), source in plan.replaced.items():
        writer.save(rows[model, key], _replacing(rows[model, source], lead))
    differing = []
    for row, into in [*plan.joined.items(), *(((model, key), key) for model, key in kept)]:
        now = row[0]._default_manager.get(pk=into)
        differing.append(_Differing(row[0], *before[row], after=values(now)))
    return differing


def _replacing(row: Any, lead: Mapping[tuple[Model, int], int]) -> dict[str, Any]:
    """Return the values of a row that another one takes, with keys as they lead afterwards."""
    columns = {}
    for column in row._meta.concrete_fields:
        if column.editable and not column.primary_key and column.name not in linked_rows.IN_ORDER:
            value = getattr(row, column.attname)
            columns[column.attname] = lead.get((column.related_model, value), value)
    return columns


def _take_out_parts(row: Any, writer: MergeWriter) -> None:
    """Delete what is part of a row that is taken out, such as its sources."""
    for relation in linked_rows.relations(type(row)):
        for part in relation.model._default_manager.filter(**{relation.column.name: row}):
            _take_out_parts(part, writer)
            writer.delete(part)


def _refuse_left(other: Any) -> None:
    """Make sure that nothing points to a record that is about to go, which would go with it."""
    for relation in linked_rows.relations(type(other)):
        rows = relation.model._default_manager.filter(**{relation.column.name: other})
        if rows.exclude(pk=other.pk if relation.model is type(other) else None).exists():
            raise ValidationError(
                _("“%(record)s” is still named elsewhere; nothing was merged."),
                code="left",
                params={"record": other},
            )


def _keep_address(record: Merge, writer: MergeWriter) -> None:
    """Let the address of the record that goes, and its former ones, lead to the one kept."""
    rows = FormerSlug.objects.filter(kind=record.kind)
    former = rows.filter(object_id=record.other)
    writer.update({row.pk: {"object_id": record.kept} for row in former}, FormerSlug)
    if (row := rows.filter(slug=record.address).first()) is not None:
        writer.update({row.pk: {"object_id": record.kept}}, FormerSlug)
    else:
        slug = FormerSlug(kind=record.kind, slug=record.address, object_id=record.kept)
        writer.create(slug)


def _keep_names(plan: MergePlan, choices: Mapping[str, str], writer: MergeWriter) -> None:
    """Keep the names that are not chosen, so that search finds the record by them."""
    kept = type(plan.kept)._default_manager.get(pk=plan.kept.pk)
    if not isinstance(kept, Party | Person):
        return
    rows: Any = kept.names
    known = {row.name.casefold() for row in rows.all()}
    known |= {text.casefold() for text in merging.names_of(kept)}
    for name in merging.left_names(plan, choices):
        if name.text.casefold() not in known:
            row = rows.model(name=name.text, language=name.language, slip=name.is_slip)
            if isinstance(kept, Party):
                row.party, row.kind = kept, NameKind.SHORT.value
            else:
                row.person = kept
            writer.create(row)


# Values that a source gives and that are not kept


class _Differing(NamedTuple):
    """The texts of a row and of its replacement, with the citations that the row had."""

    model: Model
    before: Mapping[str, Any]
    citations: tuple[int, ...]
    after: Mapping[str, Any]


def _cited(model: Model, key: int) -> tuple[int, ...]:
    """Return the citations of a row."""
    names = [one.column.name for one in linked_rows.relations(model) if one.model is Citation]
    if model is Source or not names:
        return ()
    rows = Citation.objects.filter(**{names[0]: key})
    return tuple(rows.values_list("pk", flat=True))


def _of_records(plan: MergePlan, taken: Mapping[str, Any]) -> list[_Differing]:
    """Return what both records said, and what the one that is kept says afterwards."""
    model = type(plan.kept)
    now = {name: linked_rows.packed(value) for name, value in taken.items()}
    after = {**values(plan.kept), **now}
    return [
        _Differing(model, values(row), _cited(model, row.pk), after)
        for row in (plan.kept, plan.other)
    ]


def _mark_values(differing: Iterable[_Differing], writer: MergeWriter) -> None:
    """Keep with each citation the value that its source gives, where another one is kept."""
    marked = {}
    for one in differing:
        for citation in Citation.objects.filter(pk__in=one.citations, value_given=""):
            if text := _value_given(one, citation.field):
                marked[citation.pk] = {"value_given": text[:240]}
    writer.update(marked, Citation)


def _value_given(one: _Differing, name: str) -> str:
    column = {column.name: column for column in one.model._meta.concrete_fields}.get(name)
    if column is None or one.before.get(name) in (None, "") or one.before[name] == one.after[name]:
        return ""
    if column.choices:
        return str(dict(column.flatchoices).get(one.before[name], one.before[name]))
    is_number = isinstance(column, models.IntegerField | models.FloatField)
    return str(one.before[name]) if isinstance(column, EDTFField) or is_number else ""


# What must hold afterwards


def _check(plan: MergePlan, choices: Mapping[str, str], kept: Any) -> None:
    """Raise ValidationError where what moved does not fit the record that is kept."""
    kept = type(kept)._default_manager.get(pk=kept.pk)
    if chosen_values(plan, choices):
        kept.clean()
        kept.validate_constraints()
    moved = {*plan.rows, *plan.replaced}
    for model in (Membership, Succession):
        for row in model._default_manager.filter(pk__in=[k for m, k in moved if m is model]):
            row.clean()
    if isinstance(kept, Event):
        event_actions.refuse_after_promises(event=kept, date=kept.date)
        offices.refuse_at_event(event=kept)
    if isinstance(kept, Person):
        offices.refuse_of_person(person=kept)
    if isinstance(kept, Commitment):
        kept.clean()
        commitments.check_roles(commitment=kept)
        commitments.settle_mutual(commitment=kept, by_editor=True)
        commitments.check_steps(commitment=kept)


def _refuse_hidden(kept: Any, *, is_seen: bool) -> None:
    """Refuse that a commitment which readers see is left with an event that they do not."""
    if is_seen and not type(kept)._default_manager.get(pk=kept.pk).is_public:
        raise ValidationError(
            _(
                "Readers see “%(record)s”, and would not see the event that is chosen for it: "
                "choose the event that they see."
            ),
            code="hidden",
            params={"record": kept},
        )
