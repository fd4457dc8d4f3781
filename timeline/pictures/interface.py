"""The interface of all pictures: load the data, then render it as a figure or as a drawing."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from django.utils.safestring import SafeString

from timeline.core.question import Question
from timeline.formats.sentences import FilterNames
from timeline.index.interface import Answer
from timeline.queries.vocabulary import Vocabulary

Data = TypeVar("Data")


@dataclass(frozen=True, slots=True)
class AnsweredQuestion:
    """A question with its answer, the names of its values, and today.

    ``address`` is that of the page which shows it.
    """

    question: Question
    answer: Answer
    vocabulary: Vocabulary
    names: FilterNames
    address: str
    today: dt.date


class Move(NamedTuple):
    """A link that zooms or pans; ``key`` is its key on the keyboard, ``key_label`` that in print.

    Without an address it is disabled, and without a key it has none.
    """

    id: str
    key: str
    key_label: str
    symbol: str
    name: str
    address: str


class LegendEntry(NamedTuple):
    """What a sample of a picture stands for.

    ``sample`` is SVG markup without the outermost element, of this width and height in pixels.
    """

    sample: SafeString
    name: str
    width: int = 24
    height: int = 24


@dataclass(frozen=True, slots=True)
class Drawing:
    """A picture without its page: title, description, size in pixels, marks and their legend.

    ``marks`` is SVG markup without the outermost element, styled by the classes of pictures.css.
    The legend is empty where the marks contain it, or say all by themselves.
    """

    title: str
    description: str
    width: int
    height: int
    marks: SafeString
    legend: Sequence[LegendEntry] = ()


@dataclass(frozen=True, slots=True)
class Picture(Generic[Data]):
    """One of the pictures: ``read`` loads the data from the record, the others only render it."""

    read: Callable[[AnsweredQuestion], Data]
    figure: Callable[[Data], SafeString]
    drawing: Callable[[Data], Drawing]
