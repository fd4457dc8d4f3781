"""The pictures of what a question finds: each a figure in the place of the list."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from django.utils.safestring import SafeString

from timeline.core.question import Question
from timeline.formats.sentences import Names
from timeline.index.interface import Answer
from timeline.queries.vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Asked:
    """What a picture is drawn of: a question, its answer, the names of all values, and today.

    ``address`` is that of the page which shows it.
    """

    question: Question
    answer: Answer
    words: Vocabulary
    known: Names
    address: str
    today: dt.date


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture by itself: what it is called, and its marks in a frame of some size in pixels.

    ``marks`` is markup of SVG without the outermost element, styled by classes of pictures.css.
    """

    title: str
    description: str
    width: int
    height: int
    marks: SafeString


@dataclass(frozen=True, slots=True)
class Picture:
    """A view: as a figure of a page, and as a drawing that can stand alone."""

    figure: Callable[[Asked], SafeString]
    drawing: Callable[[Asked], Drawing]
