"""Citations of a record or of what a filter finds: BibTeX, RIS, CSL-JSON and a sentence.

What is cited is an entry of this record of events, not the thing that it is about: a page of the
web, issued on the day on which its text was published, or a data set. The date of the event, text
or promise stands beside it where a format has a field for that, no more precisely than it is known.
"""

import datetime as dt
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from timeline.core import dates
from timeline.core.characters import close_direction, without_forbidden
from timeline.core.dates import EdtfDate
from timeline.core.numbers import Grouped
from timeline.formats.archived import ZippedPackage


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedRecord:
    """What is cited, as a page in ``language`` says it.

    ``key`` names it among other citations. ``address`` is that of the text as it was cited, and
    stays: of a record that of its ``version``, issued on the day ``issued``, if it has one.
    ``date`` is that of what a record is about. Of what a filter finds (``is_list``), ``version`` is
    the version of the whole record, ``count`` how many records it found, and ``archive`` the whole
    record as it was written last.
    """

    key: str
    title: str
    title_language: str
    site: str
    keeper: str
    address: str
    consulted: dt.date
    language: str
    date: EdtfDate | None = None
    version: str = ""
    issued: dt.date | None = None
    is_list: bool = False
    count: int = 0
    archive: ZippedPackage | None = None


def sentence(cited: CitedRecord) -> str:
    """Return a citation as a sentence in the language of the page."""
    with override(cited.language):
        title = _("“%(words)s”") % {"words": _line(cited.title)}
        if cited.date:
            title = f"{title}, {dates.wording(cited.date, cited.language)}"
        if cited.is_list:
            title = f"{title}, {_number(cited)}"
        parts = [*([_line(cited.keeper)] if cited.keeper else ()), title, _published(cited)]
        day = dates.day_wording(cited.consulted, cited.language)
        said = _("%(parts)s. %(address)s (consulted on %(day)s).") % {
            "parts": ". ".join(parts),
            "address": cited.address,
            "day": day if cited.language != "fr" else f"le {day}",
        }
        return " ".join([said, *_whole_record(cited)])


def _number(cited: CitedRecord) -> str:
    """Say how many records a filter found."""
    form = ngettext("%(n)s record", "%(n)s records", cited.count)
    return form % {"n": Grouped(cited.count, cited.language)}


def _whole_record(cited: CitedRecord) -> Iterator[str]:
    """Say in which archive of the whole record what a filter found can be found again."""
    if cited.archive:
        yield _("Whole record of %(day)s: SHA-256 %(digest)s.") % {
            "day": dates.day_wording(cited.archive.day, cited.language),
            "digest": cited.archive.digest,
        }


def _published(cited: CitedRecord) -> str:
    """Say where and in which version a title stands."""
    site = _line(cited.site)
    values = {"site": site, "version": cited.version}
    if not cited.version:
        return site
    if cited.is_list:
        return _("%(site)s, version %(version)s of the record") % values
    if cited.issued is None:
        return _("%(site)s, version %(version)s") % values
    day = dates.day_wording(cited.issued, cited.language)
    return _("%(site)s, version %(version)s of %(day)s") % {**values, "day": day}


_LATEX: Final = {
    "\\": r"{\textbackslash}",
    "{": r"{\textbraceleft}",
    "}": r"{\textbraceright}",
    "~": r"{\textasciitilde}",
    "^": r"{\textasciicircum}",
    **{character: f"\\{character}" for character in "&%$#_"},
}
"""What stands for characters that mean something to LaTeX. BibTeX counts braces, escaped ones too,
so that these are named."""

_BABEL: Final = {"fr": "french", "en": "english", "ru": "russian", "ar": "arabic"}
"""The names that LaTeX has for languages, where they are not their tags."""


def bibtex(cited: CitedRecord) -> str:
    """Return an entry for BibTeX and BibLaTeX, which reads dates in EDTF."""
    fields = {
        "title": _braced(cited.title),
        "author": "{" + _braced(cited.keeper) + "}" if cited.keeper else "",
        "organization": _braced(cited.site),
        "date": cited.issued.isoformat() if cited.issued else "",
        "year": f"{cited.issued.year:04d}" if cited.issued else "",
        "eventdate": cited.date.text if cited.date else "",
        "version": _braced(cited.version),
        "url": cited.address,
        "urldate": cited.consulted.isoformat(),
        "langid": _BABEL.get(cited.title_language, ""),
        "note": _braced(_note(cited)),
    }
    lines = [f"  {name} = {{{value}}}," for name, value in fields.items() if value]
    kind = "dataset" if cited.is_list else "online"
    return "\n".join([f"@{kind}{{{cited.key},", *lines, "}", ""])


def _braced(text: str) -> str:
    return "".join(_LATEX.get(character, character) for character in _line(text))


def ris(cited: CitedRecord) -> str:
    """Return an entry of the RIS format, with its line breaks."""
    issued, consulted = cited.issued, cited.consulted
    with override(cited.language):
        said = dates.wording(cited.date, cited.language) if cited.date else ""
        date = _("%(label)s: %(value)s") % {"label": _("Date"), "value": said} if said else ""
    fields = [
        ("TY", "DATA" if cited.is_list else "ELEC"),
        ("ID", cited.key),
        ("TI", _line(cited.title)),
        ("AU", _line(cited.keeper)),
        ("T2", _line(cited.site)),
        ("PY", f"{issued.year:04d}" if issued else ""),
        ("DA", f"{issued:%Y/%m/%d}" if issued else ""),
        ("ET", cited.version),
        ("UR", cited.address),
        ("Y2", f"{consulted:%Y/%m/%d}"),
        ("LA", cited.title_language),
        ("N1", date or _note(cited)),
    ]
    lines = [f"{tag}  - {value}" for tag, value in fields if value]
    return "\r\n".join([*lines, "ER  - ", ""])


def csl(cited: CitedRecord) -> str:
    """Return a list of one item of CSL-JSON, which Zotero reads from the page of a record, too."""
    item: dict[str, Any] = {
        "id": cited.key,
        "type": "dataset" if cited.is_list else "webpage",
        "title": _line(cited.title),
        "container-title": _line(cited.site),
        "URL": cited.address,
        "accessed": _csl_day(cited.consulted),
        "language": cited.title_language,
    }
    if cited.keeper:
        item["author"] = [{"literal": _line(cited.keeper)}]
    if cited.version:
        item["version"] = cited.version
    if cited.issued:
        item["issued"] = _csl_day(cited.issued)
    if cited.date:
        item["event-date"] = csl_date(cited.date, cited.language)
    if note := _note(cited):
        item["note"] = note
    return json.dumps([item], ensure_ascii=False, indent=2) + "\n"


def _note(cited: CitedRecord) -> str:
    """Say of what a filter found what no field of a format holds."""
    if not cited.is_list:
        return ""
    with override(cited.language):
        return " ".join([f"{_number(cited)}.", *_whole_record(cited)])


def _csl_day(day: dt.date) -> dict[str, Any]:
    return {"date-parts": [[day.year, day.month, day.day]]}


_NUMBERS: Final = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-[0-9]{2})?)?", re.ASCII)


def csl_date(date: EdtfDate, language: str) -> dict[str, Any]:
    """Return a date as CSL has it: numbers as far as they are known, else in words.

    CSL has a sign for what is approximate and none for what is uncertain, a decade or ongoing.
    """
    ends = date.text.replace("~", "").split("/")
    if not all(_NUMBERS.fullmatch(end) for end in ends):
        return {"literal": dates.wording(date, language)}
    parts: dict[str, Any] = {"date-parts": [[int(n) for n in end.split("-")] for end in ends]}
    return {**parts, "circa": True} if date.approximate else parts


def _line(text: str) -> str:
    """Return a text as one line, without characters that files cannot hold."""
    return close_direction(without_forbidden(" ".join(text.split())))
