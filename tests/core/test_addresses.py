"""Which addresses are the page of a section of a site, by their words."""

import pytest

from timeline.core.addresses import is_section_page

SECTIONS = [
    "http://actuniger.com/politique",
    "https://example.org",
    "https://example.org/fr/",
    "https://example.org/index.php",
    "https://example.org/fr/afrique-de-l-ouest/",
    "https://example.org/actualites.html",
    "https://example.org/monde/afrique/?page=2",
    "https://example.org/burkina-faso",
    "https://example.org/C%C3%B4te-d'Ivoire",
    "https://example.org/news_and_politics/page/12",
    "https://example.org/category/politique/mali/page/2",
    "https://example.org/tag/a-name-of-many-words",
    "https://example.org/?cat=5",
    "https://example.org/2025",
    "https://example.org/2025/04/",
    "https://example.org/2025/04/05",
]

DOCUMENTS = [
    "https://actuniger.com/politique/19525-liptako-gourma-le-niger-le-burkina-et-le-mali.html",
    "https://news-pravda.com/world/2025/04/05/1210167.html",
    "https://mid.ru/fr/foreign_policy/news/2006854",
    "https://anp.ne/?p=5908",
    "https://example.org/?Les-ministres-de-l-AES",
    "https://example.org/index.php?id=3",
    "https://example.org/spip.php?article13797",
    "https://example.org/treaty",
    "https://example.org/charter.pdf",
    "https://example.org/category/politique/a-title-of-many-words",
    "https://example.org/2025/04/05/niger",
    "https://example.org/mali-et-niger-une-rencontre",
    "https://[broken",
    "not an address",
    "",
]


@pytest.mark.parametrize("address", SECTIONS)
def test_address_of_a_section_is_told(address: str) -> None:
    assert is_section_page(address)


@pytest.mark.parametrize("address", DOCUMENTS)
def test_address_of_a_document_is_not_taken_for_a_section(address: str) -> None:
    assert not is_section_page(address)
