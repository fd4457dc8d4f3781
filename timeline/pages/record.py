"""The whole published record as one file, which ``manage.py dump --zip`` writes."""

from base64 import b64encode
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from timeline.formats.archived import ARCHIVE, ZippedPackage, archive
from timeline.pages import _made as made
from timeline.pages._framed import open_to_scripts


def kept_archive() -> ZippedPackage | None:
    """Return what the archive is that the site offers, or None if that is not known."""
    return archive(Path(settings.VAR_DIR))


@require_safe
@open_to_scripts
def record(request: HttpRequest) -> HttpResponseBase:
    """The archive as it was last written, or a range of it."""
    path = Path(settings.VAR_DIR) / ARCHIVE
    noted = kept_archive()
    try:
        status = path.stat()
    except FileNotFoundError:
        text = _("The whole record has not been written yet; its keeper does that every night.")
        return HttpResponse(f"{text}\n", status=404, content_type="text/plain; charset=utf-8")
    headers = {
        "Content-Type": "application/zip",
        "Content-Disposition": f'attachment; filename="{ARCHIVE}"',
    }
    if noted:
        # RFC 9530
        digest = b64encode(bytes.fromhex(noted.digest)).decode("ascii")
        headers["Repr-Digest"] = f"sha-256=:{digest}:"
    etag = f'"{status.st_mtime_ns:x}-{status.st_size:x}"'
    return made.sent(request, path, etag, headers)
