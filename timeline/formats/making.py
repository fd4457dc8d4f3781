"""What is said in place of a file that is being made, or could not be made."""

from django.utils.translation import gettext as _

from timeline.core.numbers import Grouped
from timeline.jinja2 import language


def progress(rows: int, total: int) -> str:
    """Say how many rows of a file are written, and what to do until all are."""
    return _(
        "This file is being made: %(rows)s of %(total)s rows are written. Ask again in a moment; "
        "it is kept until the record changes."
    ) % {"rows": Grouped(rows, language()), "total": Grouped(total, language())}


def failed() -> str:
    """Say that a file could not be made, and what to do."""
    return _(
        "This file could not be made; the fault is noted. Ask again in an hour, or for a shorter "
        "list."
    )
