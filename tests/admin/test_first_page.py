"""The first page of the admin: what waits for the editors, with links to the forms."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import Permission, User
from django.test import Client

from tests import factories as make
from tests.admin.desks import as_user
from tests.clock import set_today
from tests.parsed_page import TODAY, Page
from timeline.actions.commitments import record_update
from timeline.core.codes import CommitmentStatus
from timeline.models import Commitment, Instrument, Party

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def that_day(monkeypatch: pytest.MonkeyPatch) -> None:
    set_today(monkeypatch, TODAY)


def waiting(client: Client) -> dict[str, list[tuple[str, str]]]:
    """Return each heading with the names and addresses under it."""
    page = Page(client.get("/admin/"))
    by_heading = {}
    for section in page.root.xpath("//section[@class='reminders']/section"):
        name = " ".join(section.xpath("string(h3)").split())
        links = section.xpath("ul/li/a")
        by_heading[name] = [(link.text_content().strip(), link.get("href")) for link in links]
    return by_heading


def a_session_long_ago(cadence: int | None = 12) -> None:
    ru, bloc = make.a_state("ru"), make.a_bloc("aes")
    framework = make.a_framework(
        ru, bloc, cadence_months=cadence, title_en="Consultations", publication="published"
    )
    make.an_event(
        host=ru, parties=(bloc,), framework=framework, takes_turn=True, publication="published"
    )


def test_overdue_session_is_one_click_from_the_form_that_adds_it(editor_client: Client) -> None:
    a_session_long_ago()
    ((name, address),) = waiting(editor_client)["Sessions due or overdue"]
    assert name == "Consultations"
    form = Page(editor_client.get(address))
    assert form.root.xpath("string(//input[@name='title_en']/@value)") == (
        "Next meeting: Consultations"
    )


def test_sessions_overdue_for_longest_stand_first_and_those_due_after_them(
    editor_client: Client,
) -> None:
    sides = [make.a_state(code) for code in ("ru", "ml")]
    for title, date in (
        ("A little late", "2025-09"),
        ("Due now", "2025-11"),
        ("Very late", "2025-02"),
        ("On schedule", "2025-12"),
    ):
        framework = make.a_framework(
            *sides, cadence_months=12, title_en=title, publication="published"
        )
        make.an_event(
            host=sides[0], framework=framework, takes_turn=True, date=date, publication="published"
        )
    names = [name for name, _address in waiting(editor_client)["Sessions due or overdue"]]
    assert names == ["Very late", "A little late", "Due now"]


@pytest.mark.parametrize("cadence", [36, None])
def test_framework_on_schedule_or_without_cadence_waits_for_nobody(
    editor_client: Client, cadence: int | None
) -> None:
    a_session_long_ago(cadence)
    assert waiting(editor_client) == {}
    assert "Nothing: no session is due" in editor_client.get("/admin/").content.decode()


def test_late_and_silent_promises_lead_to_where_a_step_is_added(editor_client: Client) -> None:
    event = make.an_event(date="2025-04-03", publication="published")
    late = make.a_commitment(event, title_en="Late", due="2025-12", publication="published")
    record_update(commitment=late, date="2026-11-01", status=CommitmentStatus.STALLED)
    silent = make.a_commitment(event, title_en="Silent", publication="published")
    done = make.a_commitment(event, title_en="Done", due="2025-12", publication="published")
    record_update(commitment=done, date="2025-05-01", status=CommitmentStatus.FULFILLED)
    make.a_commitment(event, title_en="Draft", due="2025-12")
    assert waiting(editor_client) == {
        "Commitments past their due date 1": [
            ("Late", f"/admin/timeline/commitment/{late.pk}/change/#updates-group")
        ],
        "Commitments without evidence for 270 days 1": [
            ("Silent", f"/admin/timeline/commitment/{silent.pk}/change/#updates-group")
        ],
    }
    form = Page(editor_client.get(f"/admin/timeline/commitment/{silent.pk}/change/"))
    assert len(form.root.xpath("//*[@id='updates-group']")) == 1


@pytest.mark.parametrize(("days", "quiet"), [(269, False), (270, True)])
def test_promise_is_silent_after_270_days(editor_client: Client, days: int, quiet: bool) -> None:
    day = TODAY - dt.timedelta(days=days)
    event = make.an_event(date=day.isoformat(), publication="published")
    make.a_commitment(event, publication="published")
    assert bool(waiting(editor_client)) is quiet


def test_drafts_wait_for_review_whatever_they_are(editor_client: Client) -> None:
    event = make.an_event(title_en="Talks", date="2026-11-01", publication="in_review")
    commitment = make.a_commitment(event, title_en="Promise", publication="in_review")
    framework = make.a_framework(
        make.a_state("ru"), make.a_state("ml"), title_en="Commission", publication="in_review"
    )
    text = make.a_text(title_en="Treaty", publication="in_review")
    assert waiting(editor_client) == {
        "Drafts waiting for review 4": [
            ("2026-11-01 · Talks", f"/admin/timeline/event/{event.pk}/change/"),
            ("Promise", f"/admin/timeline/commitment/{commitment.pk}/change/"),
            ("Commission", f"/admin/timeline/framework/{framework.pk}/change/"),
            ("Treaty", f"/admin/timeline/instrument/{text.pk}/change/"),
        ]
    }


def an_unratified_text(signed: str, *waiting: Party, **values: Any) -> Instrument:
    text = make.a_text(*waiting, **{"date": signed, "publication": "published", **values})
    for party in waiting:
        make.a_step(text, "signed", party, signed)
    return text


def test_texts_without_a_source_of_a_ratification_lead_to_where_one_is_recorded(
    editor_client: Client,
) -> None:
    mali, niger = make.a_state("ml"), make.a_state("ne")
    signed = TODAY - dt.timedelta(days=366)
    later = an_unratified_text(signed.isoformat(), mali, niger, title_en="Later")
    first = an_unratified_text("2020-01", mali, niger, title_en="First")
    make.a_step(first, "ratified", niger, "2021")
    # Mali has left the one, and has taken back its ratification of the other.
    for title, act in (("Left", "denounced"), ("Taken back", "withdrawn")):
        text = an_unratified_text("2022", niger, mali, title_en=title)
        for party in (niger, mali):
            ratified = make.a_step(text, "ratified", party, "2023")
        make.a_step(
            text, act, mali, "2024", **({"regards": ratified} if act == "withdrawn" else {})
        )
    # Nobody waits for these.
    an_unratified_text((TODAY - dt.timedelta(days=365)).isoformat(), mali, niger)
    an_unratified_text("2020", mali, niger, publication="draft")
    an_unratified_text("2020", mali, niger, binds="by_signature")
    ended = an_unratified_text("2020", mali, niger)
    make.a_step(ended, "terminated", None, "2021")
    taken_back = Instrument.objects.get(title_en="Taken back")

    def links(text: Instrument, *parties: Party) -> list[tuple[str, str]]:
        act = f"/admin/timeline/instrument/{text.pk}/act/?act=ratified&party="
        return [
            (str(text), f"/admin/timeline/instrument/{text.pk}/change/"),
            *((f"record a ratification by {party}", f"{act}{party.pk}") for party in parties),
        ]

    page = Page(editor_client.get("/admin/"))
    (section,) = page.root.xpath("//section[@class='reminders']/section")
    assert " ".join(section.xpath("string(h3)").split()) == "No source seen for a ratification 3"
    assert [(link.text_content(), link.get("href")) for link in section.xpath(".//a")] == [
        *links(first, mali),
        *links(taken_back, mali),
        *links(later, mali, niger),
    ]
    listed = Page(editor_client.get("/admin/timeline/instrument/?unratified=yes"))
    assert len(listed.root.xpath("//table[@id='result_list']/tbody/tr")) == 3


def test_only_ten_texts_that_wait_are_listed_and_all_are_counted(editor_client: Client) -> None:
    mali, niger = make.a_state("ml"), make.a_state("ne")
    for _ in range(12):
        an_unratified_text("2020", mali, niger)
    page = Page(editor_client.get("/admin/"))
    assert page.text("//section[@class='reminders']//h3") == "No source seen for a ratification 12"
    assert len(page.root.xpath("//section[@class='reminders']//li")) == 10
    (address,) = page.root.xpath("//section[@class='reminders']//p/a/@href")
    assert address == "/admin/timeline/instrument/?unratified=yes"


def test_only_ten_of_a_kind_are_listed_and_all_are_counted(editor_client: Client) -> None:
    event = make.an_event(date="2025-04-03", publication="published")
    for _ in range(12):
        make.a_commitment(event, publication="published")
    page = Page(editor_client.get("/admin/"))
    assert page.text("//section[@class='reminders']//h3") == (
        "Commitments without evidence for 270 days 12"
    )
    assert len(page.root.xpath("//section[@class='reminders']//li")) == 10
    (address,) = page.root.xpath("//section[@class='reminders']//p/a/@href")
    assert address == "/admin/timeline/commitment/?late=quiet"
    listed = Page(editor_client.get(address))
    assert len(listed.root.xpath("//table[@id='result_list']/tbody/tr")) == 12
    assert listed.root.xpath("//table[@id='result_list']//a[contains(@href, '/change/')]") != []
    late = Page(editor_client.get("/admin/timeline/commitment/?late=overdue"))
    assert late.root.xpath("//table[@id='result_list']") == []


@pytest.mark.parametrize(("heading", "due"), [("evidence", None), ("due date", "2026-01")])
def test_what_is_late_or_silent_the_longest_stands_first(
    editor_client: Client, heading: str, due: str | None
) -> None:
    event = make.an_event(date="2025-01-01", publication="published")
    for number, day in enumerate(("2025-09-01", "2025-03-01", "2025-06-01")):
        later = f"2026-0{int(day[6]) // 3}-01" if due else None
        commitment = make.a_commitment(
            event, title_en=f"P{number}", due=later, publication="published"
        )
        record_update(commitment=commitment, date=day, status=CommitmentStatus.IN_PROGRESS)
    ((name, links),) = [pair for pair in waiting(editor_client).items() if heading in pair[0]]
    assert name.endswith(" 3")
    assert [title for title, _address in links] == ["P1", "P2", "P0"]


def test_many_drafts_of_one_kind_hide_none_of_another(editor_client: Client) -> None:
    for number in range(12):
        event = make.an_event(title_en=f"Talks {number}", publication="in_review")
    make.a_commitment(event, title_en="Promise", publication="in_review")
    links = waiting(editor_client)["Drafts waiting for review 13"]
    assert (len(links), links[-1][0]) == (11, "Promise")
    page = Page(editor_client.get("/admin/"))
    (rest,) = page.root.xpath("//section[@class='reminders']//p/a")
    assert rest.text_content() == "All drafts in review: events (12)"
    listed = Page(editor_client.get(rest.get("href")))
    assert len(listed.root.xpath("//table[@id='result_list']/tbody/tr")) == 12


def test_drafts_that_somebody_may_not_change_take_nobodys_place(db: None) -> None:
    for number in range(12):
        event = make.an_event(title_en=f"Talks {number}", publication="in_review")
    promise = make.a_commitment(event, title_en="Promise", publication="in_review")
    user = User.objects.create_user("promises", password="a long word", is_staff=True)
    user.user_permissions.add(Permission.objects.get(codename="change_commitment"))
    assert waiting(as_user(user)) == {
        "Drafts waiting for review 1": [
            ("Promise", f"/admin/timeline/commitment/{promise.pk}/change/")
        ]
    }


def test_who_may_change_nothing_is_reminded_of_nothing(db: None) -> None:
    a_session_long_ago()
    make.an_event(publication="in_review")
    watcher = as_user(User.objects.create_user("watcher", password="a long word", is_staff=True))
    assert waiting(watcher) == {}


def test_first_page_has_a_constant_number_of_queries(
    editor_client: Client, django_assert_max_num_queries: Any
) -> None:
    event = make.an_event(date="2025-04-03", publication="published")
    make.a_commitment(event, publication="published")
    parties = make.a_state("ml"), make.a_state("ne")
    an_unratified_text("2020", *parties)
    editor_client.get("/admin/")
    with django_assert_max_num_queries(50) as few:
        editor_client.get("/admin/")
    for _ in range(2):
        make.a_commitment(event, publication="published")
        an_unratified_text("2020", *parties)
    assert Commitment.objects.count() == 3
    with django_assert_max_num_queries(50) as more:
        editor_client.get("/admin/")
    assert len(more) == len(few)


def test_first_page_requires_signing_in(client: Client) -> None:
    response = client.get("/admin/")
    assert (response.status_code, response["Location"]) == (302, "/admin/login/?next=/admin/")


@pytest.mark.parametrize(
    "following", ["https://evil.example/", "//evil.example", "javascript:1", ""]
)
def test_sign_in_with_a_foreign_next_address_leads_to_the_first_page(
    client: Client, editor: User, following: str
) -> None:
    typed = {"username": "editor", "password": "a long word", "next": following}
    answer = client.post("/admin/login/", typed)
    assert (answer.status_code, answer.headers["Location"]) == (302, "/admin/")


@pytest.mark.parametrize("language", ["en", "fr"])
def test_nouns_stand_in_the_order_of_their_use(language: str) -> None:
    client = as_user(User.objects.create_superuser("chief"))
    page = Page(client.get("/admin/", headers={"accept-language": language}))
    links = page.root.xpath("//div[contains(@class, 'app-timeline')]//th//a/@href")
    assert [link.split("/")[3] for link in links] == [
        *("event", "commitment", "instrument", "framework", "party", "membership", "person"),
        *("place", "sector", "source", "correction", "errorreport", "identity"),
    ]
    # The other pages have the same list beside them.
    page = Page(client.get("/admin/timeline/event/", headers={"accept-language": language}))
    beside = page.root.xpath("//nav[@id='nav-sidebar']//th[@scope='row']/a/@href")
    assert [link for link in beside if "/timeline/" in link] == links
