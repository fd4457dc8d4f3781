"""The values that filters offer follow the record, and are read again only if it changed."""

import pytest

from tests import factories as make
from timeline.models import Citation, Event, EventSector
from timeline.queries.vocabulary import FilterOptions, vocabulary

pytestmark = pytest.mark.django_db(transaction=True)


def offered() -> FilterOptions:
    return vocabulary({}).offered


def test_publishing_and_withdrawing_changes_what_is_offered() -> None:
    event = make.an_event(parties=(make.a_state("ml"),), place=make.a_place("bamako"))
    EventSector.objects.create(event=event, sector=make.a_sector("energy"))
    hidden = dict.fromkeys(("sector", "party", "framework", "place"), frozenset[str]())
    assert offered().choices == hidden
    Event.objects.filter(pk=event.pk).update(publication="published")
    assert offered().choices == {
        **hidden,
        **{"sector": {"energy"}, "party": {"ml"}, "place": {"bamako"}},
    }
    Event.objects.filter(pk=event.pk).update(publication="withdrawn", withdrawn_reason_en="Wrong.")
    assert offered().choices == hidden


def test_names_of_parties_are_read_where_all_of_them_are_shown() -> None:
    mali = make.a_state("ml")
    mali.names.create(name="French Sudan", language="en", kind="official", ends="1960")
    make.an_event(parties=(mali,), publication="published")
    assert [*vocabulary({"options": ["party"]}).party_names] == [mali.pk]
    for options in ([], ["sector"]):
        assert vocabulary({"options": options}).party_names == {}


def test_change_that_makes_nothing_public_leaves_what_is_offered_as_it_was() -> None:
    event = make.an_event(parties=(make.a_state("ml"),), publication="published")
    first = offered()
    Event.objects.filter(pk=event.pk).update(duration_en="Two days")
    assert offered() is first
    make.an_event(parties=tuple(event.parties.all()), publication="published")
    assert offered() is first


@pytest.mark.parametrize("digits", [19, 20, 5000])
def test_source_whose_number_no_key_can_have_is_unknown(digits: int) -> None:
    source = make.a_source(pk=7)
    event = make.an_event(publication="published")
    Citation.objects.create(event=event, source=source)
    keys = vocabulary({"source": ["7", "9" * digits, "0" * digits]}).choices["source"]
    assert keys == {"7"}
