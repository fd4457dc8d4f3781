"""The interface is completely translated to French, and the command for messages works."""

import re
from gettext import GNUTranslations
from pathlib import Path

import polib
import pytest
from django import contrib
from django.utils import translation
from jinja2 import TemplateSyntaxError

from timeline.management.commands import messages as tool
from timeline.management.commands.messages import Message, MessageKey


def test_every_message_is_translated() -> None:
    assert tool.translation_errors(tool.po_path("fr"), tool.collect()) == []


def test_french_marks_stay_on_the_line_of_their_word() -> None:
    """Each has a no-break space, as the typography of the Imprimerie nationale has it."""
    breaking = re.compile("« | [:;?!»]")
    french = polib.pofile(str(tool.po_path("fr")))
    forms = [form for entry in french for form in (entry.msgstr, *entry.msgstr_plural.values())]
    assert [form for form in forms if breaking.search(form)] == []


@pytest.mark.parametrize("app", ["admin", "auth"])
def test_words_of_the_admin_are_those_of_django(app: str) -> None:
    """One of ours needs a context where Django has the word, too, and translates it otherwise."""
    file = Path(contrib.__file__).parent / app / "locale" / "fr" / "LC_MESSAGES" / "django.po"
    words = {entry.msgid: entry.msgstr for entry in polib.pofile(str(file)) if not entry.msgctxt}
    assert len(words) > 10
    with translation.override("fr"):
        shown = {word: translation.gettext(word) for word, french in words.items() if french}
    assert {word: french for word, french in shown.items() if french != words[word]} == {}


def test_compiled_messages_are_what_pages_show(tmp_path: Path) -> None:
    path = tmp_path / "fr" / "LC_MESSAGES" / "django.po"
    tool.update(path, [Message(MessageKey("state", "Held"), "", ("a.py",))], "fr")
    file = polib.pofile(str(path))
    file[0].msgstr = "Tenu"
    file.save()
    tool.compile_messages(path)
    assert [file.name for file in sorted(path.parent.iterdir())] == ["django.mo", "django.po"]
    with path.with_suffix(".mo").open("rb") as compiled:
        assert GNUTranslations(compiled).pgettext("state", "Held") == "Tenu"


TEMPLATE = """{% load i18n %}
<p>It's "100%" {{ _("In a variable") }}{% url 'x' as y %}
    {% translate "Plain" %} {% translate "May" context "month" %}
  {% blocktranslate trimmed count n=events|length %}
    one event of {{ year }}
  {% plural %}
    {{ n }} events of {{ year }}
  {% endblocktranslate %}
{# a comment with (an unclosed bracket #}
"""


def test_templates_give_their_messages(tmp_path: Path) -> None:
    file = tmp_path / "page.html"
    file.write_text(TEMPLATE)
    assert list(tool.extract(tool.python_of(file))) == [
        (MessageKey("", "In a variable"), ""),
        (MessageKey("", "Plain"), ""),
        (MessageKey("month", "May"), ""),
        (MessageKey("", "one event of %(year)s"), "%(n)s events of %(year)s"),
    ]


JINJA2_TEMPLATE = """{% import "parts/x.html" as parts with context %}
<p>It's "100%" {{ _("In a variable") }}{% set y = pgettext("month", "May") %}
  {% trans n=events|length, year %}
    one event of {{ year }}
  {% pluralize %}
    {{ n }} events of {{ year }}
  {% endtrans %}
  {% trans %}A sentence over
  two lines.{% endtrans %}
{# a comment with _("no message") #}
"""


def test_public_templates_give_their_messages(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tool, "PUBLIC", tmp_path)
    file = tmp_path / "pages" / "page.html"
    file.parent.mkdir()
    file.write_text(JINJA2_TEMPLATE)
    assert list(tool.messages_in(file)) == [
        (MessageKey("", "In a variable"), ""),
        (MessageKey("month", "May"), ""),
        (MessageKey("", "one event of %(year)s"), "%(n)s events of %(year)s"),
        (MessageKey("", "A sentence over two lines."), ""),
    ]


def test_public_template_that_cannot_be_read_is_no_empty_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tool, "PUBLIC", tmp_path)
    file = tmp_path / "page.html"
    file.write_text('{% if x %}{{ _("Never closed") }}')
    with pytest.raises(TemplateSyntaxError):
        list(tool.messages_in(file))


def test_every_folder_gives_messages() -> None:
    places = {place for message in tool.collect() for place in message.files}
    for folder in ("config", "templates/admin", "templates/public", "timeline"):
        assert [place for place in places if place.startswith(f"{folder}/")], folder


@pytest.mark.parametrize("folder", ["pages", "parts", "pictures"])
def test_every_folder_of_public_templates_gives_messages(folder: str) -> None:
    files = sorted((tool.PUBLIC / folder).rglob("*.html"))
    assert sum(len(list(tool.messages_in(file))) for file in files) > 0


def test_python_gives_its_messages() -> None:
    text = (
        'a = _("One") + gettext_lazy("Two " "words")\n'
        'b = pgettext_lazy("state", "Held"), ngettext("%d day", "%d days", n), other("Not this")\n'
        'c = gettext("At once")\n'
    )
    assert list(tool.extract(text)) == [
        (MessageKey("", "One"), ""),
        (MessageKey("", "Two words"), ""),
        (MessageKey("state", "Held"), ""),
        (MessageKey("", "%d day"), "%d days"),
        (MessageKey("", "At once"), ""),
    ]


def translated(text: str, *, plural: str = "", fuzzy: bool = False, **forms: str) -> polib.POEntry:
    entry = polib.POEntry(msgid=text, msgid_plural=plural, msgstr=forms.get("to", ""))
    if plural:
        entry.msgstr_plural = {0: forms["one"], 1: forms["many"]}
    if fuzzy:
        entry.flags.append("fuzzy")
    return entry


@pytest.mark.parametrize(
    ("text", "plural", "entry", "complaint"),
    [
        ("Held", "", None, "Missing"),
        ("Held", "", translated("Held"), "Untranslated"),
        ("Held", "", translated("Held", to="Tenu", fuzzy=True), "Fuzzy"),
        ("Held", "", translated("Held", to="Tenu"), ""),
        ("%(n)s of", "", translated("%(n)s of", to="%(m)s de"), "Placeholders differ"),
        ("{n} of", "", translated("{n} of", to="de"), "Placeholders differ"),
        ("%(n)s of", "", translated("%(n)s of", to="de %(n)s"), ""),
        ("one", "%d days", translated("one", plural="%d days", one="un", many=""), "Untranslated"),
        ("one", "%d days", translated("one", plural="%d days", one="un", many="%d jours"), ""),
        (
            "one",
            "%d days",
            translated("one", plural="%d days", one="un", many="des jours"),
            "Placeholders differ",
        ),
    ],
)
def test_translation_is_refused_for_what_is_wrong_with_it(
    text: str, plural: str, entry: polib.POEntry | None, complaint: str
) -> None:
    assert (
        tool.translation_error(Message(MessageKey("", text), plural, ("a.py",)), entry) == complaint
    )


def test_update_keeps_translations_and_drops_what_is_gone(tmp_path: Path) -> None:
    path = tmp_path / "fr" / "LC_MESSAGES" / "django.po"
    first = [
        Message(MessageKey("", "Held"), "", ("a.py",)),
        Message(MessageKey("", "Old"), "", ("a.py",)),
    ]
    tool.update(path, first, "fr")
    file = polib.pofile(str(path))
    for entry in file:
        entry.msgstr = f"{entry.msgid} en français"
    file.save()
    tool.update(path, [Message(MessageKey("", "New"), "", ("b.html",)), first[0]], "fr")
    assert [(entry.msgid, entry.msgstr) for entry in polib.pofile(str(path))] == [
        ("New", ""),
        ("Held", "Held en français"),
    ]
    assert tool.translation_errors(path, first) == [
        "fr: Obsolete: 'New'",
        "fr: Missing: 'Old' (a.py)",
    ]
