"""Forms for the rule of a framework: its sides, their order and the order of a bloc's members."""

from collections.abc import Iterable
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from timeline.core.codes import MemberOrder, MembershipStanding
from timeline.core.dates import parse
from timeline.forms.records import RecordForm, RowFormSet, SluggedForm
from timeline.forms.searches import SearchedForm
from timeline.models import HostOrder, Membership, Side

MAX_POSITION: Final = 32767
"""The greatest position that either database can store."""


def _set_limit(field: forms.Field, limit: MinValueValidator | MaxValueValidator) -> None:
    """Replace the limit of a number field by one with its own message."""
    others = [validator for validator in field.validators if not isinstance(validator, type(limit))]
    field.validators = [*others, limit]
    attribute = "min" if isinstance(limit, MinValueValidator) else "max"
    field.widget.attrs[attribute] = limit.limit_value


class FrameworkForm(SearchedForm, SluggedForm):
    """A framework; an impossible rotation is an error of its field."""

    MAX_MONTHS: ClassVar = (1200, _("This is at most 1200 months, a hundred years."))
    MIN_MONTHS: ClassVar = {
        "cadence_months": (
            1,
            _("A cadence is at least one month; leave it empty where no source gives one."),
        ),
        "tolerance_months": (0, _("A tolerance is never negative; write 0 for none.")),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (minimum, message) in self.MIN_MONTHS.items():
            field = self.fields.get(name)
            if isinstance(field, forms.IntegerField):
                _set_limit(field, MinValueValidator(minimum, message))
                _set_limit(field, MaxValueValidator(*self.MAX_MONTHS))

    def clean(self) -> dict[str, Any] | None:
        """Refuse an end before the start, and a window that opens before the last session."""
        cleaned = super().clean() or self.cleaned_data
        cadence, tolerance = cleaned.get("cadence_months"), cleaned.get("tolerance_months")
        if cadence is not None and tolerance is not None and tolerance >= cadence:
            self.add_error(
                "tolerance_months",
                _(
                    "A tolerance is shorter than the cadence: the next session cannot be expected "
                    "before the last."
                ),
            )
        starts, ended = cleaned.get("starts"), cleaned.get("ended")
        if starts and ended and parse(str(ended)).latest < parse(str(starts)).earliest:
            self.add_error("ended", _("A framework cannot end before it began."))
        return cleaned


class PlacedForm(RecordForm):
    """A row with a position; only the formset can tell whether the position is unique."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields.get("position")
        if field is not None:
            # SQLite stores any number, PostgreSQL none that is greater.
            _set_limit(
                field, MaxValueValidator(MAX_POSITION, _("A place is at most %(limit_value)s."))
            )

    def has_changed(self) -> bool:
        """Ignore a new row with nothing but its position, which is filled in beforehand."""
        if self.instance.pk is None and set(self.changed_data) <= {"position"}:
            return False
        return super().has_changed()

    def validate_unique(self) -> None:
        """Leave this to the formset, as two rows may swap their positions."""

    def validate_constraints(self) -> None:
        """Leave this to the formset, as two rows may swap their positions."""


class PlacedFormSet(RowFormSet):
    """Rows in an order, in which each party and each position occurs once.

    Rows may swap their positions.
    """

    TWICE: ClassVar[dict[str, Any]]
    """The errors for a second row with the same party or the same position."""
    MOVED: ClassVar[Any] = _(
        "%(party)s has a row of its own here: change the order by the places, not by the names."
    )

    def clean(self) -> None:
        """Refuse a repeated party or position, and a party changed to that of another row."""
        remaining = self.remaining_forms()
        for name, message in self.TWICE.items():
            seen = self._values_of_others(name)
            for form in remaining:
                value = form.cleaned_data.get(name)
                if value is not None and value in seen:
                    form.add_error(name, message)
                seen.add(value)
        parties = {form.instance.pk: form.initial.get("party") for form in self.initial_forms}
        for form in remaining:
            party = form.cleaned_data.get("party")
            others = {key for pk, key in parties.items() if pk != form.instance.pk}
            renamed = form in self.initial_forms and "party" in form.changed_data
            if renamed and party is not None and party.pk in others:
                form.add_error("party", ValidationError(self.MOVED, params={"party": party}))

    def remaining_forms(self) -> list[Any]:
        """Return the valid forms that are not to be deleted."""
        return [
            form
            for form in self.forms
            if getattr(form, "cleaned_data", None) and not form.cleaned_data.get("DELETE")
        ]

    def validate_unique(self) -> None:
        """Leave this to :meth:`clean`, which adds the error to the row."""

    def _values_of_others(self, name: str) -> set[Any]:
        """Return the values of rows that somebody else added since this form was opened."""
        if self.instance.pk is None:
            return set()
        shown = [form.instance.pk for form in self.initial_forms]
        rows = self._saved_rows()
        return {getattr(row, name) for row in rows.exclude(pk__in=shown)}

    def _saved_rows(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.get_queryset().model._default_manager.all()
        return rows.filter(**{self.fk.name: self.instance})

    def save(self, commit: bool = True) -> Any:
        with transaction.atomic():
            self._free_positions()
            return super().save(commit)

    def _free_positions(self) -> None:
        """Move the rows that change position to unused ones first, so that they can be swapped."""
        changing = [
            form.instance.pk
            for form in self.initial_forms
            if "position" in form.changed_data or form in self.deleted_forms
        ]
        rows = self._saved_rows()
        taken = set(rows.values_list("position", flat=True))
        taken |= {form.cleaned_data.get("position") for form in self.remaining_forms()}
        unused = (position for position in range(MAX_POSITION, 0, -1) if position not in taken)
        for key, position in zip(changing, unused, strict=False):
            rows.filter(pk=key).update(position=position)


def never_members(parties: Iterable[int], bloc: int | None) -> set[int]:
    """Return those of some parties that never were members of a bloc."""
    members = Membership.objects.filter(bloc=bloc, standing=MembershipStanding.MEMBER)
    return set(parties) - set(members.values_list("party", flat=True))


class SideFormSet(PlacedFormSet):
    """The sides of a framework: at least two."""

    TWICE: ClassVar[dict[str, Any]] = {
        "party": _("This party is already a side of the framework."),
        "position": _("Two sides cannot have the same place in the order."),
    }

    def clean(self) -> None:
        """Refuse fewer than two sides, and a fixed order of members for a state."""
        super().clean()
        for form in self.remaining_forms():
            self._check_members(form)
        if len(self.remaining_forms()) < 2 and not any(self.errors):
            raise ValidationError(_("A framework has at least two sides."))

    def _check_members(self, form: Any) -> None:
        party = form.cleaned_data.get("party")
        if party is None:
            return
        fixed = form.cleaned_data.get("member_order") == MemberOrder.FIXED
        if fixed and not party.is_bloc:
            form.add_error("member_order", _("Only a bloc has members whose order can be fixed."))
        if form.instance.pk and "party" in form.changed_data:
            order = HostOrder.objects.filter(side=form.instance.pk).values_list("party", flat=True)
            if never_members(order, party.pk):
                form.add_error(
                    "party",
                    _(
                        "The order of hosts on record names others than its members; "
                        "empty it first."
                    ),
                )


class HostOrderFormSet(PlacedFormSet):
    """The members of a bloc in the order in which they host."""

    instance: Side
    TWICE: ClassVar[dict[str, Any]] = {
        "party": _("This member already has a place in the order."),
        "position": _("Two members cannot have the same place in the order."),
    }

    def clean(self) -> None:
        """Refuse parties that never were members of the bloc."""
        super().clean()
        by_party = {
            party: form
            for form in self.remaining_forms()
            if (party := form.cleaned_data.get("party")) is not None
        }
        refused = never_members((party.pk for party in by_party), self.instance.party_id)
        for party, form in by_party.items():
            if party.pk in refused:
                params = {"party": party, "bloc": self.instance.party}
                form.add_error(
                    "party",
                    ValidationError(_("%(party)s never was a member of %(bloc)s."), params=params),
                )
