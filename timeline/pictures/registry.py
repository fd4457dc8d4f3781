"""Every picture, by the view that shows it."""

from typing import Final

from timeline.core.look import View
from timeline.core.question import Question
from timeline.index.interface import Answer
from timeline.rendering import lanes, matrix, worldmap
from timeline.rendering.pictures import Picture

PICTURES: Final[dict[View, Picture]] = {
    View.LANES: lanes.PICTURE,
    View.MATRIX: matrix.PICTURE,
    View.MAP: worldmap.PICTURE,
}


def looked_at_as(question: Question, answer: Answer) -> Picture | None:
    """What a question is looked at as; None for the list, and where nothing is found."""
    return PICTURES.get(question.look.view) if answer.total else None
