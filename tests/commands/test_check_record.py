"""The command that says what an auditor would find."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tests import factories as make
from timeline.models import Citation

pytestmark = pytest.mark.django_db


def test_errors_are_named_with_their_address_and_fail() -> None:
    event = make.an_event(slug="talks", publication="published")
    Citation.objects.create(event=event, field="title", source=make.a_source(pk=7, url=""))
    said = StringIO()
    with pytest.raises(CommandError, match="1 errors: no source is cited for it: 1"):
        call_command("check_record", stdout=said)
    assert said.getvalue().splitlines() == [
        "error: event talks · date: no source is cited for it",
        "Facts published: 2; cited: 1; only inferred: 0; contradicted: 0.",
        "Notes: one source only: 1; no excerpt: 1; no archived copy: 1.",
    ]


def test_notes_are_listed_only_if_asked_for() -> None:
    event = make.an_event(slug="talks", publication="published")
    source = make.a_source(pk=7, url="https://example.org/1234-talks")
    Citation.objects.create(event=event, source=source)
    said = StringIO()
    call_command("check_record", "--notes", stdout=said)
    assert said.getvalue().splitlines() == [
        "note: event talks · title: one source only",
        "note: event talks · date: one source only",
        "note: event talks: no excerpt",
        "note: source 7 https://example.org/1234-talks · archive_url: no archived copy",
        "Facts published: 2; cited: 2; only inferred: 0; contradicted: 0.",
        "Notes: one source only: 2; no excerpt: 1; no archived copy: 1.",
        "No errors.",
    ]
