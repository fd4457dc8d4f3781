"""Headers of static files, which WhiteNoise answers by itself."""

from collections.abc import MutableMapping


def shared(headers: MutableMapping[str, str], path: str, url: str) -> None:
    """Let pages of other sites load them: the embed and its script stand in such pages."""
    headers["Cross-Origin-Resource-Policy"] = "cross-origin"
