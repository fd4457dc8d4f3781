"""Who asks, and how much they send."""

import ipaddress

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from timeline.middleware import GetResponse


def client_address(get_response: GetResponse) -> GetResponse:
    """Set the address of the client behind a proxy, as the proxy tells it.

    Only the last entry of X-Forwarded-For is the proxy's own; those before it are whatever the
    client sent. Without BEHIND_PROXY the header is anybody's and is not read.
    """

    def middleware(request: HttpRequest) -> HttpResponseBase:
        if settings.BEHIND_PROXY:
            told = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip()
            if _address(told) is not None:
                request.META["REMOTE_ADDR"] = told
        return get_response(request)

    return middleware


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(text)
    except ValueError:
        return None


def network_of(request: HttpRequest, *, v4: int = 32, v6: int = 64) -> str:
    """The network that a request comes from, by so many leading bits of its address.

    By default a whole IPv4 address, and the /64 that a line of IPv6 commonly has to choose
    addresses from (RFC 6177).
    """
    address = _address(str(request.META.get("REMOTE_ADDR", "")))
    if isinstance(address, ipaddress.IPv6Address):
        address = address.ipv4_mapped or address
    if address is None:
        return ""
    bits = v6 if isinstance(address, ipaddress.IPv6Address) else v4
    return str(ipaddress.ip_network((address, bits), strict=False)).removesuffix("/32")


def longer_than(request: HttpRequest, most: int) -> bool:
    """Whether a request says that its body is longer than so many bytes, or not how long it is."""
    length = str(request.META.get("CONTENT_LENGTH") or "0")
    return not (length.isascii() and length.isdigit() and int(length) <= most)
