"""The expected sessions of a question, and that frameworks do not influence each other."""

import datetime as dt
import random
from typing import Any

import pytest
from django.db import connection

from tests import factories as make
from tests.steps import steps_beside_more
from timeline.core.cadence import Window
from timeline.core.codes import Order
from timeline.core.dates import parse
from timeline.core.question import Question
from timeline.models import Event, Framework, Party
from timeline.queries.as_of import AsOf
from timeline.queries.frameworks import FrameworkView, all_views, expected_sessions, one_view

pytestmark = pytest.mark.django_db

TODAY = dt.date(2025, 6, 1)


@pytest.fixture
def talks() -> None:
    """Talks with two blocs: Mali has left one of them, and Chad joins the other in 2026."""
    ru, aes, ecowas = make.a_state("ru"), make.a_bloc("aes"), make.a_bloc("ecowas")
    ml, td = make.a_state("ml"), make.a_state("td")
    make.a_membership(ml, aes)
    make.a_membership(td, aes, "2026-03-01")
    make.a_membership(ml, ecowas, "1975-05-28", "2025-01-29")
    make.a_state("dz")
    for bloc in (aes, ecowas):
        framework = make.a_framework(
            ru, bloc, slug=f"ru-{bloc.code}", cadence_months=12, publication="published"
        )
        make.an_event(
            host=ru,
            parties=(bloc,),
            date="2025-04-03",
            framework=framework,
            takes_turn=True,
            publication="published",
        )


@pytest.mark.parametrize(
    ("question", "slugs"),
    [
        (Question(), ["ru-aes", "ru-ecowas"]),
        (Question(parties=("ru",)), ["ru-aes", "ru-ecowas"]),
        (Question(parties=("ml",)), ["ru-aes"]),
        (Question(parties=("td",)), ["ru-aes"]),
        (Question(parties=("dz",)), []),
        (Question(parties=("ml",), direct=True), []),
        (Question(parties=("aes",), direct=True), ["ru-aes"]),
        (Question(parties=("ml", "dz")), []),
        (Question(parties=("ml", "dz"), any_party=True), ["ru-aes"]),
        (Question(parties=("aes", "ecowas"), any_party=True), ["ru-aes", "ru-ecowas"]),
        (Question(parties=("ru", "ml")), ["ru-aes"]),
    ],
)
def test_session_is_expected_of_its_sides_and_of_their_members_on_its_day(
    talks: None, question: Question, slugs: list[str]
) -> None:
    sessions = expected_sessions(question, all_views(AsOf(TODAY)))
    assert [view.framework.slug for view in sessions] == slugs


@pytest.mark.parametrize(
    "narrowed",
    [
        {"q": "talks"},
        {"sectors": ("energy",)},
        {"kinds": ("summit",)},
        {"states": ("held",)},
        {"places": ("moscow",)},
        {"people": ("lavrov",)},
        {"sources": ("7",)},
        {"source_kinds": ("official",)},
        {"start": parse("2020")},
        {"end": parse("2030")},
        {"order": Order.OLDEST},
    ],
    ids=lambda narrowed: next(iter(narrowed)),
)
def test_no_session_is_expected_where_a_filter_concerns_only_events(
    talks: None, narrowed: dict[str, Any]
) -> None:
    assert expected_sessions(Question(**narrowed), all_views(AsOf(TODAY))) == ()


def test_overdue_session_is_expected_of_who_belongs_today(talks: None) -> None:
    late = AsOf(dt.date(2027, 1, 1))
    (view,) = expected_sessions(Question(parties=("td",)), all_views(late))
    assert (view.framework.slug, view.host_turn.state) == ("ru-aes", "overdue")


def a_drawn_framework(draw: random.Random, parties: list[Party]) -> Framework:
    """Draw a framework whose parties and days are shared with others."""
    sides = draw.sample(parties, draw.choice([2, 2, 3]))
    framework = make.a_framework(
        *sides,
        rotation=draw.choice(["alternating", "alternating", "not_stated"]),
        cadence_months=draw.choice([None, 6, 12]),
        publication="published",
    )
    for _ in range(draw.randrange(5)):
        make.an_event(
            host=draw.choice([None, *parties]),
            date=draw.choice(["2024-02", "2024-08-01", "2025-01-15", "2025-05-20", "2026-01"]),
            state=draw.choice(["held", "held", "planned", "postponed", "cancelled"]),
            framework=framework,
            takes_turn=draw.random() < 0.8,
            publication="published",
        )
    return framework


def stands(view: FrameworkView) -> tuple[Any, ...]:
    sides = [party.code for party in view.sides]
    return view.rule, view.host_turn, [event.pk for event in view.meetings], sides


@pytest.mark.parametrize("seed", range(12))
def test_framework_stands_among_others_as_it_stood_alone(seed: int) -> None:
    draw = random.Random(seed)  # noqa: S311 — which frameworks, not secrets
    aes, ecowas = make.a_bloc("aes"), make.a_bloc("ecowas")
    ml, tg, ru = (make.a_state(code) for code in ("ml", "tg", "ru"))
    make.a_membership(ml, aes)
    make.a_membership(ml, ecowas, "1975-05-28", "2025-01-29")
    make.a_membership(tg, ecowas, "1975-05-28")
    alone = {}
    for _ in range(4):
        framework = a_drawn_framework(draw, [aes, ecowas, ml, tg, ru])
        alone[framework.pk] = stands(one_view(framework, AsOf(TODAY)))
    among = {view.framework.pk: stands(view) for view in all_views(AsOf(TODAY))}
    assert among == alone
    assert len(alone) == 4


@pytest.mark.parametrize("slugs", [("b", "c", "a"), ("c", "b", "a")])
def test_meetings_of_the_same_days_are_listed_by_what_is_on_record(
    talks: None, slugs: tuple[str, ...]
) -> None:
    framework = Framework.objects.get(slug="ru-aes")
    for slug in slugs:
        make.an_event(
            slug=slug,
            date="2025-05~" if slug == "a" else "2025-05",
            framework=framework,
            publication="published",
        )
    view = one_view(framework, AsOf(TODAY))
    assert [event.slug for event in view.meetings][1:] == ["b", "c", "a"]
    assert view.host_turn.last_meeting is not None
    assert view.host_turn.last_meeting.name == "a"


def test_tolerance_widens_the_window_of_a_framework_on_record(talks: None) -> None:
    framework = Framework.objects.get(slug="ru-aes")
    framework.tolerance_months = 2
    framework.save()
    day = AsOf(dt.date(2026, 2, 1))
    stood = {view.framework.slug: view.host_turn for view in all_views(day)}
    window = Window(dt.date(2026, 2, 1), dt.date(2026, 6, 30))
    assert (stood["ru-aes"].window, stood["ru-aes"].state) == (window, "due")
    assert stood["ru-ecowas"].state == "on_schedule"


@pytest.mark.parametrize(("chosen", "nexts"), [("aes", "ru"), ("ru", "aes"), (None, "aes")])
def test_editor_names_the_side_whose_turn_it_was_between_co_hosts(
    talks: None, chosen: str | None, nexts: str
) -> None:
    framework = Framework.objects.get(slug="ru-aes")
    held = framework.meetings.get()
    held.participations.create(party=Party.objects.get(code="ml"), role="host")
    held.turn_side = Party.objects.get(code=chosen) if chosen else None
    held.save()
    view = one_view(framework, AsOf(TODAY))
    assert (view.host_turn.next_side, view.next_party and view.next_party.code) == (nexts, nexts)


def test_framework_is_listed_from_the_day_on_which_it_may_have_been_founded(talks: None) -> None:
    Framework.objects.filter(slug="ru-aes").update(
        starts="2025-03", starts_earliest="2025-03-01", starts_latest="2025-03-31"
    )
    for day, slugs in (
        (dt.date(2025, 2, 28), ["ru-ecowas"]),
        (dt.date(2025, 3, 1), ["ru-aes", "ru-ecowas"]),
    ):
        views = all_views(AsOf(day, is_past=True))
        assert sorted(view.framework.slug for view in views) == slugs


@pytest.mark.parametrize(
    ("members", "fixed_host", "why"),
    [
        ([], "", "no member"),
        ([("2023", "2025")], "", "no member"),
        ([("2023", "2026-04-20")], "", "unsure"),
        ([("2026-04-20", None)], "", "unsure"),
        ([("2023", "2026-05-01")], "", ""),
        ([("2023", "2026-04-20")], "gn", "host unsure"),
        ([("2023", "2026-04-01")], "gn", "host left"),
    ],
)
def test_why_nobody_may_host_minds_every_day_of_the_window(
    members: list[tuple[str, str | None]], fixed_host: str, why: str
) -> None:
    ru, bloc, gn = make.a_state("ru"), make.a_bloc("eu"), make.a_state("gn")
    for starts, ends in members:
        make.a_membership(gn, bloc, starts, ends)
    rule = {"rotation": "fixed_host", "fixed_host": gn} if fixed_host else {}
    framework = make.a_framework(ru, bloc, cadence_months=12, **rule)
    make.an_event(host=ru, framework=framework, takes_turn=True, publication="published")
    assert one_view(framework, AsOf(TODAY)).why_nobody_hosts == why


@pytest.mark.skipif(connection.vendor != "sqlite", reason="only SQLite tells its steps")
@pytest.mark.parametrize("analysed", [False, True])
def test_events_of_no_framework_are_not_read(talks: None, analysed: bool) -> None:
    def add(count: int) -> int:
        return steps_beside_more(count, lambda: all_views(AsOf(TODAY)), analysed=analysed)

    assert add(300) == add(3000) > 0


def test_meeting_that_is_a_draft_takes_no_turn(talks: None) -> None:
    before = {view.framework.slug: view.host_turn for view in all_views(AsOf(TODAY))}
    framework = Framework.objects.get(slug="ru-aes")
    draft = make.an_event(
        host=Party.objects.get(code="aes"),
        date="2025-05-03",
        framework=framework,
        takes_turn=True,
    )
    assert {view.framework.slug: view.host_turn for view in all_views(AsOf(TODAY))} == before
    Event.objects.filter(pk=draft.pk).update(publication="published")
    assert one_view(framework, AsOf(TODAY)).host_turn.last_host == "aes"
