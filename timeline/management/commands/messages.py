"""Keep the interface's translations: collect, check and compile, without system gettext."""

import io
import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import polib
from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation.template import templatize
from jinja2.ext import babel_extract as jinja2_extract

LOCALE: Final = Path(settings.LOCALE_PATHS[0])
ROOT: Final = Path(settings.BASE_DIR)
PUBLIC: Final = ROOT / "templates" / "public"
"""The templates that Jinja2 renders; the others are Django's."""

JINJA2: Final = {
    "trimmed": "true",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
    "silent": "false",
}
"""How they are read: as :mod:`timeline.jinja2` does, and one that cannot be read is an error."""

SOURCE_LANGUAGE: Final = "en"
"""Messages are written in English in the code."""

PLURALS: Final[Mapping[str, str]] = {"fr": "nplurals=2; plural=(n > 1);"}

KEYWORDS: Final[Mapping[str, Any]] = {
    **dict.fromkeys(("_", "now", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}

PLACEHOLDER: Final = re.compile(r"%\(\w+\)[#0\- +]*\d*(?:\.\d+)?[a-zA-Z]|%[sd]|\{\w*\}")


class Key(NamedTuple):
    """What makes a message one message."""

    context: str
    text: str


class Message(NamedTuple):
    """A message as the code has it."""

    key: Key
    plural: str
    places: tuple[str, ...]


class Command(BaseCommand):
    """Collect by default; check or compile when asked."""

    help = "Updates the translation files from code and templates; --check, --compile."

    def add_arguments(self, parser: CommandParser) -> None:
        """Declare what the command takes."""
        task = parser.add_mutually_exclusive_group()
        task.add_argument(
            "--check", action="store_true", help="change nothing; fail on what is not translated"
        )
        task.add_argument("--compile", action="store_true", help="make the .mo files")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do the one task asked for, in every language but that of the code."""
        languages = [code for code, _ in settings.LANGUAGES if code != SOURCE_LANGUAGE]
        if options["compile"]:
            for language in languages:
                compile_messages(po_path(language))
            return
        messages = collect()
        complaints: list[str] = []
        for language in languages:
            if not options["check"]:
                update(po_path(language), messages, language)
            complaints += wrong(po_path(language), messages)
        if options["check"] and complaints:
            raise CommandError("\n".join([*complaints, "Run: python manage.py messages"]))
        self.stdout.write(f"{len(messages)} messages, {len(complaints)} to translate or repair.")


def po_path(language: str) -> Path:
    """Where a language's translations are."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def collect() -> list[Message]:
    """Every message of the code and the templates, in order."""
    plurals: dict[Key, str] = {}
    places: dict[Key, set[str]] = {}
    for path in sources():
        for key, plural in messages_in(path):
            plurals[key] = plurals.get(key) or plural
            places.setdefault(key, set()).add(path.relative_to(ROOT).as_posix())
    return [Message(key, plurals[key], tuple(sorted(places[key]))) for key in sorted(plurals)]


def sources() -> Iterator[Path]:
    """Every file that may hold messages."""
    for folder in ("config", "timeline"):
        yield from sorted((ROOT / folder).rglob("*.py"))
    for suffix in ("html", "svg", "txt", "xml"):
        yield from sorted((ROOT / "templates").rglob(f"*.{suffix}"))


def messages_in(path: Path) -> Iterator[tuple[Key, str]]:
    """The messages of a file: each key with its plural, if it has one."""
    if path.is_relative_to(PUBLIC):
        return extract(path.read_text(encoding="utf-8"), jinja2_extract, JINJA2)
    if path.suffix == ".py":
        return extract(path.read_text(encoding="utf-8"))
    return extract(python_of(path))


def python_of(path: Path) -> str:
    """A template of Django's as calls of gettext; indentation would mislead Python."""
    calls = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    return "\n".join(line.lstrip() for line in calls.splitlines()) + "\n"


def extract(
    text: str, method: Any = "python", options: Mapping[str, str] | None = None
) -> Iterator[tuple[Key, str]]:
    """The messages of a text that one of Babel's methods can read."""
    from babel.messages.extract import extract as babel_extract  # noqa: PLC0415 — only for tests

    file = io.BytesIO(text.encode())
    known = {"encoding": "utf-8", **(options or {})}
    for _, found, _, context in babel_extract(method, file, KEYWORDS, (), known):
        texts = found if isinstance(found, tuple) else (found, "")
        yield Key(context or "", texts[0]), texts[1]


def update(path: Path, messages: list[Message], language: str) -> None:
    """Bring a translation file to the messages of the code; keep what is translated."""
    known = entries(path)
    file = polib.POFile(wrapwidth=100)
    file.metadata = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[language],
    }
    for message in messages:
        entry = known.get(message.key) or polib.POEntry(msgid=message.key.text)
        entry.msgctxt = message.key.context or None
        entry.msgid_plural = message.plural
        if message.plural:
            entry.msgstr_plural = entry.msgstr_plural or {0: "", 1: ""}
        entry.occurrences = [(place, "") for place in message.places]
        file.append(entry)
    path.parent.mkdir(parents=True, exist_ok=True)
    file.save(str(path))


def entries(path: Path) -> dict[Key, polib.POEntry]:
    """What a translation file holds."""
    if not path.exists():
        return {}
    found = polib.pofile(str(path), wrapwidth=100)
    return {Key(entry.msgctxt or "", entry.msgid): entry for entry in found if not entry.obsolete}


def wrong(path: Path, messages: list[Message]) -> list[str]:
    """Sentences about what a translation file lacks, has too much or says differently."""
    known = entries(path)
    wanted = {message.key for message in messages}
    complaints = [f"Obsolete: {key.text!r}" for key in sorted(known.keys() - wanted)]
    for message in messages:
        if complaint := wrong_with(message, known.get(message.key)):
            complaints.append(f"{complaint}: {message.key.text!r} ({', '.join(message.places)})")
    return [f"{path.parent.parent.name}: {complaint}" for complaint in complaints]


def wrong_with(message: Message, entry: polib.POEntry | None) -> str:
    """What is wrong with one translation; empty when it may be shown."""
    if entry is None:
        return "Missing"
    if entry.fuzzy:
        return "Fuzzy"
    forms = list(entry.msgstr_plural.values()) if message.plural else [entry.msgstr]
    if (entry.msgid_plural or "") != message.plural or not all(forms) or not forms:
        return "Untranslated"
    # The singular may leave its number out ('one event'), so the plural decides what is allowed.
    allowed = set(PLACEHOLDER.findall(message.plural or message.key.text))
    if set(PLACEHOLDER.findall(forms[-1])) != allowed:
        return "Placeholders differ"
    if not set(PLACEHOLDER.findall(forms[0])) <= allowed:
        return "Placeholders differ"
    return ""


def compile_messages(path: Path) -> None:
    """Make the binary file beside a translation file, whole or not at all."""
    if not path.exists():
        return
    aside = path.with_suffix(f".{os.getpid()}.tmp")
    polib.pofile(str(path)).save_as_mofile(str(aside))
    aside.replace(path.with_suffix(".mo"))
