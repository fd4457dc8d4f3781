"""The embed: results for the page of somebody else's."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from timeline.clock import today
from timeline.formats import sentences
from timeline.pages._addressed import asked_by
from timeline.pages._framed import allow_framing, shown_elsewhere
from timeline.pages._question import canonical_with_page, read_question
from timeline.pages._result import answer, embed_result, page_of
from timeline.pages._revalidated import revalidated
from timeline.pages._runs import histogram, runs
from timeline.pictures.rasterize import in_new_tabs


@require_safe
@shown_elsewhere
@asked_by(canonical_with_page)
@allow_framing
@revalidated
def embed(request: HttpRequest) -> HttpResponse:
    """What a question finds, with nothing of the site around it."""
    reading = read_question(request)
    if reading.problems:
        told = {"problems": reading.explained}
        return render(request, "pages/embed.html", told, status=reading.status)
    answered = answer(reading, today())
    result, found = embed_result(answered), answered.answer
    context = {
        "problems": (),
        "sentence": sentences.sentence(answered.question, answered.names),
        "answer": found,
        "last": found.first + len(found.ids) - 1,
        "page": page_of(request, answered),
        "histogram": in_new_tabs(histogram(result)),
        "figure": in_new_tabs(result.picture.figure()) if result.picture else "",
        "runs": runs(result),
    }
    return render(request, "pages/embed.html", context)
