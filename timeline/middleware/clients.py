"""The address of the client, and the size of the request."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from timeline.middleware import GetResponse


def client_address(get_response: GetResponse) -> GetResponse:
    """Set REMOTE_ADDR to the address of the client behind a proxy.

    Only the last entry of X-Forwarded-For is added by the proxy; the client may have sent anything
    before it. Without BEHIND_PROXY the header is not trusted at all.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if settings.BEHIND_PROXY:
            address = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
            if _parse_address(address) is not None:
                request.META["REMOTE_ADDR"] = address
        return get_response(request)

    return middleware


def _parse_address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def network_of(request: HttpRequest, *, v4: int = 32, v6: int = 64) -> str:
    """Return the network that a request comes from, with prefixes of so many bits.

    By default, it is the whole IPv4 address, or the /64 from which an IPv6 client can commonly
    choose its addresses (RFC 6177).
    """
    address = _parse_address(str(request.META.get("REMOTE_ADDR", "")))
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address
    if address is None:
        return ""
    bits = v6 if isinstance(address, ipaddress.IPv6Address) else v4
    return str(ipaddress.ip_network((address, bits), strict=False)).removesuffix("/32")


def body_longer_than(request: HttpRequest, limit: int) -> bool:
    """Whether the body of a request is longer than so many bytes, or of unknown length."""
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    return not (length.isascii() and length.isdigit() and int(length) <= limit)
