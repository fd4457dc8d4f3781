"""The embed: results for the page of somebody else's."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from timeline.clock import today
from timeline.core.question import QuestionError
from timeline.formats import problems, sentences
from timeline.pages._addressed import asked_by
from timeline.pages._asking import asked, page_of, written_with_page
from timeline.pages._framed import framed, shown_elsewhere
from timeline.pages._revalidated import revalidated
from timeline.rendering.gallery import looked_at_as
from timeline.rendering.paint import opened_apart
from timeline.rendering.pictures import Asked
from timeline.rendering.strip import strip
from timeline.rendering.timeline import runs


@require_safe
@shown_elsewhere
@asked_by(written_with_page)
@framed
@revalidated
def embed(request: HttpRequest) -> HttpResponse:
    """What a question finds, with nothing of the site around it."""
    try:
        what = asked(request, today())
    except QuestionError as error:
        told = {"problems": problems.explained(error.problems)}
        return render(request, "pages/embed.html", told, status=400)
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
