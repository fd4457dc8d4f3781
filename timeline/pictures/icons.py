"""The icons of sectors in drawings; on pages the style sheet makes them by clipping boxes."""

from collections.abc import Mapping
from typing import Final, NamedTuple


class Icon(NamedTuple):
    """The icon of a family of sectors: its colour, and its outline in a square of 100 units.

    An icon without points is a circle.
    """

    colour: str
    points: str


ICONS: Final[Mapping[str, Icon]] = {
    "security-defence": Icon("#b5482f", "0,0,100,0,100,55,50,100,0,55"),
    "energy": Icon("#94700a", "60,0,15,55,45,55,35,100,85,40,52,40"),
    "infrastructure": Icon("#56677a", "5,5,95,5,95,95,5,95"),
    "education": Icon("#2f7f5f", "50,10,100,90,0,90"),
    "transport": Icon("#7a5195", "0,20,60,20,100,50,60,80,0,80"),
    "trade": Icon("#00798c", "50,0,100,50,50,100,0,50"),
    "finance": Icon("#4f7a1f", ""),
    "information-technology": Icon(
        "#3b5bb5", "35,0,65,0,65,35,100,35,100,65,65,65,65,100,35,100,35,65,0,65,0,35,35,35"
    ),
    "multilateral": Icon("#8a4f7d", "25,5,75,5,100,50,75,95,25,95,0,50"),
    "institutions": Icon(
        "#6b5b45", "0,0,100,0,100,25,80,25,80,75,100,75,100,100,0,100,0,75,20,75,20,25,0,25"
    ),
    "development": Icon("#b0557a", "50,90,0,10,100,10"),
    "justice": Icon(
        "#444b9b", "0,15,100,15,100,40,0,40,0,60,100,60,100,85,0,85,0,60,100,60,100,40,0,40"
    ),
    "migration": Icon("#a35a12", "0,0,50,50,100,0,100,50,50,100,0,50"),
    "mining": Icon("#7d4a3a", "20,15,80,15,100,85,0,85"),
    "agriculture": Icon("#6b7300", "50,0,65,35,100,50,65,65,50,100,35,65,0,50,35,35"),
    "health": Icon("#9c2f4f", "50,95,5,50,5,20,28,5,50,25,72,5,95,20,95,50"),
    "media": Icon("#1f6f6f", "10,0,100,50,10,100"),
    "humanitarian": Icon("#3d7a9e", "50,0,100,45,85,45,85,100,15,100,15,45,0,45"),
}
"""By the slug of the family's top sector; the colours are those of site.css's light scheme."""
