"""The answer of a file to parameters that cannot be read, in the form of the file."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final

from django.http import HttpResponse, JsonResponse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from timeline.core.question import Problem
from timeline.core.reading import accepted
from timeline.formats.problems import messages

PROBLEM_JSON: Final = "application/problem+json"
"""The media type of a problem (RFC 9457)."""

Choices = Mapping[str, Collection[str]]
"""The accepted values of parameters that depend on the record or on the list."""

Groups = Mapping[str, Promise]
"""The names of parameters where a noun calls some of them differently."""


def refused_as_text(
    problems: Sequence[Problem], choices: Choices, groups: Groups | None = None
) -> HttpResponse:
    """Say in plain text which parameters cannot be read, and which values are accepted."""
    lines = []
    for problem, message in zip(problems, messages(problems, groups), strict=True):
        lines.append(f"{problem.parameter}: {_sentence(message)}")
        if values := _accepted(problem, choices):
            lines.append(_("Accepted: %(values)s.") % {"values": ", ".join(values)})
    return plain_refusal("\n".join(lines))


def plain_refusal(text: str) -> HttpResponse:
    """Return a refusal in plain text."""
    return HttpResponse(f"{text}\n", status=400, content_type="text/plain; charset=utf-8")


def refused_as_json(
    problems: Sequence[Problem], choices: Choices, groups: Groups | None = None
) -> HttpResponse:
    """Say the same as a problem (RFC 9457); ``parameters`` has an entry for each of them."""
    parameters = [
        {
            "name": problem.parameter,
            "value": message["value"],
            "code": problem.code,
            "detail": _sentence(message),
            "accepted": [*_accepted(problem, choices)],
        }
        for problem, message in zip(problems, messages(problems, groups), strict=True)
    ]
    return json_refusal(_("This filter cannot be read"), parameters)


def json_refusal(
    title: str,
    parameters: Sequence[Mapping[str, Any]] = (),
    status: int = 400,
    detail: str = "",
) -> HttpResponse:
    """Return a refusal as a problem (RFC 9457)."""
    problem = {
        "type": "about:blank",
        "title": title,
        "status": status,
        "detail": detail,
        "parameters": parameters,
    }
    return JsonResponse(
        problem,
        status=status,
        content_type=PROBLEM_JSON,
        json_dumps_params={"ensure_ascii": False},
    )


def _sentence(message: Mapping[str, str]) -> str:
    value = _("“%(words)s”") % {"words": message["value"]}
    return f"{message['name']} {value} {message['message']}"


def _accepted(problem: Problem, choices: Choices) -> tuple[str, ...]:
    return accepted(problem.parameter, choices) if problem.code == "unknown" else ()
