"""Two parties side by side, and the form that asks which two."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from timeline.clock import today
from timeline.core.display import View
from timeline.core.question import Question
from timeline.formats import sentences
from timeline.index.current import current
from timeline.jinja2 import url
from timeline.models import Party
from timeline.pages._asof import as_of_reading
from timeline.pages._respond import query_lists
from timeline.pages._revalidated import revalidated
from timeline.pages.browse import in_name_order
from timeline.pages.feeds import follows_timeline
from timeline.pictures.interface import AnsweredQuestion
from timeline.pictures.registry import picture_of
from timeline.queries import comparing, timeline
from timeline.queries.vocabulary import Vocabulary, vocabulary


@require_safe
@revalidated
def choose(request: HttpRequest) -> HttpResponse:
    """Redirect to the comparison of the two parties in the query, or ask for two."""
    typed = [code for text in query_lists(request).get("party", ()) if (code := text.strip())]
    known = vocabulary({"party": typed})
    codes = _present(typed, known)
    parties = _by_code(known)
    if len(codes) == len({*codes}) == 2 and parties.keys() >= {*codes}:
        return redirect(reverse("timeline:comparison", args=codes))
    problem = ""
    if any(code not in parties for code in codes):
        problem = _("No such party is on record. Choose two from the lists.")
    elif len(codes) > 2 or len(codes) != len({*codes}):
        problem = _("Choose two different parties.")
    context = {
        "parties": in_name_order(parties.values()),
        "chosen": [*codes, "", ""][:2],
        "problem": problem,
    }
    return render(request, "pages/compare.html", context, status=400 if problem else 200)


@require_safe
@revalidated
def compare(request: HttpRequest, first: str, second: str) -> HttpResponse:
    """Compare two parties: their events, what they owe each other, their texts, whose turn it is.

    Former codes redirect, and a party beside itself to its own page.
    """
    known = vocabulary({"party": [first, second]})
    codes, parties = _present([first, second], known), _by_code(known)
    if not parties.keys() >= {*codes}:
        raise Http404(f"{first}/{second}")
    if codes[0] == codes[1]:
        return redirect(reverse("timeline:party", args=codes[:1], query=request.GET))
    if codes != [first, second]:
        # Temporary: the party that had this code can get it back.
        return redirect(reverse("timeline:comparison", args=codes, query=request.GET))
    reading = as_of_reading(request, today())
    comparison = comparing.compared(parties[codes[0]], parties[codes[1]], reading.when, today())
    answer, question = comparison.answer, comparison.question
    context = {
        "page": comparison,
        "answer": answer,
        "groups": timeline.grouped(timeline.rows(answer.ids, question, today=today())),
        "timeline_query": question.query_string(),
        "until": answer.total if reading.when.is_past else None,
        "brings": follows_timeline(question, reading.when),
        "figure": _figure(comparing.events_of((*codes,), reading.when), known),
        **reading.context,
    }
    return render(request, "pages/comparison.html", context, status=reading.status)


def _present(codes: list[str], known: Vocabulary) -> list[str]:
    """Replace former codes with the present ones."""
    renamed = known.renamed.get("party", {})
    return [renamed.get(code, code) for code in codes]


def _by_code(known: Vocabulary) -> dict[str, Party]:
    return {party.code: party for party in known.offered.parties}


def _figure(together: Question, known: Vocabulary) -> Any:
    """Draw the events of either party over time, a lane for each; '' if neither has any."""
    question = Question(
        parties=together.parties, any_party=True, start=together.start, end=together.end
    ).with_display(view=View.LANES)
    answer = current().answer(question, today=today())
    picture = picture_of(question, answer)
    if picture is None:
        return ""
    answered = AnsweredQuestion(
        question, answer, known, sentences.names(known), url("home"), today()
    )
    return picture.figure(picture.read(answered))
