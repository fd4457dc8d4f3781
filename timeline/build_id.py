"""Which code, templates and translations make pages, so that no other release's are served."""

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
    """A digest of all that this process makes pages of, read once."""
    return digest(_files())


def digest(files: Iterable[Path]) -> str:
    """A short digest of the contents of files."""
    found = hashlib.blake2s(django.__version__.encode(), digest_size=8)
    for file in files:
        found.update(file.read_bytes())
    return found.hexdigest()


def _files() -> Iterator[Path]:
    folders = [APPLICATION, *(Path(folder) for folder in engines["django"].dirs)]
    for folder in folders:
        for suffix in ("py", "html", "svg", "mo"):
            yield from sorted(folder.rglob(f"*.{suffix}"))
    # The names of the static files that pages load.
    manifest = Path(settings.STATIC_ROOT) / "staticfiles.json"
    if manifest.is_file():
        yield manifest
