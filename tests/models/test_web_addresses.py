"""Addresses of sources use http or https; others are moved or refused, and never a link."""

import importlib
from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

import pytest
from django import forms
from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.test import Client

from tests import factories as make
from tests.parsed_page import Page
from timeline.forms.records import RecordForm
from timeline.jinja2 import is_web_address
from timeline.models import Citation, Source

pytestmark = pytest.mark.django_db

ODD = ["javascript:alert(1)", "data:text/html,x", " https://a.example", "ftp://a.example/", "//a"]


@pytest.mark.parametrize("address", ODD)
@pytest.mark.parametrize("column", ["url", "archive_url"])
def test_database_refuses_other_addresses_whoever_writes(column: str, address: str) -> None:
    source = make.a_source()
    with pytest.raises(IntegrityError), transaction.atomic():
        Source.objects.filter(pk=source.pk).update(**{column: address})
    Source.objects.filter(pk=source.pk).update(**{column: "HTTPS://a.example/x"})


def test_form_says_what_an_address_begins_with(in_english: None) -> None:
    class Form(RecordForm):
        url = forms.URLField(assume_scheme="https")

        class Meta:
            model = Source
            fields = ("title", "kind", "language", "url")

    typed = {"title": "S", "kind": "official", "language": "fr"}
    form = Form({**typed, "url": "ftp://a.example/x"})
    assert "A web address begins with http:// or https://." in str(form.errors)
    assert Form({**typed, "url": "https://a.example/x"}).is_valid()


@pytest.mark.parametrize("address", ODD)
def test_page_prints_a_link_only_to_the_web(address: str) -> None:
    assert not is_web_address(address)
    assert is_web_address("https://a.example")
    assert is_web_address("HTTP://a.example")


def test_migration_moves_other_addresses_to_the_notes() -> None:
    migration = importlib.import_module("timeline.migrations.0011_addresses_of_the_web")
    source = make.a_source(note_en="Seen in print.")
    columns = {"url": "javascript:alert(1)", "archive_url": "data:text/html,x"}
    columns |= {"no_archive_reason_en": "", "no_archive_reason_fr": ""}
    with unchecked():
        Source.objects.filter(pk=source.pk).update(**columns)
        migration.move_other_addresses(apps, SimpleNamespace(connection=connection))
    source.refresh_from_db()
    assert (source.url, source.archive_url) == ("", "")
    assert source.note_en.split("\n") == [
        "Seen in print.",
        "Address as entered, which is no web address: javascript:alert(1)",
        "Address as entered, which is no web address: data:text/html,x",
    ]
    assert "javascript:alert(1)" in source.note_fr
    assert source.no_archive_reason_en == "The address entered was no web address."
    last = source.history.latest("history_id")
    assert (last.url, last.note_en) == ("", source.note_en)


def test_stored_address_of_another_kind_is_text(client: Client) -> None:
    event = make.an_event(publication="published")
    source = make.a_source()
    Citation.objects.create(source=source, event=event)
    odd = {"url": "javascript:alert(1)", "archive_url": "data:text/html,x"}
    with unchecked():
        Source.objects.filter(pk=source.pk).update(**odd)
        for address in (f"/en/sources/{source.pk}/", f"/en/events/{event.slug}/"):
            page = Page(client.get(address))
            assert page.status == 200
            links = page.root.xpath("//@href")
            assert [link for link in links if link.startswith(("javascript:", "data:"))] == []
        assert "javascript:alert(1)" in Page(client.get(f"/en/sources/{source.pk}/")).text(
            "//aside"
        )


@contextmanager
def unchecked() -> Iterator[None]:
    """Drop the constraints on addresses for a test, and roll its changes back."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = ON")
        else:
            # A table cannot be altered while checks of its foreign keys are pending.
            connection.check_constraints()
            for name in ("source_address_of_the_web", "source_archive_of_the_web"):
                cursor.execute(f"ALTER TABLE timeline_source DROP CONSTRAINT {name}")
        try:
            yield
        finally:
            if connection.vendor == "sqlite":
                cursor.execute("PRAGMA ignore_check_constraints = OFF")
