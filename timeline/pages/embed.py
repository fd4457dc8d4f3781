"""The embed: results for the page of somebody else's."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from timeline.clock import today
from timeline.formats import sentences
from timeline.pages._addressed import asked_by
from timeline.pages._framed import framed, shown_elsewhere
from timeline.pages._question import answer_of, canonical_with_page, page_of, read_question
from timeline.pages._revalidated import revalidated
from timeline.rendering.gallery import looked_at_as
from timeline.rendering.paint import opened_apart
from timeline.rendering.pictures import Asked
from timeline.rendering.strip import strip
from timeline.rendering.timeline import runs


@require_safe
@shown_elsewhere
@asked_by(canonical_with_page)
@framed
@revalidated
def embed(request: HttpRequest) -> HttpResponse:
    """What a question finds, with nothing of the site around it."""
    reading = read_question(request)
    if reading.problems:
        told = {"problems": reading.explained}
        return render(request, "pages/embed.html", told, status=reading.status)
    what = answer_of(reading, today())
    answer = what.answer
    context = {
        "problems": (),
        "sentence": sentences.sentence(what.question, what.known),
        "answer": answer,
        "last": answer.first + len(answer.ids) - 1,
        "page": page_of(request, what),
        "strip": opened_apart(strip(what.question, answer, what.words, what.known, what.address)),
        **_shown(what),
    }
    return render(request, "pages/embed.html", context)


def _shown(what: Asked) -> dict[str, Any]:
    """The picture asked for, or the first events of the list."""
    if (found := looked_at_as(what.question, what.answer)) is not None:
        return {"figure": opened_apart(found.figure(what))}
    question = what.question
    parties = [one for one in what.words.offered.parties if one.code in question.parties]
    return {"figure": "", "runs": runs(question, what.answer, parties, what.today)}
