"""A framework's rule as it is typed: its sides, their order and the order of a bloc's members."""

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
from timeline.models import HostOrder, Membership, Side

LAST_PLACE: Final = 32767
"""The greatest number that a place can have in either database."""


def _bound(field: forms.Field, limit: MinValueValidator | MaxValueValidator) -> None:
    """Hold a number to a limit with a sentence of its own, in place of Django's for that side."""
    others = [one for one in field.validators if not isinstance(one, type(limit))]
    field.validators = [*others, limit]
    side = "min" if isinstance(limit, MinValueValidator) else "max"
    field.widget.attrs[side] = limit.limit_value


class FrameworkForm(SluggedForm):
    """A framework; what no rotation can be is said at its field."""

    MOST: ClassVar = (1200, _("This is at most 1200 months, a hundred years."))
    LEAST: ClassVar = {
        "cadence_months": (
            1,
            _("A cadence is at least one month; leave it empty where no source gives one."),
        ),
        "tolerance_months": (0, _("A tolerance is never negative; write 0 for none.")),
    }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, (least, sentence) in self.LEAST.items():
            field = self.fields.get(name)
            if isinstance(field, forms.IntegerField):
                _bound(field, MinValueValidator(least, sentence))
                _bound(field, MaxValueValidator(*self.MOST))

    def clean(self) -> dict[str, Any] | None:
        """Refuse an end before the beginning, and a window that opens before the last session."""
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
    """A row with a place in an order; whether it is alone there is told by all rows together."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields.get("position")
        if field is not None:
            # SQLite takes any number, PostgreSQL none that is greater.
            _bound(field, MaxValueValidator(LAST_PLACE, _("A place is at most %(limit_value)s.")))

    def has_changed(self) -> bool:
        """Take a new row that holds nothing but its place, filled in beforehand, for empty."""
        if self.instance.pk is None and set(self.changed_data) <= {"position"}:
            return False
        return super().has_changed()

    def validate_unique(self) -> None:
        """Leave this to the rows together: two may swap their places."""

    def validate_constraints(self) -> None:
        """Leave this to the rows together: two may swap their places."""


class PlacedFormSet(RowFormSet):
    """Rows in an order, each party once and each at a place of its own, in whatever way swapped."""

    TWICE: ClassVar[dict[str, Any]]
    """What is said of a second row with the same party, or the same place."""
    MOVED: ClassVar[Any] = _(
        "%(party)s has a row of its own here: change the order by the places, not by the names."
    )

    def clean(self) -> None:
        """Refuse a party or a place given twice, and a name typed over another row's."""
        kept = self.kept()
        for name, sentence in self.TWICE.items():
            seen = self._elsewhere(name)
            for form in kept:
                value = form.cleaned_data.get(name)
                if value is not None and value in seen:
                    form.add_error(name, sentence)
                seen.add(value)
        held = {form.instance.pk: form.initial.get("party") for form in self.initial_forms}
        for form in kept:
            party = form.cleaned_data.get("party")
            others = {key for pk, key in held.items() if pk != form.instance.pk}
            renamed = form in self.initial_forms and "party" in form.changed_data
            if renamed and party is not None and party.pk in others:
                form.add_error("party", ValidationError(self.MOVED, params={"party": party}))

    def kept(self) -> list[Any]:
        """The rows that will be there, so far as they can be read."""
        return [
            form
            for form in self.forms
            if getattr(form, "cleaned_data", None) and not form.cleaned_data.get("DELETE")
        ]

    def validate_unique(self) -> None:
        """Ask :meth:`clean`, which says it at the row."""

    def _elsewhere(self, name: str) -> set[Any]:
        """What rows hold that somebody else added since this form was opened."""
        if self.instance.pk is None:
            return set()
        shown = [form.instance.pk for form in self.initial_forms]
        rows = self._on_record()
        return {getattr(row, name) for row in rows.exclude(pk__in=shown)}

    def _on_record(self) -> QuerySet[Any]:
        rows: QuerySet[Any] = self.get_queryset().model._default_manager.all()
        return rows.filter(**{self.fk.name: self.instance})

    def save(self, commit: bool = True) -> Any:
        """Save all rows, however they swap their places."""
        with transaction.atomic():
            self._make_room()
            return super().save(commit)

    def _make_room(self) -> None:
        """Move the rows that leave their places far away, past the places that are taken."""
        leaving = [
            form.instance.pk
            for form in self.initial_forms
            if "position" in form.changed_data or form in self.deleted_forms
        ]
        rows = self._on_record()
        taken = set(rows.values_list("position", flat=True))
        taken |= {form.cleaned_data.get("position") for form in self.kept()}
        free = (place for place in range(LAST_PLACE, 0, -1) if place not in taken)
        for key, place in zip(leaving, free, strict=False):
            rows.filter(pk=key).update(position=place)


def never_members(parties: Iterable[int], bloc: int | None) -> set[int]:
    """Those of these parties that never were members of a bloc."""
    known = Membership.objects.filter(bloc=bloc, standing=MembershipStanding.MEMBER)
    return set(parties) - set(known.values_list("party", flat=True))


class SideFormSet(PlacedFormSet):
    """The sides of a framework: at least two."""

    TWICE: ClassVar[dict[str, Any]] = {
        "party": _("This party is already a side of the framework."),
        "position": _("Two sides cannot have the same place in the order."),
    }

    def clean(self) -> None:
        """Refuse fewer than two sides, and an order of members where there are none."""
        super().clean()
        for form in self.kept():
            self._check_members(form)
        if len(self.kept()) < 2 and not any(self.errors):
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
        """Refuse who never was a member of the bloc."""
        super().clean()
        rows = {form.cleaned_data["party"]: form for form in self.kept() if self._names(form)}
        strangers = never_members((party.pk for party in rows), self.instance.party_id)
        for party, form in rows.items():
            if party.pk in strangers:
                named = {"party": party, "bloc": self.instance.party}
                form.add_error(
                    "party",
                    ValidationError(_("%(party)s never was a member of %(bloc)s."), params=named),
                )

    @staticmethod
    def _names(form: Any) -> bool:
        return form.cleaned_data.get("party") is not None
