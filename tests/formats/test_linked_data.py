"""The data of pages in the words of schema.org: small, true, and no way out of its element."""

import json
from typing import Any

import pytest

from timeline.core.dates import parse
from timeline.formats.linked_data import data_block, of_record
from timeline.models import (
    Commitment,
    Event,
    Framework,
    Instrument,
    Party,
    Person,
    Place,
    Sector,
    Source,
)

BEGIN, END = '<script type="application/ld+json">', "</script>"


def dated(text: str) -> Any:
    return parse(text)


@pytest.mark.parametrize(
    ("date", "expected"),
    [
        ("2025-04-03", {"startDate": "2025-04-03"}),
        ("2025-04", {"startDate": "2025-04"}),
        ("2025", {"startDate": "2025"}),
        ("2025-04-03/2025-04-04", {"startDate": "2025-04-03", "endDate": "2025-04-04"}),
        *((text, None) for text in ("2025-04~", "2025?", "198X", "2025-21", "2025-04-03/..")),
    ],
)
def test_event_is_dated_as_far_as_is_known(date: str, expected: dict[str, str] | None) -> None:
    said = of_record(Event(title_en="Talks", date=dated(date), state="held"))
    edtf = {"@type": "http://id.loc.gov/datatypes/edtf/EDTF", "@value": date}
    in_edtf: dict[str, object] = {"http://purl.org/dc/terms/date": edtf}
    assert said == {"@type": "Event", "name": "Talks", **(expected or in_edtf)}


def test_event_says_its_state_and_its_places() -> None:
    talks = Event(title_en="Talks", summary_en="On gas.", date=dated("2025"), state="cancelled")
    assert of_record(talks, [Place(name_en="Moscow"), Place(name_en="Bamako")]) == {
        "@type": "Event",
        "name": "Talks",
        "description": "On gas.",
        "startDate": "2025",
        "eventStatus": "https://schema.org/EventCancelled",
        "location": [{"@type": "Place", "name": "Moscow"}, {"@type": "Place", "name": "Bamako"}],
    }


@pytest.mark.parametrize(
    ("record", "expected"),
    [
        (
            Commitment(title_en="Gas", made_on=dated("2025-04")),
            {"@type": "CreativeWork", "name": "Gas", "dateCreated": "2025-04"},
        ),
        (
            Commitment(title_en="Gas", event=Event(date=dated("2024"))),
            {"@type": "CreativeWork", "name": "Gas", "dateCreated": "2024"},
        ),
        (
            Instrument(title_en="Charter", date=dated("2023-09-16")),
            {"@type": "CreativeWork", "name": "Charter", "dateCreated": "2023-09-16"},
        ),
        (
            Framework(title_en="Talks", starts=dated("2024")),
            {"@type": "EventSeries", "name": "Talks", "startDate": "2024"},
        ),
        (Party(name_en="Mali", kind="state"), {"@type": "Country", "name": "Mali"}),
        (
            Party(name_en="AES", kind="bloc", founded=dated("2023-09-16")),
            {"@type": "Organization", "name": "AES", "foundingDate": "2023-09-16"},
        ),
        (Person(name_en="Mohammed VI"), {"@type": "Person", "name": "Mohammed VI"}),
        (
            Person(name_en="Sergey Lavrov", family_en="Lavrov", family_fr="Lavroff"),
            {"@type": "Person", "name": "Sergey Lavrov", "familyName": "Lavrov"},
        ),
        (
            Place(name_en="Bamako", latitude=12.6, longitude=-8.0),
            {
                "@type": "Place",
                "name": "Bamako",
                "geo": {"@type": "GeoCoordinates", "latitude": 12.6, "longitude": -8.0},
            },
        ),
        (Sector(name_en="Trade"), {"@type": "DefinedTerm", "name": "Trade"}),
        (
            Source(
                title="Text", language="fr", url="https://example.org/", published=dated("2025")
            ),
            {
                "@type": "CreativeWork",
                "name": "Text",
                "inLanguage": "fr",
                "url": "https://example.org/",
                "datePublished": "2025",
            },
        ),
    ],
)
def test_record_of_every_noun_says_what_it_is(record: Any, expected: dict[str, Any]) -> None:
    assert of_record(record) == expected


@pytest.mark.parametrize(
    "hostile", ["</script><b>", "<!--<script>", "a\u2028b\u2029c", '"}', "&lt;", "\\u003c"]
)
def test_no_text_ends_the_element(hostile: str) -> None:
    block = data_block({"name": hostile})
    text = block.removeprefix(BEGIN).removesuffix(END)
    assert not {"<", ">", "&", "\u2028", "\u2029"} & set(text)
    assert json.loads(text) == {"@context": "https://schema.org", "name": hostile}
