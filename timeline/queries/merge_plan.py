"""The plan of a merge: the choices of an editor, what differs, what moves and what collides."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, NamedTuple

from timeline.queries.linked_rows import (
    Model,
)


class Choice(StrEnum):
    """What an editor decides of a column or of two children that collide."""

    KEPT = "kept"
    OTHER = "other"
    BOTH = "both"
    OUT = "out"
    SLIP = "slip"


class DifferingColumn(NamedTuple):
    """A column in which two records differ, with both values in words."""

    name: str
    label: str
    kept: str
    other: str
    default: Choice
    is_name: bool = False
    """Whether the value that is not chosen can be kept as another name."""


class LeftName(NamedTuple):
    """A name that is not chosen and is kept beside the others, as one or as a slip."""

    text: str
    language: str
    is_slip: bool


class MovedRows(NamedTuple):
    """What moves along one foreign key: the first rows in words, and how many there are."""

    label: str
    rows: tuple[str, ...]
    total: int


@dataclass(frozen=True)
class Collision:
    """Children that cannot stand beside each other, or that say the same.

    ``options`` has the choices with what each keeps, ``default`` the one that loses nothing.
    Without options there is nothing to decide.
    """

    key: str
    label: str
    about: str
    kept: tuple[Any, ...]
    other: tuple[Any, ...]
    options: Mapping[Choice, str]
    default: Choice | None


@dataclass
class MergePlan:
    """What a merge would do; ``obstacles`` are the sentences for why it cannot be done."""

    kept: Any
    other: Any
    columns: list[DifferingColumn] = field(default_factory=list)
    moves: list[MovedRows] = field(default_factory=list)
    collisions: list[Collision] = field(default_factory=list)
    obstacles: list[str] = field(default_factory=list)
    cleared: list[str] = field(default_factory=list)
    """Foreign keys of the record kept that would lead to itself."""
    joined: dict[tuple[Model, int], int] = field(default_factory=dict)
    """Rows that go, each with the row that takes its place."""
    replaced: dict[tuple[Model, int], int] = field(default_factory=dict)
    """Rows that stay, each with the row that goes and whose values it takes."""
    taken_out: list[Any] = field(default_factory=list)
    """Rows that would link the record kept to itself."""
    rows: dict[tuple[Model, int], dict[str, int]] = field(default_factory=dict)
    """Rows that move, each with the columns that then have another value."""
    digest: str = ""

    def open_collisions(self, choices: Mapping[str, str]) -> list[Collision]:
        """Return the collisions of which nothing valid is chosen."""
        return [
            collision
            for collision in self.collisions
            if collision.options and choices.get(collision.key) not in collision.options
        ]
