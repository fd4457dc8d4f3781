"""What the page of a record says to reference managers."""

import pytest

from timeline.core.dates import parse
from timeline.formats.dublin_core import of_record
from timeline.models import Commitment, Event, Instrument, Party, Source


@pytest.mark.parametrize("date", ["2025-04-03", "2025-04", "198X", "2025-04~", "2024/2025-04"])
def test_event_has_its_date_as_it_is_known(in_english: None, date: str) -> None:
    assert of_record(Event(title_en="Talks", date=parse(date))) == {
        "title": "Talks",
        "date": date,
        "type": "Event",
        "language": "en",
    }


def test_commitment_has_the_date_of_its_event_unless_it_was_made_on_another(
    in_english: None,
) -> None:
    event = Event(date=parse("2025-04"))
    made = Commitment(title_en="Gas", event=event)
    assert of_record(made)["date"] == "2025-04"
    made.made_on = parse("2025-03-01")
    assert of_record(made)["date"] == "2025-03-01"


def test_record_of_no_date_has_none_and_says_the_language_of_its_name(in_english: None) -> None:
    assert of_record(Party(code="ml", name_fr="Mali")) == {
        "title": "Mali",
        "type": "Text",
        "language": "fr",
    }
    assert "date" not in of_record(Source(title="Article", language="fr"))


def test_text_has_its_own_date(in_english: None) -> None:
    assert of_record(Instrument(title_en="Charter", date=parse("2023-09-16")))["date"] == (
        "2023-09-16"
    )
