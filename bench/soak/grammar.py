"""Requests that no browser sends: a grammar over every public address and every parameter.

``requests`` is a pure function of its seed and of what a record holds, so that a request that
found something can be sent again.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import Final
from urllib.parse import quote_from_bytes

from timeline.core.reading import PARAMETERS

OTHERS: Final = ("page", "url", "format", "maxwidth", "next")
"""Parameters of the report, of oEmbed and of the login."""

NAMES: Final = (*sorted(PARAMETERS), *OTHERS)
"""All that a query string may name, in an order that is the same in each process."""

ODD: Final = (
    *("", " ", "0", "1", "-1", "2025", "2025-04", "0000", "9999-12-31", "2025-02-30", "soon"),
    *("198X", "2025~", "2025-21", "../2025", "99999999999999999999", "1e309", "NaN", "true"),
    *("\x00", "\x0b", "\x1b[31m", "\ufffe", "\uffff", "\u202e", "\u2028", "\ufdfa" * 330),
    *("énergie", "马里签署", "россия", "مالي", "e\u0301" * 400, "\U0001f30d" * 200, "ß", "ı"),
    *("' OR 1=1 --", '"', '"" ""', "NEAR(a b)", "a* OR b", "%", "_", "{}", "{{ 7*7 }}", "%s"),
    *("<script>alert(1)</script>", '"><svg onload=alert(1)>', "javascript:alert(1)", "]]>", "&#0;"),
    *(
        "../../etc/passwd",
        "//example.org",
        "\r\nSet-Cookie: a=b",
        "a" * 5000,
        "(" * 900,
        "a " * 480,
    ),
    *("newest", "oldest", "relevance", "list", "lanes", "matrix", "map", "party", "sector"),
)
"""Values that are special to a reader of dates, numbers, words, markup, SQL or headers."""

METHODS: Final = (
    ("GET",) * 40
    + ("HEAD",) * 4
    + (*("POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get"),)
)

HEADERS: Final[Mapping[str, Sequence[str]]] = {
    "HX-Request": ("true", "false", "\u00e9"),
    "HX-Target": ("results", "options-party", "options-" + "x" * 300, "'", ""),
    "HX-Boosted": ("true",),
    "HX-History-Restore-Request": ("true",),
    "HX-Current-URL": ("http://[::1", "javascript:1", "/fr/"),
    "If-None-Match": ("*", '"a"', "W/" * 500, '"unclosed'),
    "If-Modified-Since": ("yesterday", "Thu, 01 Jan 1970 00:00:00 GMT"),
    "Range": ("bytes=0-", "bytes=-1", "bytes=9-1", "bytes=0-1,3-4", "lines=1"),
    "Accept": ("image/svg+xml", "*/*;q=x", "," * 500),
    "Accept-Encoding": ("br", "gzip;q=0", "identity;q=0, *;q=0", "zstd, br;q=0.1"),
    "Accept-Language": ("fr", "mos, dje;q=0.5", "*", "x" * 600, "fr;q=nan"),
    "Cookie": ("sessionid=x; csrftoken=y", "=" * 300, "django_language=zz"),
    "X-Forwarded-For": ("1.2.3.4", "::1, x", "'"),
    "X-Forwarded-Proto": ("https", "gopher"),
    "X-Forwarded-Host": ("example.org",),
    "Content-Type": ("application/json", "multipart/form-data; boundary=", "text/\u00e9"),
    "Referer": ("http://example.org/", "\u202e"),
    "User-Agent": ("", "x" * 3000),
}

HOSTS: Final = ("", "example.org", "127.0.0.1@example.org", "127.0.0.1:0x50", "[::1", "a" * 300)
"""Names that the site does not answer to."""

BODIES: Final = (
    b"",
    b"message=hello&address=/fr/",
    b"message=" + b"x" * 60_000,
    b"message=%00%ff&contact=" + b"y" * 3000,
    b'{"a": [' * 300,
    b"--x\r\nContent-Disposition: form-data; name=message\r\n\r\nhi",
    b"&" * 20_000,
)


@dataclass(frozen=True, slots=True)
class World:
    """What may be named: addresses with '{}' for a record, and values by parameter."""

    addresses: Sequence[str]
    slugs: Sequence[str]
    values: Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Request:
    """One request; ``host`` is None where the right name is sent, ``leaves`` does not wait."""

    method: str
    target: str
    headers: tuple[tuple[str, str], ...] = ()
    host: str | None = None
    body: bytes = b""
    leaves: bool = False


def requests(seed: int, world: World) -> Iterator[Request]:
    """Draw requests without end."""
    draw = Random(seed)  # noqa: S311 — which requests, no secret
    while True:
        yield _request(draw, world)


def _request(draw: Random, world: World) -> Request:
    method = draw.choice(METHODS)
    target = _path(draw, world) + _query(draw, world)
    names = draw.sample(sorted(HEADERS), draw.choice((0, 0, 1, 2, 4)))
    headers = tuple((name, draw.choice(HEADERS[name])) for name in names)
    host = draw.choice(HOSTS) if draw.random() < 0.02 else None
    body = draw.choice(BODIES) if method in ("POST", "PUT", "PATCH") else b""
    return Request(method, target, headers, host, body, leaves=draw.random() < 0.01)


def _path(draw: Random, world: World) -> str:
    address = draw.choice(world.addresses)
    chance = draw.random()
    name = draw.choice(world.slugs) if chance < 0.7 else _escaped(draw.choice(ODD)) or "x"
    path = address.replace("{}", name)
    if chance > 0.98:
        path = draw.choice((path.rstrip("/"), path.upper(), f"/{path}", f"{path}//", f"{path}%2e"))
    return path


def _query(draw: Random, world: World) -> str:
    if draw.random() < 0.15:
        return ""
    pairs: list[str] = []
    for _number in range(draw.choice((1, 1, 2, 2, 3, 5, 12))):
        name = draw.choice(NAMES) if draw.random() < 0.95 else _escaped(draw.choice(ODD))
        pairs += [f"{name}={_value(draw, world, name)}"] * _times(draw)
    separator = "&" if draw.random() < 0.97 else draw.choice((";", "&&", "?"))
    return "?" + separator.join(pairs)


def _times(draw: Random) -> int:
    """How often a parameter stands: once, and now and then as often as an address may hold it."""
    return draw.choice((2, 30, 300)) if draw.random() < 0.02 else 1


def _value(draw: Random, world: World, name: str) -> str:
    known = world.values.get(name, ())
    drawers: list[Callable[[], str]] = [
        lambda: _escaped(draw.choice(ODD)),
        lambda: "%" + "".join(draw.choices("0123456789abcdefgz%", k=draw.randint(1, 9))),
        lambda: quote_from_bytes(draw.randbytes(draw.randint(1, 40))),
    ]
    if known and draw.random() < 0.6:
        return _escaped(draw.choice(known))
    return draw.choice(drawers)()


def _escaped(text: str) -> str:
    return quote_from_bytes(text.encode("utf-8", "surrogatepass"))
