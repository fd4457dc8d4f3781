"""Two records that were merged are two again, while nothing that moved has changed since."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from django.apps import apps
from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from timeline.actions import events as event_actions
from timeline.actions import involvement
from timeline.actions.merged_rows import (
    BEFORE_PEOPLE,
    FIRST,
    OF_THE_RECORD,
    UNDONE,
    MergeWriter,
    digest,
    events_of,
    order,
    rows_of,
)
from timeline.actions.merging import Author
from timeline.fields import FoldedField
from timeline.models import Attendance, Merge
from timeline.queries.linked_rows import NOUNS, Model, relations, values, wording
from timeline.queries.slugs import KINDS


def undo(*, record: Merge, by: Author | None = None) -> Any:
    """Make two records of one again; return the record that was merged into the other.

    Raises ValidationError, and changes nothing, where something that moved has changed since.
    """
    with transaction.atomic():
        involvement.take_turns()
        record = Merge.objects.select_for_update().get(pk=record.pk)
        if reasons := in_the_way(record):
            raise ValidationError(reasons, code="changed_since")
        Merge.objects.filter(pk=record.pk).update(moving=True)
        model = NOUNS[record.kind]
        kept = model._default_manager.get(pk=record.kept)
        affected = events_of(kept, None)
        other = _put_back(record, model)
        affected |= events_of(kept, other)
        event_actions.refresh_derived(events=affected)
        Merge.objects.filter(pk=record.pk).update(
            moving=False,
            undone_at=timezone.now(),
            undone_by=by if isinstance(by, User) else None,
        )
    return other


def in_the_way(record: Merge) -> list[str]:
    """Return in sentences what has changed since two records were merged, so that they stay one."""
    if record.undone_at is not None:
        return [str(_("This merge is undone already."))]
    model = NOUNS[record.kind]
    if not model._default_manager.filter(pk=record.kept).exists():
        return [
            str(_("“%(record)s” was itself merged since: undo that first."))
            % {"record": record.kept_name}
        ]
    found = _changes_since(record.rows)
    kind = KINDS[record.kind]
    taken = model._default_manager.filter(**{kind.column: record.address}).first()
    if taken is not None:
        found.append(
            str(_("the address “%(address)s” is that of “%(record)s” now"))
            % {"address": record.address, "record": taken}
        )
    if not found:
        return []
    return [
        str(
            _(
                "It cannot be undone, because what moved has changed since: %(changes)s. Put that "
                "back as it was, or move by hand what belongs to the other record."
            )
        )
        % {"changes": "; ".join(found)}
    ]


def _changes_since(entries: Sequence[Mapping[str, Any]]) -> list[str]:
    """Say what has become of each row that is not as it was when two records were merged."""
    by_model: dict[Model, list[Mapping[str, Any]]] = defaultdict(list)
    for entry in entries:
        by_model[apps.get_model("timeline", entry["model"])].append(entry)
    found = []
    for model, touched in by_model.items():
        rows = {row.pk: row for row in rows_of(model, [entry["pk"] for entry in touched])}
        found += [_changed_since(entry, model, rows.get(entry["pk"])) for entry in touched]
    return [text for text in found if text]


def _changed_since(entry: Mapping[str, Any], model: Model, row: Any | None) -> str:
    """Say what has become of a row since it was merged, or an empty text if it is as it was."""
    if entry["before"] is None and row is not None:
        # A name that the merge added is deleted, which would take with it what refers to it since.
        for relation in relations(model):
            if relation.model._default_manager.filter(**{relation.column.name: row}).exists():
                return str(row)
    if entry["digest"] == "":
        return "" if row is None else str(row)
    name = model._meta.verbose_name
    if row is None:
        return str(_("%(name)s no longer there") % {"name": name})
    now = values(row)
    if model in OF_THE_RECORD:
        is_same = all(now[column] == value for column, value in entry["after"].items())
    else:
        is_same = digest(now) == entry["digest"]
    return "" if is_same else f"{name} “{wording(row)}”"


def _put_back(record: Merge, model: Model) -> Any:
    writer = MergeWriter(record, UNDONE)
    updated: dict[Model, dict[int, dict[str, Any]]] = defaultdict(dict)
    inserted: list[tuple[Model, int, dict[str, Any]]] = []
    for entry in record.rows:
        of = apps.get_model("timeline", entry["model"])
        before, after = entry["before"], entry["after"]
        if before is None:
            of._default_manager.filter(pk=entry["pk"]).delete()
        elif after is None:
            inserted.append((of, entry["pk"], before))
        else:
            updated[of][entry["pk"]] = {name: before[name] for name in after if name in before}
    for noun in OF_THE_RECORD:
        for key, columns in updated.pop(noun, {}).items():
            row = noun._default_manager.get(pk=key)
            writer.save(
                row, {name: _unpacked(noun, name, value) for name, value in columns.items()}
            )
    (own,) = [row for row in inserted if row[0] is model and row[1] == record.other]
    inserted.remove(own)
    other = _inserted(writer, *own)
    people = updated.pop(Attendance, {})
    rest = [table for table in updated if table not in (*FIRST, *BEFORE_PEOPLE)]
    for table in (*FIRST, *BEFORE_PEOPLE, *rest):
        _update_back(writer, table, updated.pop(table, {}))
    inserted.sort(key=lambda row: (order(row[0]), row[1]))
    for row in [row for row in inserted if row[0] in BEFORE_PEOPLE]:
        _inserted(writer, *row)
    involvement.add_missing(events=events_of(_kept(record, model), other))
    _update_back(writer, Attendance, people)
    for row in [row for row in inserted if row[0] not in BEFORE_PEOPLE]:
        _inserted(writer, *row)
    kept = _kept(record, model)
    if (model, kept.pk) not in writer.in_history:
        writer.save(kept, {})
    writer.write_histories()
    return other


def _kept(record: Merge, model: Model) -> Any:
    """Return the record into which another was merged."""
    return model._default_manager.get(pk=record.kept)


def _update_back(writer: MergeWriter, model: Model, rows: Mapping[int, Mapping[str, Any]]) -> None:
    folded = {
        name
        for column in model._meta.concrete_fields
        if isinstance(column, FoldedField)
        for name in column.of
    }
    plain = {}
    for key, columns in rows.items():
        before = {name: _unpacked(model, name, value) for name, value in columns.items()}
        if folded.isdisjoint(before):
            plain[key] = before
        else:  # with what is found by search
            writer.save(model._default_manager.get(pk=key), before)
    writer.update(plain, model)


def _unpacked(model: Model, name: str, value: Any) -> Any:
    column = next(c for c in model._meta.concrete_fields if c.attname == name)
    return None if value is None else column.to_python(value)


def _inserted(writer: MergeWriter, model: Model, key: int, columns: Mapping[str, Any]) -> Any:
    known = {column.attname for column in model._meta.concrete_fields}
    row = model(
        **{name: _unpacked(model, name, value) for name, value in columns.items() if name in known}
    )
    row.pk = key
    row._change_reason = writer.reason
    row.save(force_insert=True)
    return row
