"""The embed: the results of a question for pages of other sites."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from timeline.clock import today
from timeline.formats import sentences
from timeline.pages._addressed import canonical_query
from timeline.pages._framed import allow_cross_origin, allow_framing
from timeline.pages._question import canonical_with_page, read_question
from timeline.pages._result import answer, embed_result, page_address
from timeline.pages._revalidated import revalidated
from timeline.pages._runs import histogram, runs
from timeline.pictures.rasterize import in_new_tabs


@require_safe
@allow_cross_origin
@canonical_query(canonical_with_page)
@allow_framing
@revalidated
def embed(request: HttpRequest) -> HttpResponse:
    """The results of a question, without the header and footer of the site."""
    reading = read_question(request)
    if reading.problems:
        problems = {"problems": reading.problem_messages}
        return render(request, "pages/embed.html", problems, status=reading.status)
    answered = answer(reading, today())
    result = embed_result(answered)
    context = {
        "problems": (),
        "sentence": sentences.sentence(answered.question, answered.names),
        "answer": answered.answer,
        "last": answered.answer.first + len(answered.answer.ids) - 1,
        "page": page_address(request, answered),
        "histogram": in_new_tabs(histogram(result)),
        "figure": in_new_tabs(result.picture.figure()) if result.picture else "",
        "runs": runs(result),
    }
    return render(request, "pages/embed.html", context)
