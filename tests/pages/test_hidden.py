"""Names that only unpublished records use never leak to readers, on any page."""

import csv
import datetime as dt
import json
import re
from collections.abc import Iterable, Iterator
from io import StringIO
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import urlencode

import pytest
from django.core.management import call_command
from django.http.response import HttpResponseBase
from django.test import Client
from django.urls import URLPattern, reverse
from django.urls.converters import IntConverter
from django.utils.translation import override

from tests import factories as make
from tests.clock import set_today
from tests.parsed_page import TODAY, Page
from tests.said import said
from timeline import urls
from timeline.actions import publication
from timeline.core.columns import COLUMNS
from timeline.models import (
    Attendance,
    Citation,
    Commitment,
    CommitmentParty,
    CommitmentSector,
    Correction,
    Event,
    EventSector,
    EventStep,
    Framework,
    HostOrder,
    Instrument,
    Membership,
    Office,
    Party,
    PartyName,
    Person,
    PersonName,
    Source,
    Statement,
    StatusUpdate,
    Succession,
)

pytestmark = pytest.mark.usefixtures("demo")

STATES: Final = ("draft", "in_review", "withdrawn")

QUESTIONS: Final = (
    *("home", "embed", "data", "events_calendar", "commitments", "instruments"),
    *("picture_svg", "picture_png", "card", "events_csv", "commitments_json", "instruments_csv"),
)
"""The addresses that take a filter."""

LEDGER_ONLY: Final = ("obligor", "beneficiary")
OF_TEXTS: Final = ("party",)
"""The parameters of the list of texts that name a record."""

WHOLE: Final = ("sector", "party", "kind", "state", "source_kind", "framework")
"""The groups of options that the timeline and the ledger open whole."""

PICTURES: Final = (
    *("view=lanes", "view=lanes&lanes=sector", "view=matrix", "view=matrix&against=party"),
    *("view=map", "stacked=1"),
)


class Hidden(NamedTuple):
    """Records of each noun in one publication state, and what only they use."""

    state: str
    event: Event
    commitment: Commitment
    promised_there: Commitment
    framework: Framework
    text: Instrument
    party: Party
    bloc: Party
    signer: Party
    sources: tuple[Source, ...]

    @property
    def values(self) -> dict[str, tuple[str, ...]]:
        """The values of each parameter that name one of these records."""
        parties = (self.party.code, self.bloc.code, self.signer.code)
        return {
            "party": parties,
            "obligor": parties,
            "beneficiary": parties,
            "person": (f"person-{self.state}",),
            "place": (f"place-{self.state}", f"camp-{self.state}"),
            "sector": (f"part-{self.state}", f"whole-{self.state}"),
            "framework": (self.framework.slug,),
            "instrument": (self.text.slug,),
            "source": tuple(str(source.pk) for source in self.sources),
        }

    @property
    def slugs(self) -> tuple[str, ...]:
        """The slug or code of each of these records."""
        own = (self.event, self.commitment, self.promised_there, self.framework)
        used = (
            value
            for name, values_of_name in self.values.items()
            if name != "source"
            for value in values_of_name
        )
        return tuple(dict.fromkeys([*(record.slug for record in own), *used]))

    @property
    def by_noun(self) -> dict[str, tuple[Any, ...]]:
        """The slug, code or key of each of these records, by its noun."""
        named = {noun: values for noun, values in self.values.items() if noun in urls.FOLDERS}
        promised = (self.commitment.slug, self.promised_there.slug)
        return {**named, "event": (self.event.slug,), "commitment": promised}


def token(noun: str, state: str) -> str:
    """Return a word that occurs only in the names of one record."""
    return f"zq{noun}{state.replace('_', '')}qz"


def named(noun: str, state: str, *columns: str) -> dict[str, str]:
    columns = columns or ("name_fr", "name_en")
    return {column: f"{token(noun, state)} {column}" for column in columns}


TITLES: Final = ("title_fr", "title_en")


@pytest.fixture
def open_bloc() -> Party:
    """A public bloc, which is a side of a published framework that never met."""
    bloc = make.a_bloc("open-bloc", name_en="Open Bloc")
    make.a_framework(bloc, Party.objects.get(code="ml"), slug="open", publication="published")
    return bloc


@pytest.fixture
def hidden(open_bloc: Party) -> list[Hidden]:
    """The demo with unpublished records of each noun in each state, linked with public ones."""
    return [hide(state, open_bloc) for state in STATES]


def hide(state: str, open_bloc: Party) -> Hidden:
    tag = state.replace("_", "-")
    party = make.a_state(f"h{tag[0]}", **named("party", state, "name_fr", "name_en", "short_en"))
    bloc = make.a_bloc(f"bloc-{tag}", **named("bloc", state))
    spelling = PartyName.objects.create(
        party=party, name=token("spelling", state), language="en", kind="official"
    )
    remark = {"kind": "leaving_announced", "date": "2024"}
    belongs = [make.a_membership(party, bloc), make.a_membership(party, open_bloc, ends="2025")]
    russia = Party.objects.get(code="ru")
    body = Party.objects.create(
        code=f"body-{tag}", kind="body", part_of=russia, **named("body", state, "name_en")
    )
    Succession.objects.create(party=russia, predecessor=party)
    Succession.objects.create(party=party, predecessor=Party.objects.get(code="ml"))
    place = make.a_place(f"place-{state}", party=party, **named("place", state))
    person = make.a_person(f"person-{state}", **named("person", state))
    PersonName.objects.create(person=person, name=token("alias", state), language="en")
    office = Office.objects.create(person=person, party=party, **named("office", state, *TITLES))
    lavrov = Person.objects.get(slug="sergey-lavrov")
    elsewhere = Office.objects.create(person=lavrov, party=party, **named("post", state, *TITLES))
    whole = make.a_sector(f"whole-{state}", **named("whole", state))
    part = make.a_sector(f"part-{state}", parent=whole, **named("part", state))
    source, beside = (
        make.a_source(title=token(noun, state), speaks_for=party) for noun in ("source", "beside")
    )

    framework = make.a_framework(
        bloc, party, slug=f"framework-{tag}", **named("framework", state, *TITLES)
    )
    HostOrder.objects.create(side=framework.sides.get(party=bloc), party=party, position=1)
    signer = make.a_bloc(f"signer-{tag}", **named("signer", state))
    text = make.a_text(
        *(party, signer),
        slug=f"text-{tag}",
        **named("text", state, *TITLES),
        **named("summary", state, "summary_fr", "summary_en"),
    )
    event = make.an_event(
        slug=f"event-{tag}",
        host=party,
        parties=(bloc, body),
        place=place,
        framework=framework,
        takes_turn=True,
        follows=Event.objects.published().earliest("earliest"),
        **named("event", state, *TITLES),
    )
    camp = make.a_place(f"camp-{state}", **named("camp", state))
    make.also_at(event, camp, **named("venue", state, "venue_fr", "venue_en"))
    EventSector.objects.create(event=event, sector=part)
    attendance = Attendance.objects.create(event=event, person=person, party=party, office=office)
    statement = Statement.objects.create(
        event=event, person=person, party=party, language="en", text=token("words", state)
    )
    step = EventStep.objects.create(
        event=event, entry=1, on="2025-04-02", state="held", date="2025-04-03",
        previous_state="planned", previous_date="2025-04-03", note_en=token("note", state),
    )  # fmt: skip
    public = (
        Commitment.objects.published().undertakings().filter(restates=None)[STATES.index(state)]
    )
    signed = make.a_step(text, "signed", signer, note_en=token("stepnote", state))
    # A public event is named by a step of the text, a public commitment stands in it, and a public
    # text is amended by it.
    make.a_step(text, "opened", event=public.event)
    Commitment.objects.filter(pk=public.pk).update(instrument=text, article="4")
    public_text = make.a_text(
        open_bloc, russia, slug=f"shown-{STATES.index(state)}", title_en="Public text"
    )
    make.a_step(public_text, "amended", later_instrument=text)
    make.a_step(public_text, "opened", event=event)
    publish(public_text)
    commitment = make.a_commitment(
        public.event,
        slug=f"commitment-{tag}",
        restates=public,
        restatement="same",
        **named("commitment", state, *TITLES),
        **named("condition", state, "condition_fr", "condition_en"),
    )
    Citation.objects.create(
        commitment=commitment, source=source, field="due", date_as_worded=token("due", state)
    )
    # A public bloc owes something public, and the hidden party is suspended from it.
    CommitmentParty.objects.create(commitment=public, party=open_bloc, role="obligor")
    make.a_membership(party, open_bloc, "2025", standing="suspended")
    there = make.a_commitment(event, slug=f"there-{tag}", **named("there", state, *TITLES))
    for commitment_row in (commitment, there):
        CommitmentParty.objects.create(commitment=commitment_row, party=party)
        CommitmentSector.objects.create(commitment=commitment_row, sector=part)

    supported: list[dict[str, Any]] = [
        *({"event": event}, {"commitment": commitment}, {"framework": framework}),
        *({"participation": row} for row in event.participations.all()),
        *({"attendance": attendance}, {"statement": statement}, {"event_step": step}),
        *({"instrument": text}, {"instrument_step": signed}),
        *({"status_update": row} for row in commitment.updates.all()),
        {"place": place},
    ]
    alone: list[dict[str, Any]] = [
        *({"party": party}, {"party_name": spelling}),
        *({"membership": row} for row in belongs),
        *({"membership_remark": row.remarks.create(**remark)} for row in belongs),
        *({"office": row} for row in (office, elsewhere)),
    ]
    for row in [*supported, *alone]:
        Citation.objects.create(source=source, excerpt=token("excerpt", state), **row)
    for row in alone:
        Citation.objects.create(source=beside, **row)
    for noun, record in (
        *(("event", event), ("commitment", commitment), ("framework", framework)),
        *(("commitment", there), ("instrument", text)),
    ):
        Correction.objects.create(
            **{noun: record}, made_on="2026-01-01", text_en=token("corrected", state)
        )

    # Public records that point at hidden ones.
    year = str(2020 + STATES.index(state))
    for spell in Membership.objects.filter(bloc__code="aes"):
        spell.remarks.create(kind="joining_announced", date=year, event=event)
    Membership.objects.filter(bloc__code="aes").update(start_event=event)
    Membership.objects.filter(bloc__code="ecowas").exclude(ends=None).update(end_event=event)
    request = make.a_commitment(
        event, slug=f"request-{tag}", nature="request", **named("request", state, *TITLES)
    )
    CommitmentParty.objects.create(commitment=request, party=party, role="asked")
    Commitment.objects.filter(pk=public.pk).update(answers=request)
    Event.objects.filter(pk=public.event.pk).update(follows=event)
    StatusUpdate.objects.create(
        commitment=public, date="2026-10", entry=9, status="in_progress", event=event
    )
    shown = Commitment.objects.published().exclude(pk=public.pk).filter(restates=None)
    shown.filter(pk=shown.latest("pk").pk).update(restates=commitment, restatement="same")
    met = Event.objects.published().filter(framework=None).exclude(pk=public.event.pk)
    Event.objects.filter(pk=met[STATES.index(state)].pk).update(framework=framework)
    Source.objects.filter(pk=Citation.objects.filter(event=public.event)[0].source_id).update(
        speaks_for=party
    )

    records: list[Any] = [event, commitment, framework, text]
    for record in records:
        if state == "in_review":
            publication.send_to_review(record=record)
        if state == "withdrawn":
            publish(record)
            publication.withdraw(record=record, reason_en="Entered twice.")
    publish(there)
    publish(request)
    return Hidden(
        *(state, event, commitment, there, framework, text),
        *(party, bloc, signer, (source, beside)),
    )


def publish(record: Any) -> None:
    publication.publish(record=record)


NOUNS: Final = (
    *("event", "commitment", "there", "framework", "party", "spelling", "bloc", "place"),
    *("person", "alias", "office", "post", "whole", "part", "source", "beside", "words"),
    *("note", "excerpt", "corrected", "body", "request", "condition", "due", "camp", "venue"),
    *("text", "summary", "stepnote", "signer"),
)
TOKENS: Final = frozenset(token(noun, state) for noun in NOUNS for state in STATES)
ANY: Final = re.compile(rf"zq(?:{'|'.join(NOUNS)})[a-z]+qz")


def body(response: HttpResponseBase) -> str:
    """Return what a response says, in small letters."""
    # Lines of calendars are folded.
    return said(response).replace(b"\r\n ", b"").decode("utf-8", "replace").lower()


def shown(response: HttpResponseBase) -> set[str]:
    """Return the words of hidden records in a response."""
    return set(ANY.findall(body(response)))


def addresses(records: Iterable[Hidden], languages: Iterable[str] = ("en", "fr")) -> list[str]:
    """Return every public address; those that take a record, for each hidden one."""
    paths = []
    slugs = [slug for record in records for slug in record.slugs]
    keys = [source.pk for record in records for source in record.sources]
    for language in languages:
        with override(language):
            for pattern in urls.urlpatterns:
                assert isinstance(pattern, URLPattern)
                takes = pattern.pattern.converters
                known = {"slug", "first", "second", "noun", "number", "suffix"}
                assert set(takes) <= known, f"Say what {pattern.name} takes."
                argument_lists: list[list[Any]] = [[]]
                if "second" in takes:
                    argument_lists = [[value, "ml"] for value in slugs]
                elif "noun" in takes and "slug" not in takes:
                    own = ["csl.json"] if "suffix" in takes else []
                    argument_lists = [[noun, *own] for noun in urls.FOLDERS]
                elif "noun" in takes:
                    more = {"suffix": "csl.json", "number": 1}
                    argument_lists = [
                        [noun, value, *(more[name] for name in takes if name in more)]
                        for record in records
                        for noun, values in record.by_noun.items()
                        if re.fullmatch(takes["noun"].regex, urls.FOLDERS[noun])
                        for value in values
                    ]
                elif takes:
                    is_number = isinstance(takes["slug"], IntConverter)
                    argument_lists = [[value] for value in (keys if is_number else slugs)]
                paths += [
                    reverse(f"timeline:{pattern.name}", args=arguments)
                    for arguments in argument_lists
                ]
    return [*paths, *(f"/api/v1/{noun}/{slug}" for noun in COLUMNS for slug in slugs)]


def whole_lists(language: str) -> list[str]:
    """Return the addresses of all options and of all pictures."""
    options = "&".join(f"options={name}" for name in (*WHOLE, "place"))
    ledger = "&".join(f"options={name}" for name in (*WHOLE, *LEDGER_ONLY))
    drawn = [
        f"/{language}/{file}?{look}" for file in ("", "embed/", "picture.svg") for look in PICTURES
    ]
    by_party = [f"/{language}/?party=ml&{look}" for look in PICTURES]
    api = [f"/api/v1/{noun}?lang={language}&facets=1" for noun in COLUMNS]
    lists = (f"/{language}/?{options}", f"/{language}/commitments/?{ledger}")
    return [*lists, *drawn, *by_party, *api]


CITED_ALIKE: Final = re.compile(r"/(?!events/)[a-z]+/[^/]+(?:/cite/|\.(?:bib|ris|csl\.json))$")
"""Citations, but those of events: all nouns are cited by the same code."""


PICTURES_OF_SVG: Final = re.compile(r"\.png$")
"""Words cannot be read in them; the file of SVG that they are made of is read."""

SOURCES_ALIKE: Final = re.compile(r"/sources/[0-9]*[^0]/$")
"""Nine of ten sources: the pages of all are made by the same code."""


def followed(
    client: Client, start: Iterable[str], language: str, *, every: bool = False
) -> Iterator[tuple[str, str]]:
    """Yield what these addresses and the pages in a language that they link to say.

    Of ten sources it follows one, or ``every`` one.
    """
    left_out = [CITED_ALIKE, PICTURES_OF_SVG, *(() if every else (SOURCES_ALIKE,))]
    waiting = list(start)
    seen_links = set(waiting)
    while waiting:
        address = waiting.pop(0)
        response = client.get(address)
        text = body(response)
        yield address, text
        if "html" not in response.get("Content-Type", ""):
            continue
        links = re.findall(rf'href="(/{language}/[^"?#]*)["?#]', text)
        links = [link for link in links if not any(part.search(link) for part in left_out)]
        new = [link for link in dict.fromkeys(links) if link not in seen_links]
        seen_links.update(new)
        waiting += new


def test_crawl_finds_every_word_once_the_records_are_published(
    client: Client, hidden: list[Hidden]
) -> None:
    """The words that the other tests do not find are found once they are public."""
    for hidden_record in hidden:
        one = hidden_record
        for record in (one.framework, one.event, one.commitment, one.text):
            publish(record)
    missing = set(TOKENS)
    for _address, text in followed(client, addresses(hidden, ["en"]), "en"):
        missing -= {*ANY.findall(text)}
        if not missing:
            break
    assert missing == set()
    for hidden_record in hidden:
        for address, query in questions(hidden_record):
            assert client.get(f"{address}?{query}").status_code == 200, (address, query)


@pytest.mark.parametrize(
    ("language", "every"),
    [
        ("fr", False),
        pytest.param("fr", True, marks=pytest.mark.soak),
        pytest.param("en", True, marks=pytest.mark.soak),
    ],
)
def test_no_page_and_no_file_says_a_word_of_a_hidden_record(
    client: Client, hidden: list[Hidden], language: str, every: bool
) -> None:
    slugs = [slug for record in hidden for slug in record.slugs if len(slug) > 2]
    start = addresses(hidden, [language])
    lists = whole_lists(language)
    for address, text in followed(client, [*start, *lists], language, every=every):
        assert ANY.findall(text) == [], address
        if address not in start:
            assert [slug for slug in slugs if slug in text] == [], address


def test_address_of_a_hidden_record_is_no_page_and_of_a_withdrawn_one_gone(
    client: Client, hidden: list[Hidden]
) -> None:
    for record in hidden:
        gone = 410 if record.state == "withdrawn" else 404
        own = {
            "event": record.event.slug,
            "event_card": record.event.slug,
            "commitment": record.commitment.slug,
            "framework": record.framework.slug,
            "framework_calendar": record.framework.slug,
            "instrument": record.text.slug,
        }
        expected = {reverse(f"timeline:{name}", args=[slug]): gone for name, slug in own.items()}
        expected[reverse("timeline:commitment", args=[record.promised_there.slug])] = gone
        for name in ("party", "person", "sector"):
            for value in record.values[name]:
                expected[reverse(f"timeline:{name}", args=[value])] = 404
        for source in record.sources:
            expected[reverse("timeline:source", args=[source.pk])] = 404
        assert {address: client.get(address).status_code for address in expected} == expected


def questions(record: Hidden) -> Iterator[tuple[str, str]]:
    """Yield each address that takes filters, with each value that names a hidden record."""
    for name in QUESTIONS:
        for parameter, values in record.values.items():
            if parameter in LEDGER_ONLY and not name.startswith("commitments"):
                continue
            if name.startswith("instruments") and parameter not in OF_TEXTS:
                continue
            for value in values:
                yield reverse(f"timeline:{name}"), urlencode({parameter: value})


def test_hidden_record_is_no_value_of_a_filter(client: Client, hidden: list[Hidden]) -> None:
    for record in hidden:
        for address, query in questions(record):
            response = client.get(f"{address}?{query}")
            assert response.status_code == 400, (address, query)
            assert shown(response) == set(), (address, query)


def test_hidden_record_cannot_be_embedded(client: Client, hidden: list[Hidden]) -> None:
    for record in hidden:
        for parameter in record.values.keys() - {*LEDGER_ONLY}:
            for value in record.values[parameter]:
                page = f"http://testserver/en/?{urlencode({parameter: value})}"
                response = client.get("/oembed?" + urlencode({"url": page}))
                assert (response.status_code, shown(response)) == (404, set())


def test_words_of_a_hidden_record_find_nothing(client: Client, hidden: list[Hidden]) -> None:
    for word in TOKENS:
        for address in ("/en/", "/en/commitments/", "/en/instruments/"):
            page = Page(client.get(address, {"q": word}))
            assert page.root.xpath("//ol[@class='events' or @class='ledger']/li") == []


def test_correction_is_shown_from_its_day_on(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = Event.objects.published()[0]
    tomorrow = TODAY + dt.timedelta(days=1)
    Correction.objects.create(event=event, made_on=tomorrow, text_en="The host was named wrongly.")
    assert "named wrongly" not in body(client.get("/en/corrections/"))
    set_today(monkeypatch, tomorrow)
    assert "named wrongly" in body(client.get("/en/corrections/"))


def test_state_of_the_place_of_an_event_is_public(client: Client) -> None:
    land = make.a_state("ch", name_en="Switzerland")
    make.an_event(place=make.a_place("geneva", party=land), publication="published")
    assert client.get("/en/parties/ch/").status_code == 200
    assert client.get("/en/?party=ch").status_code == 200


def test_member_that_no_record_uses_is_no_candidate_host_for_readers(
    client: Client, open_bloc: Party
) -> None:
    member = make.a_state("xx", name_en="Newland")
    make.a_membership(member, open_bloc)
    for address in ("frameworks/open/", "frameworks/", "", "parties/open-bloc/"):
        assert "newland" not in body(client.get(f"/en/{address}"))
    make.an_event(parties=(member,), publication="published")
    assert "newland" in body(client.get("/en/frameworks/open/"))
    assert "newland" in body(client.get("/en/parties/open-bloc/"))


def test_source_counts_only_citations_that_readers_see(client: Client) -> None:
    source, event = make.a_source(title="Once cited"), make.an_event(publication="published")
    Citation.objects.create(source=source, event=event)
    Citation.objects.create(source=source, event=make.an_event())
    Citation.objects.create(source=source, party=make.a_state("xx"))
    page = Page(client.get("/en/sources/?q=once"))
    text = page.text("//ul[@class='index']/li[a='Once cited']")
    assert "1 citation" in text


@pytest.mark.parametrize("language", ["en", "fr"])
def test_dump_says_no_word_of_a_hidden_record(
    hidden: list[Hidden], tmp_path: Path, language: str
) -> None:
    slugs = [slug for record in hidden for slug in record.slugs if len(slug) > 2]
    call_command("dump", tmp_path, f"--language={language}", stdout=StringIO())
    for path in tmp_path.iterdir():
        text = path.read_text(encoding="utf-8").lower()
        assert {*ANY.findall(text)} == set(), path.name
        assert [slug for slug in slugs if slug in text] == [], path.name
    assert dangling(tmp_path) == []


def dangling(folder: Path) -> list[tuple[str, str, str]]:
    """Return what foreign keys of a data package name that is in no table: table, column, value."""
    package = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    tables = {}
    for resource in package["resources"]:
        with (folder / resource["path"]).open(encoding="utf-8", newline="") as file:
            tables[resource["name"]] = [*csv.DictReader(file)]
    known = {
        name: {row["id"] for row in rows}
        for name, rows in tables.items()
        if rows and "id" in rows[0]
    }
    return [
        (resource["name"], column, row[column])
        for resource in package["resources"]
        for key in resource["schema"]["foreignKeys"]
        for column in key["fields"]
        for row in tables[resource["name"]]
        if row[column]
        and row[column] not in known[key["reference"]["resource"] or resource["name"]]
    ]
