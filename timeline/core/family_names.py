"""The part of a person's name that is the family name, and names as indexes list them."""

import re


def is_part(family: str, name: str) -> bool:
    """Whether a family name, if there is one, stands in a name as whole words."""
    return not family or _place(family, name) is not None


def listed(name: str, family: str) -> str:
    """Return a name from its family name on, with what comes before after a comma.

    'Ibrahim Traoré' becomes 'Traoré, Ibrahim'. A name stays as it is if it begins with the family
    name ('Xi Jinping') or if there is none.
    """
    place = _place(family, name) if family else None
    return f"{name[place:]}, {name[:place].rstrip()}" if place else name


def _place(family: str, name: str) -> int | None:
    """Return where a family name stands in a name, the last time if there are several."""
    found = [match.start() for match in re.finditer(rf"(?<!\w){re.escape(family)}(?!\w)", name)]
    return found[-1] if found else None
