"""The data that a worker reads when it starts."""

import datetime as dt
import logging

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from timeline import warmup
from timeline.queries import ledger
from timeline.queries.as_of import AsOf

pytestmark = pytest.mark.django_db(transaction=True)

TODAY = dt.date(2031, 2, 3)


def test_first_reader_finds_the_ledger_read() -> None:
    warmup.warm_up(TODAY).join()
    with CaptureQueriesContext(
        connection,
    ) as captured:
        ledger.on(AsOf(TODAY))
    assert ["recordversion" in query["sql"] for query in captured] == [True]


def test_worker_starts_where_nothing_can_be_read(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refused(when: AsOf) -> None:
        raise OSError("No disk.")

    monkeypatch.setattr(ledger, "on", refused)
    with caplog.at_level(logging.ERROR, "timeline"):
        warmup.warm_up(TODAY).join()
    assert "Nothing could be read ahead" in caplog.text
