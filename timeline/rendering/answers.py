"""Whole answers that are kept for the question asked again."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock
from typing import Final

from django.http import HttpResponse

_OVERHEAD: Final = 2_000
"""Bytes that an answer takes beside its content."""


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it was made: what it says, under which headers."""

    content: bytes
    headers: dict[str, str]

    @classmethod
    def of(cls, response: HttpResponse) -> "Kept":
        """Keep what a view answered; it must not hang on who asked."""
        return cls(response.content, dict(response.items()))

    def response(self) -> HttpResponse:
        """The answer anew, for the middleware to go on with."""
        return HttpResponse(self.content, headers=self.headers)

    @property
    def size(self) -> int:
        """About how many bytes it takes."""
        return len(self.content) + _OVERHEAD


class Answers:
    """Kept answers by their tag, up to so many bytes; the least lately asked for go first."""

    def __init__(self, most_bytes: int) -> None:
        self._most, self._bytes = most_bytes, 0
        self._kept: OrderedDict[str, Kept] = OrderedDict()
        self._one_at_a_time = Lock()

    def get(self, tag: str) -> Kept | None:
        """The answer kept under a tag."""
        with self._one_at_a_time:
            if tag in self._kept:
                self._kept.move_to_end(tag)
            return self._kept.get(tag)

    def put(self, tag: str, answer: Kept) -> None:
        """Keep an answer, and let go of others until all fit."""
        with self._one_at_a_time:
            if (former := self._kept.pop(tag, None)) is not None:
                self._bytes -= former.size
            self._kept[tag] = answer
            self._bytes += answer.size
            while self._bytes > self._most:
                _tag, gone = self._kept.popitem(last=False)
                self._bytes -= gone.size

    def clear(self) -> None:
        """Let go of all."""
        with self._one_at_a_time:
            self._kept.clear()
            self._bytes = 0
