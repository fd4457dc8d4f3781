"""'Searched again, nothing found', and what was not searched for 90 days."""

import datetime as dt

import pytest
from django.conf import LazySettings
from django.contrib.auth.models import User
from django.test import Client

from tests import factories as make
from tests.clock import set_today
from tests.parsed_page import TODAY, Page
from timeline.models import Framework, Identity

pytestmark = pytest.mark.django_db

LONG_AGO = TODAY - dt.timedelta(days=90)
LATELY = TODAY - dt.timedelta(days=89)


@pytest.fixture(autouse=True)
def that_day(monkeypatch: pytest.MonkeyPatch) -> None:
    set_today(monkeypatch, TODAY)


@pytest.fixture
def record() -> Identity:
    return Identity.objects.create(searched_until=LONG_AGO)


@pytest.fixture
def framework() -> Framework:
    return make.a_framework(
        make.a_state("ru"),
        make.a_state("ml"),
        title_en="Talks",
        publication="published",
        searched_until=LONG_AGO,
    )


def neglected(client: Client) -> list[str]:
    page = Page(client.get("/admin/"))
    return page.texts("//section[h3='Not searched for 90 days']//li/a")


def said(page: Page) -> str:
    return " ".join(page.texts("//ul[contains(@class, 'errorlist')]/li"))


def search(client: Client, kind: str, key: int, **typed: str) -> tuple[int, Page]:
    data = {"until": TODAY.isoformat(), "note": "", **typed}
    response = client.post(f"/admin/timeline/{kind}/{key}/searched/", data, follow=True)
    return len(response.redirect_chain), Page(response)


def test_what_was_not_searched_for_90_days_is_on_the_first_page(
    editor_client: Client, record: Identity, framework: Framework
) -> None:
    assert neglected(editor_client) == ["The whole record", "Talks"]
    Identity.objects.update(searched_until=LATELY)
    assert neglected(editor_client) == ["Talks"]
    Framework.objects.update(ended="2025", ended_earliest="2025-01-01", ended_latest="2025-12-31")
    assert neglected(editor_client) == []


def test_what_is_searched_until_today_is_never_asked_for(editor_client: Client) -> None:
    Identity.objects.create(searched_until=None)
    make.a_framework(make.a_state("ru"), make.a_state("ml"), publication="published")
    assert neglected(editor_client) == []


def test_search_that_found_nothing_is_one_click_on_the_first_page(
    editor_client: Client, editor: User, record: Identity
) -> None:
    page = Page(editor_client.get("/admin/"))
    (form,) = page.root.xpath("//form[@class='searched']")
    address, inputs = form.get("action"), {i.get("name"): i.get("value") for i in form.inputs}
    assert inputs["until"] == TODAY.isoformat()
    response = editor_client.post(address, {**inputs, "note": "MID, aBamako"})
    assert response.headers["Location"] == "/admin/"
    record.refresh_from_db()
    assert record.searched_until == TODAY
    entry = record.history.latest()
    assert (entry.history_user, entry.history_change_reason) == (editor, "MID, aBamako")
    assert neglected(editor_client) == []


def test_search_for_a_framework_is_one_click_on_its_page(
    editor_client: Client, framework: Framework
) -> None:
    page = Page(editor_client.get(f"/admin/timeline/framework/{framework.pk}/change/"))
    (form,) = page.root.xpath("//form[@class='searched']")
    inputs = {i.get("name"): i.get("value") or "" for i in form.inputs}
    response = editor_client.post(form.get("action"), inputs)
    assert response.headers["Location"] == f"/admin/timeline/framework/{framework.pk}/change/"
    framework.refresh_from_db()
    assert framework.searched_until == TODAY
    history = Page(editor_client.get(f"/admin/timeline/framework/{framework.pk}/history/"))
    assert "Searched again, nothing found." in history.text("//table[@id='change-history']")


def test_day_and_note_of_a_search_that_cannot_be_are_shown_again(
    editor_client: Client, framework: Framework
) -> None:
    tomorrow = (TODAY + dt.timedelta(days=1)).isoformat()
    before = (LONG_AGO - dt.timedelta(days=1)).isoformat()
    for typed, sentence in (
        ({"until": tomorrow}, "This day has not come"),
        ({"until": before}, "Sources were searched until a later day already: "),
        ({"until": "soon"}, "Enter a valid date."),
        ({"note": "x" * 101}, "A note of 101 characters is too long: at most 100 are kept."),
    ):
        redirects, page = search(editor_client, "framework", framework.pk, **typed)
        assert (redirects, sentence in said(page)) == (0, True), said(page)
        (name, value), *_others = typed.items()
        assert page.root.xpath(f"string(//input[@name='{name}']/@value)") == value
    framework.refresh_from_db()
    assert framework.searched_until == LONG_AGO


def test_day_of_a_framework_that_has_not_come_is_refused_on_its_form(
    editor_client: Client, framework: Framework
) -> None:
    address = f"/admin/timeline/framework/{framework.pk}/change/"
    form = Page(editor_client.get(address)).root.xpath("//form[@id='framework_form']")[0]
    typed = {name: value for name, value in form.form_values() if not name.startswith("_")}
    page = Page(editor_client.post(address, {**typed, "searched_until": "2027-01-01"}))
    assert "This day has not come" in said(page)


def test_while_review_is_required_only_an_administrator_moves_the_day(
    editor_client: Client,
    admin_client: Client,
    framework: Framework,
    record: Identity,
    settings: LazySettings,
) -> None:
    settings.REVIEW_REQUIRED = True
    for kind, row in (("framework", framework), ("identity", record)):
        redirects, page = search(editor_client, kind, row.pk)
        assert redirects == 0
        assert "only an administrator changes what is public" in said(page)
        row.refresh_from_db()
        assert row.searched_until == LONG_AGO
    page = Page(editor_client.get("/admin/"))
    assert page.root.xpath("//form[@class='searched']") == []
    assert neglected(editor_client) == ["The whole record", "Talks"]
    assert search(admin_client, "framework", framework.pk)[0] == 1


def test_who_may_not_change_a_record_may_not_move_its_day(
    client: Client, framework: Framework
) -> None:
    reader = User.objects.create_user("reader", is_staff=True)
    client.force_login(reader)
    response = client.post(f"/admin/timeline/framework/{framework.pk}/searched/", {})
    assert response.status_code == 403
