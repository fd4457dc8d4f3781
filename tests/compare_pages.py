"""Compare the public pages before and after a change that must leave them as they are.

``python -m tests.compare_pages take FOLDER [PATTERN]`` writes the pages of the record that
DATABASE_URL names; ``python -m tests.compare_pages compare BEFORE AFTER`` names those that differ.
White space is folded, and left out beside elements that stand on lines of their own; the two
spellings of a quotation mark as an entity are one.
"""

import datetime as dt
import difflib
import hashlib
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import quote

TODAY: Final = dt.date(2026, 10, 1)

BLOCKS: Final = (
    *("html", "head", "body", "main", "header", "footer", "nav", "section", "article", "aside"),
    *("div", "p", "ul", "ol", "li", "dl", "dt", "dd", "h1", "h2", "h3", "form", "fieldset"),
    *("legend", "table", "caption", "thead", "tbody", "tr", "td", "th", "figure", "figcaption"),
    *("details", "summary", "blockquote", "meta", "link", "title", "script", "base", "option"),
    *("select", "desc", "g", "path", "rect", "circle", "line", "polygon", "use", "defs"),
    *("pattern", "text", "br", "!doctype"),
)
_AROUND: Final = re.compile(rf"\s*(</?(?:{'|'.join(BLOCKS)})(?=[\s/>])[^>]*>)\s*", re.IGNORECASE)
_FLEX: Final = re.compile(
    r"<(?P<name>div|p|nav|label|ul)\b[^>]*"
    r'(?:class="(?:meta|found|foot|row|tags|stand|turn|years|views|option)[ "]|aria-label=)[^>]*>'
    r".*?</(?P=name)>"
)
"""Elements that lay out what stands in them: blanks between those are none."""
_CONFIG: Final = re.compile(r'name="htmx-config" content=\'[^\']*\'')
_ACTIVE: Final = re.compile(r'(<span id="active"[^>]*>)\s*((?:<b[^>]*>.*?</b>)?)\s*</span>')
_TAG_END: Final = re.compile(r"\s+(/?>)")


class Page(NamedTuple):
    """A page to ask for, and the element that htmx would put the answer in."""

    address: str
    target: str | None = None
    signed_in: bool = False


def folded(html: str) -> str:
    """A page in the one spelling that is compared, an element on each line."""
    text = html.replace("&#x27;", "&#39;").replace("&quot;", "&#34;")
    text = re.sub(r"\s+", " ", text)
    text = _TAG_END.sub(r"\1", text)
    text = _AROUND.sub(r"\1", text)
    text = _CONFIG.sub(lambda found: found[0].replace(" ", ""), text)
    text = _ACTIVE.sub(r"\1\2</span>", text)
    text = _FLEX.sub(lambda found: found[0].replace("> <", "><"), text)
    text = re.sub(r'name="csrfmiddlewaretoken" value="[^"]*"', "token", text)
    return text.strip().replace("<", "\n<").strip() + "\n"


QUERIES: Final = (
    *("", "?party=ml", "?party=ml&party=ru", "?party=ml&party=ru&party_match=any", "?party=aes"),
    *("?sector=energy", "?sector=energy&party=ml&kind=summit", "?q=nucl%C3%A9aire", "?q=zzzz"),
    *("?q=consultation&order=relevance", "?order=oldest", "?from=2025", "?from=2025&to=2025"),
    *("?from=2025&certain=1", "?from=2025-04&to=2025-04&stacked=1", "?state=planned"),
    *("?stacked=1", "?framework=ru-aes", "?options=party", "?options=sector"),
    *(
        "?from=99/99",
        "?party=nobody&from=20x5",
        "?order=sideways&q=<b>%22x%22</b>",
        "?direct=1&party=ml",
    ),
    *("?view=lanes", "?view=lanes&party=ml", "?view=lanes&by=party", "?view=lanes&zoom=2"),
    *("?view=matrix", "?view=matrix&party=ml", "?view=map", "?view=map&party=ml&party=ru"),
    *(
        "?view=map&party=ml&party=ru&party_match=any",
        "?view=matrix&sector=energy",
        "?view=lanes&from=2025",
    ),
    *("?view=lanes&stacked=1&q=zzzz",),
)
"""Questions to the timeline."""

LEDGER: Final = (
    *("", "?status=agreed", "?sector=energy", "?party=ml", "?obligor=ru", "?overdue=1", "?quiet=1"),
    *("?asof=2025-12-31", "?asof=1900-01-01", "?asof=soon", "?from=2025&to=2025", "?q=accord"),
    *("?options=obligor", "?from=2025&certain=1", "?q=zzzz"),
)

PLAIN: Final = (
    *("frameworks/", "frameworks/?asof=2025-06-30", "frameworks/?asof=x", "parties/", "sectors/"),
    *("people/", "sources/", "about/", "changes/", "corrections/", "report/?page=/fr/x&y"),
    *("data/", "data/?party=ml", "data/?view=map&sector=energy", "embed/", "embed/?party=ml"),
    *("embed/?view=lanes", "embed/?view=matrix", "embed/?view=map", "embed/?from=x"),
    *("embed/?stacked=1", "picture.svg", "picture.svg?view=lanes", "picture.svg?view=matrix"),
    *("picture.svg?view=map", "picture.svg?stacked=1", "picture.svg?q=zzzz", "card.png?party=ml"),
    *("no/such/page/", "events/none/"),
)


def pages() -> Iterator[Page]:
    """The pages of the record, in both languages."""
    from timeline import models

    for language in ("fr", "en"):
        home = f"/{language}/"
        for query in QUERIES:
            yield Page(home + query)
            yield Page(home + query, "results")
        yield Page(f"{home}?options=party", "options-party")
        yield Page(home, "options-sector")
        for query in LEDGER:
            yield Page(f"{home}commitments/{query}")
            yield Page(f"{home}commitments/{query}", "results")
        yield Page(f"{home}commitments/?options=obligor", "options-obligor")
        for name in PLAIN:
            yield Page(home + name)
        yield from _records(home, models)
    yield Page("/admin/no/such/page/")


def _records(home: str, models: Any) -> Iterator[Page]:
    """Every record of each noun, or as many as tell, also as of past days and as previews."""
    for noun, rows, column in (
        ("events", models.Event.objects.order_by("pk")[:80], "slug"),
        ("commitments", models.Commitment.objects.order_by("pk")[:50], "slug"),
        ("frameworks", models.Framework.objects.order_by("pk")[:30], "slug"),
        ("parties", models.Party.objects.order_by("pk")[:30], "code"),
        ("sectors", models.Sector.objects.order_by("pk")[:25], "slug"),
        ("people", models.Person.objects.order_by("pk")[:25], "slug"),
        ("sources", models.Source.objects.order_by("pk")[:25], "pk"),
    ):
        for row in rows:
            address = f"{home}{noun}/{quote(str(getattr(row, column)))}/"
            yield Page(address)
            if noun in ("commitments", "frameworks", "parties"):
                yield Page(f"{address}?asof=2025-06-30")
        if noun in ("commitments", "frameworks", "parties"):
            yield Page(f"{address}?asof=soon")
            yield Page(f"{address}?asof=1950-01-01")
    for model in (models.Event, models.Commitment, models.Framework):
        for row in model.objects.order_by("pk")[:5]:
            name = model._meta.model_name
            yield Page(f"/admin/timeline/{name}/{row.pk}/preview/", signed_in=True)
    event = models.Event.objects.order_by("pk").first()
    yield Page(f"{home}events/{event.slug}.png")


def take(folder: Path, pattern: str) -> None:
    """Write into a folder, a file each, the pages whose addresses a pattern finds."""
    from django.contrib.auth.models import User
    from django.test import Client

    clients = Client(raise_request_exception=False), Client(raise_request_exception=False)
    editor = User.objects.filter(username="compare").first()
    editor = editor or User.objects.create_superuser("compare", password="compared-only")
    clients[1].force_login(editor)
    folder.mkdir(parents=True, exist_ok=True)
    for number, page in enumerate(pages()):
        if not re.search(pattern, page.address):
            continue
        headers = {"HX-Request": "true", "HX-Target": page.target} if page.target else {}
        answer = clients[page.signed_in].get(page.address, headers=headers)
        body = answer.getvalue()
        _write(folder, f"{number:04d}", page, answer.status_code, answer["Content-Type"], body)
    for name, answer in _errors():
        _write(folder, name, Page(name), answer.status_code, "text/html", answer.content)


def _write(folder: Path, name: str, page: Page, status: int, kind: str, body: bytes) -> None:
    text = body.decode() if "png" not in kind else hashlib.sha256(body).hexdigest()
    head = f"{page.address} {page.target or ''} {status} {kind}\n"
    (folder / f"{name}.txt").write_text(head + text, encoding="utf-8")


def _errors() -> Iterator[tuple[str, Any]]:
    """Answers that no address asks for."""
    from django.core.exceptions import BadRequest, PermissionDenied
    from django.db import OperationalError
    from django.test import Client, RequestFactory
    from django.utils.translation import override
    from django.views import defaults

    from config.urls import handler500
    from timeline.middleware.databases import unavailable
    from timeline.pages._throttled import too_many

    class Htmx:
        boosted, history_restore_request, target = False, False, "results"

        def __init__(self, swaps: bool) -> None:
            self.swaps = swaps

        def __bool__(self) -> bool:
            return self.swaps

    for language in ("fr", "en"):
        with override(language):
            get = RequestFactory().get(f"/{language}/x/?a=<b>")
            typed = {"name": "<b>é</b>", "password": "p", "_save": "1", "csrfmiddlewaretoken": "t"}
            post = RequestFactory().post(f"/{language}/x/", typed)
            yield f"400-{language}", defaults.bad_request(get, BadRequest())
            yield f"403-{language}", defaults.permission_denied(get, PermissionDenied())
            yield f"404-{language}", defaults.page_not_found(get, Exception("x"))
            yield f"500-{language}", handler500(get)
            yield f"503-{language}", unavailable(get, OperationalError("locked"))
            yield f"503-post-{language}", unavailable(post, OperationalError("locked"))
            for swaps in (False, True):
                get.htmx = Htmx(swaps)  # type: ignore[attr-defined]
                yield f"429-{language}-{swaps}", too_many(get, 7)  # type: ignore[arg-type]
        client = Client(raise_request_exception=False)
        report = f"/{language}/report/"
        yield f"413-{language}", client.post(report, {"message": "x" * 200_000})
        yield f"report-wrong-{language}", client.post(report, {"message": ""})
    yield "sign-in-long", client.post("/admin/login/", {"username": "x" * 20_000})


def compare(before: Path, after: Path) -> int:
    """Print what differs; how many pages do."""
    names = sorted(file.name for file in after.iterdir())
    wrong = 0
    for name in names:
        texts = [_lines(file) if file.exists() else [] for file in (before / name, after / name)]
        if texts[0] != texts[1]:
            wrong += 1
            if wrong <= 12:
                lines = list(difflib.unified_diff(texts[0], texts[1], lineterm="", n=1))
                print(f"== {name} {texts[0][:1] or texts[1][:1]}", *lines[:24], sep="\n")  # noqa: T201
            else:
                print(f"== {name} {texts[0][:1] or texts[1][:1]}")  # noqa: T201
    print(f"{len(names)} pages, {wrong} differ")  # noqa: T201
    return wrong


def _lines(file: Path) -> list[str]:
    head, _, html = file.read_text(encoding="utf-8").partition("\n")
    return [head, *folded(html).splitlines()]


def main() -> int:
    """Do what the command line says."""
    task, *folders = sys.argv[1:]
    if task == "compare":
        return int(bool(compare(*map(Path, folders))))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    os.environ["NETWORK_SECONDS_PER_MINUTE"] = "0"
    import django
    from django.conf import settings

    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": plain}}
    settings.ALLOWED_HOSTS = ["testserver"]
    django.setup()
    from timeline import clock

    # Before any page imports it.
    clock.today = lambda: TODAY
    take(Path(folders[0]), "".join(folders[1:]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
