"""Editors are warned of a source whose address leads to no document."""

import pytest
from django.test import Client
from django.urls import reverse

from tests import factories as make
from tests.admin.forms import fill, messages, opened, tree
from timeline.models import Source

pytestmark = pytest.mark.django_db

SECTION = "https://example.org/politique"
WARNING = "This address is the page of a section, not of a document"


def page_of(source: Source) -> str:
    return reverse("admin:timeline_source_change", args=[source.pk])


def test_address_of_a_section_is_saved_with_a_warning(editor_client: Client) -> None:
    source = make.a_source()
    form = opened(editor_client, page_of(source), "source")
    response = editor_client.post(page_of(source), fill(form, url=SECTION), follow=True)
    assert [WARNING in sentence for sentence in messages(response)] == [True, False]
    assert Source.objects.get().url == SECTION


@pytest.mark.parametrize(
    ("address", "warned"), [(SECTION, True), (f"{SECTION}/19525-talks", False), ("", False)]
)
def test_form_warns_beside_the_address_of_a_section(
    editor_client: Client, address: str, warned: bool
) -> None:
    source = make.a_source(url=address)
    beside = tree(editor_client.get(page_of(source))).xpath("//*[@id='id_url_helptext']")
    assert [WARNING in "".join(text.itertext()) for text in beside] == ([True] if warned else [])


def test_source_is_found_by_who_carries_it(editor_client: Client) -> None:
    source = make.a_source(publisher="AFP", carried_by="Le Sahel quotidien")
    make.a_source()
    found = tree(editor_client.get(reverse("admin:timeline_source_changelist") + "?q=quotidien"))
    assert found.xpath("//th[@class='field-title']/a/text()") == [source.title]
