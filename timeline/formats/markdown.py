"""The texts of the site about itself, from Markdown to HTML that is safe to show.

Markdown is that of https://commonmark.org without HTML and images, since pages show nothing that
lies on another host. The HTML is sanitised all the same, so that no fault of a parser lets a script
through.
"""

from typing import Final

import nh3
from django.utils.safestring import SafeString
from markdown_it import MarkdownIt

_TAGS: Final = frozenset(
    {
        *("h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "blockquote", "pre", "code"),
        *("ul", "ol", "li", "em", "strong", "a"),
    }
)
_ATTRIBUTES: Final = {"a": {"href", "title"}, "ol": {"start"}}
_SCHEMES: Final = frozenset({"http", "https", "mailto"})

_parser: Final = MarkdownIt("commonmark", {"html": False}).disable("image")


def html(text: str) -> SafeString:
    """Return a text in Markdown as HTML; its first headings stand below that of the page."""
    tokens = _parser.parse(text)
    for token in tokens:
        if token.tag == "h1":
            token.tag = "h2"
    rendered = _parser.renderer.render(tokens, _parser.options, {})
    safe = nh3.clean(
        rendered, tags=set(_TAGS), attributes=_ATTRIBUTES, url_schemes=set(_SCHEMES), link_rel=None
    )
    return SafeString(safe)  # sanitised just now
