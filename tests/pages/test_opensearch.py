"""Browsers find out how to search the record from their address bar."""

import pytest
from django.test import Client
from lxml import etree

from tests.parsed_page import Page
from timeline.models import Identity

pytestmark = pytest.mark.django_db

NAMES = {"o": "http://a9.com/-/spec/opensearch/1.1/"}


def test_description_leads_to_the_search_in_its_language(client: Client) -> None:
    Identity.objects.create(name_fr="Chronologie des rencontres & promesses")
    response = client.get("/fr/opensearch.xml")
    kind = "application/opensearchdescription+xml; charset=utf-8"
    assert (response.status_code, response.headers["Content-Type"]) == (200, kind)
    root = etree.fromstring(response.content)
    assert root.xpath("string(o:ShortName)", namespaces=NAMES) == "Chronologie des"
    templates = root.xpath("o:Url[@type='text/html']/@template", namespaces=NAMES)
    assert templates == ["http://testserver/fr/search/?q={searchTerms}"]


@pytest.mark.parametrize("page", ["", "search/"])
def test_page_names_the_description(client: Client, page: str) -> None:
    links = Page(client.get(f"/en/{page}")).root.xpath("//link[@rel='search']/@href")
    assert links == ["/en/opensearch.xml"]
