"""The pixels of drawings, with the site's own typefaces."""

import re
import struct
import zlib
from itertools import pairwise

import pytest

from tests.images import size_of
from timeline.pictures.rasterize import in_new_tabs, png, unlinked
from timeline.pictures.text_metrics import BOLD, SERIF, width

FRAME = '<svg xmlns="http://www.w3.org/2000/svg" width="{}" height="80">{}</svg>'
SHEET = '<rect width="100%" height="100%" fill="#fff"/>'


def pixels(content: bytes) -> list[bytes]:
    """Return the rows of a PNG of eight bits a channel, four bytes a pixel."""
    assert content[:8] == b"\x89PNG\r\n\x1a\n"
    packed, place = b"", 8
    while place < len(content):
        length, kind = struct.unpack(">I4s", content[place : place + 8])
        body = content[place + 8 : place + 8 + length]
        if kind == b"IHDR":
            wide, high, depth, colours = struct.unpack(">IIBB", body[:10])
            assert (depth, colours) == (8, 6)
        packed += body if kind == b"IDAT" else b""
        place += length + 12
    raw, rows, above = zlib.decompress(packed), [], bytes(wide * 4)
    for number in range(high):
        begin = number * (wide * 4 + 1)
        above = unfiltered(raw[begin], raw[begin + 1 : begin + 1 + wide * 4], above)
        rows.append(above)
    return rows


def unfiltered(kind: int, row: bytes, above: bytes) -> bytes:
    pixels = bytearray()
    for place, byte in enumerate(row):
        left = pixels[place - 4] if place >= 4 else 0
        corner = above[place - 4] if place >= 4 else 0
        up = above[place]
        guess = left + up - corner
        nearest = min((left, up, corner), key=lambda neighbour: abs(guess - neighbour))
        pixels.append((byte + (0, left, up, (left + up) // 2, nearest)[kind]) % 256)
    return bytes(pixels)


def inked(content: bytes) -> list[tuple[int, int]]:
    """Return the dark pixels of a drawing on white, as columns and rows."""
    return [
        (place // 4, number)
        for number, row in enumerate(pixels(content))
        for place in range(0, len(row), 4)
        if row[place] < 200
    ]


@pytest.mark.parametrize("text", ["Événement", "Лавров", "محمد"])
def test_text_is_drawn_where_it_should_be(text: str) -> None:
    without = inked(png(FRAME.format(300, SHEET)))
    words = f'<text x="20" y="50" font-size="24" font-family="sans-serif">{text}</text>'
    box = inked(png(FRAME.format(300, SHEET + words)))
    assert without == []
    columns, rows = zip(*box, strict=True)
    assert len(box) > 100
    assert min(columns) >= 18
    assert 24 <= min(rows) < max(rows) <= 62


def test_letters_differ_so_that_they_are_no_empty_boxes() -> None:
    drawn = [
        inked(png(FRAME.format(60, f'{SHEET}<text x="9" y="50" font-size="30">{letter}</text>')))
        for letter in "ЛéWم"
    ]
    assert all(first != second for first, second in pairwise(drawn))


@pytest.mark.parametrize(
    ("family", "weight", "stretch"),
    [("Noto Sans", 400, 1.0), ("Noto Sans", 600, BOLD), ("Noto Serif", 700, SERIF)],
)
@pytest.mark.parametrize(
    "text",
    [
        "Séance de travail des ministres",
        "WORKING SESSION, 3 April 2025",
        "Министры иностранных дел",
        "illicit flows — “till”",
    ],
)
def test_no_text_is_wider_than_it_is_taken_to_be(
    text: str, family: str, weight: int, stretch: float
) -> None:
    words = (
        f'<text y="50" font-size="20" font-family="{family}" font-weight="{weight}">{text}</text>'
    )
    drawn = max(column for column, _row in inked(png(FRAME.format(600, SHEET + words))))
    reserved = width(text, 20, stretch)
    assert drawn <= reserved <= drawn * 1.35


def test_sharp_drawing_has_four_pixels_for_each() -> None:
    drawing = FRAME.format(300, SHEET)
    assert len(pixels(png(drawing, sharp=True))) == 2 * len(pixels(png(drawing)))


def test_huge_drawing_is_not_doubled() -> None:
    drawing = '<svg xmlns="http://www.w3.org/2000/svg" width="2500" height="2500"></svg>'
    assert size_of(png(drawing, sharp=True)) == (2500, 2500)


def test_links_are_taken_out_and_their_classes_stay() -> None:
    marks = '<g data-swap="" tabindex="0"><a href="/fr/" class="beside"><b/></a></g>'
    assert unlinked(marks) == '<g><g class="beside"><b/></g></g>'
    assert unlinked('<use href="#mark"/>') == '<use href="#mark"/>'
    assert in_new_tabs('<a href="/" class="b">') == '<a target="_blank" href="/" class="b">'
    assert not re.search("href", unlinked('<a class="x" href="/en/"></a>'))
