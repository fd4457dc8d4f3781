"""A changed rule of a framework: what it would change is shown before anything is saved."""

import hashlib
from collections.abc import Callable, Iterator
from typing import Any, Final, NamedTuple

from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.utils.translation import gettext as _

from timeline import enums
from timeline.admin._shared import RecordAdmin
from timeline.clock import today
from timeline.core import dates
from timeline.core.codes import EventState, FrameworkState, MemberOrder
from timeline.core.rotation import RotationSide
from timeline.jinja2 import language
from timeline.models import Framework
from timeline.queries.as_of import AsOf
from timeline.queries.frameworks import FrameworkView, one_view

CONFIRMED: Final = "_so"
"""The button that saves a change as shown; it sends the digest of what was shown."""
BACK: Final = "_back"
"""The button that shows the form again as typed."""


class Difference(NamedTuple):
    """One thing that would read otherwise, in the editor's words."""

    about: str
    old: str
    new: str


class RuleChange(Exception):
    """What saving would change in where a framework stands; it undoes the saving."""

    def __init__(self, framework: Framework, differences: list[Difference], digest: str) -> None:
        super().__init__(digest)
        self.framework = framework
        self.differences = differences
        self.digest = digest


def differences(before: FrameworkView, after: FrameworkView) -> list[Difference]:
    """What is told otherwise of a framework: its sides, whose turn it is, when, its sessions."""
    names = {code: str(party.name) for code, party in (before.parties | after.parties).items()}
    said: list[tuple[str, Callable[[FrameworkView], str]]] = [
        (_("Sides, in order"), lambda view: _sides(names, view)),
        (_("Who hosts next"), lambda view: _next_side(names, view)),
        (_("Who may host"), lambda view: _listed(names, view)),
        (_("When it is expected"), _window),
        (
            _("Where it stands"),
            lambda view: enums.label(enums.FRAMEWORK_STATES, view.standing.state),
        ),
        (_("Who received last"), lambda view: _last_host(names, view)),
    ]
    rows = [Difference(about, tell(before), tell(after)) for about, tell in said]
    return [row for row in (*rows, *_sessions(before, after, names)) if row.old != row.new]


def _sides(names: dict[str, str], view: FrameworkView) -> str:
    """The sides in the order of their turns, a bloc with the order in which its members host."""
    return ", ".join(
        names[side.party]
        + (
            f" ({', '.join(_ordered(names, side))})"
            if side.member_order == MemberOrder.FIXED
            else ""
        )
        for side in view.rule.sides
    )


def _ordered(names: dict[str, str], side: RotationSide) -> list[str]:
    return [names.get(code, code) for code in side.order] or [_("no order on record")]


def _listed(names: dict[str, str], view: FrameworkView) -> str:
    return ", ".join(names.get(code, code) for code in view.standing.candidates) or _("nobody")


def _next_side(names: dict[str, str], view: FrameworkView) -> str:
    """The side whose turn it is; none is named of an ended framework or an unstated rotation."""
    if view.standing.state == FrameworkState.ENDED:
        return _("nobody: the framework has ended")
    return names.get(view.standing.next_side or "", _("not stated"))


def _last_host(names: dict[str, str], view: FrameworkView) -> str:
    """The side that received last; none did where none met, or where all met elsewhere."""
    if view.standing.last_turn is None:
        return _("no session held yet")
    return names.get(view.standing.last_host or "", _("no side"))


def _window(view: FrameworkView) -> str:
    """The days of the next session; unknown for want of a cadence or of a session, or over."""
    window = view.standing.window
    if window is None:
        if view.standing.state == FrameworkState.ENDED:
            return _("no more: the framework has ended")
        return _("not stated") if view.rule.cadence is None else _("open: it has not met yet")
    reader = language()
    return _("from %(first)s to %(last)s") % {
        "first": dates.day_wording(window.first, reader),
        "last": dates.day_wording(window.last, reader),
    }


def _sessions(
    before: FrameworkView, after: FrameworkView, names: dict[str, str]
) -> Iterator[Difference]:
    reader = language()
    for event in after.meetings:
        if before.turn_of(event) and after.turn_of(event):
            about = _("Session “%(title)s”, %(date)s") % {
                "title": event.title,
                "date": dates.wording(event.date, reader),
            }
            yield Difference(about, _turn(before, event, names), _turn(after, event, names))


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


def _digest(found: list[Difference]) -> str:
    """The same for the same difference only."""
    text = "\x1e".join("\x1f".join(row) for row in found)
    return hashlib.sha256(text.encode()).hexdigest()


def remarks(framework: Framework) -> list[str]:
    """What is unusual about where a framework stands today, and no mistake for that."""
    view = one_view(framework, AsOf(today()), for_editors=True)
    told = [
        _("%(bloc)s has no member today, so no state can host for it.") % {"bloc": party.name}
        for party, side in zip(view.sides, view.rule.sides, strict=True)
        if side.is_bloc and not any(m.span.surely_has(today()) for m in side.members)
    ]
    stated = framework.citations.filter(field__in=("", "cadence_months"))
    if framework.cadence_months is not None and not stated.exists():
        told.append(_("No source on record states the cadence: name it, or leave it empty."))
    for event in view.meetings:
        turn = view.turn_of(event)
        if event.state == EventState.HELD and turn is not None and turn.outside:
            told.append(
                _("“%(title)s” was hosted outside the framework: the turn is still owed.")
                % {"title": event.title}
            )
    return told


class AsksFirst(RecordAdmin):
    """A form of a framework's rule that asks before where the framework stands changes."""

    change_page = "admin/timeline/framework/rule_change.html"

    def ruled(self, obj: Any) -> Framework:
        """The framework whose rule the record is, or is a part of."""
        raise NotImplementedError

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Ask with a page of its own, which carries all that was typed."""
        if request.method == "POST" and BACK in request.POST:
            request.refusal = ValidationError(  # type: ignore[attr-defined]
                _("Nothing is saved yet. This is the form as you typed it.")
            )
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except RuleChange as asked:
            # Django has rolled all of it back.
            return self._ask(request, asked)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Keep where the framework stands before anything is written."""
        if change:
            framework = self.ruled(obj)
            # Locked, so that what is shown is what saving changes.
            Framework.objects.select_for_update().filter(pk=framework.pk).first()
            request.stood = one_view(framework, AsOf(today()), for_editors=True)  # type: ignore[attr-defined]
        super().save_model(request, obj, form, change)

    def refresh_derived(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Undo and ask, unless exactly this change was shown and confirmed."""
        super().refresh_derived(request, form, formsets, change)
        if not change:
            return
        after = one_view(self.ruled(form.instance), AsOf(today()), for_editors=True)
        before: FrameworkView = request.stood  # type: ignore[attr-defined]
        found = differences(before, after)
        digest = _digest(found)
        if found and request.POST.get(CONFIRMED) != digest:
            raise RuleChange(before.framework, found, digest)

    def _ask(self, request: HttpRequest, asked: RuleChange) -> TemplateResponse:
        own = {CONFIRMED, BACK, "csrfmiddlewaretoken"}
        typed = [
            (name, value)
            for name, values in request.POST.lists()
            if name not in own
            for value in values
        ]
        context = {
            **self.admin_site.each_context(request),
            "title": _("What this would change"),
            "opts": self.opts,
            "framework": asked.framework,
            "frameworks": Framework._meta.verbose_name_plural,
            "is_popup": "_popup" in request.POST or "_popup" in request.GET,
            "differences": asked.differences,
            "shown_before": CONFIRMED in request.POST,
            "digest": asked.digest,
            "confirmed": CONFIRMED,
            "back": BACK,
            "typed": typed,
        }
        return TemplateResponse(request, self.change_page, context)
