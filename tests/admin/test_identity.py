"""Editors say in the admin what the site is about and who keeps it."""

import datetime as dt

import pytest
from django.contrib.auth.models import User
from django.test import Client

from tests.admin.forms import errors, fill, opened
from tests.admin.forms import typed as as_sent
from tests.parsed_page import Page
from timeline.clock import today
from timeline.models import Identity

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

LIST = "/admin/timeline/identity/"
ADD = f"{LIST}add/"
CHANGE = f"{LIST}1/change/"


def test_list_leads_to_the_form_of_the_only_identity(editor_client: Client) -> None:
    assert editor_client.get(LIST).headers["Location"] == ADD
    Identity.objects.create()
    assert editor_client.get(LIST).headers["Location"] == CHANGE
    assert editor_client.get(ADD).status_code == 403
    assert editor_client.get(f"{LIST}1/delete/").status_code == 403


def test_editor_without_rights_is_refused(editor: User, editor_client: Client) -> None:
    editor.groups.clear()
    assert editor_client.get(LIST).status_code == 403
    assert editor_client.get(ADD).status_code == 403


def test_identity_is_written_and_its_history_names_the_editor(
    editor: User, editor_client: Client
) -> None:
    form = fill(
        opened(editor_client, ADD, "identity"),
        name_en="Register",
        since="2022",
        searched_until="2025-12-31",
        contact="record@example.org",
        about_en="Who *met* whom.",
    )
    assert editor_client.post(ADD, form).status_code == 302
    row = Identity.objects.get()
    assert (row.pk, row.name_en, str(row.since)) == (1, "Register", "2022")
    assert (row.searched_until, row.about_en) == (dt.date(2025, 12, 31), "Who *met* whom.")
    assert [entry.history_user for entry in row.history.all()] == [editor]


@pytest.mark.parametrize(
    ("field", "typed", "sentence"),
    [
        (
            "about_en",
            "word " * 200_000,
            "This text has 999999 characters, and at most 50000 are kept. Shorten it: nothing was "
            "saved yet.",
        ),
        (
            "searched_until",
            (today() + dt.timedelta(days=1)).isoformat(),
            "This day has not come: write the last day until which sources were searched.",
        ),
        (
            "contact",
            "javascript://example.org/%0aalert(1)",
            "Write an e-mail address, such as record@example.org, or a web address that begins "
            "with https://.",
        ),
        (
            "contact",
            "the editors",
            "Write an e-mail address, such as record@example.org, or a web address that begins "
            "with https://.",
        ),
        ("licence_url", "javascript:alert(1)", "Enter a valid URL."),
    ],
)
def test_what_cannot_be_kept_is_refused_and_stays_as_typed(
    editor_client: Client, field: str, typed: str, sentence: str
) -> None:
    Identity.objects.create(name_en="Register")
    form = fill(opened(editor_client, CHANGE, "identity"), name_en="Other", **{field: typed})
    response = editor_client.post(CHANGE, form)
    assert errors(response, field) == [sentence]
    again = as_sent(response, "identity")
    assert (again["name_en"], again[field]) == (["Other"], [typed])
    assert Identity.objects.get().name_en == "Register"


@pytest.mark.parametrize(
    ("language", "title"), [("fr", "À propos du registre"), ("en", "About the record")]
)
def test_preview_shows_what_is_typed_and_saves_nothing(
    editor_client: Client, language: str, title: str
) -> None:
    Identity.objects.create(name_en="Register")
    form = fill(
        opened(editor_client, CHANGE, "identity"),
        name_en="Other",
        about_en="Who *met* whom.\n\n<script>alert(1)</script>",
        legal_en="Nobody.",
    )
    response = editor_client.post(CHANGE, {**form, "_preview": language})
    page = Page(response)
    assert (page.status, page.text("//h1"), page.text("//a[@class='brand']")) == (
        200,
        title,
        "Other",
    )
    assert page.texts("//main//em") == ["met"]
    assert page.texts("//*[@id='legal']/following-sibling::div[1]") == ["Nobody."]
    assert page.root.xpath("//main//script") == []
    assert page.texts("//p[@class='preview wrap']") != []
    assert [row.name_en for row in Identity.objects.all()] == ["Register"]


def test_preview_of_a_new_identity_needs_the_right_to_write_it(
    editor: User, editor_client: Client
) -> None:
    form = fill(opened(editor_client, ADD, "identity"), name_en="New", _preview="en")
    assert Page(editor_client.post(ADD, form)).text("//a[@class='brand']") == "New"
    assert not Identity.objects.exists()
    editor.groups.clear()
    assert editor_client.post(ADD, form).status_code == 403


def test_preview_of_what_is_refused_shows_the_form_as_typed(editor_client: Client) -> None:
    Identity.objects.create(name_en="Register")
    form = fill(opened(editor_client, CHANGE, "identity"), name_en="Other", contact="nobody")
    response = editor_client.post(CHANGE, {**form, "_preview": "en"})
    assert errors(response, "contact") != []
    assert as_sent(response, "identity")["name_en"] == ["Other"]
    assert Identity.objects.get().name_en == "Register"


def test_admin_is_headed_by_the_name_of_the_site(editor_client: Client) -> None:
    Identity.objects.create(name_en="Register")
    page = Page(editor_client.get("/admin/"))
    assert page.text("//*[@id='site-name']") == "Register: keeping the record"
    assert page.text("//head/title") == "The record | Register"
