"""What the site says of itself, read once for a version of the record."""

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.translation import override

from tests import factories as make
from timeline.database.version import one_version
from timeline.models import Identity
from timeline.queries.identity import identity


@pytest.mark.django_db
def test_site_that_nobody_described_has_an_empty_identity() -> None:
    empty = identity()
    assert (str(empty.name), empty.since, empty.searched_until) == ("", None, None)


@pytest.mark.django_db
def test_name_is_that_of_the_readers_language_or_else_the_other() -> None:
    Identity.objects.create(name_fr="Registre", subject_en="Who met whom.")
    with override("en"):
        assert (identity().name, identity().name.fallback) == ("Registre", True)
        assert (identity().subject, identity().subject.fallback) == ("Who met whom.", False)


@pytest.mark.django_db(transaction=True)
def test_identity_is_read_once_until_the_record_changes() -> None:
    Identity.objects.create(searched_until=dt.date(2025, 12, 31))
    assert identity().searched_until == dt.date(2025, 12, 31)
    with CaptureQueriesContext(connection) as again, one_version():
        identity()
        identity()
    assert len(again) == 1, "the version alone"
    Identity.objects.update(searched_until=dt.date(2026, 1, 31))
    assert identity().searched_until == dt.date(2026, 1, 31)
    make.a_state("ml")
    assert identity().searched_until == dt.date(2026, 1, 31)
