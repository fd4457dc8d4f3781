"""Until which day sources were searched."""

from timeline.core.searched import Clock
from timeline.queries.as_of import AsOf
from timeline.queries.identity import identity


def clock(when: AsOf) -> Clock:
    """Return the clock of the record on a day; ask once for what a page lists."""
    return Clock(when.day, identity().searched_until)
