"""What the site says of itself."""

from typing import Final

from timeline.cache import VersionedCache
from timeline.models import Identity

_identity: Final[VersionedCache[Identity]] = VersionedCache("identity", alias=None)


def identity() -> Identity:
    """Return the identity of the site, an empty one if nobody wrote it; do not change it.

    Read once for a version of the record, but each time inside a transaction.
    """
    return _identity.get_or_load("", "", lambda: Identity.objects.first() or Identity())
