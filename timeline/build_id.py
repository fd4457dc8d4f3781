"""Identify the code, templates and translations, so that caches serve no other release's pages."""

import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from typing import Final

import django
from django.conf import settings
from django.template import engines

APPLICATION: Final = Path(__file__).parent


@cache
def build_id() -> str:
    """Return a digest of everything that pages are rendered from, computed once per process."""
    return digest(_files())


def digest(files: Iterable[Path]) -> str:
    """Return a short digest of Django's version and the contents of files."""
    content = hashlib.blake2s(django.__version__.encode(), digest_size=8)
    for file in files:
        content.update(file.read_bytes())
    return content.hexdigest()


def _files() -> Iterator[Path]:
    folders = [APPLICATION, *(Path(folder) for folder in engines["django"].dirs)]
    for folder in folders:
        for suffix in ("py", "html", "svg", "mo"):
            yield from sorted(folder.rglob(f"*.{suffix}"))
    # It contains the hashed names of the static files.
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if manifest.is_file():
        yield manifest
