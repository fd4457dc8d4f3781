"""The editors' pages in French."""

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests import factories as make
from tests.admin.forms import messages, opened
from tests.clock import set_today
from tests.parsed_page import Page
from timeline.models import Citation

pytestmark = pytest.mark.django_db


@pytest.fixture
def french(editor: User) -> Client:
    client = Client(headers={"accept-language": "fr"})
    client.force_login(editor)
    return client


def test_message_after_publishing_is_in_french(french: Client) -> None:
    event = make.an_event()
    Citation.objects.create(source=make.a_source(), event=event)
    address = f"/admin/timeline/event/{event.pk}/change/"
    form = {**opened(french, address, "event"), "_publish": ["1"]}
    shown = messages(french.post(address, form, follow=True))
    assert shown == [f"Publié : les lecteurs le voient à l’adresse /fr/events/{event.slug}/."]


def test_records_stand_under_a_french_heading(french: Client) -> None:
    (heading,) = Page(french.get("/admin/")).texts("//div[@id='content-main']//caption")[-1:]
    assert heading == "Chronologie"


def test_first_day_of_a_month_is_an_ordinal_in_french(
    french: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_today(monkeypatch, dt.date(2025, 5, 1))
    ru, ml = make.a_state("ru"), make.a_state("ml")
    framework = make.a_framework(ru, ml, cadence_months=12)
    make.an_event(host=ru, framework=framework, takes_turn=True, publication="published")
    response = french.get(f"/admin/timeline/event/add/?follow_up_framework={framework.pk}")
    assert messages(response) == [
        "Attendue du 1er avril 2026 au 30 avril 2026 d’après la périodicité ; "
        "date proposée : 2026-04."
    ]
