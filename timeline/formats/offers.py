"""What the files of a list are called, and what each is good for."""

from typing import NamedTuple

from django.utils.translation import gettext as _


class FileNote(NamedTuple):
    """The name of a format, and a sentence about it."""

    name: str
    note: str


def offers() -> dict[str, FileNote]:
    """Return the name of the format of each suffix, and what it is good for."""
    return {
        "csv": FileNote("CSV", _("A table for any program, in UTF-8.")),
        "xlsx": FileNote("XLSX", _("A spreadsheet with numbers and days as such.")),
        "json": FileNote("JSON", _("The same rows, with lists as lists, for programs.")),
        "html": FileNote(
            _("Page to keep"),
            _("One file with the list, its sources and its data: it needs no network."),
        ),
        "geojson": FileNote("GeoJSON", _("For maps; an event without a place has no geometry.")),
        "timelinejs.json": FileNote("TimelineJS", _("The address that TimelineJS asks for.")),
        "metadata.json": FileNote(
            _("Description"),
            _("The filter in words, the meaning of each column, the version, how to cite."),
        ),
    }
