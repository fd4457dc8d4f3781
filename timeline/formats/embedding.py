"""The HTML that other sites paste into their pages to embed the results of a question."""

from typing import Final

from django.utils.html import format_html
from django.utils.safestring import SafeString

WIDTH: Final = 720
HEIGHT: Final = 600
"""The default size of an embed, in pixels."""


def read_limit(text: str) -> int | None:
    """Read a maximum size in pixels; None where the text is empty, which sets no limit.

    Raise ValueError unless the text is a positive whole number.
    """
    if not text:
        return None
    if not (text.isascii() and text.isdigit() and int(text[:9]) > 0 and len(text) < 10):
        raise ValueError(text)
    return int(text)


def limited(size: int, limit: int | None) -> int:
    return size if limit is None else min(size, limit)


def frame(address: str, title: str, *, width: str, height: int) -> SafeString:
    """Return the iframe of an embed; ``width`` is in pixels or per cent."""
    return format_html(
        '<iframe src="{}" title="{}" width="{}" height="{}" loading="lazy" data-cadre></iframe>',
        address,
        title,
        width,
        height,
    )


def script(address: str) -> SafeString:
    """Return the script element that adjusts each frame to the height of its content."""
    return format_html('<script src="{}" async></script>', address)


def with_quotation(frame: SafeString, address: str, title: str) -> SafeString:
    """Return a frame after a quotation that links to a page.

    WordPress takes away the template around the quotation, and shows what was in it until the
    frame has loaded. Elsewhere nothing of a template is shown (HTML, 4.12.3): the frame stands
    alone, and is the first element of the body, of which the editor of Ghost takes the height.
    """
    return format_html(
        '<template><blockquote><a href="{}">{}</a></blockquote></template>{}',
        address,
        title,
        frame,
    )


def picture(image: str, address: str, title: str, *, size: tuple[int, int]) -> SafeString:
    """Return a picture that links to a page, no wider than the room there is.

    Ghost shows of a picture what it finds as HTML, and without that nothing.
    """
    return format_html(
        '<a href="{}"><img src="{}" alt="{}" width="{}" height="{}" style="{}"></a>',
        address,
        image,
        title,
        *size,
        "max-width:100%;height:auto",
    )
