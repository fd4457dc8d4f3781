"""Model fields for EDTF dates and search texts, and access to bilingual text."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final, overload

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.text import format_lazy
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from timeline.core import dates, languages
from timeline.core.characters import close_direction
from timeline.core.folding import LanguageText, fold, search_text
from timeline.core.loose_dates import readings
from timeline.core.stemming import language_of

RECORD_LANGUAGES: Final = ("fr", "en")
"""The languages of the record's texts, independent of those of the interface."""

ACCEPTED_FORMS: Final = _(
    "Write 2025-04-03, 2025-04, 2025, 2025-04-03/2025-04-04, 2025-04-03/.. (ongoing), "
    "2025-04-03? (uncertain), 2025-04~ (approximate), 198X, or a season such as 2025-21 (spring), "
    "2025-25 (northern spring) or 2025-29 (southern spring)."
)

REFUSALS: Final[Mapping[str, Promise]] = {
    "reversed": _("This interval ends before it starts."),
    "unknown_start": _("An interval needs a known start."),
    "open_start": _("An interval needs a known start; only its end may be open."),
    "unknown_end": _("An interval needs an end; write /.. when it is still going on."),
    "time_of_day": _("Dates are recorded to the day; leave out the time."),
    "level_2": _("This form of EDTF is not used here."),
    "year_range": _("Years run from 0001 to 9999."),
    "no_such_day": _("The calendar has no such day."),
    "unreadable": _("This is not a date that can be read."),
}


NO_SUCH_END: Final = _(
    "9999-12-31 is no date of a source. Write /.. after the first day of what is still going on."
)
NO_DATE_KNOWN: Final = _(
    "9999-12-31 is no date of a source. Leave this empty where no date is known."
)


NO_LANGUAGE: Final = _(
    "“%(typed)s” is no language that is known here. Write its BCP 47 tag, such as fr, mos (Mooré), "
    "dje (Zarma) or zh-Hans, or its name in French or English."
)


def format_readings(text: str, language: str) -> str:
    """Format the dates that a text may mean: '2025-04-03 (3 April 2025) or …'.

    Empty if there is none.
    """
    texts = [f"{date} ({dates.wording(dates.parse(date), language)})" for date in readings(text)]
    return gettext(" or ").join(texts)


def refusal(error: dates.EdtfError, typed: str) -> ValidationError:
    """Return the error for a date that was refused: what to write instead, or why, and the forms.

    What to write instead is given where the meaning of the text is clear.
    """
    reason = REFUSALS.get(error.code, REFUSALS["unreadable"])
    meant = format_readings(typed, reader_language())
    if meant:
        reason = format_lazy(_("Write {meant}."), meant=meant)
    return ValidationError(
        "%(reason)s %(forms)s", error.code, {"reason": reason, "forms": ACCEPTED_FORMS}
    )


def _is_sentinel(date: dates.EdtfDate) -> bool:
    """Whether a date contains the last possible day, which other systems write for 'no end'."""
    return dates.OPEN_END.isoformat() in date.text


class EDTFFormField(forms.CharField):
    """A text field that accepts EDTF dates and, in its error messages, says how to write them."""

    def to_python(self, value: object) -> str:
        """Return the text as typed, stripped; raise ValidationError if it is not a date."""
        text = super().to_python(str(value) if value is not None else "")
        if text in self.empty_values:
            return ""
        try:
            date = dates.parse(text)
        except dates.EdtfError as error:
            raise refusal(error, text or "") from error
        if _is_sentinel(date):
            raise ValidationError(NO_SUCH_END if self.required else NO_DATE_KNOWN, "sentinel")
        return date.text

    def has_changed(self, initial: object, data: object) -> bool:
        """Compare the recorded text with the text typed."""
        return super().has_changed("" if initial is None else str(initial), data)


class EDTFField(models.CharField):  # type: ignore[type-arg]
    """An EDTF date as typed, which also sets the columns that queries compare.

    ``bounds`` names the columns for the earliest and latest possible day; ``sure`` and ``ongoing``
    name optional flag columns. They are set when the row is validated and again when it is saved,
    so that no row contains a date with the days of another.
    """

    # For django-stubs: the attribute is a date, and may be set to a text as well.
    _pyi_private_set_type: str | dates.EdtfDate  # type: ignore[assignment]
    _pyi_private_get_type: dates.EdtfDate  # type: ignore[assignment]

    def __init__(
        self,
        *args: Any,
        bounds: Sequence[str] = (),
        sure: str = "",
        ongoing: str = "",
        **kwargs: Any,
    ) -> None:
        self.bounds, self.sure, self.ongoing = tuple(bounds), sure, ongoing
        kwargs.setdefault("max_length", 64)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        for option in ("bounds", "sure", "ongoing"):
            if getattr(self, option):
                kwargs[option] = getattr(self, option)
        return name, path, args, kwargs

    @property
    def derived(self) -> tuple[str, ...]:
        """The columns that this field sets."""
        return tuple(name for name in (*self.bounds, self.sure, self.ongoing) if name)

    def from_db_value(
        self, value: str | None, expression: object, connection: BaseDatabaseWrapper
    ) -> dates.EdtfDate | None:
        return None if not value else dates.parse(value)

    def to_python(self, value: object) -> dates.EdtfDate | None:
        if value is None or isinstance(value, dates.EdtfDate):
            return value
        text = str(value).strip()
        if not text:
            return None
        try:
            return dates.parse(text)
        except dates.EdtfError as error:
            raise refusal(error, text or "") from error

    def get_prep_value(self, value: object) -> str | None:
        date = self.to_python(value)
        return None if date is None else date.text

    def value_to_string(self, obj: models.Model) -> str:
        return str(self.value_from_object(obj) or "")

    def run_validators(self, value: object) -> None:
        super().run_validators(str(value) if value is not None else "")

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        date = super().clean(value, model_instance)
        if model_instance is not None:
            self._derive(model_instance, date)
        return date

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        date = self.to_python(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, date)
        self._derive(model_instance, date)
        return date

    def save_form_data(self, instance: models.Model, data: object) -> None:
        super().save_form_data(instance, data or None)
        if not data:
            # Django does not call clean() for empty values of optional fields.
            self._derive(instance, None)

    def _derive(self, instance: models.Model, date: dates.EdtfDate | None) -> None:
        if self.bounds:
            earliest, latest = self.bounds
            setattr(instance, earliest, date.earliest if date else None)
            setattr(instance, latest, date.latest if date else None)
        if self.sure:
            setattr(instance, self.sure, bool(date and date.sure))
        if self.ongoing:
            setattr(instance, self.ongoing, bool(date and date.ongoing))

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        kwargs.setdefault("form_class", EDTFFormField)
        kwargs.setdefault("help_text", self.help_text or ACCEPTED_FORMS)
        return super().formfield(**kwargs)


def parse_language(text: str) -> str:
    """Return the tag of a language as the standard writes it; empty for an empty text.

    Raises ValidationError if there is none.
    """
    try:
        return languages.parse(text) if text else ""
    except ValueError as error:
        raise ValidationError(NO_LANGUAGE, "language", {"typed": text}) from error


class LanguageInput(forms.TextInput):
    """A text box that offers common languages, each by its tag and its name."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        offered = f"{(attrs or {}).get('id', name)}-offered"
        box = super().render(
            name, value, {**(attrs or {}), "list": offered, "autocomplete": "off"}, renderer
        )
        reader = reader_language()
        names = sorted(
            ((tag, languages.name(tag, reader)) for tag in languages.COMMON),
            key=lambda pair: fold(pair[1]),
        )
        options = format_html_join("", '<option value="{}">{}</option>', names)
        return format_html('{}<datalist id="{}">{}</datalist>', box, offered, options)


class LanguageFormField(forms.CharField):
    """A text box that takes a BCP 47 tag, or a language by its name, and offers common ones."""

    widget = LanguageInput

    def to_python(self, value: object) -> str:
        """Return the tag as the standard writes it; raise ValidationError if there is none."""
        return parse_language(super().to_python(str(value) if value is not None else "") or "")


class LanguageField(models.CharField):  # type: ignore[type-arg]
    """The language of a text as a BCP 47 tag: ``fr``, ``mos``, ``zh-Hans``."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs["max_length"] = languages.LONGEST_TAG
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs

    def to_python(self, value: object) -> str:
        return parse_language(str(value or "").strip())

    def formfield(self, **kwargs: Any) -> forms.Field | None:
        kwargs.setdefault("form_class", LanguageFormField)
        return super().formfield(**kwargs)


class FoldedField(models.TextField):  # type: ignore[type-arg]
    """The folded text of other columns of the row, to sort and search by on any database.

    It is the first of them that is not empty, folded. With ``joined`` it is the search text of all
    of them, ``stemmed`` in the language of each column's suffix unless they are names.
    """

    def __init__(
        self,
        *args: Any,
        of: Sequence[str] = (),
        joined: bool = False,
        stemmed: bool = True,
        **kwargs: Any,
    ) -> None:
        self.of, self.joined, self.stemmed = tuple(of), joined, stemmed
        kwargs.update(editable=False, default="", blank=True)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> tuple[str, str, Sequence[Any], dict[str, Any]]:
        name, path, args, kwargs = super().deconstruct()
        for implied in ("editable", "default", "blank"):
            kwargs.pop(implied, None)
        kwargs["of"] = self.of
        if self.joined:
            kwargs["joined"] = True
        if not self.stemmed:
            kwargs["stemmed"] = False
        return name, path, args, kwargs

    def folded(self, instance: models.Model) -> str:
        """Return the value of the column for a row."""
        texts = [str(getattr(instance, name) or "") for name in self.of]
        if not self.joined:
            return fold(next(filter(None, texts), ""))
        if not self.stemmed:
            return search_text(names=texts)
        return search_text(
            *(
                LanguageText(text, language_of(name[-2:]))
                for name, text in zip(self.of, texts, strict=True)
            )
        )

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        folded = self.folded(model_instance)
        setattr(model_instance, self.attname, folded)
        return folded


class LocalText(str):
    """A text of the record and the language that it is written in.

    ``fallback`` means that it is not the reader's language, so that pages must mark the text with
    its language.
    """

    lang: str
    fallback: bool

    def __new__(cls, text: str, lang: str, *, fallback: bool) -> "LocalText":
        local_text = super().__new__(cls, text)
        local_text.lang, local_text.fallback = lang, fallback
        return local_text


class Bilingual:
    """A descriptor that returns ``title_fr`` or ``title_en`` as ``title``.

    The reader's language is preferred.
    """

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    @overload
    def __get__(self, instance: None, owner: type) -> "Bilingual": ...
    @overload
    def __get__(self, instance: models.Model, owner: type) -> LocalText: ...
    def __get__(self, instance: models.Model | None, owner: type) -> "Bilingual | LocalText":
        if instance is None:
            return self
        return local_text(instance, self.name, reader_language())


def reader_language() -> str:
    """Return the language of the reader; without one, the first of the record."""
    return (get_language() or RECORD_LANGUAGES[0])[:2]


Forms = tuple[str, ...]
"""A text of the record as it is recorded in each of RECORD_LANGUAGES; empty where it is missing."""


@cache
def form_columns(name: str) -> tuple[str, ...]:
    """Return the columns in which the forms of a bilingual text are recorded."""
    return tuple(f"{name}_{code}" for code in RECORD_LANGUAGES)


def local_text(record: models.Model, name: str, preferred: str) -> LocalText:
    """Return a bilingual text of a record in a language, or else in the other one."""
    return text_in(preferred, [getattr(record, column) for column in form_columns(name)])


def text_in(preferred: str, texts: Sequence[str]) -> LocalText:
    """Return a text in a language, or else in the other one.

    Its direction controls are closed, as it is shown beside other texts, on pages and in files.
    """
    languages = _BY_PREFERENCE.get(preferred, _AS_RECORDED)
    for place, language in languages:
        if text := texts[place]:
            return LocalText(close_direction(text), language, fallback=language != preferred)
    return LocalText("", languages[0][1], fallback=False)


_AS_RECORDED: Final = tuple(enumerate(RECORD_LANGUAGES))

_BY_PREFERENCE: Final = {
    preferred: tuple(sorted(_AS_RECORDED, key=lambda form: form[1] != preferred))
    for preferred in RECORD_LANGUAGES
}
"""The languages of the record, each with its place, by the language that is preferred."""
