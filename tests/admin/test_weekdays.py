"""The admin flags a weekday in a source that contradicts the recorded date."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories as make
from tests.admin.forms import fill, messages, opened, tree
from timeline.models import Citation, EventStep

pytestmark = pytest.mark.django_db


def page_of(record: Any) -> str:
    return reverse(f"admin:timeline_{record._meta.model_name}_change", args=[record.pk])


def text_beside(client: Client, record: Any, date: str) -> str:
    """Return the text beside a date on a record's form."""
    (help_text,) = tree(client.get(page_of(record))).xpath(f"//*[@id='id_{date}_helptext']")
    return " ".join("".join(help_text.itertext()).split())


def cite(**about: Any) -> Citation:
    source = make.a_source(publisher="Journal")
    return Citation.objects.create(source=source, **about)


def test_weekday_is_flagged_beside_the_date_and_after_saving(editor_client: Client) -> None:
    event = make.an_event(date="2025-05-21")
    cite(event=event, field="date", date_as_worded="ce lundi 21 mai 2025")
    flag = "⚑ Journal says “ce lundi 21 mai 2025”; that day was a Wednesday."
    assert flag in text_beside(editor_client, event, "date")
    form = opened(editor_client, page_of(event), "event")
    response = editor_client.post(page_of(event), fill(form, duration_en="An hour"), follow=True)
    assert flag in messages(response)


def test_weekday_that_fits_is_not_flagged(editor_client: Client) -> None:
    event = make.an_event(date="2025-05-21")
    cite(event=event, field="date", date_as_worded="mercredi 21 mai 2025")
    assert "⚑" not in text_beside(editor_client, event, "date")


def test_julian_reading_is_given_in_both_calendars(editor_client: Client) -> None:
    event = make.an_event(date="1917-10-25")
    cite(event=event, field="date", date_as_worded="в среду 25 октября")
    assert (
        "Journal says “в среду 25 октября”: 25 October 1917 was a Wednesday in the Julian calendar "
        "(7 November 1917 in the Gregorian one) and a Thursday in the Gregorian calendar "
        "(12 October 1917 in the Julian one). Which is meant?"
    ) in text_beside(editor_client, event, "date")


@pytest.mark.parametrize("about", ["starts", "ends"])
def test_weekday_is_compared_with_the_date_that_the_source_supports(
    editor_client: Client, about: str
) -> None:
    spell = make.a_membership(make.a_state("ml"), make.a_bloc("au"), "2025-04-03", "2025-04-09")
    cite(membership=spell, field=about, date_as_worded="mercredi")
    assert ("⚑" in text_beside(editor_client, spell, "starts")) is (about == "starts")
    assert "⚑" not in text_beside(editor_client, spell, "ends")


def test_weekday_of_a_step_is_compared_with_the_day_of_the_change(
    editor_client: Client,
) -> None:
    event = make.an_event(date="2025-05-21", state="planned")
    step = EventStep.objects.create(
        event=event,
        on="2025-04-03",
        entry=1,
        state="planned",
        date="2025-05-21",
        previous_state="planned",
        previous_date="2025",
    )
    cite(event_step=step, date_as_worded="mercredi")
    response = editor_client.get(page_of(step))
    assert response.status_code == 200
    assert "that day was a Thursday" in response.content.decode()
