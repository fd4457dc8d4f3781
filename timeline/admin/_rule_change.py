"""Changes of a framework's rule, whose effects are shown before anything is saved."""

from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from timeline import enums
from timeline.admin._effects import Effect, EffectsAdmin
from timeline.clock import today
from timeline.core import dates
from timeline.core.codes import EventState, FrameworkState, MemberOrder
from timeline.core.rotation import RotationSide
from timeline.jinja2 import language
from timeline.models import Framework
from timeline.queries.as_of import AsOf
from timeline.queries.frameworks import FrameworkView, one_view


def _effects(before: FrameworkView, after: FrameworkView) -> list[Effect]:
    """Compare the sides of a framework, its hosts, its window, its state and its sessions."""
    names = {code: str(party.name) for code, party in (before.parties | after.parties).items()}
    lines: list[tuple[str, Callable[[FrameworkView], str]]] = [
        (_("Sides, in order"), lambda view: _sides(names, view)),
        (_("Who hosts next"), lambda view: _next_side(names, view)),
        (_("Who may host"), lambda view: _candidates(names, view)),
        (_("When it is expected"), _window),
        (
            _("Where it stands"),
            lambda view: enums.label(enums.FRAMEWORK_STATES, view.host_turn.state),
        ),
        (_("Who received last"), lambda view: _last_host(names, view)),
    ]
    effects = [Effect(about, wording(before), wording(after)) for about, wording in lines]
    effects += _sessions(before, after, names)
    return [effect for effect in effects if effect.old != effect.new]


def _sides(names: dict[str, str], view: FrameworkView) -> str:
    """Name the sides in the order of their turns, a bloc with the fixed order of its members."""
    return ", ".join(
        names[side.party]
        + (
            f" ({', '.join(_host_order(names, side))})"
            if side.member_order == MemberOrder.FIXED
            else ""
        )
        for side in view.rule.sides
    )


def _host_order(names: dict[str, str], side: RotationSide) -> list[str]:
    return [names.get(code, code) for code in side.order] or [_("no order on record")]


def _candidates(names: dict[str, str], view: FrameworkView) -> str:
    return ", ".join(names.get(code, code) for code in view.host_turn.candidates) or _("nobody")


def _next_side(names: dict[str, str], view: FrameworkView) -> str:
    """Name the side whose turn it is, unless the framework has ended or states no rotation."""
    if view.host_turn.state == FrameworkState.ENDED:
        return _("nobody: the framework has ended")
    return names.get(view.host_turn.next_side or "", _("not stated"))


def _last_host(names: dict[str, str], view: FrameworkView) -> str:
    """Name the side that hosted last, unless no session was held or no side hosted one."""
    if view.host_turn.last_turn is None:
        return _("no session held yet")
    return names.get(view.host_turn.last_host or "", _("no side"))


def _window(view: FrameworkView) -> str:
    """Say when the next session is expected, or why no days can be given."""
    window = view.host_turn.window
    if window is None:
        if view.host_turn.state == FrameworkState.ENDED:
            return _("no more: the framework has ended")
        return _("not stated") if view.rule.cadence is None else _("open: it has not met yet")
    reader_language = language()
    return _("from %(first)s to %(last)s") % {
        "first": dates.day_wording(window.first, reader_language),
        "last": dates.day_wording(window.last, reader_language),
    }


def _sessions(
    before: FrameworkView, after: FrameworkView, names: dict[str, str]
) -> Iterator[Effect]:
    for event in after.meetings:
        if before.turn_of(event) and after.turn_of(event):
            about = _("Session “%(title)s”, %(date)s") % {
                "title": event.title,
                "date": dates.wording(event.date, language()),
            }
            yield Effect(about, _turn(before, event, names), _turn(after, event, names))


def _turn(view: FrameworkView, event: Any, names: dict[str, str]) -> str:
    turn = view.turn_of(event)
    if turn is None or (turn.side is None and not turn.outside):
        return _("host not stated")
    if turn.outside:
        return _("hosted outside the framework")
    side = names.get(turn.side or "", "")
    if turn.out_of_turn:
        return _("turn of %(side)s, out of turn") % {"side": side}
    return _("turn of %(side)s") % {"side": side}


def remarks(framework: Framework) -> list[str]:
    """Tell the editor what is unusual, though perhaps right, about a framework today."""
    view = one_view(framework, AsOf(today()), for_editors=True)
    sentences = [
        _("%(bloc)s has no member today, so no state can host for it.") % {"bloc": party.name}
        for party, side in zip(view.sides, view.rule.sides, strict=True)
        if side.is_bloc and not any(m.span.surely_has(today()) for m in side.members)
    ]
    citations = framework.citations.filter(field__in=("", "cadence_months"))
    if framework.cadence_months is not None and not citations.exists():
        sentences.append(_("No source on record states the cadence: name it, or leave it empty."))
    for event in view.meetings:
        turn = view.turn_of(event)
        if event.state == EventState.HELD and turn is not None and turn.outside:
            sentences.append(
                _("“%(title)s” was hosted outside the framework: the turn is still owed.")
                % {"title": event.title}
            )
    return sentences


class RuleAdmin(EffectsAdmin):
    """A form of a framework's rule, which asks for confirmation if the framework would change."""

    affects = Framework

    def standing(self, record: Framework) -> FrameworkView:
        return one_view(record, AsOf(today()), for_editors=True)

    def effects(self, before: FrameworkView, after: FrameworkView) -> list[Effect]:
        return _effects(before, after)
