"""Who took part in random events with difficult dates, and what filters find, by plain Python."""

from random import Random

import pytest
from django.core.exceptions import ValidationError

from tests import factories as make
from tests.parsed_page import TODAY
from tests.reckoning import Took, reckoned
from timeline.actions.events import refresh_derived
from timeline.core.question import Question
from timeline.index.current import current
from timeline.models import Event, Involvement, Membership, Participation, Party

pytestmark = pytest.mark.django_db

DATES = (
    *(
        "2019-06-29",
        "2019",
        "2020-05",
        "2020-05-10/2020-06-02",
        "2021~",
        "2021?",
        "201X",
        "2020-21",
    ),
    *("2022-03-01/..", "2019-12-31/2020-01-01", "2020-25", "2025-01-28", "2025-01-29", "2025-01"),
)
TURNS = (
    "2015",
    "2018-02",
    "2019-06-29",
    "2020-05-12",
    "2020-06~",
    "2021",
    "2022-01-28",
    "2025-01-29",
)
STANDINGS = ("member", "member", "suspended", "observer", "associate")
ROLES = ("host", "participant", "participant", "signatory", "observer", "addressee")


def fill(draw: Random, events: int) -> None:
    """Make states that join and leave blocs, and events at which states and blocs meet."""
    lives: tuple[dict[str, str], ...] = (
        {},
        {},
        {"founded": "2018-02"},
        {"dissolved": "2021-12-26"},
    )
    states = [make.a_state(f"{a}{b}", **draw.choice(lives)) for a in "abc" for b in "xyz"]
    blocs = [make.a_bloc(f"bloc-{number}") for number in range(4)]
    for party in (*states, *blocs[:1]):
        for bloc in draw.sample(blocs[1:], 2):
            turns = sorted(draw.sample(TURNS, draw.randint(1, 5)))
            for starts, ends in zip(turns, [*turns[1:], draw.choice((None, "2030"))], strict=True):
                row = Membership(party=party, bloc=bloc, starts=starts, ends=ends)
                row.standing = draw.choice(STANDINGS)
                try:
                    row.full_clean()
                except ValidationError:
                    continue
                row.save()
    parties = [*states, *blocs]
    for number in range(events):
        event = Event.objects.create(
            slug=f"e{number}", kind="summit", title_en="E", date=draw.choice(DATES),
            publication=draw.choice(("published", "published", "draft")),
        )  # fmt: skip
        rows = {(draw.choice(parties).pk, draw.choice(ROLES)) for _ in range(draw.randint(0, 4))}
        Participation.objects.bulk_create(
            Participation(event=event, party_id=party, role=role) for party, role in sorted(rows)
        )
    refresh_derived()


def on_record() -> set[Took]:
    names = ("event__slug", "party__code", "via__code", "possibly", "addressee")
    return {Took(*row) for row in Involvement.objects.values_list(*names)}


@pytest.mark.parametrize(
    "events", [200, pytest.param(2000, marks=pytest.mark.soak)], ids=["gate", "soak"]
)
def test_who_took_part_is_as_reckoned_and_filters_find_it(events: int) -> None:
    fill(Random(events), events)  # noqa: S311 — no secret
    ways = reckoned()
    assert on_record() == ways
    assert len({way.possibly for way in ways}) == len({way.addressee for way in ways}) == 2
    published = set(Event.objects.published().values_list("slug", flat=True))
    slugs = dict(Event.objects.values_list("pk", "slug"))
    for code in Party.objects.values_list("code", flat=True):
        for direct in (False, True):
            for met in (False, True):
                question = Question(parties=(code,), direct=direct, met=met)
                matching = {slugs[key] for key in current().matching(question, today=TODAY)}
                assert matching == published & {
                    way.event
                    for way in ways
                    if way.party == code
                    and not (direct and way.via)
                    and not (met and way.addressee)
                }, (code, direct, met)
