"""What a commitment says: its condition, the day on which it was made, and when it is due."""

import datetime as dt
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.test import Client

from tests import factories as make
from tests.parsed_page import Page
from timeline.actions import events
from timeline.actions.commitments import create_first_update
from timeline.core.codes import EventState
from timeline.core.question import Question
from timeline.core.searched import Clock
from timeline.models import Citation, Commitment, Event, Membership, Party
from timeline.pictures.lanes import rows as lanes
from timeline.queries import commitments
from timeline.queries.as_of import AsOf

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("in_english")]

SHOWN: dict[str, Any] = {"publication": "published", "published_at": "2025-05-01T00:00Z"}
SI = "si les négociations sont concluantes"


@pytest.fixture
def event() -> Event:
    """A meeting of 3 April 2025."""
    russia, mali = make.a_state("ru", name_en="Russia"), make.a_state("ml", name_en="Mali")
    return make.an_event(**SHOWN, host=russia, parties=(mali,), slug="talks", title_en="Talks")


def promised(event: Event, **values: Any) -> Commitment:
    """Russia promises Mali something at an event."""
    made = make.a_commitment(event, **{**SHOWN, "slug": "promise", "title_en": "Arms", **values})
    for code, role in (("ru", "obligor"), ("ml", "beneficiary")):
        made.party_links.create(party=Party.objects.get(code=code), role=role)
    return made


def found(client: Client, query: str = "") -> list[str]:
    page = Page(client.get(f"/en/commitments/?{query}"))
    return page.texts("//li[@class='promise']//h3")


def row(client: Client, address: str) -> str:
    return Page(client.get(address)).text("//li[@class='promise']")


def fact(client: Client, name: str, language: str = "en") -> list[str]:
    page = Page(client.get(f"/{language}/commitments/promise/"))
    return page.texts(f"//aside//dt[.='{name}']/following-sibling::dd[1]")


# Its condition


@pytest.fixture
def conditional(event: Event) -> Commitment:
    return promised(event, condition_fr=SI, condition_en="if the negotiations succeed")


def test_condition_stands_wherever_the_commitment_does(
    client: Client, conditional: Commitment
) -> None:
    Citation.objects.create(commitment=conditional, field="condition", source=make.a_source())
    page = Page(client.get("/en/commitments/promise/"))
    assert "On condition: if the negotiations succeedsource 1" in page.texts("//*[@id='condition']")
    for address in ("/en/commitments/", "/en/events/talks/"):
        assert "on condition: if the negotiations succeed" in row(client, address)
    assert f"sous condition : {SI}" in row(client, "/fr/events/talks/")


def test_condition_in_the_other_language_is_marked(client: Client, event: Event) -> None:
    promised(event, condition_fr=SI)
    page = Page(client.get("/en/commitments/promise/"))
    assert page.texts("//*[@id='condition']/span[@lang='fr']") == [SI]


def test_commitment_without_a_condition_says_nothing_of_one(client: Client, event: Event) -> None:
    promised(event)
    for address in ("/en/commitments/promise/", "/en/commitments/", "/en/events/talks/"):
        assert "condition" not in client.get(address).content.decode().lower()


@pytest.mark.parametrize(
    ("words", "titles"),
    [
        ("concluantes", ["Arms"]),
        ("concluante", ["Arms"]),
        ("NEGOCIATIONS", ["Arms"]),
        ("negotiation+succeeds", ["Arms"]),
        ('"the+negotiations"', ["Arms"]),
        ("failure", []),
    ],
)
def test_words_of_a_condition_find_the_commitment(
    client: Client, conditional: Commitment, words: str, titles: list[str]
) -> None:
    assert found(client, f"q={words}") == titles


def test_request_may_have_a_condition(client: Client, event: Event) -> None:
    made = make.a_commitment(
        event, **SHOWN, slug="promise", nature="request", condition_en="if there is money"
    )
    made.party_links.create(party=Party.objects.get(code="ru"), role="asked")
    made.full_clean()
    assert "on condition: if there is money" in row(client, "/en/commitments/?nature=request")


# The day on which it was made


def test_day_made_stands_where_it_is_not_that_of_the_event(client: Client, event: Event) -> None:
    made = promised(event, made_on="2025-04-09")
    Citation.objects.create(commitment=made, field="made_on", source=make.a_source())
    assert fact(client, "Day made") == ["9 April 2025source 1"]
    assert fact(client, "Made at") == ["Talks, 3 April 2025"]
    assert "made at: Talks, 9 Apr 2025" in row(client, "/en/commitments/")
    assert "day made: 9 Apr 2025" in row(client, "/en/events/talks/")


def test_weekday_that_the_day_made_is_not_is_flagged(client: Client, event: Event) -> None:
    made = promised(event, made_on="2025-04-09")
    source = make.a_source(publisher="Daily")
    Citation.objects.create(
        commitment=made, field="made_on", source=source, date_as_worded="jeudi 9 avril"
    )
    flag = "⚑ Daily says “jeudi 9 avril”; that day was a Wednesday."
    assert fact(client, "Day made") == [f"9 April 2025source 1{flag}"]


@pytest.mark.parametrize("made_on", [None, "2025-04-03"])
def test_day_made_is_not_said_twice(client: Client, event: Event, made_on: str | None) -> None:
    promised(event, made_on=made_on)
    assert fact(client, "Day made") == []
    assert "day made" not in row(client, "/en/events/talks/")


def test_ledger_goes_by_the_day_made(client: Client, event: Event) -> None:
    promised(event, made_on="2025-06-01")
    later = make.an_event(**SHOWN, date="2025-05-01")
    make.a_commitment(later, **SHOWN, title_en="Between")
    assert found(client) == ["Arms", "Between"]
    assert found(client, "order=oldest") == ["Between", "Arms"]
    assert found(client, "from=2025-06&to=2025-06") == ["Arms"]
    assert found(client, "from=2025-04&to=2025-04") == []
    assert found(client, "asof=2025-04-30") == []
    assert found(client, "asof=2025-06-01") == ["Arms", "Between"]
    page = Page(client.get("/en/commitments/promise/?asof=2025-05-31"))
    assert "By that day this had not been promised." in page.text("//article")


def test_promise_made_before_its_event_had_been_made_then(client: Client, event: Event) -> None:
    promised(event, made_on="2025-03-30")
    assert found(client, "asof=2025-03-29") == []
    assert found(client, "asof=2025-03-30") == ["Arms"]


@pytest.mark.parametrize("day", ["2025-03-30", "2025-04-02"])
def test_event_that_had_not_happened_by_a_day_is_not_named(
    client: Client, event: Event, day: str
) -> None:
    promised(event, made_on="2025-03-30")
    assert row(client, f"/en/commitments/?asof={day}").count("day made: 30 Mar 2025") == 1
    page = Page(client.get(f"/en/commitments/promise/?asof={day}"))
    said = page.texts("//aside//dl[@class='facts']/dt")
    assert said == ["From → to", "Day made", "Last evidence"]
    assert page.text("//p[@class='crumbs']") == "Commitments"
    for address in ("", "promise/"):
        shown = client.get(f"/en/commitments/{address}?asof={day}").content.decode()
        assert "Talks" not in shown


def test_event_that_had_happened_by_a_day_is_named(client: Client, event: Event) -> None:
    promised(event, made_on="2025-03-30")
    assert "made at: Talks, 30 Mar 2025" in row(client, "/en/commitments/?asof=2025-04-03")
    page = Page(client.get("/en/commitments/promise/?asof=2025-04-03"))
    assert page.text("//p[@class='crumbs']") == "Commitments › Talks"
    assert page.texts("//dt[.='Made at']/following-sibling::dd[1]") == ["Talks, 3 April 2025"]


def test_event_that_was_still_planned_on_its_day_is_not_named(client: Client, event: Event) -> None:
    event.state = "planned"
    event.save()
    events.change(event=event, on="2025-04-05", state=EventState.HELD, date="2025-04-20")
    promised(event, made_on="2025-04-03")
    assert "day made: 3 Apr 2025" in row(client, "/en/commitments/?asof=2025-04-04")
    assert "made at: Talks, 3 Apr 2025" in row(client, "/en/commitments/?asof=2025-04-20")


def test_members_of_a_bloc_are_those_of_the_day_made(client: Client, event: Event) -> None:
    bloc = make.a_bloc("aes", short_en="AES")
    make.a_membership(Party.objects.get(code="ml"), bloc, "2025-04-05")
    made = promised(event)
    made.party_links.create(party=bloc)
    assert found(client, "obligor=ml") == []
    assert fact(client, "Also owed by") == []
    made.made_on = "2025-04-09"
    made.save()
    assert found(client, "obligor=ml") == ["Arms"]
    assert fact(client, "Also owed by") == ["Mali (via AES)"]


def test_first_step_is_of_the_day_made_and_has_its_source(event: Event) -> None:
    source, other = make.a_source(), make.a_source()
    made = Commitment.objects.create(
        event=event, slug="own", title_en="Own", made_on="2025-04-09", due="2026"
    )
    told = {"commitment": made, "source": source}
    Citation.objects.create(**told, field="made_on", date_as_worded="ce mercredi")
    Citation.objects.create(**told, field="due", date_as_worded="l’an prochain")
    Citation.objects.create(
        commitment=made, source=other, field="made_on", value_given="2025-04-08"
    )
    step = create_first_update(commitment=made)
    assert step is not None
    assert step.date.text == "2025-04-09"
    found = step.citations.values_list("source", "field", "date_as_worded")
    assert list(found) == [(source.pk, "", "ce mercredi")]


def test_clock_runs_from_the_day_made(event: Event) -> None:
    made = promised(event, made_on="2025-04-09")
    (view,) = commitments.views(Commitment.objects.filter(pk=made.pk), AsOf(dt.date(2025, 4, 19)))
    assert view.age == 10


def test_bar_of_the_lanes_begins_on_the_day_made(event: Event) -> None:
    promised(event, made_on="2025-04-09")
    span = dt.date(2025, 1, 1), dt.date(2026, 1, 1)
    clock = Clock(dt.date(2025, 12, 1))
    _open, (bar,) = lanes.open_commitments(Question(), span, 9, clock)
    assert bar.made == dt.date(2025, 4, 9)


def test_thread_is_told_by_the_days_made(client: Client, event: Event) -> None:
    first = promised(event, slug="first", made_on="2025-06-01")
    again = {"restates": first, "restatement": "same", "title_en": "Arms again"}
    other = {"restates": first, "restatement": "widened", "title_en": "More arms"}
    promised(make.an_event(**SHOWN, date="2025-07-01"), slug="again", **again)
    promised(event, slug="more", made_on="2025-08-01", **other)
    page = Page(client.get("/en/commitments/first/"))
    figures = page.texts("//section[@aria-labelledby='wordings']//figcaption")
    assert [text.partition(" ·")[0] for text in figures] == [
        "1 Jun 2025",
        "1 Jul 2025",
        "1 Jun 2025",
        "1 Aug 2025",
    ]
    assert found(client) == ["More arms"]


@pytest.mark.parametrize(
    "values", [{"made_on": "2025-04-09", "due": "2025-04-08"}, {"due": "2025-04-02"}]
)
def test_due_date_before_the_day_made_is_refused(event: Event, values: dict[str, str]) -> None:
    made = promised(event)
    for name, value in values.items():
        setattr(made, name, value)
    with pytest.raises(ValidationError) as refused:
        made.full_clean()
    assert refused.value.message_dict == {
        "due": ["This is due before the day on which it was promised."]
    }


def test_day_made_that_never_ends_is_refused(event: Event) -> None:
    made = promised(event, made_on="2025-04-09/..")
    with pytest.raises(ValidationError, match="A promise is made once"):
        made.full_clean()


def test_due_date_between_the_event_and_an_earlier_day_made_is_taken(event: Event) -> None:
    promised(event, made_on="2025-03-01", due="2025-03-15").full_clean()


def test_database_keeps_a_due_date_after_the_day_made(event: Event) -> None:
    made = promised(event, made_on="2025-04-09")
    refused = pytest.raises(IntegrityError, match="commitment_due_after_it_was_made")
    with refused, transaction.atomic():
        Commitment.objects.filter(pk=made.pk).update(due_latest="2025-04-08")


def test_promise_takes_up_none_that_was_made_later(event: Event) -> None:
    first = promised(event, slug="first", made_on="2025-06-01")
    again = promised(event, slug="again", restates=first, restatement="same")
    with pytest.raises(ValidationError, match="This was promised later"):
        again.full_clean()
    again.made_on = "2025-06-02"
    again.full_clean()


# When it is due, as worded


@pytest.fixture
def worded(event: Event) -> Commitment:
    """Two sources word when it is due, and a third gives another date."""
    made = promised(event, due="2025-12-31")
    for words, values in (
        ("by the end of 2025", {}),
        ("d’ici à la fin de l’année", {"excerpt_language": "fr"}),
        ("next year", {"value_given": "2026"}),
    ):
        Citation.objects.create(
            commitment=made,
            source=make.a_source(language="en", publisher="Daily"),
            field="due",
            date_as_worded=words,
            **values,
        )
    return made


def test_words_stand_beside_the_due_date(client: Client, worded: Commitment) -> None:
    said = "as worded: by the end of 2025, d’ici à la fin de l’année"
    flag = "⚑ Daily says otherwise: 2026."
    assert fact(client, "Due") == [f"31 December 2025, {said}source 1source 2{flag}"]
    page = Page(client.get("/en/commitments/promise/"))
    quotations = page.root.xpath("//aside//dd/q")
    assert [quotation.get("lang") for quotation in quotations] == ["en", "fr"]
    for address in ("/en/commitments/", "/en/events/talks/"):
        assert f"due 31 Dec 2025, {said}" in row(client, address)


def test_words_without_a_date_have_no_clock(client: Client, worded: Commitment) -> None:
    worded.due = None
    worded.save()
    said = "as worded: by the end of 2025, d’ici à la fin de l’année"
    flag = "⚑ Daily says otherwise: 2026."
    assert fact(client, "Due") == [f"{said}source 1source 2{flag}"]
    assert f"due, {said}" in row(client, "/en/commitments/")
    assert found(client, "overdue=1") == []


def test_words_of_other_fields_are_not_those_of_the_due_date(client: Client, event: Event) -> None:
    made = promised(event)
    Citation.objects.create(
        commitment=made, source=make.a_source(), field="made_on", date_as_worded="ce jeudi"
    )
    assert fact(client, "Due") == []


# Who owes it through a bloc, and is suspended


@pytest.fixture
def owed_by_a_bloc(event: Event) -> Commitment:
    """Mali was a member of ECOWAS until it was suspended, and left; Ghana is a member."""
    bloc, mali = make.a_bloc("ecowas", short_en="ECOWAS"), Party.objects.get(code="ml")
    ghana, chad, togo = (make.a_state(code) for code in ("gh", "td", "tg"))
    make.an_event(**SHOWN, parties=(ghana, chad, togo))
    make.a_membership(mali, bloc, "1975-05-28", "2021-05-30")
    make.a_membership(mali, bloc, "2021-05-30", "2025-01-29", standing="suspended")
    make.a_membership(ghana, bloc, "1975-05-28")
    make.a_membership(chad, bloc, "2011", standing="observer")
    make.a_membership(togo, bloc, "2022-06-01")
    made = make.a_commitment(
        make.an_event(**SHOWN, date="2019-06-29", slug="summit", parties=(bloc,)),
        **SHOWN,
        slug="promise",
        title_en="Free movement",
    )
    made.party_links.create(party=bloc, role="obligor")
    return made


SUSPENDED = "Mali (via ECOWAS, suspended since 30 May 2021)"


@pytest.mark.parametrize(
    ("asof", "mali"),
    [
        ("2021-05-29", "Mali (via ECOWAS)"),
        ("2021-05-30", SUSPENDED),
        ("2025-01-28", SUSPENDED),
        ("2025-01-29", "Mali (via ECOWAS)"),
    ],
)
def test_who_owes_it_through_a_bloc_is_named_and_suspended_ones_marked(
    client: Client, owed_by_a_bloc: Commitment, asof: str, mali: str
) -> None:
    page = Page(client.get(f"/en/commitments/promise/?asof={asof}"))
    said = page.texts("//dt[.='Also owed by']/following-sibling::dd[1]")
    assert said == [f"GH (via ECOWAS), {mali}"]
    listed = Page(client.get(f"/en/commitments/?obligor=ml&asof={asof}"))
    assert listed.texts("//li[@class='promise']//h3") == ["Free movement"]
    marked = [f"Owed all the same by {SUSPENDED}"] if mali == SUSPENDED else []
    assert listed.texts("//li[@class='promise']//p[@class='via']") == marked


def test_suspension_of_a_vague_day_is_possible_only(
    client: Client, owed_by_a_bloc: Commitment
) -> None:
    for spell in Membership.objects.filter(party__code="ml"):
        name = "ends" if spell.standing == "member" else "starts"
        setattr(spell, name, "2021")
        spell.save()
    page = Page(client.get("/en/commitments/?obligor=ml&asof=2021-06-01"))
    assert page.texts("//li[@class='promise']//p[@class='via']") == [
        "Owed all the same by Mali (via ECOWAS, possibly suspended since 2021)"
    ]


def test_party_that_readers_may_not_see_is_not_named(
    client: Client, owed_by_a_bloc: Commitment
) -> None:
    bloc = owed_by_a_bloc.parties.get()
    hidden = make.a_state("zz", name_en="Hidden")
    make.a_membership(hidden, bloc, "2000", "2010")
    make.a_membership(hidden, bloc, "2010", standing="suspended")
    for address in ("/en/commitments/promise/", "/en/commitments/", "/en/events/summit/"):
        assert "Hidden" not in client.get(address).content.decode()


@pytest.mark.parametrize("address", ["/en/commitments/", "/en/commitments/promise/"])
def test_pages_ask_as_much_for_three_as_for_one(
    client: Client,
    owed_by_a_bloc: Commitment,
    address: str,
    django_assert_max_num_queries: Any,
) -> None:
    client.get(f"{address}?asof=2024-01-01")
    with django_assert_max_num_queries(60) as few:
        client.get(f"{address}?asof=2024-01-02")
    for number in range(2):
        bloc = make.a_bloc(f"bloc-{number}")
        make.a_membership(Party.objects.get(code="ml"), bloc, "2000", "2010")
        make.a_membership(Party.objects.get(code="ml"), bloc, "2010", standing="suspended")
        made = make.a_commitment(owed_by_a_bloc.event, **SHOWN)
        for party in (bloc, *owed_by_a_bloc.parties.all()):
            made.party_links.create(party=party, role="obligor")
        owed_by_a_bloc.party_links.create(party=bloc, role="obligor")
    client.get(f"{address}?asof=2024-01-01")
    with django_assert_max_num_queries(60) as more:
        client.get(f"{address}?asof=2024-01-02")
    assert len(more) == len(few)
