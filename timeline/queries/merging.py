"""What merging two records of one thing would do: what moves, what differs, what collides.

A child of the record that goes away is *moved*: its key then points to the record that is kept.
Where the record that is kept has the same child already, both are *joined*: the values of one are
kept, and the children of the other (its sources, …) move to it, by the same rules.
"""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext

from timeline.core.codes import Publication
from timeline.core.family_names import is_part
from timeline.models import Commitment, Event, Framework, Party, Person, Side
from timeline.queries.linked_rows import NOUNS, Model, is_chosen, packed, value_text
from timeline.queries.merge_children import MergedChildren
from timeline.queries.merge_plan import Choice, DifferingColumn, LeftName, MergePlan
from timeline.queries.slugs import KINDS

_NAMES: Final[Mapping[Model, tuple[str, ...]]] = {
    Party: ("name_fr", "name_en", "short_fr", "short_en"),
    Person: ("name_fr", "name_en"),
}
"""The columns with the names of nouns that may have others beside them."""


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
    MergedChildren(result, choices or {}).find()
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
    """Make the columns that describe a foreign key of a commitment follow it."""
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


# Which is kept


def default_kept(first: Any, second: Any) -> tuple[Any, Any]:
    """Return two records, the one to keep by default first: a public one, else the older."""
    order = sorted((first, second), key=lambda row: row.pk)
    known = [row for row in order if KINDS[row._meta.model_name].rows().filter(pk=row.pk).exists()]
    kept = known[0] if known else order[0]
    return kept, next(row for row in order if row.pk != kept.pk)
