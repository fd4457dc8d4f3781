"""The list of texts at ``instruments/``."""

from typing import Any

import pytest
from django.test import Client

from tests.factories import a_state, a_text
from tests.parsed_page import Page

pytestmark = pytest.mark.django_db

SHOWN: dict[str, Any] = {"publication": "published", "published_at": "2025-05-01T00:00Z"}


def test_list_has_the_published_texts_the_newest_first(client: Client) -> None:
    mali, russia = a_state("ml"), a_state("ru")
    a_text(mali, russia, title_en="An older text", date="2024-05", **SHOWN)
    a_text(mali, russia, title_en="A newer text", date="2025", **SHOWN)
    a_text(title_en="A draft")

    page = Page(client.get("/en/instruments/"))

    assert page.status == 200
    assert page.texts("//main//h2") == ["A newer text", "An older text"]
