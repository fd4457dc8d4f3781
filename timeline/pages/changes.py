"""What changed in the published record, by month."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from timeline.clock import today
from timeline.core.question import ChangesQuestion, Problem, QuestionError
from timeline.core.reading import CHANGES_PARAMETERS, read_changes
from timeline.formats import problems as problem_texts
from timeline.formats.changes import differences_of
from timeline.formats.pagination import changes_pagination
from timeline.pages._respond import query_lists
from timeline.pages._revalidated import revalidated
from timeline.pages.browse import in_name_order
from timeline.queries.changes import MODELS, changes_page
from timeline.queries.vocabulary import vocabulary


@require_safe
@revalidated
def changes(request: HttpRequest) -> HttpResponse:
    """The changes of a month: records added, changed, corrected or withdrawn, with differences."""
    data = query_lists(request)
    accepted = vocabulary(data)
    data, day = accepted.up_to_date(data), today()
    problems: tuple[Problem, ...] = ()
    question = ChangesQuestion()
    try:
        question = read_changes(data, {**accepted.choices, "noun": frozenset(MODELS)})
        page = changes_page(question, day)
    except QuestionError as error:
        problems = error.problems
        page = changes_page(ChangesQuestion(), day)
    home = reverse("timeline:changes")
    context = {
        "page": page,
        "months": page.months if page.month in ("", *page.months) else (page.month, *page.months),
        "nouns": tuple(MODELS),
        "parties": in_name_order(accepted.offered.parties),
        "typed": problem_texts.typed(data, CHANGES_PARAMETERS),
        "changes": () if problems else [(row, differences_of(row)) for row in page.changes],
        "pagination": changes_pagination(question, page, home),
        "problems": problem_texts.messages(problems),
        "invalid": frozenset(problem.parameter for problem in problems),
    }
    return render(request, "pages/changes.html", context, status=400 if problems else 200)
