"""The form for what the site says of itself."""

import datetime as dt
from typing import ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext_lazy as _

from timeline.forms.records import RecordForm


class IdentityForm(RecordForm):
    """The identity of the site; ``today`` is the last day until which sources can be searched."""

    today: ClassVar[dt.date]

    def clean_searched_until(self) -> dt.date | None:
        """Refuse a day that has not come."""
        day: dt.date | None = self.cleaned_data["searched_until"]
        if day is not None and day > self.today:
            raise ValidationError(
                _("This day has not come: write the last day until which sources were searched."),
                code="not_come",
            )
        return day

    def clean_contact(self) -> str:
        """Refuse what readers could not follow as a link."""
        contact: str = self.cleaned_data["contact"]
        check = URLValidator(schemes=("http", "https")) if "://" in contact else validate_email
        if contact:
            try:
                check(contact)
            except ValidationError as error:
                raise ValidationError(
                    _(
                        "Write an e-mail address, such as record@example.org, or a web address "
                        "that begins with https://."
                    ),
                    code="no_address",
                ) from error
        return contact
