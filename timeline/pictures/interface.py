"""What every picture has: data that is read at once, a figure and a drawing that show it."""

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from django.utils.safestring import SafeString

from timeline.core.question import Question
from timeline.formats.sentences import Names
from timeline.index.interface import Answer
from timeline.queries.vocabulary import Vocabulary

Data = TypeVar("Data")


@dataclass(frozen=True, slots=True)
class Answered:
    """A question with its answer, what its values are called, and today.

    ``address`` is that of the page which shows it.
    """

    question: Question
    answer: Answer
    vocabulary: Vocabulary
    names: Names
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
class Picture(Generic[Data]):
    """A view of a question: ``read`` asks the record, the others only show what was read."""

    read: Callable[[Answered], Data]
    figure: Callable[[Data], SafeString]
    drawing: Callable[[Data], Drawing]
