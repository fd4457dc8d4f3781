"""Merging two records in the admin: the page, its refusals, undoing, and twins that are new."""

from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from tests import factories as make
from tests.admin.forms import Typed, errors, fill, messages, opened, tree, with_row
from tests.admin.test_events import page_of
from timeline.models import Citation, Event, Merge, Office, Party, PartyName, Person, Source

pytestmark = pytest.mark.django_db


def compared(client: Client, kept: Any, other: Any) -> Typed:
    """Return the form of the page that shows two records side by side, as proposed."""
    page = tree(client.get(f"{page_of(kept, 'merge')}?other={other.pk}"))
    (form,) = [form for form in page.forms if form.xpath(".//input[@name='_compared']")]
    fields = [field for field in form.inputs if field.get("type") != "submit" and field.name]
    ticked = [field for field in fields if field.get("type") != "radio" or field.checked]
    return {field.name: [field.value or ""] for field in ticked} | {"merge": ["Merge"]}


def merged(client: Client, kept: Any, other: Any, **chosen: str) -> Any:
    form = fill(compared(client, kept, other), **chosen)
    return client.post(page_of(kept, "merge"), form, follow=True)


def problems(response: Any) -> list[str]:
    notes = tree(response).xpath("//p[@class='errornote']")
    return ["".join(note.itertext()).strip() for note in notes]


def texts(response: Any, path: str) -> list[str]:
    return [" ".join("".join(found.itertext()).split()) for found in tree(response).xpath(path)]


def twins() -> tuple[Person, Person]:
    """A minister entered twice, present at one event as each."""
    mali = make.a_state("ml")
    people = make.a_person("diop", name_en="Abdoulaye Diop"), make.a_person("diop-2")
    Office.objects.create(person=people[1], party=mali, title_en="Minister")
    event = make.an_event(parties=(mali,), title_en="Talks", publication="published")
    event.attendances.create(person=people[1], party=mali)
    return people


def test_page_shows_both_records_and_all_that_moves(editor_client: Client) -> None:
    kept, other = twins()
    response = editor_client.get(f"{page_of(kept, 'merge')}?other={other.pk}")
    lines = "//*[contains(@class,'merge-line') and not(contains(@class,'merge-head'))]"
    assert texts(response, lines) == [
        "Slug diop diop-2 leads to the one that stays",
        "Name in English Abdoulaye Diop Diop-2 The name that is not chosen: kept as another name, "
        "found by search kept as a slip: found, never shown to readers left out",
    ]
    assert texts(response, "//details") == [
        "Offices held 1 ML · Minister",
        "Presence at events 1 2025-04-03 · Talks · ML · Member of the delegation",
    ]


def test_editor_merges_and_undoes_with_one_click_each(editor_client: Client) -> None:
    kept, other = twins()
    response = merged(editor_client, kept, other, **{"column-name_en": "other"})
    assert messages(response) == [
        "Merged: all that belonged to “Diop-2” is here, and its address leads here."
    ]
    assert list(Person.objects.values_list("slug", "name_en")) == [("diop", "Diop-2")]
    assert editor_client.get("/en/people/diop-2/")["Location"] == "/en/people/diop/"
    (said,) = texts(response, "//p[@class='merged']")
    assert "“Diop-2” was merged into it" in said
    (undo,) = tree(response).xpath("//p[@class='merged']/button/@formaction")
    response = editor_client.post(undo, follow=True)
    assert "Two records again, as they were before." in messages(response)[0]
    names = Person.objects.order_by("pk").values_list("slug", "name_en")
    assert list(names) == [("diop", "Abdoulaye Diop"), ("diop-2", "Diop-2")]
    assert editor_client.get("/en/people/diop-2/").status_code == 200


@pytest.mark.parametrize(
    ("left", "found"),
    [("both", [("Diop-2", False)]), ("slip", [("Diop-2", True)]), ("out", [])],
)
def test_editor_says_what_becomes_of_the_name_that_is_not_chosen(
    editor_client: Client, left: str, found: list[tuple[str, bool]]
) -> None:
    kept, other = twins()
    merged(editor_client, kept, other, **{"left-name_en": left})
    assert list(kept.names.values_list("name", "slip")) == found


def test_commitment_entered_twice_is_merged_and_pointed_out(editor_client: Client) -> None:
    event = make.an_event(publication="published")
    shown = {"publication": "published", "published_at": "2026-01-01T00:00Z"}
    kept = make.a_commitment(event, title_en="A gold refinery", slug="gold", **shown)
    other = make.a_commitment(event, title_en="Gold  refinery", slug="refinery", **shown)
    kept.party_links.create(party=make.a_state("ru"))
    address = f"/admin/timeline/commitment/add/?event={event.pk}"
    form = fill(opened(editor_client, address, "commitment"), title_en="A Gold Refinery")
    response = editor_client.post(address, form, follow=True)
    assert tree(response).xpath("//div[@class='alike']//a/@href") == [page_of(kept)]
    response = merged(editor_client, kept, other)
    assert messages(response) == [
        "Merged: all that belonged to “Gold  refinery” is here, and its address leads here."
    ]
    assert editor_client.get("/en/commitments/refinery/")["Location"] == "/en/commitments/gold/"
    (undo,) = tree(response).xpath("//p[@class='merged']/button/@formaction")
    editor_client.post(undo)
    assert editor_client.get("/en/commitments/refinery/").status_code == 200


def test_histories_say_in_words_that_two_were_merged(editor_client: Client) -> None:
    kept, other = twins()
    office = other.offices.get()
    merged(editor_client, kept, other)
    cells = "//table[@id='change-history']/tbody/tr[1]/td[4]"
    mine, theirs = (
        texts(editor_client.get(page_of(row, "history")), cells)[0] for row in (kept, other)
    )
    assert mine == "Changed · merged with “Diop-2” (diop-2)"
    assert theirs == "Deleted · merged with “Abdoulaye Diop”, which stays"
    (part,) = texts(editor_client.get(page_of(office, "history")), cells)
    assert part.startswith("Changed · when “Diop-2” (diop-2) was merged with “Abdoulaye Diop”")
    undo = tree(editor_client.get(page_of(kept, "history"))).xpath("//form[@class='merged']")
    assert len(undo) == 1


def test_form_of_the_record_that_is_gone_leads_to_the_one_kept(editor_client: Client) -> None:
    kept, other = twins()
    merged(editor_client, kept, other)
    response = editor_client.get(page_of(other), follow=True)
    assert response.redirect_chain == [(page_of(kept), 302)]
    assert messages(response) == ["“Diop-2” was merged into this record."]


def test_open_collision_keeps_what_was_chosen(editor_client: Client) -> None:
    kept, other, bloc = make.a_state("ml"), make.a_state("mali2"), make.a_bloc("aes")
    make.a_membership(kept, bloc, "2023", "2025")
    make.a_membership(other, bloc, "2024", "2026")
    response = merged(editor_client, kept, other, **{"column-name_en": "other"})
    assert problems(response) == [
        "Nothing is merged yet: choose first what is kept of membership (MALI2 – AES: these "
        "spells overlap.)."
    ]
    assert tree(response).xpath("//input[@checked]/@name") == ["column-name_fr", "column-name_en"]
    assert tree(response).xpath("//input[@checked]/@value") == ["kept", "other"]
    (key,) = set(tree(response).xpath("//input[starts-with(@name,'membership')]/@name"))
    response = merged(editor_client, kept, other, **{key: "other"})
    assert [str(spell.ends) for spell in kept.memberships.all()] == ["2026"]


def test_state_into_a_bloc_and_a_record_into_itself(editor_client: Client) -> None:
    mali, bloc = make.a_state("ml"), make.a_bloc("aes")
    response = editor_client.get(f"{page_of(mali, 'merge')}?other={bloc.pk}")
    assert problems(response) == [
        "“AES” is of the kind “Bloc” and “ML” of the kind “State”: they are not one thing. If one "
        "of the kinds is wrong, correct it first."
    ]
    assert not tree(response).xpath("//input[@name='merge']")
    response = editor_client.get(f"{page_of(mali, 'merge')}?other={mali.pk}")
    assert errors(response) == ["This is one record: choose another one to merge with it."]
    response = editor_client.get(f"{page_of(mali, 'merge')}?other=99")
    assert errors(response) == ["There is no such record; it may have been merged meanwhile."]
    for address in (page_of(mali, "merge").replace(str(mali.pk), "99"),):
        assert editor_client.get(address).status_code == 404


@pytest.mark.parametrize("whose", [0, 1])
def test_merge_is_refused_where_somebody_saved_meanwhile(editor_client: Client, whose: int) -> None:
    people = twins()
    form = compared(editor_client, *people)
    row = people[whose]
    row.name_en = "Diop, A."
    row.save()
    response = editor_client.post(page_of(people[0], "merge"), form)
    assert problems(response)[0].startswith("Saved meanwhile")
    assert Person.objects.count() == 2


def test_merge_is_refused_where_a_child_changed_meanwhile(editor_client: Client) -> None:
    people = twins()
    form = compared(editor_client, *people)
    people[1].offices.update(title_en="President")
    response = editor_client.post(page_of(people[0], "merge"), form)
    assert problems(response)[0].startswith("Something that would move was changed meanwhile")
    assert Person.objects.count() == 2


def test_second_editor_to_merge_is_told(editor_client: Client, colleague_client: Client) -> None:
    kept, other = twins()
    form = compared(editor_client, kept, other)
    merged(colleague_client, kept, other)
    response = editor_client.post(page_of(kept, "merge"), form)
    assert errors(response) == ["There is no such record; it may have been merged meanwhile."]


def test_editor_alone_merges_and_parts_nothing_that_readers_see(
    editor_client: Client, settings: Settings
) -> None:
    kept, other = twins()
    settings.REVIEW_REQUIRED = True
    assert "While review is required" in problems(merged(editor_client, kept, other))[0]
    assert Person.objects.count() == 2
    settings.REVIEW_REQUIRED = False
    merged(editor_client, kept, other)
    settings.REVIEW_REQUIRED = True
    address = f"{page_of(kept, 'change').removesuffix('change/')}unmerge/{Merge.objects.get().pk}/"
    assert editor_client.get(address).status_code == 405
    assert "While review is required" in messages(editor_client.post(address, follow=True))[0]
    assert Person.objects.count() == 1


def test_undoing_says_what_stands_in_the_way(editor_client: Client) -> None:
    kept, other = twins()
    response = merged(editor_client, kept, other)
    office = kept.offices.get()
    office.title_en = "President"
    office.save()
    (undo,) = tree(response).xpath("//p[@class='merged']/button/@formaction")
    (sentence,) = messages(editor_client.post(undo, follow=True))
    assert sentence.startswith(
        "It cannot be undone, because what moved has changed since: office “Abdoulaye Diop · ML"
    )
    assert Person.objects.count() == 1


def test_two_ticked_in_the_list_lead_to_the_page(editor_client: Client) -> None:
    first, second = make.an_event(), make.an_event(publication="published")
    listed = "/admin/timeline/event/"
    ticked = {"action": "merge_chosen", "_selected_action": [first.pk, second.pk]}
    response = editor_client.post(listed, ticked)
    assert response["Location"] == f"{page_of(second, 'merge')}?other={first.pk}"
    response = editor_client.post(listed, {**ticked, "_selected_action": [first.pk]}, follow=True)
    assert messages(response) == ["Tick exactly two records: the two that are one thing."]


def test_page_of_many_children_makes_no_more_queries(
    editor_client: Client, django_assert_max_num_queries: Any
) -> None:
    kept, other = make.a_source(), make.a_source()
    counts = []
    for number in (1, 3):
        for _one in range(number):
            Citation.objects.create(event=make.an_event(), source=other, excerpt="so")
        with django_assert_max_num_queries(60) as queries:
            editor_client.get(f"{page_of(kept, 'merge')}?other={other.pk}")
        counts.append(len(queries))
    assert counts[0] == counts[1]


# What looks the same


def added(client: Client, model: str, **values: Any) -> Any:
    address = f"/admin/timeline/{model}/add/"
    form = fill(opened(client, address, model), **values)
    return client.post(address, form, follow=True)


@pytest.mark.parametrize(
    ("model", "values"),
    [
        ("person", {"name_en": "Kaja KALLAS"}),
        ("party", {"name_fr": "Union Europeenne", "code": "eu2", "kind": "bloc"}),
        ("place", {"name_en": "moscow"}),
        (
            "source",
            {
                "title": "Another title",
                "kind": "independent",
                "language": "fr",
                "url": "http://example.org/a/",
                "no_archive_reason_en": "None.",
            },
        ),
    ],
)
def test_new_record_that_looks_like_another_is_saved_once_the_editor_says_so(
    editor_client: Client, model: str, values: dict[str, str]
) -> None:
    there: Any
    match model:
        case "person":
            there = make.a_person("kallas", name_en="Kaja Kallas")
        case "party":
            there = make.a_bloc("eu", name_fr="Union européenne")
        case "place":
            there = make.a_place("moscow")
        case _:
            there = make.a_source(url="https://example.org/a")
    response = added(editor_client, model, **values)
    assert errors(response) == [
        "Nothing is saved yet: this looks like what is on record already. Open that instead, or "
        "say above that it is another one and save again."
    ]
    assert tree(response).xpath("//div[@class='alike']//a/@href") == [page_of(there)]
    rows = type(there)._default_manager
    assert rows.count() == 1
    (key,) = tree(response).xpath("//input[@name='_another']/@value")
    assert "errornote" not in added(editor_client, model, **values, _another=key).content.decode()
    assert rows.count() == 2


def test_event_of_the_same_day_kind_and_parties_is_named(editor_client: Client) -> None:
    mali, russia = make.a_state("ml"), make.a_state("ru")
    there = make.an_event(parties=(mali, russia), title_en="Talks")
    make.an_event(parties=(mali,), title_en="Other talks")
    address = "/admin/timeline/event/add/"
    form = fill(
        opened(editor_client, address, "event"),
        title_en="Meeting",
        date="2025-04-03",
        kind="meeting",
    )
    for party in (russia, mali):
        with_row(form, "participations", party=party, role="participant")
    response = editor_client.post(address, form, follow=True)
    assert tree(response).xpath("//div[@class='alike']//a/@href") == [page_of(there)]
    assert Event.objects.count() == 2
    assert tree(response).xpath("//input[@name='title_en']/@value") == ["Meeting"]


def test_record_named_as_another_was_called_is_pointed_out(editor_client: Client) -> None:
    aes = make.a_bloc("aes")
    PartyName.objects.create(party=aes, name="Alliance of Sahel States", language="en")
    response = added(
        editor_client, "party", name_en="Alliance of Sahel states", code="ags", kind="bloc"
    )
    assert tree(response).xpath("//div[@class='alike']//a/@href") == [page_of(aes)]


def test_changed_record_is_not_held_against_its_twin(editor_client: Client) -> None:
    make.a_person("kallas", name_en="Kaja Kallas")
    twin = make.a_person("kallas-2", name_en="Kaja Kallas")
    form = fill(opened(editor_client, page_of(twin), "person"), name_fr="Kaja Kallas")
    assert errors(editor_client.post(page_of(twin), form, follow=True)) == []
    assert Source.objects.count() == 0


@pytest.mark.parametrize("code", ["xx", "zz", "eu", "yu"])
def test_code_that_is_no_state_is_refused(editor_client: Client, code: str) -> None:
    response = added(editor_client, "party", name_en="Nowhere", code=code, kind="state")
    assert errors(response)[0].startswith("A state's code is its ISO 3166-1 alpha-2 code")
    assert not Party.objects.exists()
