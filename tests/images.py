"""Reading pictures that the site makes."""

import struct


def size_of(png: bytes) -> tuple[int, ...]:
    """Return the width and the height that the header of a PNG says."""
    return struct.unpack(">II", png[16:24])
