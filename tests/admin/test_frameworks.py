"""Changes of a framework's rule: effects are shown before saving, and mistakes are refused."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories as make
from tests.admin.forms import Typed, errors, fill, opened, tree, typed, with_row
from tests.clock import set_today
from tests.parsed_page import TODAY
from timeline.models import Citation, Event, Framework, HostOrder, Party, Side

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def on_the_day(monkeypatch: pytest.MonkeyPatch) -> None:
    """Set today to the day that the tests are written for."""
    set_today(monkeypatch, TODAY)


@pytest.fixture
def parties() -> dict[str, Party]:
    """Russia, China, and the three states of the AES with their bloc."""
    by_code = {code: make.a_state(code) for code in ("ru", "cn", "ml", "bf", "ne")}
    by_code["aes"] = make.a_bloc("aes")
    for code in ("ml", "bf", "ne"):
        make.a_membership(by_code[code], by_code["aes"])
    return by_code


@pytest.fixture
def framework(parties: dict[str, Party]) -> Framework:
    """Yearly sessions of Russia and the AES in turn, of which one was held in Russia."""
    row = make.a_framework(parties["ru"], parties["aes"], cadence_months=12)
    held_in(parties["ru"], row)
    return row


def held_in(host: Party, framework: Framework, **values: Any) -> Event:
    return make.an_event(
        host=host,
        framework=framework,
        takes_turn=True,
        state="held",
        publication="published",
        **values,
    )


def page_of(record: Any) -> str:
    return reverse(f"admin:timeline_{record._meta.model_name}_change", args=[record.pk])


def form_of(editor_client: Client, record: Any) -> Typed:
    return opened(editor_client, page_of(record), record._meta.model_name)


def effects_shown(response: Any) -> list[str]:
    """Return the effects shown on a page, or nothing if it does not ask for confirmation."""
    items = tree(response).xpath("//ul[@class='rule-change']/li")
    return [" ".join("".join(item.itertext()).split()) for item in items]


def missing_values(form: Typed, response: Any, model: str) -> Typed:
    """Return what was typed and is missing on the form that is shown again."""
    again = typed(response, model)
    own = ("csrfmiddlewaretoken", "_save")
    return {key: value for key, value in form.items() if key not in own and again.get(key) != value}


def sent_by(response: Any, button: str) -> Typed:
    """Return what a button on the page of confirmation would send."""
    (form,) = [form for form in tree(response).forms if form.xpath(".//button[@name]")]
    sent: Typed = {}
    for field in form.xpath(".//input[@type='hidden']"):
        sent.setdefault(field.get("name"), []).append(field.get("value") or "")
    (pressed,) = form.xpath(f".//button[normalize-space()='{button}']")
    sent[pressed.get("name")] = [pressed.get("value")]
    return sent


def places(framework: Framework) -> list[tuple[int, str]]:
    rows = framework.sides.order_by("position").values_list("position", "party__code")
    return list(rows)


def swapped(form: Typed) -> Typed:
    return {**form, "sides-0-position": ["2"], "sides-1-position": ["1"]}


# Effects


def test_changed_cadence_is_shown_before_it_is_saved(
    editor_client: Client, framework: Framework
) -> None:
    title = framework.title_en
    form = fill(form_of(editor_client, framework), cadence_months="24", title_en="Renamed")
    response = editor_client.post(page_of(framework), {**form, "_save": "Save"})
    assert effects_shown(response) == [
        "When it is expected from 1 April 2026 to 30 April 2026"
        " → from 1 April 2027 to 30 April 2027",
        "Where it stands Overdue → On schedule",
    ]
    framework.refresh_from_db()
    assert (framework.cadence_months, framework.title_en) == (12, title)
    assert framework.history.count() == 1
    answer = editor_client.post(page_of(framework), sent_by(response, "Save it so"))
    assert answer.status_code == 302
    framework.refresh_from_db()
    assert (framework.cadence_months, framework.title_en) == (24, "Renamed")


def test_back_shows_the_form_as_typed(
    editor_client: Client, framework: Framework, parties: Any
) -> None:
    form = fill(form_of(editor_client, framework), cadence_months="24", title_en="  Renamed “so” ")
    form["sides-0-DELETE"] = ["on"]
    with_row(form, "sides", party=parties["cn"], position=3, member_order="open")
    response = editor_client.post(page_of(framework), {**form, "_save": "Save"})
    assert effects_shown(response) != []
    again = editor_client.post(page_of(framework), sent_by(response, "Back to the form"))
    assert errors(again) == ["Nothing is saved yet. This is the form as you typed it."]
    assert missing_values(form, again, "framework") == {}
    framework.refresh_from_db()
    assert (framework.cadence_months, places(framework)) == (12, [(1, "ru"), (2, "aes")])


@pytest.mark.parametrize(
    ("button", "publication", "stays"),
    [("_publish", "published", True), ("_continue", "draft", True), ("_save", "draft", False)],
)
def test_pressed_button_is_carried_along(
    editor_client: Client, framework: Framework, button: str, publication: str, stays: bool
) -> None:
    Citation.objects.create(framework=framework, source=make.a_source())
    form = fill(form_of(editor_client, framework), cadence_months="")
    response = editor_client.post(page_of(framework), {**form, button: "x"})
    assert effects_shown(response) == [
        "When it is expected from 1 April 2026 to 30 April 2026 → not stated",
        "Where it stands Overdue → Cadence not stated",
    ]
    framework.refresh_from_db()
    assert framework.publication == "draft"
    answer = editor_client.post(page_of(framework), sent_by(response, "Save it so"))
    assert (answer["Location"] == page_of(framework)) is stays
    framework.refresh_from_db()
    assert (framework.publication, framework.cadence_months) == (publication, None)


def test_swapped_sides_show_whose_turn_it_was(
    editor_client: Client, framework: Framework, parties: Any
) -> None:
    response = editor_client.post(page_of(framework), swapped(form_of(editor_client, framework)))
    event = framework.meetings.get()
    assert effects_shown(response) == [
        "Sides, in order RU, AES → AES, RU",
        f"Session “{event.title}”, 3 April 2025 turn of RU → turn of RU, out of turn",
    ]
    assert places(framework) == [(1, "ru"), (2, "aes")]
    assert (
        editor_client.post(page_of(framework), sent_by(response, "Save it so")).status_code == 302
    )
    assert places(framework) == [(1, "aes"), (2, "ru")]


def test_side_replaced_shows_the_session_outside(
    editor_client: Client, framework: Framework, parties: Any
) -> None:
    form = form_of(editor_client, framework)
    form["sides-0-party"] = [str(parties["cn"].pk)]
    response = editor_client.post(page_of(framework), form)
    event = framework.meetings.get()
    assert effects_shown(response) == [
        "Sides, in order RU, AES → CN, AES",
        "Who hosts next AES → CN",
        "Who may host BF, ML, NE → CN",
        "Who received last RU → no side",
        f"Session “{event.title}”, 3 April 2025 turn of RU → hosted outside the framework",
    ]


def test_end_is_not_taken_for_a_cadence_that_no_source_states(
    editor_client: Client, framework: Framework
) -> None:
    form = fill(form_of(editor_client, framework), ended="2025-06")
    response = editor_client.post(page_of(framework), form)
    assert effects_shown(response)[:3] == [
        "Who hosts next AES → nobody: the framework has ended",
        "Who may host BF, ML, NE → nobody",
        "When it is expected from 1 April 2026 to 30 April 2026 → no more: the framework has ended",
    ]


def test_framework_that_has_not_met_does_not_seem_to_lack_a_cadence(
    editor_client: Client, framework: Framework
) -> None:
    form = fill(form_of(editor_client, framework), cadence_months="")
    framework.meetings.update(takes_turn=False)
    assert effects_shown(editor_client.post(page_of(framework), form)) == [
        "When it is expected open: it has not met yet → not stated"
    ]


def test_order_of_hosts_shows_who_would_be_next(
    editor_client: Client, framework: Framework, parties: Any
) -> None:
    form = form_of(editor_client, framework)
    form["sides-1-member_order"] = ["fixed"]
    response = editor_client.post(page_of(framework), form)
    assert effects_shown(response) == ["Sides, in order RU, AES → RU, AES (no order on record)"]
    assert (
        editor_client.post(page_of(framework), sent_by(response, "Save it so")).status_code == 302
    )
    side = Side.objects.get(party=parties["aes"])
    form = form_of(editor_client, side)
    with_row(form, "host_order", position=1, party=parties["ne"])
    response = editor_client.post(page_of(side), {**form, "_save": "Save"})
    assert effects_shown(response) == [
        "Sides, in order RU, AES (no order on record) → RU, AES (NE)",
        "Who may host BF, ML, NE → NE",
    ]
    assert not HostOrder.objects.exists()
    assert editor_client.post(page_of(side), sent_by(response, "Save it so")).status_code == 302
    assert HostOrder.objects.get().party == parties["ne"]


def test_change_without_effects_needs_no_confirmation(
    editor_client: Client, framework: Framework
) -> None:
    form = fill(form_of(editor_client, framework), title_en="Renamed", starts="2025-04")
    assert editor_client.post(page_of(framework), form).status_code == 302
    framework.refresh_from_db()
    assert framework.title_en == "Renamed"


def test_new_framework_needs_no_confirmation(editor_client: Client, parties: Any) -> None:
    add = reverse("admin:timeline_framework_add")
    form = fill(opened(editor_client, add, "framework"), title_en="New", rotation="alternating")
    form["sides-0-party"] = [str(parties["ru"].pk)]
    form["sides-1-party"] = [str(parties["aes"].pk)]
    response = editor_client.post(add, form)
    assert response.status_code == 302, errors(response)
    assert places(Framework.objects.get()) == [(1, "ru"), (2, "aes")]


def test_confirmation_of_another_change_is_asked_again(
    editor_client: Client, colleague_client: Client, framework: Framework, parties: Any
) -> None:
    form = fill(form_of(editor_client, framework), cadence_months="24")
    response = editor_client.post(page_of(framework), form)
    held_in(parties["ml"], framework, date="2026-05-02")
    again = editor_client.post(page_of(framework), sent_by(response, "Save it so"))
    assert effects_shown(again) == [
        "When it is expected from 1 May 2027 to 31 May 2027 → from 1 May 2028 to 31 May 2028",
    ]
    assert errors_note(again) == [
        "The record changed meanwhile, so this would now change something else than you were shown."
    ]
    framework.refresh_from_db()
    assert framework.cadence_months == 12
    assert editor_client.post(page_of(framework), sent_by(again, "Save it so")).status_code == 302
    framework.refresh_from_db()
    assert framework.cadence_months == 24


def errors_note(response: Any) -> list[str]:
    return ["".join(p.itertext()).strip() for p in tree(response).xpath("//p[@class='errornote']")]


def test_text_of_editors_is_text_where_the_change_is_shown(
    editor_client: Client, framework: Framework
) -> None:
    form = fill(
        form_of(editor_client, framework), cadence_months="24", title_en='"><script>x</script>'
    )
    response = editor_client.post(page_of(framework), form)
    assert "<script>x" not in response.content.decode()
    assert sent_by(response, "Save it so")["title_en"] == ['"><script>x</script>']


# Bad input


def refused(editor_client: Client, record: Any, form: Typed) -> list[str]:
    """Return the errors of a form that must be refused and change nothing."""
    before = list(record.history.values_list("pk")), Side.history.count()
    response = editor_client.post(page_of(record), form)
    assert response.status_code == 200
    assert missing_values(form, response, record._meta.model_name) == {}
    assert (list(record.history.values_list("pk")), Side.history.count()) == before
    return errors(response)


CADENCE = "A cadence is at least one month; leave it empty where no source gives one."
CENTURY = "This is at most 1200 months, a hundred years."
TOLERANCE = (
    "A tolerance is shorter than the cadence: the next session cannot be expected before the last."
)
PLACE = "A place is at most 32767."
FIXED_HOST = "Name the fixed host when the rotation is a fixed host, and only then."


@pytest.mark.parametrize(
    ("values", "sentences"),
    [
        ({"cadence_months": "0"}, [CADENCE]),
        ({"cadence_months": "-3"}, [CADENCE]),
        ({"cadence_months": "1000000"}, [CENTURY]),
        ({"tolerance_months": "1201"}, [CENTURY]),
        ({"tolerance_months": "-1"}, ["A tolerance is never negative; write 0 for none."]),
        ({"tolerance_months": "24"}, [TOLERANCE]),
        ({"tolerance_months": "12"}, [TOLERANCE]),
        ({"cadence_months": "1", "tolerance_months": "1"}, [TOLERANCE]),
        ({"rotation": "fixed_host"}, [FIXED_HOST]),
        ({"starts": "2025-04", "ended": "2025-03"}, ["A framework cannot end before it began."]),
        ({"sides-1-DELETE": "on"}, ["A framework has at least two sides."]),
        (
            {"sides-1-position": "1"},
            ["Two sides cannot have the same place in the order."],
        ),
        (
            {"sides-0-member_order": "fixed"},
            ["Only a bloc has members whose order can be fixed."],
        ),
        ({"sides-1-position": "99999999"}, [PLACE]),
        ({"sides-1-position": "32768"}, [PLACE]),
    ],
)
def test_rule_that_cannot_be_is_refused(
    editor_client: Client, framework: Framework, values: dict[str, str], sentences: list[str]
) -> None:
    assert (
        refused(editor_client, framework, fill(form_of(editor_client, framework), **values))
        == sentences
    )


def test_tolerance_may_be_a_month_shorter_than_the_cadence_or_have_none_to_widen(
    editor_client: Client, framework: Framework
) -> None:
    for values in (("12", "11"), ("", "24")):
        form = fill(
            form_of(editor_client, framework), cadence_months=values[0], tolerance_months=values[1]
        )
        response = editor_client.post(page_of(framework), form)
        assert effects_shown(response)[0].startswith("When it is expected")


def test_greatest_place_is_taken(editor_client: Client, framework: Framework) -> None:
    form = fill(form_of(editor_client, framework), **{"sides-1-position": "32767"})
    assert editor_client.post(page_of(framework), form).status_code == 302
    assert places(framework) == [(1, "ru"), (32767, "aes")]


def test_place_in_the_order_of_hosts_past_the_greatest_is_refused(
    editor_client: Client, framework: Framework, parties: Any
) -> None:
    side = ordered(framework, parties["ml"])
    form = fill(form_of(editor_client, side), **{"host_order-0-position": "99999999"})
    assert refused(editor_client, side, form) == [PLACE]


def test_fixed_host_with_another_rotation_is_refused(
    editor_client: Client, framework: Framework, parties: Any
) -> None:
    form = fill(form_of(editor_client, framework), fixed_host=parties["ru"])
    assert refused(editor_client, framework, form) == [FIXED_HOST]


def test_side_given_twice_is_refused(
    editor_client: Client, framework: Framework, parties: Any
) -> None:
    form = form_of(editor_client, framework)
    with_row(form, "sides", party=parties["ru"], position=3, member_order="open")
    sentences = ["This party is already a side of the framework."]
    assert refused(editor_client, framework, form) == sentences


def test_new_framework_of_one_side_is_refused(editor_client: Client, parties: Any) -> None:
    add = reverse("admin:timeline_framework_add")
    form = fill(opened(editor_client, add, "framework"), title_en="New", rotation="alternating")
    form["sides-0-party"] = [str(parties["ru"].pk)]
    assert form["sides-1-position"] == ["2"]
    assert errors(editor_client.post(add, form)) == ["A framework has at least two sides."]
    assert not Framework.objects.exists()


def test_names_of_sides_swapped_are_refused(
    editor_client: Client, framework: Framework, parties: Any
) -> None:
    form = form_of(editor_client, framework)
    form["sides-0-party"], form["sides-1-party"] = form["sides-1-party"], form["sides-0-party"]
    assert refused(editor_client, framework, form) == [
        "AES has a row of its own here: change the order by the places, not by the names.",
        "RU has a row of its own here: change the order by the places, not by the names.",
    ]


def test_side_added_meanwhile_is_minded(
    editor_client: Client, framework: Framework, parties: Any
) -> None:
    form = form_of(editor_client, framework)
    with_row(form, "sides", party=parties["cn"], position=3, member_order="open")
    Side.objects.create(framework=framework, party=parties["cn"], position=3)
    assert errors(editor_client.post(page_of(framework), form)) == [
        "Two sides cannot have the same place in the order.",
        "This party is already a side of the framework.",
    ]


def test_side_is_replaced_at_its_place(
    editor_client: Client, framework: Framework, parties: Any
) -> None:
    form = fill(form_of(editor_client, framework), rotation="not_stated")
    editor_client.post(
        page_of(framework), sent_by(editor_client.post(page_of(framework), form), "Save it so")
    )
    form = form_of(editor_client, framework)
    form["sides-1-DELETE"] = ["on"]
    with_row(form, "sides", party=parties["cn"], position=2, member_order="open")
    response = editor_client.post(page_of(framework), form)
    assert effects_shown(response) == ["Sides, in order RU, AES → RU, CN"]
    assert (
        editor_client.post(page_of(framework), sent_by(response, "Save it so")).status_code == 302
    )
    assert places(framework) == [(1, "ru"), (2, "cn")]


def ordered(framework: Framework, *members: Party) -> Side:
    side = framework.sides.get(party__code="aes")
    Side.objects.filter(pk=side.pk).update(member_order="fixed")
    for position, party in enumerate(members, start=1):
        HostOrder.objects.create(side=side, party=party, position=position)
    return side


def test_stranger_in_the_order_of_hosts_is_refused(
    editor_client: Client, framework: Framework, parties: Any
) -> None:
    side = ordered(framework)
    form = form_of(editor_client, side)
    with_row(form, "host_order", position=1, party=parties["ru"])
    assert refused(editor_client, side, form) == ["RU never was a member of AES."]
    left = make.a_state("gn")
    make.a_membership(left, parties["aes"], "2023", "2024")
    form["host_order-0-party"] = [str(left.pk)]
    assert effects_shown(editor_client.post(page_of(side), form)) == [
        "Sides, in order RU, AES (no order on record) → RU, AES (GN)"
    ]


def test_hosts_swap_their_places(editor_client: Client, framework: Framework, parties: Any) -> None:
    side = ordered(framework, parties["ml"], parties["bf"])
    form = form_of(editor_client, side)
    form["host_order-0-position"], form["host_order-1-position"] = ["2"], ["1"]
    response = editor_client.post(page_of(side), form)
    assert effects_shown(response) == [
        "Sides, in order RU, AES (ML, BF) → RU, AES (BF, ML)",
        "Who may host ML → BF",
    ]
    assert editor_client.post(page_of(side), sent_by(response, "Save it so")).status_code == 302
    rows = side.host_order.order_by("position").values_list("position", "party__code")
    assert list(rows) == [(1, "bf"), (2, "ml")]


def test_bloc_with_an_order_of_hosts_is_not_renamed(
    editor_client: Client, framework: Framework, parties: Any
) -> None:
    ordered(framework, parties["ml"])
    form = form_of(editor_client, framework)
    form["sides-1-party"] = [str(make.a_bloc("eu").pk)]
    assert refused(editor_client, framework, form) == [
        "The order of hosts on record names others than its members; empty it first."
    ]


# Shown, never refused


def test_form_shows_what_is_unusual(editor_client: Client, parties: Any) -> None:
    empty = make.a_bloc("eu")
    framework = make.a_framework(parties["ru"], empty, cadence_months=12)
    event = held_in(parties["cn"], framework)
    (remark,) = tree(editor_client.get(page_of(framework))).xpath(
        "//div[contains(@class,'field-unusual')]//div[@class='readonly']"
    )
    assert [text.strip() for text in remark.itertext()] == [
        "EU has no member today, so no state can host for it.",
        "No source on record states the cadence: name it, or leave it empty.",
        f"“{event.title}” was hosted outside the framework: the turn is still owed.",
    ]
    Citation.objects.create(source=make.a_source(), framework=framework, field="cadence_months")
    assert "states the cadence" not in editor_client.get(page_of(framework)).content.decode()


def test_nothing_is_unusual_about_a_fixed_host_of_no_side(
    editor_client: Client, parties: Any
) -> None:
    framework = make.a_framework(
        parties["ru"], parties["aes"], rotation="fixed_host", fixed_host=parties["cn"]
    )
    held_in(parties["cn"], framework)
    page = tree(editor_client.get(page_of(framework)))
    assert page.xpath("//div[contains(@class,'field-rotation')]")
    remarks = page.xpath("//div[contains(@class,'field-unusual')]//div[@class='readonly']")
    assert not any("owed" in remark.text_content() for remark in remarks)


def test_third_party_made_the_fixed_host_shows_whose_turn_it_was(
    editor_client: Client, framework: Framework, parties: Any
) -> None:
    held_in(parties["cn"], framework, date="2026-05-02")
    form = fill(form_of(editor_client, framework), rotation="fixed_host", fixed_host=parties["cn"])
    event = framework.meetings.get(date="2026-05-02")
    effects = effects_shown(editor_client.post(page_of(framework), form))
    assert "Who received last RU → CN" in effects
    assert (
        f"Session “{event.title}”, 2 May 2026 hosted outside the framework → turn of CN"
    ) in effects
