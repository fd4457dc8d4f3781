"""The demo says that it is an example, where nobody says otherwise."""

from importlib import import_module
from types import SimpleNamespace
from typing import Any

import pytest
from django.apps import apps
from django.contrib.auth.models import User
from django.db import connection

from timeline.ingest.demo import load
from timeline.models import Event, Identity

pytestmark = pytest.mark.usefixtures("demo")

FOUNDING = "ru-aes-consultations-moscow-2025"


def texts() -> list[Any]:
    return list(Identity.objects.values())


def test_demo_says_that_it_is_an_example_and_names_nobody() -> None:
    identity = Identity.objects.get()
    assert "exemple" in identity.name_fr
    assert "example" in identity.name_en
    assert identity.about_fr.startswith("**Ceci est un exemple.**")
    assert identity.about_en.startswith("**This is an example.**")
    assert identity.legal_fr.startswith("Ce site est un exemple : il n’a ni éditeur")
    assert identity.legal_en.startswith("This site is an example: it has no publisher")
    named = [
        getattr(identity, f"{name}_{code}")
        for name in ("keeper", "licence")
        for code in ("fr", "en")
    ]
    assert [*named, identity.contact, identity.licence_url] == [""] * 6


def test_identity_that_an_editor_wrote_outlives_the_next_load() -> None:
    identity = Identity.objects.get()
    identity.name_en = "As an editor has it"
    identity._history_user = User.objects.create_user("editor")  # type: ignore[attr-defined]
    identity.save()
    assert load() == {}
    assert Identity.objects.get().name_en == "As an editor has it"


def test_text_of_an_earlier_demo_becomes_that_of_the_present_one() -> None:
    before = texts()
    Identity.objects.update(about_fr="Former.", keeper_en="Nobody")
    assert load() == {"identity changed": 1}
    assert texts() == before


def migrated() -> list[Any]:
    """Take the identity away, migrate as a site does that had none, and return what it says."""
    Identity.objects.all().delete()
    migration = import_module("timeline.migrations.0029_identity_of_the_demo")
    migration.say_that_it_is_an_example(apps, SimpleNamespace(connection=connection))
    return texts()


def test_site_that_shows_the_demo_says_so_once_it_is_migrated() -> None:
    before = texts()
    assert migrated() == before


def test_site_with_a_record_of_its_own_says_nothing_of_the_demo() -> None:
    own = Event(slug="own", kind="summit", date="2025", title_en="Own", publication="published")
    own._history_user = User.objects.create_user("editor")  # type: ignore[attr-defined]
    own.save()
    assert migrated() == []


def test_site_that_took_the_demo_back_says_nothing_of_it() -> None:
    Event.objects.filter(slug=FOUNDING).update(publication="withdrawn", withdrawn_reason_en="Over.")
    assert migrated() == []
