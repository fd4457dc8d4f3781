"""How many examples a property is tried on."""

from hypothesis import settings


def tries(gate: int, *, soak: int) -> int:
    """So many in the gate, where examples cost seconds together, and so many in `make soak`."""
    return soak if settings.get_current_profile_name() == "soak" else gate
