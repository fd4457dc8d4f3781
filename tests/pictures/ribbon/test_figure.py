"""The lines on which the picture of a framework shows its meetings."""

import datetime as dt
from typing import Any

import pytest

from tests import factories as make
from timeline.models import Framework, Party
from timeline.pictures.ribbon.figure import ribbons
from timeline.pictures.ribbon.layout import MeetingKind
from timeline.queries.as_of import AsOf
from timeline.queries.frameworks import one_view

pytestmark = pytest.mark.django_db

TODAY = dt.date(2026, 11, 25)


@pytest.fixture
def parties() -> dict[str, Party]:
    """Russia, the AES with Mali, and Ethiopia."""
    by_code = {code: make.a_state(code) for code in ("ru", "ml", "et")}
    by_code["aes"] = make.a_bloc("aes")
    make.a_membership(by_code["ml"], by_code["aes"])
    return by_code


def a_meeting(framework: Framework, *hosts: Party, **values: Any) -> None:
    defaults = {"date": "2025-04-03", "takes_turn": True, "publication": "published"}
    event = make.an_event(framework=framework, **{**defaults, **values})
    for party in hosts:
        event.participations.create(party=party, role="host")


def drawn(framework: Framework) -> tuple[list[str], list[tuple[MeetingKind, str, str]]]:
    """Return the lines by name, and the kind, line and due line of each meeting."""
    picture, _narrow = ribbons(one_view(framework, AsOf(TODAY)), TODAY)
    names = {lane.y: lane.name for lane in picture.lanes}
    marks = [
        (mark.kind, names[mark.y], names.get(mark.due_y or -1.0, "")) for mark in picture.marks
    ]
    return list(names.values()), marks


@pytest.mark.parametrize("hosts", [("ru", "ml"), ("ml", "ru")])
@pytest.mark.parametrize(("turn_side", "line"), [(None, "RU"), ("aes", "AES"), ("ru", "RU")])
@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ({"state": "planned", "date": "2027"}, MeetingKind.PLANNED),
        ({"state": "cancelled"}, MeetingKind.CANCELLED),
        ({"takes_turn": False}, MeetingKind.ASIDE),
    ],
)
def test_co_hosts_stand_on_the_line_that_an_editor_names_else_on_that_of_the_first_side(
    parties: dict[str, Party],
    hosts: tuple[str, ...],
    turn_side: str | None,
    line: str,
    values: dict[str, Any],
    kind: MeetingKind,
) -> None:
    framework = make.a_framework(parties["ru"], parties["aes"])
    side = parties[turn_side] if turn_side else None
    a_meeting(framework, *(parties[code] for code in hosts), turn_side=side, **values)
    assert drawn(framework) == (["RU", "AES"], [(kind, line, "")])


def test_turn_taken_out_of_turn_is_tied_to_the_line_that_was_due(
    parties: dict[str, Party],
) -> None:
    framework = make.a_framework(parties["ru"], parties["aes"])
    a_meeting(framework, parties["ml"])
    assert drawn(framework) == (["RU", "AES"], [(MeetingKind.OUT_OF_TURN, "AES", "RU")])


def test_host_of_no_side_stands_on_a_line_outside(parties: dict[str, Party]) -> None:
    framework = make.a_framework(parties["ru"], parties["aes"])
    a_meeting(framework, parties["et"])
    a_meeting(framework, parties["et"], state="planned", date="2027")
    lines, marks = drawn(framework)
    assert lines == ["RU", "AES", "ailleurs"]
    assert marks == [
        (MeetingKind.OUTSIDE, "ailleurs", ""),
        (MeetingKind.PLANNED, "ailleurs", ""),
    ]


def test_fixed_host_of_no_side_has_a_line_of_its_own(parties: dict[str, Party]) -> None:
    framework = make.a_framework(
        parties["ru"], parties["aes"], rotation="fixed_host", fixed_host=parties["et"]
    )
    a_meeting(framework, parties["et"])
    a_meeting(framework, parties["ru"], date="2026-04-03")
    a_meeting(framework, parties["et"], state="planned", date="2027")
    assert drawn(framework) == (
        ["RU", "AES", "ET"],
        [
            (MeetingKind.TURN, "ET", ""),
            (MeetingKind.OUT_OF_TURN, "RU", "ET"),
            (MeetingKind.PLANNED, "ET", ""),
        ],
    )


def test_fixed_host_of_no_side_is_announced_as_taking_its_turn(parties: dict[str, Party]) -> None:
    framework = make.a_framework(
        parties["ru"], parties["aes"], rotation="fixed_host", fixed_host=parties["et"]
    )
    a_meeting(framework, parties["et"], state="planned", date="2027")
    announced = one_view(framework, AsOf(TODAY)).planned_turn
    assert announced is not None
    assert (announced.side, announced.due) == ("et", "et")
    assert (announced.outside, announced.out_of_turn) == (False, False)
