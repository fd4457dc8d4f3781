"""Every picture, by the view that shows it."""

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
    """The picture that a question asks for; None for the list, and where nothing is found."""
    return PICTURES.get(question.display.view) if answer.total else None
