"""Pages of the site read as parsed HTML."""

import datetime as dt
from typing import Final

from django.http.response import HttpResponseBase
from lxml import html

TODAY: Final = dt.date(2026, 11, 23)
"""The day on which tests read the demo."""


class Page:
    """A parsed response, with the lookups that tests share."""

    def __init__(self, response: HttpResponseBase) -> None:
        self.status = response.status_code
        self.root = html.fromstring(getattr(response, "content", b"").decode())

    def texts(self, xpath: str) -> list[str]:
        """Return the texts of the matching elements, with white space folded."""
        return [" ".join(element.text_content().split()) for element in self.root.xpath(xpath)]

    def text(self, xpath: str) -> str:
        """Return the text of the only matching element."""
        (text,) = self.texts(xpath)
        return text

    def counts(self, parameter: str) -> dict[str, int]:
        """Return the count of each option of a group, by value."""
        labels = self.root.xpath(f"//*[@id='options-{parameter}']//label")
        return {
            label.xpath("string(.//input/@value)"): int(label.xpath("string(.//b)"))
            for label in labels
        }

    @property
    def titles(self) -> list[str]:
        """The titles of the cards of events in order, without expected sessions."""
        return self.texts("//ol[@class='events']/li[not(contains(@class,'dashed'))]/h3")
