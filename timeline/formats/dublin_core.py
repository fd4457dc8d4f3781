"""What the page of a record says to reference managers, in the elements of Dublin Core.

Programs such as Zotero read them from a page as ``dc.title`` and so on. A date has the form that
the record has, EDTF, so that it is no more precise than what is known
(https://www.dublincore.org/specifications/dublin-core/dcmi-terms/).
"""

from typing import Any

from timeline.formats.values import date_of, language_of, name_of
from timeline.jinja2 import language
from timeline.models import Event


def of_record(record: Any) -> dict[str, str]:
    """Return the elements that describe a record, by name; those that are not known are left out.

    The type is one of the DCMI Type Vocabulary.
    """
    name, date = name_of(record), date_of(record)
    return {
        "title": str(name),
        **({"date": date.text} if date else {}),
        "type": "Event" if isinstance(record, Event) else "Text",
        "language": language_of(name),
    }


def of_list(title: str) -> dict[str, str]:
    """Return the elements that describe the data of a list with this title."""
    return {"title": title, "type": "Dataset", "language": language()}
