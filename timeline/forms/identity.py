"""The form for what the site says of itself."""

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils.translation import gettext_lazy as _

from timeline.forms.records import RecordForm
from timeline.forms.searches import SearchedForm


class IdentityForm(SearchedForm, RecordForm):
    """The identity of the site."""

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
