"""Texts between parties, and the dated steps that say what each party did with them."""

from collections.abc import Collection, Iterable
from typing import Final

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from timeline import enums
from timeline.core import codes, instruments
from timeline.core.dates import EdtfDate
from timeline.fields import Bilingual, EDTFField, FoldedField
from timeline.models._shared import (
    Publishable,
    PublishableQuerySet,
    Recorded,
    in_a_language,
    withdrawn_with_reason,
)


class InstrumentQuerySet(PublishableQuerySet, models.QuerySet["Instrument"]):
    """Texts by publication."""

    def published(self) -> "InstrumentQuerySet":
        return self.filter(publication=codes.Publication.PUBLISHED)


class Instrument(Publishable):
    """A text between parties: a treaty, an agreement, a joint statement, …

    Its state and the status of its parties are worked out for a day from its steps, by
    :mod:`timeline.core.instruments`.
    """

    slug = models.SlugField(_("slug"), max_length=120, unique=True)
    kind = models.CharField(_("kind"), max_length=16, choices=enums.choices(enums.INSTRUMENT_KINDS))
    title_fr = models.CharField(_("title in French"), max_length=300, blank=True)
    title_en = models.CharField(_("title in English"), max_length=300, blank=True)
    summary_fr = models.TextField(_("summary in French"), blank=True)
    summary_en = models.TextField(_("summary in English"), blank=True)
    date = EDTFField(
        _("date of the text"),
        bounds=("earliest", "latest"),
        help_text=_("The day on which it was adopted or first signed."),
    )
    earliest = models.DateField(editable=False)
    latest = models.DateField(editable=False)
    binds = models.CharField(
        _("how it binds"),
        max_length=16,
        choices=enums.choices(enums.BINDINGS),
        default=codes.Binding.NOT_STATED.value,
        help_text=_("As a source says; most memoranda and joint statements do not bind legally."),
    )
    parties = models.ManyToManyField(
        "timeline.Party",
        through="timeline.InstrumentParty",
        related_name="instruments",
        verbose_name=_("parties"),
    )
    folded_title = FoldedField(of=("title_fr", "title_en"), joined=True)
    folded_text = FoldedField(of=("title_fr", "title_en", "summary_fr", "summary_en"), joined=True)

    title = Bilingual()
    summary = Bilingual()
    withdrawn_reason = Bilingual()

    objects = InstrumentQuerySet.as_manager()

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")
        ordering = ("-earliest", "latest", "-pk")
        constraints = [
            in_a_language("title", "instrument_has_a_title"),
            withdrawn_with_reason("instrument_withdrawn_with_reason"),
        ]

    def __str__(self) -> str:
        return str(self.title)

    def clean(self) -> None:
        """Refuse a date that goes on, and a text that no longer binds though it was ratified."""
        if isinstance(self.date, EdtfDate) and self.date.ongoing:
            raise ValidationError(
                {"date": _("A text has one date: write the day on which it was adopted or signed.")}
            )
        if not self._state.adding and self.binds == codes.Binding.NOT_LEGALLY:
            of_binding = self.steps.filter(act__in=instruments.OF_BINDING_TEXTS)
            if named := "; ".join(str(step) for step in of_binding.uncorrected()):
                raise ValidationError(
                    {
                        "binds": _(
                            "Steps of its life say that it binds: %(steps)s. Correct those first."
                        )
                        % {"steps": named}
                    }
                )


class InstrumentParty(Recorded):
    """A party to a text: who is to sign it or to consent to it."""

    instrument = models.ForeignKey(
        "timeline.Instrument",
        models.CASCADE,
        related_name="party_links",
        db_index=False,  # found by the constraint below
        verbose_name=_("text"),
    )
    party = models.ForeignKey(
        "timeline.Party",
        models.PROTECT,
        related_name="instrument_links",
        verbose_name=_("party"),
    )

    class Meta:
        verbose_name = _("party to a text")
        verbose_name_plural = _("parties to texts")
        ordering = ("instrument", "pk")
        constraints = [
            models.UniqueConstraint(
                fields=("instrument", "party"),
                name="instrument_party_once",
                violation_error_message=_("The party is already listed."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.party_id} § {self.instrument_id}"


class InstrumentStepQuerySet(models.QuerySet["InstrumentStep"]):
    """The steps of texts."""

    def uncorrected(self) -> "InstrumentStepQuerySet":
        """Only steps that no other step corrects."""
        return self.filter(corrected_by=None)


_OF_THE_TEXT: Final = sorted(act.value for act in instruments.OF_THE_TEXT)
_OF_A_PARTY: Final = sorted(
    act.value
    for act in {*codes.InstrumentAct} - instruments.OF_THE_TEXT - {codes.InstrumentAct.RETRACTED}
)


class InstrumentStep(Recorded):
    """What a party did with a text, or what became of the text; steps are added, never edited."""

    instrument = models.ForeignKey(
        "timeline.Instrument",
        models.CASCADE,
        related_name="steps",
        verbose_name=_("text"),
    )
    party = models.ForeignKey(
        "timeline.Party",
        models.PROTECT,
        related_name="instrument_steps",
        null=True,
        blank=True,
        verbose_name=_("party"),
        help_text=_("Empty where it concerns the whole text, such as its entry into force."),
    )
    act = models.CharField(
        _("what was done"), max_length=24, choices=enums.choices(enums.INSTRUMENT_ACTS)
    )
    done = EDTFField(_("done on"), bounds=("earliest", "latest"))
    earliest = models.DateField(editable=False)
    latest = models.DateField(editable=False)
    effect = EDTFField(
        _("takes effect on"),
        null=True,
        blank=True,
        bounds=("effect_earliest", "effect_latest"),
        help_text=_("Only where a source gives another day than that on which it was done."),
    )
    effect_earliest = models.DateField(null=True, blank=True, editable=False)
    effect_latest = models.DateField(null=True, blank=True, editable=False)
    event = models.ForeignKey(
        "timeline.Event",
        models.PROTECT,
        related_name="instrument_steps",
        null=True,
        blank=True,
        verbose_name=_("at the event"),
    )
    regards = models.ForeignKey(
        "timeline.InstrumentStep",
        models.RESTRICT,  # deleted only together, as part of a draft
        related_name="regarded_by",
        null=True,
        blank=True,
        verbose_name=_("regards the step"),
        help_text=_("The earlier step that is withdrawn, or the reservation that is objected to."),
    )
    later_instrument = models.ForeignKey(
        "timeline.Instrument",
        models.PROTECT,
        related_name="changes_made",
        null=True,
        blank=True,
        verbose_name=_("by the text"),
        help_text=_("The text that amends or replaces this one."),
    )
    corrects = models.ForeignKey(
        "timeline.InstrumentStep",
        models.RESTRICT,
        related_name="corrected_by",
        null=True,
        blank=True,
        verbose_name=_("corrects"),
    )
    reason_fr = models.CharField(
        _("reason for the exception, in French"),
        max_length=240,
        blank=True,
        help_text=_(
            "Only where it does not fit what is on record, such as an effect before the act: "
            "readers see why."
        ),
    )
    reason_en = models.CharField(
        _("reason for the exception, in English"), max_length=240, blank=True
    )
    note_fr = models.TextField(_("note in French"), blank=True)
    note_en = models.TextField(_("note in English"), blank=True)

    reason = Bilingual()
    note = Bilingual()

    is_checked_later = False
    """Set by a form that checks the step itself, with what is typed beside it."""

    objects = InstrumentStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("step of a text")
        verbose_name_plural = _("steps of texts")
        ordering = ("instrument", "earliest", "latest", "pk")
        indexes = [
            models.Index("event", name="instrument_step_by_event", condition=Q(event__isnull=False))
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(act__in=_OF_THE_TEXT, party=None)
                | Q(act__in=_OF_A_PARTY, party__isnull=False)
                | Q(act=codes.InstrumentAct.RETRACTED.value),
                name="instrument_step_of_a_party",
                violation_error_message=_(
                    "Choose the party that did it; leave the party empty only for what concerns "
                    "the whole text: opened, entered into force, amended, replaced, terminated."
                ),
            ),
            models.CheckConstraint(
                condition=~Q(act=codes.InstrumentAct.RETRACTED.value) | Q(corrects__isnull=False),
                name="instrument_step_retracts_a_step",
                violation_error_message=_("Choose the step that is corrected."),
            ),
            models.CheckConstraint(
                condition=Q(act=codes.InstrumentAct.WITHDRAWN.value, regards__isnull=False)
                | Q(act=codes.InstrumentAct.OBJECTION.value)
                | (
                    ~Q(
                        act__in=(
                            codes.InstrumentAct.WITHDRAWN.value,
                            codes.InstrumentAct.OBJECTION.value,
                        )
                    )
                    & Q(regards=None)
                ),
                name="instrument_step_regards_a_step",
                violation_error_message=_(
                    "Choose the step that is withdrawn; only a withdrawal or an objection regards "
                    "another step."
                ),
            ),
            models.CheckConstraint(
                condition=Q(later_instrument=None)
                | Q(
                    act__in=(
                        codes.InstrumentAct.AMENDED.value,
                        codes.InstrumentAct.REPLACED.value,
                    )
                ),
                name="instrument_step_by_a_later_text",
                violation_error_message=_("Only an amendment or a replacement names another text."),
            ),
            models.CheckConstraint(
                condition=Q(later_instrument=None) | ~Q(later_instrument=F("instrument")),
                name="instrument_step_by_another_text",
                violation_error_message=_("A text is amended or replaced by another one."),
            ),
            models.CheckConstraint(
                condition=Q(effect_latest=None)
                | Q(effect_latest__gte=F("earliest"))
                | ~Q(reason_fr="")
                | ~Q(reason_en=""),
                name="instrument_step_effect_after_act",
                violation_error_message=_(
                    "This takes effect before it was done: correct a date, or say why the record "
                    "keeps it."
                ),
            ),
            models.CheckConstraint(
                condition=(Q(corrects=None) | ~Q(corrects=F("pk")))
                & (Q(regards=None) | ~Q(regards=F("pk"))),
                name="instrument_step_corrects_another",
                violation_error_message=_("A step cannot correct or withdraw itself."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.done} {self.get_act_display()}"

    def as_value(self) -> instruments.TextStep:
        """Convert the row to the plain value that the rules take."""
        return instruments.TextStep(
            key=self.pk or 0,
            act=codes.InstrumentAct(self.act),
            done=self.done,
            party=self.party_id,
            effect=self.effect,
            regards=self.regards_id,
            corrects=self.corrects_id,
        )

    def validate_constraints(self, exclude: Collection[str] | None = None) -> None:
        """Say of each constraint that refuses the step, at its field, what to do."""
        errors: dict[str, list[ValidationError]] = {}
        for constraint in self._meta.constraints:
            try:
                constraint.validate(InstrumentStep, self, exclude=set(exclude or ()))
            except ValidationError as error:
                errors.setdefault(_FIELDS[constraint.name], []).append(error)
        if errors:
            raise ValidationError(errors)

    def clean(self) -> None:
        """Refuse a new step that does not fit its text and the steps on record."""
        if self._state.adding and not self.is_checked_later and self.instrument_id is not None:
            links = self.instrument.party_links.values_list("party", flat=True)
            self.check_among(
                InstrumentStep.objects.filter(instrument=self.instrument_id), set(links)
            )

    def check_among(self, others: "Iterable[InstrumentStep]", parties: Collection[int]) -> None:
        """Refuse a step that does not fit the other steps and the parties of its text.

        Its party is one of the text's. A text that does not bind legally is not ratified. A step
        that is withdrawn, objected to or corrected is one of the same text, and one that is on
        record. What history seldom knows (:func:`timeline.core.instruments.oddities`) needs a
        reason. A step on record is not entered again.
        """
        rows = list(others)
        self._check_party(parties)
        self._check_binding()
        self._check_earlier(rows)
        if not isinstance(self.done, EdtfDate) or not self.act:
            return
        if any(self._repeats(other) for other in rows):
            raise ValidationError(
                _("This step is on record already: add your source to it instead."),
                code="on_record",
            )
        if self.reason_fr or self.reason_en:
            return
        binding = codes.Binding(self.instrument.binds)
        kept = (row for row in rows if self.corrects_id is None or row.pk != self.corrects_id)
        plain = [row.as_value() for row in kept]
        if odd := next(instruments.oddities(self.as_value(), plain, binding), None):
            raise ValidationError({"reason_fr": ODDITIES[odd]}, code=odd)

    def _check_party(self, parties: Collection[int]) -> None:
        if self.party_id is not None and self.party_id not in parties:
            raise ValidationError(
                {"party": _("This is no party to the text: add it to the parties first.")},
                code="no_party",
            )

    def _check_binding(self) -> None:
        if (
            self.instrument.binds == codes.Binding.NOT_LEGALLY
            and self.act in instruments.OF_BINDING_TEXTS
        ):
            raise ValidationError(
                {
                    "act": _(
                        "This text does not bind legally: nobody ratifies it, and it does not "
                        "enter into force. Change how it binds if a source says so."
                    )
                },
                code="not_binding",
            )

    def _check_earlier(self, others: "list[InstrumentStep]") -> None:
        keys = {other.pk: other for other in others}
        if self.corrects_id is not None and self.corrects_id not in keys:
            raise ValidationError(
                {"corrects": _("This step belongs to another text; choose one of this text's.")},
                code="other_text",
            )
        if self.regards_id is None:
            return
        regarded = keys.get(self.regards_id)
        if regarded is None:
            raise ValidationError(
                {"regards": _("This step belongs to another text; choose one of this text's.")},
                code="other_text",
            )
        if not isinstance(self.done, EdtfDate):
            return
        if regarded.earliest > self.done.latest:
            raise ValidationError(
                {"regards": _("This step was done later; choose one that was on record by then.")},
                code="done_later",
            )
        if self.act == codes.InstrumentAct.WITHDRAWN and regarded.party_id != self.party_id:
            raise ValidationError(
                {"regards": _("A party withdraws a step of its own; choose one of those.")},
                code="other_party",
            )
        if (
            self.act == codes.InstrumentAct.OBJECTION
            and regarded.act != codes.InstrumentAct.RESERVATION
        ):
            raise ValidationError(
                {"regards": _("What is objected to is a reservation; choose one.")},
                code="no_reservation",
            )
        counting = instruments.as_of((other.as_value() for other in others), self.done.latest)
        if self.regards_id not in {step.key for step in counting}:
            raise ValidationError(
                {"regards": _("This step does not count any more: it is corrected or withdrawn.")},
                code="not_counting",
            )

    def _repeats(self, other: "InstrumentStep") -> bool:
        names = ("party_id", "act", "done", "effect", "regards_id", "corrects_id", "note_fr")
        return all(getattr(self, name) == getattr(other, name) for name in names)


_FIELDS: Final = {
    "instrument_step_of_a_party": "party",
    "instrument_step_retracts_a_step": "corrects",
    "instrument_step_regards_a_step": "regards",
    "instrument_step_by_a_later_text": "later_instrument",
    "instrument_step_by_another_text": "later_instrument",
    "instrument_step_effect_after_act": "reason_fr",
    "instrument_step_corrects_another": "corrects",
}
"""The field at which editors read what a constraint refuses."""


ODDITIES: Final = {
    "effect_before_act": _(
        "This takes effect before it was done: correct a date, or say why the record keeps it."
    ),
    "signature_unseen": _(
        "No signature of this party is on record by that day: record it first, or say why the "
        "record keeps this step without one."
    ),
    "consent_unseen": _(
        "No ratification or other consent of this party is on record by that day: record it first, "
        "or say why the record keeps this step without one."
    ),
    "two_not_bound": _(
        "Fewer than two parties have consented to be bound by that day: record their consent "
        "first, or say why the record keeps this step without it."
    ),
}
"""What editors read of a step that history seldom knows, by the codes of the rules."""
