"""Pages as of a day, compared with a record of only what is dated up to that day."""

import datetime as dt
import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import cycle, zip_longest

import pytest
from django.db import connection, transaction
from django.test import Client
from lxml import html

from tests import factories as make
from tests.clock import set_today
from tests.parsed_page import TODAY, Page
from timeline.actions import events, involvement
from timeline.actions.commitments import record_update
from timeline.core.codes import CommitmentStatus, EventState
from timeline.models import (
    Attendance,
    Commitment,
    CommitmentParty,
    Event,
    EventStep,
    Framework,
    Instrument,
    InstrumentStep,
    Membership,
    MembershipRemark,
    Party,
    PartyName,
    StatusUpdate,
)
from timeline.queries import public

DAY = dt.timedelta(days=1)


@pytest.fixture
def history(db: None) -> None:
    """A small record with dated rows of every kind."""
    bloc, other = make.a_bloc("aes", founded="2023-09-16"), make.a_bloc("ecowas")
    ml, bf, ru = make.a_state("ml"), make.a_state("bf"), make.a_state("ru")
    make.a_membership(ml, bloc, "2023-09-16")
    make.a_membership(bf, bloc, "2024-02")
    make.a_membership(ml, other, "1975-05-28", "2025-01-29")
    PartyName.objects.create(
        party=bloc,
        name="Alliance",
        language="en",
        kind="official",
        starts="2023-09-16",
        ends="2024-07-06",
    )
    PartyName.objects.create(
        party=bloc, name="Confederation", language="en", kind="official", starts="2024-07-06"
    )
    framework = make.a_framework(
        ru,
        bloc,
        slug="ru-aes",
        cadence_months=6,
        starts="2023-10",
        ended="2026-06",
        publication="published",
    )
    meeting = {"framework": framework, "takes_turn": True, "publication": "published"}
    first = make.an_event(host=ru, parties=(bloc,), date="2023-11-20", **meeting)
    moved = make.an_event(host=ml, parties=(bloc, ru), date="2024-05", state="planned", **meeting)
    events.change(event=moved, on="2024-05-20", state=EventState.POSTPONED, date="2024-08")
    events.change(event=moved, on="2024-08-15", state=EventState.HELD, date="2024-08-14/2024-08-15")
    make.an_event(host=bf, parties=(ru,), date="2025-02", **meeting)
    make.an_event(parties=(bloc, ru), date="2025-09", framework=framework, publication="published")
    make.an_event(host=ru, parties=(bloc,), date="2026", state="planned", **meeting)
    make.an_event(parties=(other,), date="2024-12-15", publication="published")
    promise = make.a_commitment(first, slug="promise", due="2024-12", publication="published")
    again = make.a_commitment(
        moved, slug="again", restates=promise, restatement="widened", publication="published"
    )
    for commitment in (promise, again):
        CommitmentParty.objects.create(commitment=commitment, party=bloc, role="obligor")
        CommitmentParty.objects.create(commitment=commitment, party=ru, role="beneficiary")
    # It moved from one year to the next, past another event.
    redated = make.an_event(parties=(ru,), date="2024-12-30", publication="published")
    events.change(event=redated, on="2025-03-10", state=EventState.HELD, date="2025-01-04")
    between = make.an_event(parties=(ru,), date="2025-01-02", publication="published")
    for event in (redated, between):
        make.a_commitment(event, publication="published")
    make.a_commitment(between, made_on="2025-01-20/2025-01-25", publication="published")
    wrong = record_update(commitment=promise, date="2024-03-01", status=CommitmentStatus.FULFILLED)
    record_update(
        commitment=promise, date="2024-04", status=CommitmentStatus.IN_PROGRESS, corrects=wrong
    )
    record_update(commitment=promise, date="2024-08-16", status=CommitmentStatus.SUPERSEDED)
    record_update(commitment=again, date="2025-10-01", status=CommitmentStatus.PARTLY_FULFILLED)
    record_update(commitment=again, date="2026-07~", status=CommitmentStatus.STALLED)
    september = Event.objects.get(date="2025-09")
    record_update(
        commitment=again, date="2025-05-02", status=CommitmentStatus.IN_PROGRESS, event=september
    )
    hasty = record_update(commitment=again, date="2025-06-01", status=CommitmentStatus.BROKEN)
    record_update(
        commitment=again, date="2025-05-01", status=CommitmentStatus.AGREED, corrects=hasty
    )


PAGES = (
    "commitments/",
    "commitments/?party=ml&status=announced",
    "commitments/?order=oldest",
    "commitments/?from=2025&to=2026",
    "commitments/promise/",
    "commitments/again/",
    "frameworks/",
    "frameworks/ru-aes/",
    "parties/aes/",
    "parties/ml/",
)


@contextmanager
def only_up_to(day: dt.date) -> Iterator[None]:
    """Delete everything dated after a day for a block."""
    with transaction.atomic():
        _forget_what_was_published()
        StatusUpdate.objects.filter(corrects__isnull=False, earliest__gt=day).delete()
        for step in StatusUpdate.objects.filter(corrects__earliest__gt=day):
            _correct_nothing(step)
        StatusUpdate.objects.filter(earliest__gt=day).delete()
        for event in Event.objects.filter(steps__isnull=False).distinct():
            _undo_steps(event, day)
        EventStep.objects.filter(on_earliest__gt=day).delete()
        later = Event.objects.filter(earliest__gt=day).exclude(steps__isnull=False)
        Attendance.objects.filter(event__in=later).delete()
        gone = list(later.values_list("pk", flat=True))
        Event.objects.filter(pk__in=gone).update(publication="draft")
        not_held = Event.objects.exclude(state="held").values("pk")
        Commitment.objects.filter(event__in=not_held).update(publication="draft")
        Commitment.objects.filter(made_earliest__gt=day).update(publication="draft")
        for done_later in InstrumentStep.objects.filter(earliest__gt=day).order_by("-pk"):
            done_later.delete()
        unknown = Instrument.objects.filter(earliest__gt=day, steps=None)
        unknown.update(publication="draft")
        Membership.objects.filter(starts_earliest__gt=day).delete()
        MembershipRemark.objects.filter(earliest__gt=day).delete()
        PartyName.objects.filter(starts_earliest__gt=day).delete()
        Framework.objects.filter(starts_earliest__gt=day).update(publication="draft")
        for membership in Membership.objects.filter(ends_earliest__gt=day):
            membership.ends = membership.end_event = None
            membership.citations.filter(field="ends").delete()
            membership.save()
        for name in PartyName.objects.filter(ends_earliest__gt=day):
            name.ends = None
            name.save()
        for framework in Framework.objects.filter(ended_earliest__gt=day):
            framework.ended = None
            framework.save()
        for party in Party.objects.filter(dissolved_earliest__gt=day):
            party.dissolved = None
            party.save()
        involvement.resolve()
        yield
        transaction.set_rollback(True)


def _forget_what_was_published() -> None:
    """Allow deleting records, which the database forbids for what was published."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            for kind in ("event", "commitment", "instrument"):
                cursor.execute(f"DROP TRIGGER published_stays_{kind}_hidden")
        else:
            cursor.execute("SET LOCAL session_replication_role = replica")
        Event.objects.update(published_at=None)
        Commitment.objects.update(published_at=None)
        Instrument.objects.update(published_at=None)
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL session_replication_role = origin")


def _correct_nothing(step: StatusUpdate) -> None:
    """Replace a step by one that corrects nothing, because steps cannot be changed."""
    key = step.pk
    step.delete()
    step.pk, step.corrects = key, None
    step.save(force_insert=True)


def _undo_steps(event: Event, day: dt.date) -> None:
    """Restore what was recorded of an event before the steps dated after a day."""
    steps = list(event.steps.order_by("on_earliest", "entry"))
    past = [step for step in steps if step.on_earliest <= day]
    if len(past) == len(steps):
        return
    if past:
        event.state, event.date = past[-1].state, past[-1].date
    else:
        first = min(steps, key=lambda step: step.entry)
        event.state, event.date = first.previous_state, first.previous_date
    event.save()


def page_text(client: Client, address: str) -> tuple[int, list[str]]:
    """Return the text of a page, without the notice of its day and the form to choose it."""
    page = Page(client.get(f"/en/{address}"))
    (main,) = page.root.xpath("//main")
    for element in main.xpath(
        "//*[contains(@class, 'asof')] | //p[@class='sentence'][starts-with(., 'Commitments')]"
        " | //form[@class='to-date']/input[@name='asof']"
        " | //a[@class='chip'][contains(., 'as of')] | //*[@id='active'] | //div[@id='carried']"
        " | //a[text()='Clear all'] | //input[@id='asof'] | //*[@id='problems']"
        " | //*[local-name()='text'][@class='today'] | //a[contains(., 'on the timeline')]"
        " | //small[contains(., 'in the last 365 days')]"
        " | //aside/section[h2='Compare'] | //p[starts-with(., 'Leaving out one filter')]"
        " | //p[starts-with(., 'Leaving out one filter')]/following-sibling::ul[1]"
        " | //a[@rel='next'] | //a[@class='to-filters'] | //*[@id='see']"
        " | //div[@class='chips'][not(a[@class='chip'][not(contains(., 'as of'))])]"
    ):
        element.getparent().remove(element)
    text = html.tostring(main).decode()
    for words in (
        r"&amp;asof=[0-9-]+",
        r"\?asof=[0-9-]+&amp;",
        r"\?asof=[0-9-]+",
        r"&amp;to=[0-9-]+",
    ):
        text = re.sub(words, "?" if words.endswith("&amp;") else "", text)
    return page.status, " ".join(text.split()).replace("> <", "><").replace(
        "><", ">\n<"
    ).splitlines()


def compare(
    client: Client, monkeypatch: pytest.MonkeyPatch, day: dt.date, addresses: tuple[str, ...]
) -> None:
    """Compare each page as of a day with the page of a record that ends on that day."""
    shown = {}
    # Which records are public does not depend on the day: pages as of a day are as recorded now.
    public_today = [*public.parties().order_by().values_list("pk", flat=True)]
    for address in addresses:
        as_of_day = f"{address}{'&' if '?' in address else '?'}asof={day}"
        shown[address] = page_text(client, as_of_day)
    with only_up_to(day), monkeypatch.context() as then:
        then.setattr(public, "_party_keys", lambda: public_today)
        set_today(then, day)
        for address in addresses:
            status, text = page_text(client, address)
            if status == 404:
                assert _not_yet(shown[address]), (day, address)
            elif not _not_yet(shown[address]):
                apart = [
                    pair for pair in zip_longest(shown[address][1], text) if pair[0] != pair[1]
                ]
                assert (shown[address][0], apart[:3]) == (status, []), (day, address)


def _not_yet(shown: tuple[int, list[str]]) -> bool:
    return any("By that day" in line for line in shown[1])


def days_on_which_something_happened() -> dict[str, set[dt.date]]:
    """Return the days of the record, by the model of the rows that name them."""
    days: dict[str, set[dt.date]] = {}
    for model, columns in (
        (Event, ("earliest", "latest")),
        (EventStep, ("on_earliest", "on_latest")),
        (StatusUpdate, ("earliest", "latest")),
        (Membership, ("starts_earliest", "starts_latest", "ends_earliest", "ends_latest")),
        (PartyName, ("starts_earliest", "ends_earliest")),
        (Framework, ("starts_earliest", "ended_earliest")),
        (Commitment, ("due_earliest", "due_latest", "made_earliest", "made_latest")),
    ):
        rows = model.objects.values_list(*columns)
        days[model.__name__] = {day for row in rows for day in row if day is not None}
    return days


FIRST = dt.date(2023, 9, 1)


@pytest.fixture
def on_today(monkeypatch: pytest.MonkeyPatch, history: None) -> None:
    """Set today to the day that the tests are written for."""
    set_today(monkeypatch, TODAY)


def test_page_as_of_a_day_of_each_kind_is_that_of_a_record_that_ends_on_it(
    client: Client, monkeypatch: pytest.MonkeyPatch, on_today: None
) -> None:
    kinds = days_on_which_something_happened()
    assert all(kinds.values())
    draw = random.Random(20250403)  # noqa: S311 — which days, not secrets
    steps = cycle((0 * DAY, -DAY, DAY))
    chosen = {
        draw.choice([day + step for day in sorted(days) if FIRST <= day + step < TODAY])
        for days, step in zip(kinds.values(), steps, strict=False)
    }
    assert len(chosen) >= 5
    for day in sorted(chosen):
        compare(client, monkeypatch, day, PAGES)


@pytest.mark.soak
def test_page_as_of_any_day_is_that_of_a_record_that_ends_on_it(
    client: Client, monkeypatch: pytest.MonkeyPatch, on_today: None
) -> None:
    happened = set().union(*days_on_which_something_happened().values())
    around = {day + step for day in happened for step in (-DAY, 0 * DAY, DAY)}
    draw = random.Random(20250403)  # noqa: S311 — which days, not secrets
    drawn = {FIRST + number * DAY for number in draw.sample(range((TODAY - FIRST).days), 50)}
    days = sorted(day for day in around | drawn if FIRST <= day < TODAY)
    assert len(days) > 75
    for day in days:
        compare(client, monkeypatch, day, PAGES)


def test_party_before_its_first_record_says_so(client: Client, history: None) -> None:
    make.an_event(parties=(make.a_state("dz"),), date="2025-04-03", publication="published")
    before = Page(client.get("/en/parties/dz/?asof=2025-04-02"))
    assert before.texts("//article/p[@class='big']") == ["By that day no record named it."]
    assert before.texts("//article/section") == []
    on_it = Page(client.get("/en/parties/dz/?asof=2025-04-03"))
    assert on_it.texts("//article/p[@class='big']") == []
    assert on_it.text("//article//h2") == "1 event"


def test_party_that_only_a_framework_names_is_named_from_its_start(
    client: Client, history: None
) -> None:
    make.a_framework(
        make.a_state("dz"), make.a_state("tn"), starts="2024-05-01", publication="published"
    )
    for day, texts in (("2024-04-30", ["By that day no record named it."]), ("2024-05-01", [])):
        page = Page(client.get(f"/en/parties/dz/?asof={day}"))
        assert page.texts("//article/p[@class='big']") == texts


DEMO_PAGES = (
    "commitments/",
    "commitments/ru-aes-permanent-framework/",
    "commitments/ru-aes-unified-force-support/",
    "frameworks/",
    "frameworks/ru-aes/",
    "frameworks/aes-college/",
    "parties/aes/",
    "parties/ml/",
    "parties/ecowas/",
)


@pytest.mark.parametrize("number", [1, pytest.param(10, marks=pytest.mark.soak)])
def test_demo_as_of_a_day_is_that_of_a_demo_that_ends_on_it(
    client: Client, monkeypatch: pytest.MonkeyPatch, demo: None, number: int
) -> None:
    changed = set(EventStep.objects.values_list("on_earliest", flat=True))
    draw = random.Random(20251231)  # noqa: S311 — which days, not secrets
    dated = sorted(set().union(*days_on_which_something_happened().values()))
    recent = [day for day in dated if dt.date(2023, 1, 1) < day < TODAY - DAY]
    days = {day - DAY for day in changed} | changed | set(draw.sample(recent, number))
    for day in sorted(days):
        compare(client, monkeypatch, day, DEMO_PAGES)


@pytest.mark.parametrize("address", ["commitments/", "frameworks/ru-aes/", "parties/ml/"])
def test_page_says_at_its_top_as_of_when_it_is(client: Client, demo: None, address: str) -> None:
    page = Page(client.get(f"/en/{address}?asof=2025-12-31"))
    text = page.text("//div[contains(@class, 'asof')]")
    assert text.startswith(
        "As of 31 December 2025: what had happened by that day, as recorded now."
    )
    assert page.root.xpath("string(//div[contains(@class, 'asof')]//a/@href)") == f"/en/{address}"


def test_page_says_in_french_that_it_holds_what_had_happened_until_then(
    client: Client, demo: None
) -> None:
    page = Page(client.get("/fr/commitments/?asof=2025-12-31"))
    assert "ce qui avait eu lieu jusqu’à ce jour-là" in page.text("//div[contains(@class, 'asof')]")
    assert "ce qui avait eu lieu jusqu’à ce jour-là" in Page(client.get("/fr/about/")).text(
        "//main"
    )


@pytest.mark.parametrize("address", ["commitments/", "frameworks/", "parties/ml/"])
def test_page_as_of_today_is_the_page_itself(client: Client, demo: None, address: str) -> None:
    assert page_text(client, f"{address}?asof={TODAY}") == page_text(client, address)


@pytest.mark.parametrize(
    "address",
    ["frameworks/", "frameworks/ru-aes/", "parties/ml/", "commitments/ru-aes-forums/"],
)
@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("soon", "As of a day soon is not a day of the calendar; write one such as 2025-12-31."),
        ("2031-01-01", "As of a day 2031-01-01 is after today;"),
    ],
)
def test_day_that_cannot_be_read_is_refused_and_kept(
    client: Client, demo: None, address: str, typed: str, sentence: str
) -> None:
    page = Page(client.get(f"/en/{address}?asof={typed}"))
    assert page.status == 400
    assert page.root.xpath("string(//input[@id='asof']/@value)") == typed
    assert page.text("//*[@id='problems']//li").startswith(sentence)
    assert page.root.xpath("//*[@id='problems']//li//a/@href") == ["#asof"]
    described = page.root.xpath("string(//input[@id='asof']/@aria-describedby)")
    assert f"As of a day {page.text(f'//*[@id={described!r}]')}".startswith(sentence)
    assert len(page.texts("//h1")) == 1


def test_framework_before_its_founding_says_so(client: Client, demo: None) -> None:
    page = Page(client.get("/en/frameworks/ru-aes/?asof=2024-01-01"))
    assert "By that day this framework had not been founded." in page.text("//article")
    assert page.texts("//article//table") == []
    listed = Page(client.get("/en/frameworks/?asof=2024-01-01")).text("//main")
    assert "Russia–AES consultations" not in listed


def test_overdue_framework_was_on_schedule_the_year_before(
    client: Client, searched_today: None
) -> None:
    page = Page(client.get("/en/frameworks/ru-aes/?asof=2025-12-31"))
    assert page.text("//article//span[contains(@class, 'fs-')]") == "On schedule"
    assert "overdue" not in page.text("//article").lower()
    today = Page(client.get("/en/frameworks/ru-aes/"))
    assert today.text("//article//span[contains(@class, 'fs-')]") == "Overdue"


def test_withdrawn_and_draft_records_stay_out_of_the_past_too(client: Client, demo: None) -> None:
    Commitment.objects.filter(slug="ru-aes-forums").update(publication="draft")
    page = Page(client.get("/en/commitments/?asof=2025-12-31"))
    assert page.status == 200
    assert "ru-aes-forums" not in html.tostring(page.root).decode()
    assert client.get("/en/commitments/ru-aes-forums/?asof=2025-12-31").status_code == 404


LINKED = re.compile(r"^/en/(commitments|frameworks|parties)/([\w-]+/)?(\?|$)")


@pytest.mark.parametrize(
    ("address", "elsewhere"),
    [
        ("commitments/", {"commitments", "parties"}),
        ("commitments/ru-aes-support-restated/", {"commitments", "parties"}),
        ("frameworks/", {"frameworks"}),
        ("frameworks/ru-aes/", {"frameworks", "parties"}),
        ("parties/ml/", {"parties", "commitments"}),
    ],
)
def test_day_is_kept_on_the_way_to_every_page_that_can_be_looked_at_on_it(
    client: Client, demo: None, address: str, elsewhere: set[str]
) -> None:
    page = Page(client.get(f"/en/{address}?asof=2025-12-31"))
    links = page.root.xpath(
        "//main//a[not(ancestor::form or ancestor::*[contains(@class, 'asof')]"
        " or ancestor::p[@class='crumbs'][starts-with(., 'Parties')]"
        " or ancestor::div[@class='chips'])]/@href"
    )
    days = {link: match[1] for link in links if (match := LINKED.match(link))}
    assert [link for link in days if "asof=2025-12-31" not in link] == []
    assert set(days.values()) == elsewhere


def test_form_that_goes_to_a_date_keeps_the_day(client: Client, demo: None) -> None:
    page = Page(client.get("/en/commitments/?asof=2025-12-31"))
    kept = page.root.xpath("//form[@class='to-date']/input[@type='hidden']")
    assert [(box.get("name"), box.get("value")) for box in kept] == [("asof", "2025-12-31")]
