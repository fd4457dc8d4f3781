"""Collect, check and compile the translations of the interface without GNU gettext."""

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
"""The templates of Jinja2; the others are Django's."""

JINJA2: Final = {
    "trimmed": "true",
    "trim_blocks": "true",
    "lstrip_blocks": "true",
    "silent": "false",
}
"""The options of :mod:`timeline.jinja2`; a template that cannot be parsed is an error."""

SOURCE_LANGUAGE: Final = "en"
"""The language of the messages in the code."""

PLURALS: Final[Mapping[str, str]] = {"fr": "nplurals=2; plural=(n > 1);"}

KEYWORDS: Final[Mapping[str, Any]] = {
    **dict.fromkeys(("_", "gettext", "gettext_lazy", "gettext_noop")),
    **dict.fromkeys(("ngettext", "ngettext_lazy"), (1, 2)),
    **dict.fromkeys(("pgettext", "pgettext_lazy"), ((1, "c"), 2)),
    **dict.fromkeys(("npgettext", "npgettext_lazy"), ((1, "c"), 2, 3)),
}

PLACEHOLDER: Final = re.compile(r"%\(\w+\)[#0\- +]*\d*(?:\.\d+)?[a-zA-Z]|%[sd]|\{\w*\}")


class MessageKey(NamedTuple):
    """The identity of a message."""

    context: str
    text: str


class Message(NamedTuple):
    """A message of the code, with the paths of the files it is in."""

    key: MessageKey
    plural: str
    files: tuple[str, ...]


class Command(BaseCommand):
    help = "Updates the translation files from code and templates; --check, --compile."

    def add_arguments(self, parser: CommandParser) -> None:
        task = parser.add_mutually_exclusive_group()
        task.add_argument(
            "--check", action="store_true", help="change nothing; fail on what is not translated"
        )
        task.add_argument("--compile", action="store_true", help="make the .mo files")

    def handle(self, *args: Any, **options: Any) -> None:
        languages = [code for code, _ in settings.LANGUAGES if code != SOURCE_LANGUAGE]
        if options["compile"]:
            for language in languages:
                compile_messages(po_path(language))
            return
        messages = collect()
        errors: list[str] = []
        for language in languages:
            if not options["check"]:
                update(po_path(language), messages, language)
            errors += translation_errors(po_path(language), messages)
        if options["check"] and errors:
            raise CommandError("\n".join([*errors, "Run: python manage.py messages"]))
        self.stdout.write(f"{len(messages)} messages, {len(errors)} to translate or repair.")


def po_path(language: str) -> Path:
    """Return the path of the translation file of a language."""
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def collect() -> list[Message]:
    """Return the messages of the code and the templates, sorted by key."""
    plurals: dict[MessageKey, str] = {}
    files: dict[MessageKey, set[str]] = {}
    for path in sources():
        for key, plural in messages_in(path):
            plurals[key] = plurals.get(key) or plural
            files.setdefault(key, set()).add(path.relative_to(ROOT).as_posix())
    return [Message(key, plurals[key], tuple(sorted(files[key]))) for key in sorted(plurals)]


def sources() -> Iterator[Path]:
    """Yield every file that may contain messages."""
    for folder in ("config", "timeline"):
        yield from sorted((ROOT / folder).rglob("*.py"))
    for suffix in ("html", "svg", "txt", "xml"):
        yield from sorted((ROOT / "templates").rglob(f"*.{suffix}"))


def messages_in(path: Path) -> Iterator[tuple[MessageKey, str]]:
    """Yield the messages of a file: each key with its plural, or ''."""
    if path.is_relative_to(PUBLIC):
        return extract(path.read_text(encoding="utf-8"), jinja2_extract, JINJA2)
    if path.suffix == ".py":
        return extract(path.read_text(encoding="utf-8"))
    return extract(python_of(path))


def python_of(path: Path) -> str:
    """Convert a Django template to calls of gettext."""
    calls = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    # The indentation of the template is no valid indentation of Python.
    return "\n".join(line.lstrip() for line in calls.splitlines()) + "\n"


def extract(
    text: str, method: Any = "python", options: Mapping[str, str] | None = None
) -> Iterator[tuple[MessageKey, str]]:
    """Yield the messages of a text, using a method of Babel."""
    from babel.messages.extract import extract as babel_extract  # noqa: PLC0415 — only for tests

    file = io.BytesIO(text.encode())
    all_options = {"encoding": "utf-8", **(options or {})}
    for _, message, _, context in babel_extract(method, file, KEYWORDS, (), all_options):
        texts = message if isinstance(message, tuple) else (message, "")
        yield MessageKey(context or "", texts[0]), texts[1]


def update(path: Path, messages: list[Message], language: str) -> None:
    """Write a translation file with the messages of the code, keeping existing translations."""
    existing = entries(path)
    file = polib.POFile(wrapwidth=100)
    file.metadata = {
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
        "Plural-Forms": PLURALS[language],
    }
    for message in messages:
        entry = existing.get(message.key) or polib.POEntry(msgid=message.key.text)
        entry.msgctxt = message.key.context or None
        entry.msgid_plural = message.plural
        if message.plural:
            entry.msgstr_plural = entry.msgstr_plural or {0: "", 1: ""}
        entry.occurrences = [(name, "") for name in message.files]
        file.append(entry)
    path.parent.mkdir(parents=True, exist_ok=True)
    file.save(str(path))


def entries(path: Path) -> dict[MessageKey, polib.POEntry]:
    """Return the entries of a translation file, without obsolete ones."""
    if not path.exists():
        return {}
    file = polib.pofile(str(path), wrapwidth=100)
    return {
        MessageKey(entry.msgctxt or "", entry.msgid): entry for entry in file if not entry.obsolete
    }


def translation_errors(path: Path, messages: list[Message]) -> list[str]:
    """Describe missing, obsolete and faulty translations in a file."""
    existing = entries(path)
    keys = {message.key for message in messages}
    errors = [f"Obsolete: {key.text!r}" for key in sorted(existing.keys() - keys)]
    for message in messages:
        if error := translation_error(message, existing.get(message.key)):
            errors.append(f"{error}: {message.key.text!r} ({', '.join(message.files)})")
    return [f"{path.parent.parent.name}: {error}" for error in errors]


def translation_error(message: Message, entry: polib.POEntry | None) -> str:
    """Describe what is wrong with a translation; '' if nothing is."""
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
    """Compile a translation file to the binary file beside it, atomically."""
    if not path.exists():
        return
    temporary = path.with_suffix(f".{os.getpid()}.tmp")
    polib.pofile(str(path)).save_as_mofile(str(temporary))
    temporary.replace(path.with_suffix(".mo"))
