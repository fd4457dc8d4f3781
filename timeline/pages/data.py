"""The page that offers the results of a question as files, as a calendar, and as an embed."""

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from timeline.clock import today
from timeline.core.following import calendar
from timeline.formats import embedding, sentences
from timeline.middleware.site import site_of
from timeline.pages._question import read_question
from timeline.pages._result import answer, page_address
from timeline.pages._revalidated import revalidated
from timeline.pages.timeline import home


@require_safe
@revalidated
def data(request: HttpRequest) -> HttpResponseBase:
    """The results of a question in other forms."""
    reading = read_question(request)
    if reading.problems:
        return home(request)
    answered = answer(reading, today())
    sentence = sentences.sentence(answered.question, answered.names)
    query = answered.question.without_page().query_string()
    embed = reverse("timeline:embed") + query
    context = {
        "sentence": sentence,
        "answer": answered.answer,
        "query": query,
        "page": page_address(request, answered),
        "embed": embed,
        "calendar": calendar(reverse("timeline:events_calendar") + query, request.get_host()),
        "snippet": _snippet(request, embed, f"{site_of(request).name} — {sentence}"),
        "height": embedding.HEIGHT,
    }
    return render(request, "pages/data.html", context)


def _snippet(request: HttpRequest, embed: str, title: str) -> str:
    frame = embedding.frame(
        request.build_absolute_uri(embed), title, width="100%", height=embedding.HEIGHT
    )
    # Not the hashed name, which the next release may no longer serve.
    script = request.build_absolute_uri(f"{settings.STATIC_URL}timeline/embed.js")
    return f"{frame}\n{embedding.script(script)}"
