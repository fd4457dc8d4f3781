"""The URLs of public pages, included under the prefix of a language."""

import re
from collections.abc import Mapping
from typing import Final

from django.urls import URLPattern, URLResolver, path, register_converter
from django.urls.converters import StringConverter

from timeline.core.columns import PAGES
from timeline.formats.site import STATEMENTS
from timeline.pages import (
    about,
    browse,
    calendars,
    changes,
    citing,
    commitments,
    comparing,
    data,
    embed,
    events,
    feeds,
    files,
    frameworks,
    instruments,
    pictures,
    search,
    timeline,
    versions,
)
from timeline.pages.api import docs
from timeline.queries.changes import MODELS

app_name = "timeline"

FOLDERS: Final[Mapping[str, str]] = {noun: folder for folder, noun in PAGES.items()}
"""The folder of the addresses of each noun."""


class _NounConverter:
    """The folder of a noun in an address."""

    regex = "|".join(FOLDERS.values())

    def to_python(self, value: str) -> str:
        return PAGES[value]

    def to_url(self, value: str) -> str:
        return FOLDERS[value]


class _FollowedNoun(_NounConverter):
    """The folder of a noun whose records have feeds of their own."""

    regex = "|".join(FOLDERS[noun] for noun in MODELS)


class _Citation(StringConverter):
    """The suffix of a citation."""

    regex = "|".join(map(re.escape, citing.FORMS))


register_converter(_NounConverter, "noun")
register_converter(_FollowedNoun, "followed")
register_converter(_Citation, "citation")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", timeline.home, name="home"),
    path("picture.svg", pictures.svg, name="picture_svg"),
    path("picture.png", pictures.png, name="picture_png"),
    path("card.png", pictures.card, name="card"),
    path("embed/", embed.embed, name="embed"),
    path("data/", data.data, name="data"),
    *(path(f"data/{noun}/", view, name=f"{noun}_data") for noun, view in data.VIEWS.items()),
    path("api/", docs.page, name="api"),
    path("events/<slug:slug>/", events.event, name="event"),
    path("events/<slug:slug>.png", events.card, name="event_card"),
    path("events.ics", calendars.events, name="events_calendar"),
    path("commitments/", commitments.index, name="commitments"),
    path("commitments/<slug:slug>/", commitments.commitment, name="commitment"),
    path("instruments/", instruments.index, name="instruments"),
    path("instruments/<slug:slug>/", instruments.instrument, name="instrument"),
    path("instruments/<slug:slug>.png", instruments.card, name="instrument_card"),
    path("instruments/<slug:slug>/picture.svg", instruments.svg, name="instrument_svg"),
    path("instruments/<slug:slug>/picture.png", instruments.png, name="instrument_png"),
    path("frameworks/", frameworks.index, name="frameworks"),
    path("frameworks/<slug:slug>/", frameworks.framework, name="framework"),
    path("frameworks/<slug:slug>.ics", calendars.framework, name="framework_calendar"),
    path("parties/", browse.parties, name="parties"),
    path("parties/<slug:slug>/", browse.party, name="party"),
    path("compare/", comparing.choose, name="compare"),
    path("compare/<slug:first>/<slug:second>/", comparing.compare, name="comparison"),
    path("sectors/", browse.sectors, name="sectors"),
    path("sectors/<slug:slug>/", browse.sector, name="sector"),
    path("people/", browse.people, name="people"),
    path("people/<slug:slug>/", browse.person, name="person"),
    path("places/", browse.places, name="places"),
    path("places/<slug:slug>/", browse.place, name="place"),
    path("sources/", browse.sources, name="sources"),
    path("sources/<int:slug>/", browse.source, name="source"),
    path("search/", search.search, name="search"),
    path("opensearch.xml", search.opensearch, name="opensearch"),
    path("about/", about.about, name="about"),
    *(path(f"{name}/", about.statement, {"name": name}, name=name) for name in STATEMENTS),
    path("changes/", changes.changes, name="changes"),
    path("corrections/", about.corrections, name="corrections"),
    path("report/", about.report, name="report"),
    *(
        path(f"{noun}.{suffix}", view, name=f"{noun}_{suffix.replace('.', '_')}")
        for (noun, suffix), view in files.VIEWS.items()
    ),
    *(path(f"{noun}.atom", view, name=f"{noun}_atom") for noun, view in feeds.VIEWS.items()),
    path("changes.atom", feeds.all_changes, name="changes_atom"),
    path("corrections.atom", feeds.corrections, name="corrections_atom"),
    path("<followed:noun>/<slug:slug>.atom", feeds.record, name="record_atom"),
    path("cite/<noun:noun>/", citing.list_page, name="cite_list"),
    path("<noun:noun>.<citation:suffix>", citing.list_file, name="list_citation"),
    path("<noun:noun>/<slug:slug>/cite/", citing.page, name="cite"),
    path("<noun:noun>/<slug:slug>.<citation:suffix>", citing.file, name="citation"),
    path("<noun:noun>/<slug:slug>/versions/", versions.index, name="versions"),
    path("<noun:noun>/<slug:slug>/versions/<int:number>/", versions.version, name="version"),
]
