"""The pictures by the view that shows each."""

from typing import Any, Final

from timeline.core.display import View
from timeline.core.question import Question
from timeline.index.interface import Answer
from timeline.pictures.interface import Picture
from timeline.pictures.lanes import figure as lanes
from timeline.pictures.map import figure as worldmap
from timeline.pictures.matrix import figure as matrix

PICTURES: Final[dict[View, Picture[Any]]] = {
    View.LANES: lanes.PICTURE,
    View.MATRIX: matrix.PICTURE,
    View.MAP: worldmap.PICTURE,
}


def picture_of(question: Question, answer: Answer) -> Picture[Any] | None:
    """Return the picture of a question's view; None for the list, and if nothing was found."""
    return PICTURES.get(question.display.view) if answer.total else None
