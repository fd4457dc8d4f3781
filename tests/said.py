"""What responses say, to be searched for words."""

import io
import zipfile

from django.http.response import HttpResponseBase


def said(response: HttpResponseBase) -> bytes:
    """Return the content of a response; of an archive, that of all its members."""
    content = response.getvalue()
    if not content.startswith(b"PK"):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())
