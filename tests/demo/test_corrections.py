"""Facts that were wrong in the demo once, by their right values."""

import pytest

from timeline.models import (
    Attendance,
    Citation,
    Commitment,
    Event,
    Office,
    Participation,
    PersonName,
    Source,
)

pytestmark = pytest.mark.usefixtures("demo")


@pytest.mark.parametrize(
    ("slug", "date"),
    [
        ("yevkurov-bamako-2023", "2023-12-02"),
        ("niger-pm-moscow-2024", "2024-01-15/2024-01-16"),
        ("ecowas-council-accra-2025", "2025-04-22/2025-04-23"),
        ("ru-bf-nuclear-2025", "2025-06-19"),
    ],
)
def test_day_that_is_known(slug: str, date: str) -> None:
    assert str(Event.objects.get(slug=slug).date) == date


@pytest.mark.parametrize(
    ("slug", "title"),
    [
        (
            "aes-ecowas-consultation-2025",
            "The AES and ECOWAS consult in Bamako, in prelude to negotiations",
        ),
        ("aes-bank-statutes-2025", "The finance ministers approve the texts of the AES bank"),
    ],
)
def test_title_that_says_no_more_than_the_source(slug: str, title: str) -> None:
    assert Event.objects.get(slug=slug).title_en == title


def steps(slug: str) -> list[tuple[str, str]]:
    rows = Commitment.objects.get(slug=slug).updates.order_by("entry")
    return [(str(row.date), row.status) for row in rows]


def test_no_default_is_alleged_that_no_source_states() -> None:
    assert steps("aes-bank-capital") == [("2025-05-23", "agreed"), ("2025-12-11", "in_progress")]
    note = Commitment.objects.get(slug="aes-bank-capital").updates.get(entry=2).note_en
    assert note == (
        "A part of the share capital is released; no source seen says whether it is the initial "
        "capital, or on which day that was."
    )


def test_dialogue_that_stopped_is_stalled() -> None:
    assert steps("aes-ecowas-contacts") == [("2025-05-22", "agreed"), ("2025-11-26", "stalled")]


def test_what_the_joint_statement_agrees_is_agreed() -> None:
    commitment = Commitment.objects.get(slug="ru-aes-equipment-training")
    assert steps(commitment.slug)[0] == ("2025-04-03", "agreed")
    assert commitment.instrument is not None
    assert commitment.instrument.slug == "ru-aes-joint-statement-2025"


def test_television_is_launched_on_a_day() -> None:
    assert steps("aes-television")[-1] == ("2025-12-23", "fulfilled")


def test_companies_take_part_in_their_own_name() -> None:
    parties = Participation.objects.filter(event__slug="aes-glavkosmos-2024")
    assert sorted(parties.values_list("party__code", flat=True)) == ["bf", "glavkosmos", "ml", "ne"]
    obligors = Commitment.objects.get(slug="aes-satellites").party_links
    assert "ru" not in obligors.values_list("party__code", flat=True)


@pytest.mark.parametrize(
    ("slug", "codes"),
    [
        ("russia-africa-conference-sochi-2024", {"ru", "ml", "bf", "ne"}),
        ("russia-africa-conference-cairo-2025", {"eg", "ru", "ecowas", "tg", "dz", "mr"}),
    ],
)
def test_each_party_that_a_source_names_took_part(slug: str, codes: set[str]) -> None:
    parties = Participation.objects.filter(event__slug=slug)
    assert set(parties.values_list("party__code", flat=True)) == codes


def test_council_of_ministers_has_its_two_venues_and_chairs() -> None:
    event = Event.objects.get(slug="aes-council-2025")
    assert [(link.venue_en, str(link.days)) for link in event.place_links.order_by("position")] == [
        ("Koulouba palace", "2025-12-20"),
        ("Bamako International Conference Centre", "2025-12-20/2025-12-21"),
    ]
    chairs = Attendance.objects.filter(event=event, role="chair").order_by("person__slug")
    assert list(chairs.values_list("person__slug", flat=True)) == [
        "abdoulaye-maiga",
        "assimi-goita",
    ]


@pytest.mark.parametrize("slug", ["aes-visa-free-2024", "aes-passport-announced-2024"])
def test_place_that_no_source_names_is_left_open(slug: str) -> None:
    links = Event.objects.get(slug=slug).place_links
    assert not links.exclude(place=None).exists()


@pytest.mark.parametrize(
    ("person", "starts"),
    [
        ("sergey-lavrov", "2004-03-09"),
        ("vladimir-putin", "2012-05-07"),
        ("mohammed-vi", "1999-07-23"),
    ],
)
def test_start_of_an_office_is_cited_by_a_source_that_gives_it(person: str, starts: str) -> None:
    office = Office.objects.get(person__slug=person, starts=starts)
    assert office.citations.filter(field="starts").count() == 1


def test_rank_is_no_office_and_a_slip_no_name() -> None:
    office = Office.objects.get(person__slug="amadou-abdramane")
    assert office.title_en == "Spokesman of Niger’s military rulers"
    slips = PersonName.objects.filter(slip=True).order_by("name")
    assert list(slips.values_list("name", flat=True)) == [
        "Alessandro Diop",
        "Goyta",
        "Yacouba Souleiman Bakary",
    ]


@pytest.mark.parametrize(
    ("url", "kind", "speaks_for", "carried_by"),
    [
        ("https://news-pravda.com/world/2025/04/05/1210167.html", "joint", None, "News-Pravda"),
        (
            "https://anews.com.tr/europe/2024/11/29/"
            "russian-deputy-premier-meets-mali-president-as-part-of-trip-to-west-africa",
            "state_media",
            "tr",
            "Anews",
        ),
        ("https://www.maghress.com/fr/lobservateur/215750", "independent", None, "Maghress"),
        ("http://news.abamako.com/h/303776.html", "independent", None, "aBamako"),
        (
            "http://ecoslate.github.io/droit-de-la-cedeao/traites/-lang=fr.htm",
            "official",
            "ecowas",
            "ecoslate.github.io",
        ),
        ("https://todon.ploud.fr/@kolati/116239359913862362", "social", None, ""),
        ("https://fr.allafrica.com/stories/202511260616.html", "state_media", "bf", "AllAfrica"),
    ],
)
def test_label_of_a_source_is_that_of_its_author(
    url: str, kind: str, speaks_for: str | None, carried_by: str
) -> None:
    source = Source.objects.get(url=url)
    said = (source.kind, source.speaks_for and source.speaks_for.code, source.carried_by)
    assert said == (kind, speaks_for, carried_by)


def test_no_source_is_the_page_of_a_section() -> None:
    assert not Source.objects.filter(url="http://actuniger.com/politique").exists()


def test_condemnation_of_ukraine_is_told_with_its_source() -> None:
    event = Event.objects.get(slug="ru-aes-consultations-moscow-2025")
    assert "Ukraine" in event.summary_fr
    assert "Ukraine" in event.summary_en
    cited = Citation.objects.filter(event=event, field="summary", excerpt__contains="l’Ukraine")
    assert [row.source.publisher for row in cited] == ["Maliweb"]


def test_levy_exempts_what_the_decision_exempts() -> None:
    summary = Event.objects.get(slug="aes-levy-2025").summary_en
    assert "customs union" in summary
    assert "“not imported from third countries”" in summary
