"""Every picture, by the view that shows it."""

from typing import Final

from timeline.core.look import View
from timeline.rendering import lanes, matrix, worldmap
from timeline.rendering.pictures import Picture

PICTURES: Final[dict[View, Picture]] = {
    View.LANES: lanes.PICTURE,
    View.MATRIX: matrix.PICTURE,
    View.MAP: worldmap.PICTURE,
}
